/* undici's own failures, by code; everything that is Node's goes to node-connect. */

import { type ErrorCode, type HttpError, httpError, isHttpError } from "@anyhttp/core";
import { mapNodeError, type Situation } from "@anyhttp/node-connect";

const codes: Readonly<Record<string, readonly [beforeHead: ErrorCode, afterHead: ErrorCode]>> = {
  UND_ERR_HEADERS_OVERFLOW: ["ERR_PROTOCOL_HEAD_TOO_LARGE", "ERR_PROTOCOL_FRAMING"],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ["ERR_PROTOCOL_HEAD", "ERR_CONTENT_TRUNCATED"],
  UND_ERR_CONNECT_TIMEOUT: ["ERR_CONNECT_UNREACHABLE", "ERR_CONTENT_TRUNCATED"],
  UND_ERR_CLOSED: ["ERR_SESSION_CLOSED", "ERR_CONTENT_TRUNCATED"],
  UND_ERR_DESTROYED: ["ERR_SESSION_CLOSED", "ERR_CONTENT_TRUNCATED"],
};

/** The error of the tree for what undici reports. */
export function mapUndiciError(error: Error, situation: Situation): HttpError {
  if (isHttpError(error)) return error;
  const { code } = error as { code?: unknown };
  const known = typeof code === "string" && Object.hasOwn(codes, code) ? codes[code] : undefined;
  const named =
    known?.[situation.stage === "content" ? 1 : 0] ??
    broken(error, code, situation) ??
    unnamed(error, code, situation);
  return named
    ? httpError(named, { cause: error, request: situation.request })
    : mapNodeError(error, situation);
}

/** Some findings of undici's parser come without a code. */
function unnamed(error: Error, code: unknown, { stage }: Situation): ErrorCode | undefined {
  if (error.name !== "HTTPParserError" || code !== undefined) return undefined;
  return stage === "content" ? "ERR_PROTOCOL_FRAMING" : "ERR_PROTOCOL_HEAD";
}

/** UND_ERR_SOCKET stands for a lost connection and for two breaches of HTTP, which only the text tells apart. */
function broken(error: Error, code: unknown, { stage }: Situation): ErrorCode | undefined {
  if (code !== "UND_ERR_SOCKET" || stage !== "head") return undefined;
  if (error.message === "bad upgrade") return "ERR_PROTOCOL_UPGRADE";
  return error.message === "bad response" ? "ERR_PROTOCOL_HEAD" : undefined;
}
