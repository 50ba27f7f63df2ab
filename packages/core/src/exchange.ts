/*
 * One exchange with the transport, and the only place that calls `send`: waits for a slot, sends, and hands over the
 * response. The object is the transport's request, signal and trace at once, so that a small call makes as few objects
 * as it can.
 */

import type { Call } from "./call.ts";
import { disarm, now } from "./clock.ts";
import { bodyLength, isStream } from "./content/body.ts";
import { Incoming, type IncomingOwner } from "./content/incoming.ts";
import { watched } from "./content/watched.ts";
import { attribute, type HttpError, isHttpError, sessionClosed } from "./errors.ts";
import { ExchangePhases } from "./exchange-phases.ts";
import { withoutField } from "./headers.ts";
import { isIdempotent } from "./http/method.ts";
import { declaredLength } from "./http/request-fields.ts";
import type { Waiter } from "./limits/limits.ts";
import type { HttpRequest } from "./request.ts";
import { HttpResponse } from "./response.ts";
import type {
  ExchangeSignal,
  FieldLines,
  Target,
  TransportBody,
  TransportRequest,
  TransportResponse,
} from "./transport.ts";
import { checkStreaming } from "./unsupported.ts";

/** @internal */
export class Exchange
  extends ExchangePhases
  implements TransportRequest, ExchangeSignal, Waiter, IncomingOwner
{
  // What the transport gets.
  readonly method: string;
  readonly target: Target;
  headers: FieldLines;
  body: TransportBody | null = null;
  readonly signal: this = this;
  readonly trace: this = this;

  // Its signal.
  aborted = false;
  reason: unknown = undefined;
  onabort: ((reason: unknown) => void) | null = null;

  readonly #call: Call;
  #holdsSlot = false;
  #resent = false;
  #incoming: Incoming | null = null;
  #resolve!: (response: HttpResponse) => void;
  #reject!: (error: unknown) => void;

  constructor(call: Call, request: HttpRequest, attempt: number) {
    const merged = call.transport.capabilities.connectTimeout === "merged";
    super(request, attempt, call.started, merged, call.trace);
    this.#call = call;
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
        if (this.#call.trace) this.tell({ type: "begin" });
        if (limits.take(this.target.origin)) return this.grant();
        limits.wait(this.target.origin, this);
        this.wait("queue", this.request.settings.timeout.queue);
      } catch (error) {
        this.#fail(error);
      }
    });
  }

  /** Called when the slot is this exchange's. */
  grant(): void {
    this.#holdsSlot = true;
    const granted = (this.times.granted = now());
    if (this.#call.trace) this.tell({ type: "granted", waited: granted - this.times.started });
    this.#begin();
  }

  /** Ends the exchange from outside, in whatever phase it is. */
  cancel(error: HttpError): void {
    if (this.#incoming) return this.#incoming.break(error);
    if (this.settled) return;
    if (!this.#holdsSlot) this.#call.limits.leave(this.target.origin, this);
    this.#abort(error);
    this.#fail(error);
  }

  /** Ends the exchange if its content is waiting for a reader that has not come; says whether it was. */
  abandonUnread(): boolean {
    const waits = this.#incoming !== null && !this.#incoming.started && !this.#incoming.over;
    if (waits) {
      this.#incoming?.break(
        attribute(
          sessionClosed("the session was closed before the content was read"),
          this.request,
        ),
      );
    }
    return waits;
  }

  // IncomingOwner

  contentOver(): void {
    this.times.over = now();
    this.#release();
    if (this.#call.trace) this.tell({ type: "end", bytes: this.#incoming?.received ?? 0 });
    this.#call.exchangeOver(this);
  }

  readTimedOut(elapsed: number): HttpError {
    return this.timedOut(this.request.settings.timeout.read, elapsed);
  }

  pieceCame(bytes: number): void {
    if (this.#call.trace) this.tell({ type: "piece", bytes });
  }

  contentError(error: unknown): HttpError {
    return attribute(error, this.request);
  }

  #begin(): void {
    if (this.settled) return;
    const { content } = this.request;
    this.aborted = false;
    this.begin();
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

  #send(body: TransportBody | null): void {
    if (this.settled) return;
    const { transport } = this.#call;
    try {
      checkStreaming(transport, body);
      // The length has been taken from the field; the transport writes it from the body.
      if (declaredLength(this.headers, bodyLength(body)) !== null) {
        this.headers = withoutField(this.headers, "content-length");
      }
      this.body = body && this.#watched(body);
      transport.send(this).then(
        (response) => this.#arrived(response),
        (error: unknown) => this.#failed(error),
      );
    } catch (error) {
      this.#failed(error);
    }
  }

  /** The content as the transport gets it. Where it cannot be cut without changing its framing, it goes as one piece. */
  #watched(body: TransportBody): TransportBody {
    if (this.request.settings.timeout.write === Infinity) return body;
    const { streamLength } = this.#call.transport.capabilities;
    return isStream(body) || streamLength === "declared" ? watched(body, this) : body;
  }

  #arrived(response: TransportResponse): void {
    if (this.settled) return response.body.cancel();
    this.settled = true;
    this.onabort = null;
    disarm(this);
    this.times.head = now();
    this.phase = "read";
    if (this.#call.trace) this.tell({ type: "head", status: response.status });
    this.#incoming = new Incoming(response.body, this, this.request.settings.timeout.read);
    const delivered = new HttpResponse(this, response, this.#incoming, this.#call.transport);
    this.#incoming.open();
    this.#resolve(delivered);
  }

  #failed(error: unknown): void {
    if (this.settled) return;
    const { content, settings } = this.request;
    // RFC 9110 §9.2.2: a client may repeat an idempotent request on its own. Nothing but a kept-alive connection that
    // had died is a reason to, and once is enough.
    const stale = isHttpError(error) && error.code === "ERR_DISCONNECTED_IDLE";
    if (
      stale &&
      settings.retry.resend &&
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
    if (this.settled) return;
    this.settled = true;
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
}
