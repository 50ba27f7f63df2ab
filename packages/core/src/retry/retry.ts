/* Sends a request again after a failure that may pass, within what is safe (RFC 9110 §9.2.2) and what the budget allows. */

import { attribute, type HttpError } from "../errors.ts";
import { isPassing } from "../http-error.ts";
import { firstValue } from "../headers.ts";
import { middlewareFailed } from "../middleware/middleware.ts";
import { isIdempotent } from "../http/method.ts";
import type { HttpRequest } from "../request.ts";
import type { HttpResponse } from "../response.ts";
import type { FailedAttempt } from "../response-facts.ts";
import type { RetryObstacle, Teller } from "../trace.ts";
import type { RetryBudgets } from "./budgets.ts";
import { delayAfter } from "./delay.ts";
import type { RetryFailure } from "./policy.ts";

/** How far a request has come: what an end of the call tells. */
export interface RetryProgress {
  readonly attempt: number;
  readonly attempts: readonly FailedAttempt[];
}

/** What the loop needs of the call. */
export interface RetryScope extends Teller {
  readonly budgets: RetryBudgets;
  /** When the call ends at the latest, by the clock. */
  readonly at: number;
  /** Kept up to date by the loop. */
  progress: RetryProgress | null;
  /** @throws what the call is over with, if it is. */
  check(): void;
  /** Resolves after so many milliseconds, or when the call is over. */
  pause(ms: number): Promise<void>;
  /** The current time of the clock that `at` is of. */
  now(): number;
}

/** Sends a request, as often as its policy says. */
export async function retry(
  scope: RetryScope,
  request: HttpRequest,
  next: (attempt: number) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const policy = request.settings.retry;
  const failed: FailedAttempt[] = [];
  for (let attempt = 1; ; attempt++) {
    scope.progress = { attempt, attempts: failed };
    let error: HttpError | null = null;
    let response: HttpResponse | null = null;
    try {
      response = await next(attempt);
    } catch (failure) {
      error = attribute(failure, request, middlewareFailed);
    }
    scope.check();
    let wanted: boolean | "method" = false;
    if (response && response.status < 400) scope.budgets.earn(request.target.origin, policy.budget);
    else wanted = await isWanted({ request, error, response, attempt });
    // Whoever has the last word may have taken their time.
    scope.check();
    const delay = delayAfter(policy, response, attempt);
    const obstacle =
      wanted === true ? findObstacle(scope, request, attempt, delay) : wanted || null;
    if (wanted !== true || obstacle) {
      if (obstacle) scope.tell(request, attempt, { type: "no-retry", why: obstacle });
      if (!response) throw closing(error as HttpError, request, scope.progress, obstacle);
      response.attempts = failed;
      return response;
    }
    const status = response && response.status;
    failed.push({ error, status, delay });
    scope.tell(request, attempt, { type: "retry", delay, error, status });
    // What is left of its content ends soon, one way or the other; then its connection and its slot are free.
    await response?.[Symbol.asyncDispose]();
    await Promise.all([response?.trailers, scope.pause(delay)]);
    scope.check();
  }
}

/** Whether a failure is worth another attempt, by who has the last word or by the rules; `"method"`: but for that. */
async function isWanted(failure: RetryFailure): Promise<boolean | "method"> {
  const { request, error, response } = failure;
  const { errors, statuses, shouldRetry, methods } = request.settings.retry;
  try {
    const said = await shouldRetry?.(failure);
    if (said !== undefined) return said;
  } catch (cause) {
    // Nobody will get it.
    await response?.[Symbol.asyncDispose]();
    throw cause;
  }
  const passes = error
    ? errors
      ? errors.includes(error.code)
      : isPassing(error.code)
    : statuses.includes((response as HttpResponse).status);
  const repeats =
    error?.requestSent === "no" ||
    (methods ? methods.includes(request.method) : isIdempotent(request.method)) ||
    firstValue(request.lines, "idempotency-key") !== undefined;
  return passes && (repeats || "method");
}

function findObstacle(
  scope: RetryScope,
  { settings, content, target }: HttpRequest,
  attempt: number,
  delay: number,
): RetryObstacle | null {
  const { attempts, maxDelay, budget } = settings.retry;
  if (attempt >= attempts) return "attempts";
  if (content && !content.replayable) return "content";
  if (delay > maxDelay) return "delay";
  // What failed says more than that there was no time left to try it again.
  if (scope.now() + delay >= scope.at) return "deadline";
  return scope.budgets.spend(target.origin, budget) ? null : "budget";
}

/** Says of an error which attempt it ended, and what had failed before. */
export function tellAttempts(error: HttpError, { attempt, attempts }: RetryProgress): HttpError {
  // The errors in it have requests and causes of their own, which printing this one need not repeat.
  Object.defineProperty(error, "attempts", { value: attempts, configurable: true });
  return Object.assign(error, { attempt });
}

/** The last error, with what is true of all attempts together. */
function closing(
  error: HttpError,
  { method }: HttpRequest,
  progress: RetryProgress,
  obstacle: RetryObstacle | null,
): HttpError {
  if (obstacle === "content") {
    const { message, stack } = error;
    error.message +=
      " It was not sent again, as its content can be sent only once: pass bytes, or a function that makes it anew.";
    if (stack) error.stack = stack.replace(message, () => error.message);
  }
  // What an earlier attempt has told the origin, the last one cannot take back.
  if (
    error.requestSent === "no" &&
    progress.attempts.some((failed) => failed.error?.requestSent !== "no")
  ) {
    const retryable = error.retryable && isIdempotent(method);
    Object.assign(error, { requestSent: "maybe", retryable });
  }
  return tellAttempts(error, progress);
}
