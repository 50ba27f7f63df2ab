/*
 * One exchange with the transport, and the only place that calls `send`: waits for a slot, runs the clocks of its
 * phases, and hands over the response. The object is the transport's request, signal and trace at once, so that a
 * small call makes as few objects as it can.
 */

import type { Call } from "./call.ts";
import { arm, type Deadline, disarm, now } from "./clock.ts";
import { bodyLength } from "./content/body.ts";
import { Incoming, type IncomingOwner } from "./content/incoming.ts";
import { attribute, type HttpError, isHttpError, sessionClosed, timeoutError } from "./errors.ts";
import type { RequestSent } from "./error-codes.ts";
import { withoutField } from "./headers.ts";
import { isIdempotent } from "./http/method.ts";
import { declaredLength } from "./http/request-fields.ts";
import type { Waiter } from "./limits.ts";
import type { HttpRequest } from "./request.ts";
import { HttpResponse } from "./response.ts";
import { ExchangeTimes } from "./timings.ts";
import type * as contract from "./transport.ts";
import { checkStreaming } from "./unsupported.ts";

type WaitPhase = "queue" | "connect" | "write" | "response" | "read";

/** @internal */
export class Exchange
  implements
    contract.TransportRequest,
    contract.ExchangeSignal,
    contract.ExchangeTrace,
    Deadline,
    Waiter,
    IncomingOwner
{
  // What the transport gets.
  readonly method: string;
  readonly target: contract.Target;
  headers: contract.FieldLines;
  body: contract.TransportBody | null = null;
  readonly signal: this = this;
  readonly trace: this = this;

  // Its signal.
  aborted = false;
  reason: unknown = undefined;
  onabort: ((reason: unknown) => void) | null = null;

  // Its deadline.
  at: number = Infinity;
  slot = -1;

  readonly request: HttpRequest;
  readonly times: ExchangeTimes;
  connection: contract.ConnectionInfo | null = null;
  reused: boolean | null = null;
  readonly #call: Call;
  #phase: WaitPhase = "queue";
  #settled = false;
  #holdsSlot = false;
  #resent = false;
  #limit = 0;
  #incoming: Incoming | null = null;
  #resolve!: (response: HttpResponse) => void;
  #reject!: (error: unknown) => void;

  constructor(call: Call, request: HttpRequest) {
    this.#call = call;
    this.times = new ExchangeTimes(call.started);
    this.request = request;
    this.method = request.method;
    this.target = request.target;
    this.headers = request.lines;
  }

  /** Resolves with the response when its head has come. */
  run(): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      try {
        const { limits } = this.#call;
        if (limits.take(this.target.origin)) return this.grant();
        limits.wait(this.target.origin, this);
        this.#wait("queue", this.request.settings.timeout.queue);
      } catch (error) {
        this.#fail(error);
      }
    });
  }

  /** Called when the slot is this exchange's. */
  grant(): void {
    this.#holdsSlot = true;
    this.times.granted = now();
    this.#begin();
  }

  /** Ends the exchange from outside, in whatever phase it is. */
  cancel(error: HttpError): void {
    if (this.#incoming) return this.#incoming.break(error);
    if (this.#settled) return;
    if (!this.#holdsSlot) this.#call.limits.leave(this.target.origin, this);
    this.#abort(error);
    this.#fail(error);
  }

  /** Ends the exchange if its content is waiting for a reader that has not come. */
  abandonUnread(): void {
    if (this.#incoming && !this.#incoming.started) {
      this.#incoming.break(
        attribute(
          sessionClosed("the session was closed before the content was read"),
          this.request,
        ),
      );
    }
  }

  /** Whether the origin can have seen the request so far. */
  get requestSent(): RequestSent {
    if (this.#incoming) return "yes";
    return this.#phase === "queue" || this.#phase === "connect" ? "no" : "maybe";
  }

  get phase(): WaitPhase {
    return this.#phase;
  }

  // ExchangeTrace

  mark(step: contract.ExchangeStep): void {
    const time = this.times.mark(step);
    if (this.#settled) return;
    const { timeout } = this.request.settings;
    const merged = this.#call.transport.capabilities.connectTimeout === "merged";
    if (step === "connecting") this.#wait("connect", timeout.connect, time);
    else if (step === "sent")
      this.#wait("response", merged ? timeout.connect + timeout.response : timeout.response, time);
  }

  connected(connection: contract.ConnectionInfo, reused: boolean): void {
    this.connection = connection;
    this.reused = reused;
    this.times.connected = now();
    if (this.#settled) return;
    this.#phase = "write";
    this.at = Infinity;
  }

  // Deadline

  expire(time: number): void {
    if (this.#settled || this.#phase === "write") return;
    this.cancel(this.#timeout(this.#phase, this.#limit, time - this.at + this.#limit));
  }

  // IncomingOwner

  contentOver(): void {
    this.times.over = now();
    this.#release();
    this.#call.exchangeOver(this);
  }

  readTimedOut(elapsed: number): HttpError {
    return this.#timeout("read", this.request.settings.timeout.read, elapsed);
  }

  contentError(error: unknown): HttpError {
    return attribute(error, this.request);
  }

  #begin(): void {
    if (this.#settled) return;
    const { content } = this.request;
    this.aborted = false;
    this.#phase =
      this.#call.transport.capabilities.connectTimeout === "merged" ? "write" : "connect";
    this.at = Infinity;
    if (!content) return this.#send(null);
    try {
      const length = declaredLength(this.headers, null);
      const body = content.open(length);
      if (body instanceof Promise)
        body.then(
          (made) => this.#send(made),
          (error: unknown) => this.#fail(error),
        );
      else this.#send(body);
    } catch (error) {
      this.#fail(error);
    }
  }

  #send(body: contract.TransportBody | null): void {
    if (this.#settled) return;
    const { transport } = this.#call;
    try {
      checkStreaming(transport, body);
      // The length has been taken from the field; the transport writes it from the body.
      if (declaredLength(this.headers, bodyLength(body)) !== null) {
        this.headers = withoutField(this.headers, "content-length");
      }
      this.body = body;
      transport.send(this).then(
        (response) => this.#arrived(response),
        (error: unknown) => this.#failed(error),
      );
    } catch (error) {
      this.#failed(error);
    }
  }

  #arrived(response: contract.TransportResponse): void {
    if (this.#settled) return response.body.cancel();
    this.#settled = true;
    this.onabort = null;
    disarm(this);
    this.times.head = now();
    this.#phase = "read";
    this.#incoming = new Incoming(response.body, this, this.request.settings.timeout.read);
    const delivered = new HttpResponse(this, response, this.#incoming, this.#call.transport);
    this.#incoming.open();
    this.#resolve(delivered);
  }

  #failed(error: unknown): void {
    if (this.#settled) return;
    const { content, settings } = this.request;
    // RFC 9110 §9.2.2: a client may repeat an idempotent request on its own. Nothing but a kept-alive connection that
    // had died is a reason to, and once is enough.
    const stale = isHttpError(error) && error.code === "ERR_DISCONNECTED_IDLE";
    if (
      stale &&
      settings.retry &&
      !this.#resent &&
      isIdempotent(this.method) &&
      (content?.replayable ?? true)
    ) {
      this.#resent = true;
      return this.#begin();
    }
    this.#fail(error);
  }

  #fail(error: unknown): void {
    if (this.#settled) return;
    this.#settled = true;
    this.onabort = null;
    disarm(this);
    this.#release();
    const named = attribute(error, this.request);
    this.#call.exchangeOver(this);
    this.#reject(named);
  }

  #abort(error: unknown): void {
    this.aborted = true;
    this.reason = error;
    const listener = this.onabort;
    this.onabort = null;
    listener?.(error);
  }

  #release(): void {
    if (!this.#holdsSlot) return;
    this.#holdsSlot = false;
    this.#call.limits.release(this.target.origin);
  }

  #wait(phase: WaitPhase, limit: number, since: number = now()): void {
    this.#phase = phase;
    this.#limit = limit;
    this.at = since + limit;
    if (limit < Infinity) arm(this);
  }

  #timeout(phase: Exclude<WaitPhase, "write">, limit: number, elapsed: number): HttpError {
    return attribute(timeoutError(phase, limit, elapsed, this.requestSent), this.request);
  }
}
