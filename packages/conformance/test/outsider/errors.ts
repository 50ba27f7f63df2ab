/* What node:http reports, as errors of the tree: by code and by how far the exchange was. */

import { type ErrorCode, httpError } from "@anyhttp/core";

/** An error of Node. */
export type NodeError = Error & { readonly code?: string };

const codes: Readonly<Record<string, ErrorCode>> = {
  ENOTFOUND: "ERR_DNS_NOT_FOUND",
  EAI_AGAIN: "ERR_DNS_FAILED",
  ECONNREFUSED: "ERR_CONNECT_REFUSED",
  ENETUNREACH: "ERR_CONNECT_UNREACHABLE",
  ECONNRESET: "ERR_CONNECT_RESET",
  ERR_TLS_CERT_ALTNAME_INVALID: "ERR_TLS_HOSTNAME",
  CERT_HAS_EXPIRED: "ERR_TLS_EXPIRED",
  DEPTH_ZERO_SELF_SIGNED_CERT: "ERR_TLS_UNTRUSTED",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "ERR_TLS_UNTRUSTED",
  EPROTO: "ERR_TLS_HANDSHAKE",
};

/** Before the head of the response. */
export function headError(
  cause: NodeError,
  connected: boolean,
  reused: boolean,
  received: boolean,
): Error {
  const { code = "" } = cause instanceof AggregateError ? (cause.errors[0] as NodeError) : cause;
  const handshake = code.startsWith("ERR_SSL_") ? "ERR_TLS_HANDSHAKE" : "ERR_CONNECT_FAILED";
  if (!connected) return httpError(codes[code] ?? handshake, { cause });
  if (code === "HPE_HEADER_OVERFLOW") return httpError("ERR_PROTOCOL_HEAD_TOO_LARGE", { cause });
  if (code.startsWith("HPE_")) return httpError("ERR_PROTOCOL_HEAD", { cause });
  if (received) return httpError("ERR_DISCONNECTED", { cause, requestSent: "yes" });
  return httpError(reused ? "ERR_DISCONNECTED_IDLE" : "ERR_DISCONNECTED", { cause });
}

/** After it. */
export function contentError(cause: NodeError): Error {
  const parser = cause.code?.startsWith("HPE_") === true && cause.code !== "HPE_INVALID_EOF_STATE";
  return httpError(parser ? "ERR_PROTOCOL_FRAMING" : "ERR_CONTENT_TRUNCATED", { cause });
}
