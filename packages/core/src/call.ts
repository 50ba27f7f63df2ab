/* One call of a session: its deadline, the caller's signal, and the exchanges that it takes. */

import { arm, type Deadline, disarm, now } from "./clock.ts";
import type { RequestSent } from "./error-codes.ts";
import { Exchange } from "./exchange.ts";
import { AbortError, attribute, HttpError, timeoutError } from "./errors.ts";
import type { Limits } from "./limits/limits.ts";
import { checkRequestFields } from "./http/request-fields.ts";
import { isRedirect, redirect } from "./middleware/redirect.ts";
import { rejectOnStatus } from "./middleware/reject-on-status.ts";
import { Guard } from "./quiet.ts";
import type { HttpRequest } from "./request.ts";
import type { HttpResponse } from "./response.ts";
import type { Engine } from "./engine.ts";
import type { Middleware } from "./middleware/middleware.ts";
import type { Transport } from "./transport.ts";
import { checkCapabilities } from "./unsupported.ts";

/** @internal */
export class Call implements Deadline {
  at: number = Infinity;
  slot: number = -1;
  /** Place in the engine's list; only the engine writes it. */
  place: number = -1;
  readonly limits: Limits;
  readonly transport: Transport;
  readonly #engine: Engine;
  readonly #request: HttpRequest;
  /** The exchange under way, and the others if middleware runs several at once. */
  #exchange: Exchange | null = null;
  #others: Exchange[] | null = null;
  readonly started: number = now();
  #answered = false;
  #over = false;
  readonly #guard = new Guard();
  #failure: HttpError | null = null;
  #rejectEarly: ((error: unknown) => void) | null = null;
  #onabort: (() => void) | null = null;

  constructor(engine: Engine, request: HttpRequest) {
    this.#engine = engine;
    this.#request = request;
    this.limits = engine.limits;
    this.transport = engine.transport;
  }

  /** Runs the ladder: status policy, the caller's middleware, redirects, exchange. */
  run(middleware: readonly Middleware[]): Promise<HttpResponse> {
    return this.#guard.watch(this.#run(middleware));
  }

  async #run(middleware: readonly Middleware[]): Promise<HttpResponse> {
    const { signal, settings } = this.#request;
    this.#engine.callBegins(this);
    try {
      if (signal) {
        this.#onabort = () => this.#abort(signal.reason);
        if (signal.aborted) this.#abort(signal.reason);
        else signal.addEventListener("abort", this.#onabort);
      }
      // Aborted beforehand: no middleware is to begin anything, least of all something that hangs.
      if (this.#failure) throw this.#failure;
      if (settings.timeout.total < Infinity) {
        this.at = this.started + settings.timeout.total;
        arm(this);
      }
      let response = await (middleware.length === 0
        ? this.#exchangeOf(this.#request)
        : this.#around(middleware));
      if (middleware.length === 0 && isRedirect(this.#request, response)) {
        response = await redirect(this.#request, response, (next) => this.#exchangeOf(next));
      }
      return settings.throwHttpErrors && response.status >= 400
        ? await rejectOnStatus(this.#request, response)
        : response;
    } catch (error) {
      throw this.#guard.failed(this.#failure ?? attribute(error, this.#request, middlewareFailed));
    } finally {
      this.#answered = true;
      this.#finish();
      // The session closes, and waits: whoever wants the content begins to read it as soon as the response is there.
      if (this.#exchange && this.#engine.closing) setTimeout(() => this.abandonUnread(), 0);
    }
  }

  /** One exchange: the innermost `next`. */
  #exchangeOf(request: HttpRequest): Promise<HttpResponse> {
    if (this.#failure) return Promise.reject(this.#failure);
    try {
      checkCapabilities(this.transport, request);
    } catch (error) {
      return Promise.reject(attribute(error, request));
    }
    const exchange = new Exchange(this, request);
    if (this.#exchange) (this.#others ??= []).push(this.#exchange);
    this.#exchange = exchange;
    return exchange.run();
  }

  #abort(cause: unknown): void {
    const phase = this.#exchange?.phase ?? "prepare";
    this.end(
      new AbortError(
        "ERR_ABORTED",
        "the call was aborted by its signal",
        "See cause for the signal's reason.",
        {
          cause,
          phase,
          requestSent: this.#sent,
        },
      ),
    );
  }

  /** The total deadline. */
  expire(time: number): void {
    const limit = this.#request.settings.timeout.total;
    this.end(timeoutError("total", limit, time - this.started, this.#sent));
  }

  /** Ends the call with an error, in whatever phase it is. */
  end(error: HttpError): void {
    this.#failure ??= attribute(error, this.#request);
    for (const exchange of this.#running) exchange.cancel(error);
    this.#rejectEarly?.(error);
  }

  /** Cancels content that nobody reads: the session closes. */
  abandonUnread(): void {
    if (this.#answered) for (const exchange of this.#running) exchange.abandonUnread();
  }

  /** An exchange has failed, or its content is over. */
  exchangeOver(exchange: Exchange): void {
    if (this.#exchange === exchange) this.#exchange = this.#others?.pop() ?? null;
    else this.#others?.splice(this.#others.indexOf(exchange), 1);
    this.#finish();
  }

  get #running(): Exchange[] {
    return this.#exchange ? [...(this.#others ?? []), this.#exchange] : [];
  }

  /** The caller's middleware may hang, so a deadline or abort does not wait for it. */
  #around(middleware: readonly Middleware[]): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      this.#rejectEarly = reject;
      const step = async (index: number, request: HttpRequest): Promise<HttpResponse> => {
        const current = middleware[index];
        if (current) return current(request, (next) => step(index + 1, next));
        // Names and values were checked as they were set; what must not be set at all is looked for here.
        checkRequestFields(request.lines);
        const response = await this.#exchangeOf(request);
        return isRedirect(request, response)
          ? redirect(request, response, (next) => this.#exchangeOf(next))
          : response;
      };
      step(0, this.#request).then(resolve, reject);
    });
  }

  get #sent(): RequestSent {
    return this.#exchange?.requestSent ?? "no";
  }

  #finish(): void {
    if (!this.#answered || this.#over || this.#exchange) return;
    this.#over = true;
    disarm(this);
    if (this.#onabort) this.#request.signal?.removeEventListener("abort", this.#onabort);
    this.#engine.callOver(this);
  }
}

function middlewareFailed(cause: unknown): HttpError {
  return new HttpError("ERR_MIDDLEWARE", "a middleware failed", "See cause.", {
    requestSent: "maybe",
    cause,
  });
}
