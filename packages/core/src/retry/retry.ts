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
import { backoffDelay, retryAfterDelay } from "./delay.ts";

/** What the loop needs of the call. */
export interface RetryScope extends Teller {
  readonly budgets: RetryBudgets;
  /** When the call ends at the latest, by the clock. */
  readonly at: number;
  /** Why the call is over, if it is: then nothing is tried again. */
  readonly failure: HttpError | null;
  /** @throws what the call is over with. */
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
  const { origin } = request.target;
  const failed: FailedAttempt[] = [];
  for (let attempt = 1; ; attempt++) {
    let error: HttpError | null = null;
    let response: HttpResponse | null = null;
    try {
      response = await next(attempt);
    } catch (failure) {
      error = attribute(failure, request, middlewareFailed);
    }
    if (response && response.status < 400) scope.budgets.earn(origin, policy.budget);
    const wanted =
      scope.failure === null &&
      (error !== null || (response as HttpResponse).status >= 400) &&
      (await isWanted(request, error, response, attempt));
    const delay = wanted ? delayAfter(request, response, attempt) : 0;
    const obstacle = wanted ? findObstacle(scope, request, attempt, delay) : null;
    if (!wanted || obstacle) {
      if (obstacle) scope.tell(request, attempt, { type: "no-retry", why: obstacle });
      if (response) {
        response.attempts = failed;
        return response;
      }
      throw closing(error as HttpError, attempt, failed, obstacle);
    }
    const status = response ? response.status : null;
    failed.push({ error, status, delay });
    scope.tell(request, attempt, { type: "retry", delay, error, status });
    if (response) {
      response.discard();
      // Ends soon, one way or the other; then its connection and its slot can serve the next attempt.
      await response.trailers;
    }
    await scope.pause(delay);
    scope.check();
  }
}

/** Whether a failure is worth another attempt, by the rules or by who has the last word. */
async function isWanted(
  request: HttpRequest,
  error: HttpError | null,
  response: HttpResponse | null,
  attempt: number,
): Promise<boolean> {
  const { errors, statuses, shouldRetry, methods } = request.settings.retry;
  const said = shouldRetry ? await shouldRetry({ request, error, response, attempt }) : undefined;
  if (said !== undefined) return said;
  const passes = error
    ? errors
      ? errors.includes(error.code)
      : isPassing(error.code)
    : statuses.includes((response as HttpResponse).status);
  return (
    passes &&
    (error?.requestSent === "no" ||
      (methods ? methods.includes(request.method) : isIdempotent(request.method)) ||
      firstValue(request.lines, "idempotency-key") !== undefined)
  );
}

function delayAfter(request: HttpRequest, response: HttpResponse | null, attempt: number): number {
  const policy = request.settings.retry;
  const asked = response && policy.retryAfter ? retryAfterDelay(response.headers) : 0;
  return Math.max(asked, backoffDelay(policy, attempt));
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

/** The last error, with those before it. */
function closing(
  error: HttpError,
  attempt: number,
  attempts: readonly FailedAttempt[],
  obstacle: RetryObstacle | null,
): HttpError {
  if (obstacle === "content") {
    error.message +=
      " It was not sent again, as its content can be sent only once: pass bytes, or a function that makes it anew.";
  }
  // The errors in it have requests and causes of their own, which printing this one need not repeat.
  Object.defineProperty(error, "attempts", { value: attempts, configurable: true });
  return Object.assign(error, { attempt });
}
