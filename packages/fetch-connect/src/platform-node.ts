/*
 * What is particular to Node's fetch: how it is held, and failures that have a cause with a code. Other runtimes that
 * go by Node's conditions, and by none of their own, load this as well.
 */

import { type ErrorCode, type HttpError, httpError, isHttpError } from "@anyhttp/core";
import { nodeDecoders, nodeEncoders } from "@anyhttp/node-connect/codings";
import { holdBySignal, type TakeHold } from "./hold.ts";
import { dispatching } from "./hold-by-dispatcher.ts";
import { lost, lostFields } from "./lost-fields.ts";
import { type Coders, coders as webCoders, type Particulars } from "./platform.ts";

/** Other runtimes that are led here are not Node, and nothing is known of them. */
function isNode(): boolean {
  const { navigator } = globalThis as { navigator?: { userAgent?: string } };
  return navigator?.userAgent?.startsWith("Node.js/") ?? false;
}

/** Errors have a cause with a code, and a `content-length` for streamed content is taken at its word. */
export const particulars = (): Particulars => ({
  facts: isNode() ? { failureDetail: "phased", streamLength: "declared" } : {},
  init: {},
});

/** The coders of `node:zlib`, which know more than web streams, and are quicker. */
export const coders = (): Coders =>
  isNode() ? { decoders: nodeDecoders, encoders: nodeEncoders } : webCoders();

/**
 * The hold on fetch: by dispatcher on Node's own, by signal on all that may be something else.
 * @param transport Who refuses, if it must.
 * @param brought The user's own function.
 */
export function takeHold(transport: string, brought: unknown): TakeHold {
  if (!isNode()) return holdBySignal;
  return (
    (brought ? null : dispatching(transport, globalThis.fetch, mapContentError)) ??
    holdOnSome(transport)
  );
}

function holdOnSome(transport: string): TakeHold {
  return (init, fields, target) => {
    for (const name of lostFields(fields, target)) throw lost(transport, name);
    return holdBySignal(init, fields, target);
  };
}

const codes: readonly (readonly [ErrorCode, codes: RegExp])[] = [
  ["ERR_DNS_NOT_FOUND", /^(ENOTFOUND|ENODATA|EAI_NODATA|EAI_NONAME)$/],
  ["ERR_DNS_FAILED", /^(EAI_\w+|ESERVFAIL|EREFUSED)$/],
  ["ERR_CONNECT_REFUSED", /^ECONNREFUSED$/],
  ["ERR_CONNECT_UNREACHABLE", /^(E(HOST|NET)(UNREACH|DOWN)|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/],
  ["ERR_TLS_HOSTNAME", /^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/],
  ["ERR_TLS_EXPIRED", /^C(ERT|RL)_(HAS_EXPIRED|NOT_YET_VALID)$/],
  [
    "ERR_TLS_UNTRUSTED",
    /^(DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+|CERT_\w+|INVALID_(CA|PURPOSE)|PATH_LENGTH_EXCEEDED)$/,
  ],
  ["ERR_TLS_HANDSHAKE", /^(ERR_SSL_\w+|EPROTO)$/],
  ["ERR_PROTOCOL_UPGRADE", /^UnrequestedUpgrade$/],
  ["ERR_PROTOCOL_HEAD_TOO_LARGE", /^(UND_ERR_HEADERS_OVERFLOW|HPE_HEADER_OVERFLOW)$/],
  // Where the parser of undici meets what it had thought impossible, it asserts.
  // The second half of these are Bun's.
  [
    "ERR_PROTOCOL_HEAD",
    /^(HPE_\w*|Malformed_HTTP_Response|InvalidHTTPResponse|InvalidContentLength|UND_ERR_RES_CONTENT_LENGTH_MISMATCH|ERR_ASSERTION)$/,
  ],
  [
    "ERR_DISCONNECTED",
    /^(UND_ERR_SOCKET|ECONNRESET|EPIPE|UND_ERR_HEADERS_TIMEOUT|ConnectionClosed)$/,
  ],
];

/** The code of what caused a failure; of the addresses that were tried, a refusal says most. */
function causeOf(error: unknown): { readonly code: string; readonly cause: object | null } {
  let cause: unknown = error;
  for (let depth = 0; depth < 4 && typeof cause === "object" && cause !== null; depth++) {
    const {
      code,
      errors,
      cause: deeper,
    } = cause as { code?: unknown; errors?: unknown; cause?: unknown };
    const tried: readonly unknown[] = Array.isArray(errors) ? errors : [];
    const refused = tried.some(
      (one) => (one as { code?: unknown } | null)?.code === "ECONNREFUSED",
    );
    if (refused) return { code: "ECONNREFUSED", cause };
    // DOMExceptions have numbers for codes.
    if (typeof code === "string") return { code, cause };
    // Undici 7 loses the code of its parser's errors on the way.
    if (cause instanceof Error && cause.name === "HTTPParserError") return { code: "HPE_", cause };
    cause = deeper;
  }
  return { code: "", cause: null };
}

/** What fetch rejected with, before there was a head. */
export function mapFetchError(error: unknown): HttpError {
  if (isHttpError(error)) return error;
  const { code, cause } = causeOf(error);
  // Closed while connecting: only then does Node say where to.
  if (code === "ECONNRESET" && cause && "host" in cause)
    return httpError("ERR_CONNECT_RESET", { cause: error });
  // One code for every closed socket; that it was closed for a 101 is in the message alone.
  if (code === "UND_ERR_SOCKET" && (cause as Error).message === "bad upgrade") {
    return httpError("ERR_PROTOCOL_UPGRADE", { cause: error });
  }
  const found = codes.find(([, pattern]) => pattern.test(code));
  return httpError(found ? found[0] : "ERR_NETWORK", { cause: error });
}

/** What reading the content rejected with. Decoding is the platform's, so its failures come here too. */
export function mapContentError(error: unknown): HttpError {
  if (isHttpError(error)) return error;
  const { code } = causeOf(error);
  const decoding =
    /^(Z_\w+|ERR_?_?BROTLI\w*|ERR__ERROR\w*|ZSTD_\w+|ERR_PADDING_2|ERR_TRAILING_JUNK\w*)$/.test(
      code,
    );
  const parser =
    (code.startsWith("HPE_") && code !== "HPE_INVALID_EOF_STATE") || code === "InvalidHTTPResponse";
  // Trailers without end.
  const framing = parser || code === "UND_ERR_HEADERS_OVERFLOW";
  return httpError(
    decoding ? "ERR_CONTENT_DECODE" : framing ? "ERR_PROTOCOL_FRAMING" : "ERR_CONTENT_TRUNCATED",
    { cause: error },
  );
}
