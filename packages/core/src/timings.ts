/* When the steps of an exchange happened, and the durations that follow. */

import { now } from "./clock.ts";
import type { ExchangeStep } from "./transport.ts";

/** Durations in milliseconds; `null` for a step that did not happen or that the transport cannot see. */
export interface Timings {
  /** Waited for a slot. */
  readonly queued: number;
  /** Looked up the host name. */
  readonly dns: number | null;
  /** Opened the TCP connection. */
  readonly connect: number | null;
  /** TLS handshake. */
  readonly tls: number | null;
  /** From the connection being ready to the request fully sent. */
  readonly sent: number | null;
  /** From the request fully sent to the head of the response. */
  readonly firstByte: number | null;
  /** From the head to the end of the content; `null` while it is coming. */
  readonly content: number | null;
  /** From the call, with its redirects, to the end of the content, or to now. The other rows are of the last exchange. */
  readonly total: number;
}

/** @internal Times of `performance.now()`; 0: not happened. */
export class ExchangeTimes {
  /** When the call began: `total` spans its redirects. */
  readonly called: number;
  readonly started: number = now();
  granted = 0;
  connecting = 0;
  resolved = 0;
  opened = 0;
  secured = 0;
  connected = 0;
  sent = 0;
  head = 0;
  over = 0;

  constructor(called: number) {
    this.called = called;
  }

  mark(step: ExchangeStep): number {
    return (this[step] = now());
  }

  get timings(): Timings {
    const {
      called,
      started,
      granted,
      connecting,
      resolved,
      opened,
      secured,
      connected,
      sent,
      head,
      over,
    } = this;
    return {
      queued: granted - started,
      dns: between(connecting, resolved),
      connect: between(resolved || connecting, opened),
      tls: between(opened, secured),
      sent: between(connected, sent),
      firstByte: between(sent || connected || granted, head),
      content: between(head, over),
      total: (over || now()) - called,
    };
  }
}

function between(from: number, to: number): number | null {
  return from > 0 && to >= from ? to - from : null;
}
