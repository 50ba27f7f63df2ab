/*
 * What stands around the exchanges of a call, outermost first: the caller's middleware, redirects, retries, middleware
 * of the attempt, credentials. A call that has none of it but redirects does without.
 */

import type { Call } from "./call.ts";
import { arm, type Deadline, disarm, longestWait, now } from "./clock.ts";
import { attribute, HttpError } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import { hasCredentials, withCredentials } from "./middleware/credentials.ts";
import type { MiddlewareStep, Next } from "./middleware/middleware.ts";
import { isRedirect, redirect } from "./middleware/redirect.ts";
import type { Settings } from "./options/settings.ts";
import { ignore, quiet } from "./quiet.ts";
import type { HttpRequest } from "./request.ts";
import type { HttpResponse } from "./response.ts";
import type { RetryBudgets } from "./retry/budgets.ts";
import { retry, type RetryProgress, type RetryScope, tellAttempts } from "./retry/retry.ts";
import { timeoutError } from "./timeout.ts";
import type { TraceFacts } from "./trace.ts";

/** @internal */
export class Ladder implements RetryScope {
  readonly #call: Call;
  readonly #outer: readonly MiddlewareStep[];
  readonly #inner: readonly MiddlewareStep[];
  #reject!: (error: unknown) => void;
  readonly #pauses = new Set<() => void>();

  constructor(call: Call, middleware: readonly MiddlewareStep[]) {
    this.#call = call;
    this.#outer = middleware.filter(({ scope }) => scope === "call");
    this.#inner = middleware.filter(({ scope }) => scope === "attempt");
  }

  /** Whether a call has anything around its exchanges but redirects. */
  static isNeeded(settings: Settings, middleware: readonly MiddlewareStep[]): boolean {
    return (
      middleware.length > 0 ||
      settings.retry.attempts > 1 ||
      settings.timeout.attempt < Infinity ||
      hasCredentials(settings)
    );
  }

  /** Runs it all. What stands around may hang, so a deadline or abort does not wait for it. */
  climb(): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      through(this.#outer, this.#call.request, (request) => this.#follow(request)).then(
        (response) => {
          // A promise holds what it has come to: for the leak detector nothing here may lead to the response.
          this.#reject = ignore;
          resolve(response);
        },
        reject,
      );
    });
  }

  /** The call ends with an error. */
  stop(error: HttpError): void {
    this.#reject(this.progress ? tellAttempts(error, this.progress) : error);
    this.rest();
  }

  /** The call is over: what still waits for another attempt will not get it. */
  rest(): void {
    for (const end of this.#pauses) end();
  }

  async #follow(request: HttpRequest): Promise<HttpResponse> {
    const response = await this.#hop(request);
    return isRedirect(request, response)
      ? redirect(request, response, (next) => this.#hop(next), this.#call)
      : response;
  }

  #hop(request: HttpRequest): Promise<HttpResponse> {
    return request.settings.retry.attempts > 1
      ? retry(this, request, (number) => this.#attempt(request, number))
      : this.#attempt(request, 1);
  }

  #attempt(request: HttpRequest, number: number): Promise<HttpResponse> {
    const attempt = new Attempt(request);
    const send: Next = (outgoing) => {
      if (attempt.failure) return Promise.reject(attempt.failure);
      return this.#call.exchange(outgoing, number, (exchange) => attempt.begun(exchange));
    };
    // What middleware adds to one attempt is not there for the next.
    const first = this.#inner.length > 0 ? request.carrying(request.lines) : request;
    const response = through(this.#inner, first, (inner) =>
      hasCredentials(inner.settings)
        ? withCredentials(inner, this.#call.request, send)
        : send(inner),
    );
    return attempt.watch(response);
  }

  // RetryScope

  progress: RetryProgress | null = null;

  get budgets(): RetryBudgets {
    return this.#call.engine.budgets;
  }

  get at(): number {
    return this.#call.at;
  }

  check(): void {
    const error: Error | null = this.#call.failure;
    if (error) throw error;
  }

  now(): number {
    return now();
  }

  /** Unlike the clock's, this timer keeps the process alive: nothing else does while a call waits for its next attempt. */
  pause(ms: number): Promise<void> {
    if (this.#call.failure) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#pauses.delete(end);
        resolve();
      };
      const timer = setTimeout(end, Math.min(ms, longestWait));
      this.#pauses.add(end);
    });
  }

  tell(request: HttpRequest, attempt: number, facts: TraceFacts): void {
    this.#call.tell(request, attempt, facts);
  }
}

/** Calls middleware, outermost first, and what is innermost. */
function through(
  steps: readonly MiddlewareStep[],
  first: HttpRequest,
  innermost: Next,
): Promise<HttpResponse> {
  const step = async (index: number, request: HttpRequest): Promise<HttpResponse> => {
    const current = steps[index];
    if (!current) return innermost(request);
    // Middleware may look at what `next` gives only after it has failed.
    const response = await current.handle(request, (next) => quiet(step(index + 1, next)));
    // One that forgets to return what it has got would fail far from here.
    if (typeof (response as HttpResponse | undefined)?.discard === "function") return response;
    throw new HttpError(
      "ERR_MIDDLEWARE",
      `the middleware ${current.name} returned no response`,
      "Return what next() gives.",
      { requestSent: "maybe" },
    );
  };
  return step(0, first);
}

/** One attempt, which may take several exchanges, and its deadline. */
class Attempt implements Deadline {
  at = Infinity;
  slot = -1;
  failure: HttpError | null = null;
  readonly #request: HttpRequest;
  readonly #limit: number;
  readonly #started = now();
  readonly #exchanges: Exchange[] = [];
  #reject: ((error: unknown) => void) | null = null;

  constructor(request: HttpRequest) {
    this.#request = request;
    this.#limit = request.settings.timeout.attempt;
  }

  begun(exchange: Exchange): void {
    if (this.#limit < Infinity) this.#exchanges.push(exchange);
  }

  /** The response, unless it takes too long. */
  watch(response: Promise<HttpResponse>): Promise<HttpResponse> {
    if (this.#limit === Infinity) return response;
    return new Promise<HttpResponse>((resolve, reject) => {
      this.#reject = reject;
      this.at = this.#started + this.#limit;
      arm(this);
      response.then(resolve, reject);
    }).finally(() => disarm(this));
  }

  expire(time: number): void {
    const seen = this.#exchanges.findLast(({ requestSent }) => requestSent !== "no");
    const sent = seen?.requestSent ?? "no";
    const error = timeoutError("attempt", this.#limit, time - this.#started, sent);
    this.failure = attribute(error, this.#request);
    for (const exchange of this.#exchanges) exchange.cancel(this.failure);
    this.#reject?.(this.failure);
  }
}
