/*
 * One exchange with the transport, and the only place that calls `send`: waits for a slot, sends, hands the response
 * over. The object is the transport's request, signal and trace at once, so that a small call makes few objects.
 */

import type { Call } from "./call.ts";
import { disarm, now } from "./clock.ts";
import { Incoming, type IncomingOwner } from "./content/incoming.ts";
import { outgoingContent } from "./content/outgoing.ts";
import { abandon } from "./content/source.ts";
import { attribute, type HttpError, sessionClosed } from "./errors.ts";
import { ExchangePhases } from "./exchange-phases.ts";
import { ignore } from "./quiet.ts";
import { isStale } from "./retry/stale.ts";
import type { Waiter } from "./limits/limits.ts";
import type { Ticket } from "./limits/line.ts";
import type { RateWaiter } from "./limits/rate-limiter.ts";
import { ThrottledBody } from "./limits/throttled-body.ts";
import { type Meter, meterOf, type ProgressDirection } from "./progress/progress.ts";
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

/** @internal */
export class Exchange
  extends ExchangePhases
  implements TransportRequest, ExchangeSignal, Waiter, RateWaiter, IncomingOwner
{
  // What the transport gets.
  readonly method: string;
  readonly target: Target;
  headers: FieldLines = [];
  body: TransportBody | null = null;
  readonly signal: this = this;
  readonly trace: this = this;

  // Its signal.
  aborted = false;
  reason: unknown = undefined;
  onabort: ((reason: unknown) => void) | null = null;

  opened: TransportBody | null = null;
  ticket: Ticket<unknown> | null = null;
  readonly #call: Call;
  #attempt = 0;
  #holdsSlot = false;
  #incoming: Incoming | null = null;
  #throttled: ThrottledBody | null = null;
  #resolve!: (response: HttpResponse) => void;
  #reject!: (error: unknown) => void;

  constructor(call: Call, request: HttpRequest, attempt: number) {
    const merged = call.transport.capabilities.connectTimeout === "merged";
    super(request, call.started, merged, call.trace && call.trace.exchange(request, attempt));
    this.#call = call;
    this.method = request.method;
    this.target = request.target;
  }

  /** Resolves with the response when its head has come. */
  run(): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.tell?.({ type: "exchange-begin" });
      // Whoever was told may have ended it.
      if (!this.settled) this.#queue();
    });
  }

  #queue(): void {
    const { rateLimiter } = this.#call;
    const { priority } = this.request.settings;
    try {
      if (!rateLimiter || rateLimiter.enter(this.request, this, priority)) return this.admit();
      this.queueUp();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Called when the rate limit lets this exchange pass. */
  admit(): void {
    const { limits } = this.#call;
    try {
      if (limits.take(this.target.origin)) return this.grant();
      limits.wait(this.target.origin, this, this.request.settings.priority);
      this.queueUp();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Called when the slot is this exchange's. */
  grant(): void {
    this.#holdsSlot = true;
    const granted = (this.times.granted = now());
    this.tell?.({ type: "granted", waited: granted - this.times.started });
    this.#begin();
  }

  /** Ends the exchange from outside, in whatever phase it is. */
  cancel(error: HttpError): void {
    this.failure ??= error;
    if (this.#incoming) return this.#incoming.break(error);
    if (this.settled) return;
    if (!this.#holdsSlot && !this.#call.rateLimiter?.leave(this))
      this.#call.limits.leave(this.target.origin, this);
    this.#abort(error);
    this.fail(error);
  }

  /** Ends the exchange if its content waits for a reader, who will not come as the session closes, or at all. */
  abandonUnread(dropped = false): boolean {
    const incoming = this.#incoming;
    if (!incoming || incoming.started || incoming.over) return false;
    const closed = "the session was closed before the content was read";
    if (dropped) incoming.cancel();
    else incoming.break(this.contentError(sessionClosed(closed, this)));
    return true;
  }

  /** What tells how a transfer goes; `null` if nobody listens. */
  meter(direction: ProgressDirection): Meter | null {
    return meterOf(this.#call.request, direction, this.#attempt);
  }

  // IncomingOwner

  contentOver(): void {
    this.times.over = now();
    this.#release();
    this.tellEnd(this.#incoming?.received ?? 0, this.#incoming?.complete ?? false);
    this.#call.exchangeOver(this);
  }

  readTimedOut(elapsed: number): HttpError | null {
    // What the throttle holds back is not the peer's silence.
    if (this.#throttled?.waiting) return null;
    return (this.failure = this.timedOut(this.request.settings.timeout.read, elapsed));
  }

  #begin(): void {
    if (this.settled) return;
    const { content } = this.request;
    this.aborted = false;
    // The second time as the first: what the transport writes itself has been taken out since.
    this.headers = this.request.lines;
    this.begin();
    this.#attempt = ++this.#call.attempts;
    try {
      const body = outgoingContent(content, this, this.#call.transport);
      if (body instanceof Promise)
        body.then(
          (made) => this.#send(made),
          (error: unknown) => this.fail(error),
        );
      else this.#send(body);
    } catch (error) {
      this.fail(error);
    }
  }

  #send(body: TransportBody | null): void {
    if (this.settled) return abandon(this.opened);
    try {
      this.body = this.ask(body);
      this.#call.transport.send(this).then(
        (response) => this.#arrived(response),
        (error: unknown) => this.#failed(error),
      );
    } catch (error) {
      this.#failed(error);
    }
  }

  #arrived(response: TransportResponse): void {
    if (this.settled) return response.body.cancel();
    if (this.isUnheeded(response)) return this.#resend(null);
    this.settled = true;
    this.uploadOver(false);
    this.onabort = null;
    disarm(this);
    this.times.head = now();
    this.phase = "read";
    this.#call.rateLimiter?.learn(this.request, response);
    const { throttle, timeout } = this.request.settings;
    const paces = throttle?.download ?? [];
    if (paces.length > 0) this.#throttled = new ThrottledBody(response.body, paces);
    this.#incoming = new Incoming(this.#throttled ?? response.body, this, timeout.read);
    this.tell?.({ type: "head", status: response.status });
    const delivered = new HttpResponse(this, response, this.#incoming, this.#call.transport);
    this.#incoming.open();
    this.#resolve(delivered);
    // Lest it lead to the response, which the leak detector would then never see dropped.
    this.#resolve = this.#reject = ignore;
  }

  #failed(error: unknown): void {
    if (this.settled) return;
    if (this.resent || !isStale(error, this.request)) return this.fail(error);
    this.#resend(attribute(error, this.request));
  }

  #resend(error: HttpError | null): void {
    this.resent = true;
    abandon(this.opened);
    this.tell?.({ type: "resend", error });
    this.#begin();
  }

  /** Called, too, when the rate limit cannot tell. */
  fail(error: unknown): void {
    if (this.settled) return;
    this.settled = true;
    this.uploadOver(false);
    this.held?.close();
    this.onabort = null;
    disarm(this);
    this.#release();
    const named = (this.failure = attribute(error, this.request));
    this.tellEnd(0, false);
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
    abandon(this.opened);
    this.#call.limits.release(this.target.origin);
  }
}
