/* What a session tells of its calls while they run: one stream of events of one shape, the same on every transport. */

import { now } from "./clock.ts";
import type { FailedRequest, HttpError } from "./errors.ts";
import type { HttpHeaders } from "./headers.ts";
import { tellSafely } from "./quiet.ts";
import { redactUrl } from "./redact.ts";
import type { ConnectionInfo, ExchangeStep } from "./transport.ts";

/** Facts that every event has. */
interface EventBase {
  /** Milliseconds of `performance.now()`; with `performance.timeOrigin` added, since 1970. */
  readonly time: number;
  /** Number of the call within the process; redirects and retries are of the same call. */
  readonly call: number;
  /** Number of the exchange within the call, from 1; `null` for what is of the call itself. */
  readonly exchange: number | null;
  readonly method: string;
  /** Redacted. */
  readonly url: string;
  /** Which attempt of this hop, from 1. */
  readonly attempt: number;
}

/** What happened, with its own facts. */
export type TraceFacts =
  /** A call begins: told before the method of the session returns. Always the first event of the call. */
  | { readonly type: "call-begin" }
  /**
   * The call is over, and nothing of it is left. `error`: what it rejected with, or the content of its last exchange
   * broke off with. Always the last event of the call.
   */
  | { readonly type: "call-end"; readonly error: HttpError | null }
  /** An exchange begins: the first, that of a redirect or retry, or whatever middleware asks for. */
  | { readonly type: "exchange-begin" }
  /**
   * The exchange is over, and its slot free. `bytes`: content on the wire. `complete`: whether all of it has come.
   * `error`: why it failed; `null` as well for content that its reader gave up.
   */
  | {
      readonly type: "exchange-end";
      readonly bytes: number;
      readonly complete: boolean;
      readonly error: HttpError | null;
    }
  /** It has to wait, for a slot of the limits or for the rate limit. */
  | { readonly type: "queued" }
  /** It may be sent. `waited`: how long that took, in ms. */
  | { readonly type: "granted"; readonly waited: number }
  /** A step of a new connection, or the request written whole; those that the transport sees. */
  | { readonly type: ExchangeStep }
  /** It has got a connection, if the transport sees that. */
  | {
      readonly type: "connected";
      readonly reused: boolean;
      readonly connection: ConnectionInfo;
    }
  /**
   * The request is sent once more within this exchange: the kept-alive connection turned out dead, or, with `error`
   * `null`, the server does not heed `expect` (417).
   */
  | { readonly type: "resend"; readonly error: HttpError | null }
  /** An informational response (RFC 9110 §15.2) has come, if the transport tells: 100, 103 … */
  | { readonly type: "informational"; readonly status: number; readonly headers: HttpHeaders }
  /** The head of the response has come. */
  | { readonly type: "head"; readonly status: number }
  /** A piece of content has come; `bytes` on the wire. */
  | { readonly type: "piece"; readonly bytes: number }
  /** The request follows a redirect that another URL has answered with. `from`: redacted. */
  | { readonly type: "redirect"; readonly status: number; readonly from: string }
  /** Another attempt follows after `delay` ms. */
  | {
      readonly type: "retry";
      readonly delay: number;
      readonly error: HttpError | null;
      readonly status: number | null;
    }
  /** There was something to retry, but it is not. `why`: what stands against it. */
  | { readonly type: "no-retry"; readonly why: RetryObstacle };

/** What can stand against another attempt. */
export type RetryObstacle = "attempts" | "method" | "content" | "delay" | "deadline" | "budget";

/** One event: plain data, which `JSON.stringify` makes a line of a log of. More types and facts may be added. */
export type TraceEvent = EventBase & TraceFacts;

/** Takes events as they happen, and must be quick; what it throws is dropped. */
export type Tracer = (event: TraceEvent) => void;

/** Who takes note of what happens to a request. */
export interface Teller {
  tell(request: FailedRequest, attempt: number, facts: TraceFacts): void;
}

let calls = 0;

/** @internal Tells the events of one call. */
export class CallTrace implements Teller {
  /** What the exchange that was over last broke off with, if it did. */
  error: HttpError | null = null;
  readonly #tracer: Tracer;
  readonly #call: number = ++calls;
  #exchanges = 0;

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  tell(request: FailedRequest, attempt: number, facts: TraceFacts): void {
    this.#about(request, attempt, null)(facts);
  }

  /** What tells the events of a new exchange, up to its end. */
  exchange(request: FailedRequest, attempt: number): (facts: TraceFacts) => void {
    const tell = this.#about(request, attempt, ++this.#exchanges);
    let over = false;
    return (facts) => {
      // Transports may tell of steps that end only after everything is over.
      if (over) return;
      over = facts.type === "exchange-end";
      tell(facts);
    };
  }

  #about(
    { method, url }: FailedRequest,
    attempt: number,
    exchange: number | null,
  ): (facts: TraceFacts) => void {
    const of = { call: this.#call, exchange, method, url: redactUrl(url), attempt };
    return (facts) => tellSafely(this.#tracer, { time: now(), ...of, ...facts });
  }
}
