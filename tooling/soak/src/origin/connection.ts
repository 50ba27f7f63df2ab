/*
 * One connection of the origin: finds the requests in its bytes, one at a time, and asks for a behaviour twice: when a
 * head has come, and when its content has.
 */

import type { Socket } from "node:net";

/** A request as a behaviour sees it. */
interface Arrival {
  readonly socket: Socket;
  readonly method: string;
  /** The first segment of the path, which names the behaviour. */
  readonly name: string;
  /** The second one. */
  readonly detail: string;
  /** Bytes of content so far, framing included if it is chunked. */
  received: number;
}

/** What the origin does with a request. */
export interface Behaviour {
  /** When the head has come. `true`: it has dealt with the request, and the content is not awaited. */
  head?(arrival: Arrival): boolean;
  /** When the content has come. */
  whole?(arrival: Arrival): void;
}

const endOfHead = "\r\n\r\n";
/** Ends chunked content; no content of the soak holds it. */
const lastChunk = "0\r\n\r\n";

/** @param behaviourOf Asked once per request. */
export function serve(socket: Socket, behaviourOf: (name: string) => Behaviour): void {
  let head = "";
  let arrival: Arrival | null = null;
  let behaviour: Behaviour = {};
  let left = 0;
  let tail: string | null = null;

  const whole = (): void => {
    const finished = arrival;
    arrival = null;
    if (finished) behaviour.whole?.(finished);
  };

  const content = (data: Buffer): void => {
    if (!arrival) return;
    arrival.received += data.byteLength;
    if (tail === null) {
      left -= data.byteLength;
      if (left <= 0) whole();
    } else {
      tail = (tail + data.toString("latin1", Math.max(0, data.byteLength - 8))).slice(-8);
      if (tail.endsWith(lastChunk)) whole();
    }
  };

  socket.on("data", (data) => {
    if (arrival) return content(data);
    head += data.toString("latin1");
    const end = head.indexOf(endOfHead);
    if (end < 0) return;
    const lines = head.slice(0, end);
    const rest = data.subarray(data.byteLength - (head.length - end - endOfHead.length));
    head = "";
    const [method = "", target = ""] = lines.split(" ", 2);
    const [, name = "", detail = ""] = target.split("/", 3);
    arrival = { socket, method, name, detail, received: 0 };
    behaviour = behaviourOf(name);
    if (behaviour.head?.(arrival)) return;
    tail = /\r\ntransfer-encoding: *chunked/i.test(lines) ? "" : null;
    left = Number(/\r\ncontent-length: *(\d+)/i.exec(lines)?.[1] ?? 0);
    if (tail === null && left === 0) whole();
    else if (rest.byteLength > 0) content(rest);
  });
}
