/* What a session tells of its calls while they run: one stream of events of one shape, the same on every transport. */

import { now } from "./clock.ts";
import type { FailedRequest, HttpError } from "./errors.ts";
import { redactUrl } from "./redact.ts";
import type { ConnectionInfo, ExchangeStep } from "./transport.ts";

/** Facts that every event has. */
interface EventBase {
  /** Milliseconds of `performance.now()`. */
  readonly time: number;
  /** Number of the call within the process; redirects and retries are of the same call. */
  readonly call: number;
  readonly method: string;
  /** Redacted. */
  readonly url: string;
  /** Which attempt of this hop, from 1. */
  readonly attempt: number;
}

/** What happened, with its own facts. */
export type TraceFacts =
  /** An exchange begins, with a redirect's or a retry's request as well; it may have to wait. */
  | { readonly type: "begin" }
  /** It has got its slot, and its token of the rate limit. `waited`: how long it took, in ms. */
  | { readonly type: "granted"; readonly waited: number }
  /** A step of a new connection, or the request written whole; those that the transport sees. */
  | { readonly type: ExchangeStep }
  /** It has got a connection. */
  | {
      readonly type: "connected";
      readonly reused: boolean;
      readonly connection: ConnectionInfo;
    }
  /** The head of the response has come. */
  | { readonly type: "head"; readonly status: number }
  /** A piece of content has come; `bytes` on the wire. */
  | { readonly type: "piece"; readonly bytes: number }
  /** The exchange is over, and its slot free. `bytes`: content on the wire. */
  | { readonly type: "end"; readonly bytes: number }
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
  | { readonly type: "no-retry"; readonly why: RetryObstacle }
  /** The exchange, or what stands around it, failed. */
  | { readonly type: "failed"; readonly error: HttpError };

/** What can stand against another attempt. */
export type RetryObstacle = "attempts" | "method" | "content" | "delay" | "deadline" | "budget";

/** One event. */
export type TraceEvent = EventBase & TraceFacts;

/** Takes events as they happen, and must be quick; what it throws is dropped. */
export type Tracer = (event: TraceEvent) => void;

/** Who takes note of what happens to a request. */
export interface Teller {
  tell(request: FailedRequest, attempt: number, facts: TraceFacts): void;
}

let calls = 0;

/** Tells the events of one call. */
export class CallTrace implements Teller {
  readonly #tracer: Tracer;
  readonly #call: number = ++calls;

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  tell({ method, url }: FailedRequest, attempt: number, facts: TraceFacts): void {
    const base = { time: now(), call: this.#call, method, url: redactUrl(url), attempt };
    try {
      this.#tracer({ ...base, ...facts });
    } catch {
      // A listener that fails is no reason for a call to fail.
    }
  }
}
