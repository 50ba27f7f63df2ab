/*
 * Node's errors as errors of the tree: by their code and by where the exchange was. Never by their text. An errno means
 * one thing while a connection is made and another one after.
 */

import {
  type ErrorCode,
  type FailedRequest,
  type HttpError,
  httpError,
  isHttpError,
  type RequestSent,
} from "@anyhttp/core";

/** Where an exchange was when it failed. */
export interface Situation {
  /** Making a connection, sending the request or waiting for the head of the response, reading its content. */
  readonly stage: "connecting" | "head" | "content";
  /** Whether the connection had carried an exchange before. */
  readonly reused?: boolean;
  /** Whether a byte of the response had come. */
  readonly received?: boolean;
  readonly request?: FailedRequest | undefined;
}

const connecting: Readonly<Record<string, ErrorCode>> = {
  ENOTFOUND: "ERR_DNS_NOT_FOUND",
  ENODATA: "ERR_DNS_NOT_FOUND",
  EAI_NODATA: "ERR_DNS_NOT_FOUND",
  EAI_NONAME: "ERR_DNS_NOT_FOUND",
  EAI_AGAIN: "ERR_DNS_FAILED",
  EAI_FAIL: "ERR_DNS_FAILED",
  EAI_MEMORY: "ERR_DNS_FAILED",
  EAI_SYSTEM: "ERR_DNS_FAILED",
  ESERVFAIL: "ERR_DNS_FAILED",
  EREFUSED: "ERR_DNS_FAILED",
  EFORMERR: "ERR_DNS_FAILED",
  EBADRESP: "ERR_DNS_FAILED",
  ECANCELLED: "ERR_DNS_FAILED",
  ECONNREFUSED: "ERR_CONNECT_REFUSED",
  EHOSTUNREACH: "ERR_CONNECT_UNREACHABLE",
  EHOSTDOWN: "ERR_CONNECT_UNREACHABLE",
  ENETUNREACH: "ERR_CONNECT_UNREACHABLE",
  ENETDOWN: "ERR_CONNECT_UNREACHABLE",
  ENONET: "ERR_CONNECT_UNREACHABLE",
  // The system's own limit, far above ours: nobody answered.
  ETIMEDOUT: "ERR_CONNECT_UNREACHABLE",
  ERR_SOCKET_CONNECTION_TIMEOUT: "ERR_CONNECT_UNREACHABLE",
  ECONNRESET: "ERR_CONNECT_RESET",
  ECONNABORTED: "ERR_CONNECT_RESET",
  EPIPE: "ERR_CONNECT_RESET",
  ERR_TLS_CERT_ALTNAME_INVALID: "ERR_TLS_HOSTNAME",
  HOSTNAME_MISMATCH: "ERR_TLS_HOSTNAME",
  CERT_HAS_EXPIRED: "ERR_TLS_EXPIRED",
  CERT_NOT_YET_VALID: "ERR_TLS_EXPIRED",
  CRL_HAS_EXPIRED: "ERR_TLS_EXPIRED",
  CRL_NOT_YET_VALID: "ERR_TLS_EXPIRED",
  DEPTH_ZERO_SELF_SIGNED_CERT: "ERR_TLS_UNTRUSTED",
  SELF_SIGNED_CERT_IN_CHAIN: "ERR_TLS_UNTRUSTED",
  UNABLE_TO_GET_ISSUER_CERT: "ERR_TLS_UNTRUSTED",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "ERR_TLS_UNTRUSTED",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "ERR_TLS_UNTRUSTED",
  UNABLE_TO_DECRYPT_CERT_SIGNATURE: "ERR_TLS_UNTRUSTED",
  UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY: "ERR_TLS_UNTRUSTED",
  UNABLE_TO_GET_CRL: "ERR_TLS_UNTRUSTED",
  CERT_UNTRUSTED: "ERR_TLS_UNTRUSTED",
  CERT_REJECTED: "ERR_TLS_UNTRUSTED",
  CERT_REVOKED: "ERR_TLS_UNTRUSTED",
  CERT_SIGNATURE_FAILURE: "ERR_TLS_UNTRUSTED",
  CERT_CHAIN_TOO_LONG: "ERR_TLS_UNTRUSTED",
  INVALID_CA: "ERR_TLS_UNTRUSTED",
  INVALID_PURPOSE: "ERR_TLS_UNTRUSTED",
  PATH_LENGTH_EXCEEDED: "ERR_TLS_UNTRUSTED",
  EPROTO: "ERR_TLS_HANDSHAKE",
  ERR_TLS_HANDSHAKE_TIMEOUT: "ERR_TLS_HANDSHAKE",
};

/** The error of the tree for one of Node; an error of the tree is returned as it is. */
export function mapNodeError(error: unknown, situation: Situation): HttpError {
  if (isHttpError(error)) return error;
  const [code, requestSent] = codeOf(nodeCode(error), situation);
  return httpError(code, { cause: error, request: situation.request, requestSent });
}

function codeOf(
  code: string,
  { stage, reused, received }: Situation,
): [code: ErrorCode, sent?: RequestSent] {
  const parser = code.startsWith("HPE_");
  if (stage === "content") {
    // The parser's word for an end in the middle of things is not about framing: the content broke off.
    return parser && code !== "HPE_INVALID_EOF_STATE"
      ? ["ERR_PROTOCOL_FRAMING"]
      : ["ERR_CONTENT_TRUNCATED"];
  }
  // With TLS 1.3 a server refuses a client's certificate after the client thinks the handshake done.
  const handshake = code.startsWith("ERR_SSL_");
  if (stage === "connecting") {
    if (handshake) return ["ERR_TLS_HANDSHAKE"];
    return [
      Object.hasOwn(connecting, code) ? (connecting[code] as ErrorCode) : "ERR_CONNECT_FAILED",
    ];
  }
  if (parser)
    return [code === "HPE_HEADER_OVERFLOW" ? "ERR_PROTOCOL_HEAD_TOO_LARGE" : "ERR_PROTOCOL_HEAD"];
  if (received) return ["ERR_DISCONNECTED", "yes"];
  if (reused) return ["ERR_DISCONNECTED_IDLE"];
  return handshake ? ["ERR_TLS_HANDSHAKE", "maybe"] : ["ERR_DISCONNECTED"];
}

/** The code of an error. Happy eyeballs gathers one for each address: that a host refuses says more than no route. */
function nodeCode(error: unknown): string {
  if (error instanceof AggregateError) {
    const codes = error.errors.map(nodeCode);
    return codes.find((code) => code === "ECONNREFUSED") ?? codes[0] ?? "";
  }
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === "string" ? code : "";
}
