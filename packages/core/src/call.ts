/* One call of a session: its deadline, the caller's signal, and the exchanges that it takes. */

import { arm, type Deadline, disarm, now } from "./clock.ts";
import { Exchange } from "./exchange.ts";
import { attribute, type HttpError, httpError } from "./errors.ts";
import type { Limits } from "./limits.ts";
import { checkRequestFields } from "./http/request-fields.ts";
import { redirect } from "./middleware/redirect.ts";
import { rejectOnStatus } from "./middleware/reject-on-status.ts";
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
  #failure: HttpError | null = null;
  #rejectEarly: ((error: unknown) => void) | null = null;

  constructor(engine: Engine, request: HttpRequest) {
    this.#engine = engine;
    this.#request = request;
    this.limits = engine.limits;
    this.transport = engine.transport;
  }

  /** Runs the ladder: status policy, the caller's middleware, redirects, exchange. */
  async run(middleware: readonly Middleware[]): Promise<HttpResponse> {
    const { signal, settings } = this.#request;
    this.#engine.callBegins(this);
    try {
      if (signal) {
        if (signal.aborted) this.abort();
        else signal.addEventListener("abort", this.abort);
      }
      // Aborted beforehand: no middleware is to begin anything, least of all something that hangs.
      if (this.#failure) throw this.#failure;
      if (settings.timeouts.total < Infinity) {
        this.at = this.started + settings.timeouts.total;
        arm(this);
      }
      const response = await (middleware.length === 0 ? redirect(this.#request, this.exchange) : this.#around(middleware));
      return settings.throwHttpErrors && response.status >= 400 ? await rejectOnStatus(this.#request, response) : response;
    } catch (error) {
      throw this.#failure ?? attribute(error, this.#request, "ERR_MIDDLEWARE");
    } finally {
      this.#answered = true;
      this.#finish();
      // The session closes, and waits: whoever wants the content begins to read it as soon as the response is there.
      if (this.#exchange && this.#engine.closing) setTimeout(() => this.abandonUnread(), 0);
    }
  }

  /** One exchange: the innermost `next`. */
  readonly exchange = (request: HttpRequest): Promise<HttpResponse> => {
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
  };

  /** Listener of the caller's signal. */
  readonly abort = (): void => {
    const cause: unknown = this.#request.signal?.reason;
    this.end(this.#error("ERR_ABORTED", { cause, what: "the call was aborted by its signal" }));
  };

  /** The total deadline. */
  expire(time: number): void {
    const limit = this.#request.settings.timeouts.total;
    const elapsed = time - this.started;
    this.end(this.#error("ERR_TIMEOUT_TOTAL", { what: `the call took longer than ${limit} ms`, fields: { limit, elapsed } }));
  }

  /** Ends the call with an error, in whatever phase it is. */
  end(error: HttpError): void {
    this.#failure ??= error;
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
        return redirect(request, this.exchange);
      };
      step(0, this.#request).then(resolve, reject);
    });
  }

  #error(code: "ERR_ABORTED" | "ERR_TIMEOUT_TOTAL", init: { cause?: unknown; what: string; fields?: Record<string, unknown> }): HttpError {
    const current = this.#exchange;
    return httpError(code, {
      ...init,
      request: this.#request,
      requestSent: current?.requestSent ?? "no",
      ...(code === "ERR_ABORTED" ? { phase: current?.phase ?? "prepare" } : {}),
    });
  }

  #finish(): void {
    if (!this.#answered || this.#over || this.#exchange) return;
    this.#over = true;
    disarm(this);
    this.#request.signal?.removeEventListener("abort", this.abort);
    this.#engine.callOver(this);
  }
}
