/* One call of a session: its deadline, the caller's signal, and the exchanges that it takes. */

import { arm, type Deadline, disarm, now } from "./clock.ts";
import type { Engine } from "./engine.ts";
import type { Phase, RequestSent } from "./error-codes.ts";
import { AbortError, attribute, type HttpError } from "./errors.ts";
import { Exchange } from "./exchange.ts";
import { checkRequestFields } from "./http/request-fields.ts";
import { Ladder } from "./ladder.ts";
import type { Limits } from "./limits/limits.ts";
import type { RateLimiter } from "./limits/rate-limiter.ts";
import { middlewareFailed, type MiddlewareStep } from "./middleware/middleware.ts";
import { isRedirect, redirect } from "./middleware/redirect.ts";
import { rejectOnStatus } from "./middleware/reject-on-status.ts";
import type { LeakDetector, ResponseLeak } from "./leaks.ts";
import { Guard, retrace } from "./quiet.ts";
import { redactUrl } from "./redact.ts";
import type { HttpRequest } from "./request.ts";
import type { HttpResponse } from "./response.ts";
import { timeoutError } from "./timeout.ts";
import { CallTrace, type Teller, type TraceFacts, type Tracer } from "./trace.ts";
import type { Transport } from "./transport.ts";
import { checkCapabilities } from "./unsupported.ts";

/** @internal */
export class Call implements Deadline, Teller {
  at: number = Infinity;
  slot: number = -1;
  /** Place in the engine's list; only the engine writes it. */
  place: number = -1;
  readonly limits: Limits;
  readonly transport: Transport;
  readonly engine: Engine;
  readonly request: HttpRequest;
  readonly rateLimiter: RateLimiter | null;
  readonly trace: CallTrace | null;
  /** The exchange under way, and the others if middleware runs several at once. */
  #exchange: Exchange | null = null;
  #others: Exchange[] | null = null;
  readonly started: number = now();
  /** What the exchanges that are over have come to. */
  #sent: RequestSent = "no";
  /** How often a request of it has been sent. */
  attempts: number = 0;
  #answered = false;
  #over = false;
  #guard = new Guard();
  /** Why the call is over before its time. */
  failure: HttpError | null = null;
  #ladder: Ladder | null = null;
  #onabort: (() => void) | null = null;
  #leaks: { readonly detector: LeakDetector; readonly leak: ResponseLeak } | null = null;

  constructor(
    engine: Engine,
    request: HttpRequest,
    rateLimiter: RateLimiter | null,
    tracer: Tracer | null,
  ) {
    this.engine = engine;
    this.request = request;
    this.rateLimiter = rateLimiter;
    this.limits = engine.limits;
    this.transport = engine.transport;
    this.trace = tracer && new CallTrace(tracer);
  }

  /** Tells the detector of the responses that this call has delivered and nobody reads. */
  watchForLeaks(detector: LeakDetector): void {
    const { method, url } = this.request;
    const { stack = "" } = retrace(new Error("the response to this call was dropped unread"));
    this.#leaks = { detector, leak: { method, url: redactUrl(url), stack } };
  }

  /** Runs what stands around the exchange: status policy, the caller's middleware, redirects, retries, credentials. */
  run(middleware: readonly MiddlewareStep[]): Promise<HttpResponse> {
    return this.#guard.watch(this.#run(middleware));
  }

  async #run(middleware: readonly MiddlewareStep[]): Promise<HttpResponse> {
    const { signal, settings } = this.request;
    this.engine.callBegins(this);
    this.trace?.tell(this.request, 1, { type: "call-begin" });
    try {
      if (signal) {
        this.#onabort = () => this.#abort(signal.reason);
        if (signal.aborted) this.#abort(signal.reason);
        else signal.addEventListener("abort", this.#onabort);
      }
      // Aborted beforehand: no middleware is to begin anything, least of all something that hangs.
      if (this.failure) throw this.failure;
      if (settings.timeout.total < Infinity) {
        this.at = this.started + settings.timeout.total;
        arm(this);
      }
      let response: HttpResponse;
      if (Ladder.isNeeded(settings, middleware)) {
        this.#ladder = new Ladder(this, middleware);
        response = await this.#ladder.climb();
      } else {
        response = await this.exchange(this.request, 1);
        if (isRedirect(this.request, response))
          response = await redirect(this.request, response, (next) => this.exchange(next, 1), this);
      }
      if (settings.throwHttpErrors && response.status >= 400)
        return await rejectOnStatus(this.request, response);
      if (this.#leaks) this.#guard = new Guard();
      return response;
    } catch (failure) {
      this.failure ??= attribute(failure, this.request, middlewareFailed);
      this.#giveUpRest(this.failure);
      throw this.#guard.failed(this.failure);
    } finally {
      this.#answered = true;
      this.#finish();
      // The session closes, and waits: whoever wants the content begins to read it as soon as the response is there.
      if (this.#exchange && this.engine.closing) setTimeout(() => this.abandonUnread(), 0);
    }
  }

  /** The call rejects: what middleware has left under way or unread, nobody waits for. */
  #giveUpRest(error: HttpError): void {
    for (const exchange of this.#running) {
      if (exchange.phase === "read") exchange.abandonUnread(true);
      else exchange.cancel(error);
    }
  }

  /** What the detector keeps, and this call, must not lead to the response, or it would never be dropped. */
  #watchForLeak(response: HttpResponse, exchange: Exchange): HttpResponse {
    if (this.#leaks) {
      const { detector, leak } = this.#leaks;
      detector.watch(response, { leak, giveUp: () => exchange.abandonUnread(true) });
    }
    return response;
  }

  /** One exchange: the innermost `next`. `begun` is told of it before it begins. */
  exchange(
    request: HttpRequest,
    attempt: number,
    begun?: (exchange: Exchange) => void,
  ): Promise<HttpResponse> {
    if (this.failure) return Promise.reject(this.failure);
    if (this.#over) return Promise.reject(middlewareFailed("next was called after the call"));
    try {
      checkCapabilities(this.transport, request);
      // Names and values were checked as they were set; what must not be set at all is looked for here.
      if (begun) checkRequestFields(request.lines);
    } catch (error) {
      return Promise.reject(attribute(error, request));
    }
    const exchange = new Exchange(this, request, attempt);
    if (this.#exchange) (this.#others ??= []).push(this.#exchange);
    this.#exchange = exchange;
    begun?.(exchange);
    const response = exchange.run();
    return this.#leaks
      ? response.then((delivered) => this.#watchForLeak(delivered, exchange))
      : response;
  }

  tell(request: HttpRequest, attempt: number, facts: TraceFacts): void {
    this.trace?.tell(request, attempt, facts);
  }

  #abort(cause: unknown): void {
    const { phase, requestSent } = this;
    const what = "the call was aborted by its signal";
    const facts = { cause, phase, requestSent };
    this.end(new AbortError("ERR_ABORTED", what, "See cause for the signal's reason.", facts));
  }

  /** The total deadline. */
  expire(time: number): void {
    const limit = this.request.settings.timeout.total;
    this.end(timeoutError("total", limit, time - this.started, this.requestSent));
  }

  /** Ends the call with an error, in whatever phase it is. */
  end(error: HttpError): void {
    this.failure ??= attribute(error, this.request);
    for (const exchange of this.#running) exchange.cancel(error);
    this.#ladder?.stop(error);
  }

  /** Cancels content that nobody reads: the session closes. */
  abandonUnread(): void {
    if (this.#answered) for (const exchange of this.#running) exchange.abandonUnread();
  }

  /** An exchange has failed, or its content is over. */
  exchangeOver(exchange: Exchange): void {
    this.#sent = further(this.#sent, exchange.requestSent);
    if (this.#exchange === exchange) this.#exchange = this.#others?.pop() ?? null;
    else this.#others?.splice(this.#others.indexOf(exchange), 1);
    if (this.trace) this.trace.error = exchange.failure;
    this.#finish();
  }

  get #running(): Exchange[] {
    return this.#exchange ? [...(this.#others ?? []), this.#exchange] : [];
  }

  /** Where the call is. */
  get phase(): Phase {
    return this.#exchange?.phase ?? "prepare";
  }

  /** Whether the origin can have seen a request of this call. */
  get requestSent(): RequestSent {
    return further(this.#sent, this.#exchange?.requestSent ?? "no");
  }

  #finish(): void {
    if (!this.#answered || this.#over || this.#exchange) return;
    this.#over = true;
    disarm(this);
    const { content, settings } = this.request;
    // It was answered without content that nobody will ask for any more.
    if (settings.expectContinue > 0 && this.#sent === "yes") content?.close?.();
    this.#ladder?.rest();
    if (this.#onabort) this.request.signal?.removeEventListener("abort", this.#onabort);
    this.engine.callOver(this);
    const { trace } = this;
    trace?.tell(this.request, 1, { type: "call-end", error: this.failure ?? trace.error });
  }
}

/** The one that is further on. */
function further(one: RequestSent, other: RequestSent): RequestSent {
  return one === "no" || other === "yes" ? other : one;
}
