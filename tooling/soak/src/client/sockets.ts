/* Counts the client's own sockets: idle ones are unref'd, so that Node's list of active resources leaves them out. */

import { subscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";

let open = 0;

subscribe("net.client.socket", (message) => {
  const { socket } = message as { socket: Socket };
  open++;
  socket.once("close", () => open--);
});

/** Sockets that have been made and not been closed yet. */
export function openSockets(): number {
  return open;
}
