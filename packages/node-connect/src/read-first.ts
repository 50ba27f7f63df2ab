/* A failure to write ends a Node socket at once, with all that has come and was not read: an early response among it. */

import type { Socket } from "node:net";
import { afterPoll } from "./poll.ts";

type Callback = (error?: Error | null) => void;
type Write = (...call: [...unknown[], Callback]) => void;

const seen = new WeakSet<Socket>();

/**
 * Has a failure to write wait until what has come is read: a peer that closes or resets the connection behind its
 * response has answered all the same (RFC 9112 §9.5). For content in pieces: while one write is under way, Node reads
 * before it notices that it failed.
 */
export function readFirst(socket: Socket): void {
  if (seen.has(socket)) return;
  seen.add(socket);
  const plain = socket as unknown as { _write: Write; _writev: Write };
  for (const name of ["_write", "_writev"] as const) {
    const write = plain[name];
    plain[name] = function (this: Socket, ...call) {
      const callback = call.pop() as Callback;
      write.call(this, ...call, (error?: Error | null) => {
        if (error) afterPoll(() => callback(error));
        else callback();
      });
    };
  }
}
