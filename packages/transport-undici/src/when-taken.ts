/* When a request has left the process: undici tells when it has written, not when the system has taken it. */

import type { Socket } from "node:net";

/**
 * Calls back when the system has taken all that was written; never, if the connection breaks before.
 * @param socket `null` where it is not known: what was written then counts as taken.
 */
export function whenTaken(socket: Socket | null, then: () => void): void {
  if (!socket) return then();
  if (socket.destroyed) return;
  if (socket.writableLength === 0) return then();
  if (!socket.writable) return;
  // Writes come to their end in order, so that a write of nothing tells of those before it.
  socket.write("", (error) => {
    if (!error) then();
  });
}
