/*
 * How a TLS connection came to its end. The peer's last word is `close_notify`; a FIN without it may be anybody's on the
 * way, and what came before it is not known to be whole (RFC 8446 §6.1, RFC 9112 §9.8). Node ends the socket alike on
 * both, so it is asked in the moment of the end whether the TCP connection below has ended too.
 */

import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { getSystemErrorName } from "node:util";
import { endsWithConnection } from "./request-head.ts";

/** What carries bytes below a socket. Of all this Node documents nothing; where something is missing, nothing is told. */
interface Handle {
  /** Whether the socket wants bytes, as opposed to having paused. */
  readonly reading?: boolean;
  /** What is below TLS. */
  readonly _parent?: Handle | null;
  /** 0, or an errno: EALREADY as long as the connection is being read, so has not ended. */
  readStart?(): number;
  readStop?(): number;
}

const cutOff = new WeakSet<Socket>();

/** Watches for the end of a socket; before the first byte comes. */
export function watchEnd(socket: TLSSocket): void {
  const push = socket.push.bind(socket);
  // Called by Node itself, at once and with null, when bytes are to come no more.
  socket.push = (chunk, encoding) => {
    if (chunk === null && isCutOff((socket as { _handle?: Handle | null })._handle))
      cutOff.add(socket);
    return push(chunk, encoding);
  };
}

/**
 * Why a response that came to its end is not known to be whole: its content runs to the end of the connection, and the
 * peer has not said that it ended. `null` if nothing is amiss.
 * @param fields Of a response that `isPlainlyFramed`.
 */
export function cutShort(
  socket: Socket | null,
  method: string,
  status: number,
  fields: readonly string[],
): Error | null {
  if (!socket || !cutOff.has(socket) || !endsWithConnection(method, status, fields)) return null;
  // As OpenSSL calls it.
  const code = "ERR_SSL_UNEXPECTED_EOF_WHILE_READING";
  return Object.assign(new Error("the connection ended without close_notify"), { code });
}

function isCutOff(handle: Handle | null | undefined): boolean {
  const below = handle?._parent;
  // Paused by the very bytes that close_notify came behind: nothing was read since, so there was no FIN.
  if (!handle?.reading || !below?.readStart || !below.readStop) return false;
  const begun = below.readStart();
  if (begun < 0) return getSystemErrorName(begun) !== "EALREADY";
  below.readStop();
  return true;
}
