/*
 * Every code that an error of anyhttp can have: its class, phase, whether the request can have been sent, what failed,
 * and what to do about it. Nothing outside this table ever leaves a session. Core says what failed more exactly, where
 * it finds it, and loads none of this; transports and the documentation go by it.
 */

/** Which class of the tree a code belongs to. */
export type ErrorKind =
  | "HttpError"
  | "InvalidRequestError"
  | "UnsupportedError"
  | "SessionClosedError"
  | "QueueFullError"
  | "ConnectionError"
  | "DnsError"
  | "ConnectError"
  | "TlsError"
  | "ProxyError"
  | "DisconnectedError"
  | "AddressBlockedError"
  | "TimeoutError"
  | "AbortError"
  | "ProtocolError"
  | "ContentError"
  | "RedirectError"
  | "StatusError"
  | "ParseError";

/** Where in the life of a call something happened; the seven timeouts use their own names. */
export type Phase =
  | "prepare"
  | "queue"
  | "connect"
  | "write"
  | "response"
  | "read"
  | "redirect"
  | "parse"
  | "attempt"
  | "total";

/** Whether the origin server can have seen the request. */
export type RequestSent = "no" | "maybe" | "yes";

/** What a code says of itself. */
export type ErrorCodeEntry = readonly [ErrorKind, Phase, RequestSent, what: string, remedy: string];

/** A stable error code; one documented heading each. */
export type ErrorCode =
  | "ERR_INVALID_URL"
  | "ERR_INVALID_METHOD"
  | "ERR_INVALID_HEADER"
  | "ERR_INVALID_OPTION"
  | "ERR_INVALID_CONTENT"
  | "ERR_UNSUPPORTED"
  | "ERR_AUTH"
  | "ERR_SESSION_CLOSED"
  | "ERR_QUEUE_FULL"
  | "ERR_NETWORK"
  | "ERR_DNS_NOT_FOUND"
  | "ERR_DNS_FAILED"
  | "ERR_CONNECT_REFUSED"
  | "ERR_CONNECT_UNREACHABLE"
  | "ERR_CONNECT_RESET"
  | "ERR_CONNECT_FAILED"
  | "ERR_TLS_HOSTNAME"
  | "ERR_TLS_UNTRUSTED"
  | "ERR_TLS_EXPIRED"
  | "ERR_TLS_HANDSHAKE"
  | "ERR_PROXY"
  | "ERR_ADDRESS_BLOCKED"
  | "ERR_DISCONNECTED"
  | "ERR_DISCONNECTED_IDLE"
  | "ERR_TIMEOUT_TOTAL"
  | "ERR_TIMEOUT_ATTEMPT"
  | "ERR_TIMEOUT_QUEUE"
  | "ERR_TIMEOUT_CONNECT"
  | "ERR_TIMEOUT_WRITE"
  | "ERR_TIMEOUT_RESPONSE"
  | "ERR_TIMEOUT_READ"
  | "ERR_ABORTED"
  | "ERR_PROTOCOL_HEAD"
  | "ERR_PROTOCOL_HEAD_TOO_LARGE"
  | "ERR_PROTOCOL_FRAMING"
  | "ERR_PROTOCOL_UPGRADE"
  | "ERR_CONTENT_TRUNCATED"
  | "ERR_CONTENT_DECODE"
  | "ERR_CONTENT_TOO_LARGE"
  | "ERR_CONTENT_USED"
  | "ERR_CONTENT_INTEGRITY"
  | "ERR_CONTENT_SOURCE"
  | "ERR_REDIRECT_LIMIT"
  | "ERR_REDIRECT_LOCATION"
  | "ERR_REDIRECT_REFUSED"
  | "ERR_REDIRECT_REPLAY"
  | "ERR_TRANSPORT"
  | "ERR_MIDDLEWARE"
  | "ERR_STATUS"
  | "ERR_PARSE_JSON"
  | "ERR_PARSE_FORM"
  | "ERR_PARSE_SCHEMA"
  | "ERR_PARSE_EVENTS";

/** What follows from how a code begins, `ERR_` left out; the first that fits counts. */
const rules: readonly (readonly [start: string, ErrorKind, Phase, RequestSent])[] = [
  ["INVALID", "InvalidRequestError", "prepare", "no"],
  ["UNSUPPORTED", "UnsupportedError", "prepare", "no"],
  ["AUTH", "HttpError", "prepare", "no"],
  ["SESSION", "SessionClosedError", "prepare", "no"],
  ["QUEUE", "QueueFullError", "queue", "no"],
  ["NETWORK", "ConnectionError", "connect", "maybe"],
  ["DNS", "DnsError", "connect", "no"],
  ["CONNECT", "ConnectError", "connect", "no"],
  ["TLS", "TlsError", "connect", "no"],
  ["PROXY", "ProxyError", "connect", "no"],
  ["ADDRESS", "AddressBlockedError", "connect", "no"],
  ["DISCONNECTED_IDLE", "DisconnectedError", "write", "maybe"],
  ["DISCONNECTED", "DisconnectedError", "response", "maybe"],
  ["TIMEOUT_ATTEMPT", "TimeoutError", "attempt", "maybe"],
  ["TIMEOUT_QUEUE", "TimeoutError", "queue", "no"],
  ["TIMEOUT_CONNECT", "TimeoutError", "connect", "no"],
  ["TIMEOUT_WRITE", "TimeoutError", "write", "maybe"],
  ["TIMEOUT_RESPONSE", "TimeoutError", "response", "maybe"],
  ["TIMEOUT_READ", "TimeoutError", "read", "yes"],
  ["TIMEOUT", "TimeoutError", "total", "maybe"],
  ["ABORTED", "AbortError", "response", "maybe"],
  ["PROTOCOL_FRAMING", "ProtocolError", "read", "yes"],
  ["PROTOCOL", "ProtocolError", "response", "yes"],
  ["CONTENT_SOURCE", "ContentError", "write", "maybe"],
  ["CONTENT", "ContentError", "read", "yes"],
  ["REDIRECT", "RedirectError", "redirect", "yes"],
  ["TRANSPORT", "ConnectionError", "response", "maybe"],
  ["MIDDLEWARE", "HttpError", "prepare", "maybe"],
  ["STATUS", "StatusError", "response", "yes"],
  ["PARSE", "ParseError", "parse", "yes"],
];

/** What failed, and the remedy. */
const texts: Readonly<Record<ErrorCode, string>> = {
  ERR_INVALID_URL:
    "the URL is not valid. Pass an absolute http(s) URL, or a relative one to a session with `baseUrl`.",
  ERR_INVALID_METHOD: "the method is not a token. Use a name such as GET or POST (RFC 9110 §9.1).",
  ERR_INVALID_HEADER: "a header is not valid. Check its name and value (RFC 9110 §5).",
  ERR_INVALID_OPTION: "an option is not valid. Correct it.",
  ERR_INVALID_CONTENT:
    "the request content is not valid. Pass one of json, form, multipart or body.",
  ERR_UNSUPPORTED: "the transport cannot do this. Use a transport that can.",
  ERR_AUTH: "the credentials could not be had. See cause.",
  ERR_SESSION_CLOSED: "the session is closed. Make the call before close(), or make a new session.",
  ERR_QUEUE_FULL: "the queue is full. Raise limits.queue, or send less at once.",
  ERR_NETWORK:
    "the network failed and the platform does not say how. Check the address, the server and, in browsers, CORS.",
  ERR_DNS_NOT_FOUND: "the host name has no address. Check its spelling and your DNS.",
  ERR_DNS_FAILED: "the host name could not be looked up. Check your DNS server and try again.",
  ERR_CONNECT_REFUSED:
    "the connection was refused. Check that a server listens on that host and port.",
  ERR_CONNECT_UNREACHABLE: "the host cannot be reached. Check the address and your network.",
  ERR_CONNECT_RESET:
    "the connection was closed while it was being made. Check what listens there, and whether it wants TLS.",
  ERR_CONNECT_FAILED: "the connection could not be made. See cause.",
  ERR_TLS_HOSTNAME: "the certificate is for another host name. Use the name it was issued for.",
  ERR_TLS_UNTRUSTED:
    "the certificate is not from a trusted authority. Add the authority with tls.ca.",
  ERR_TLS_EXPIRED: "the certificate is not valid at this time. Renew it, or check the clock.",
  ERR_TLS_HANDSHAKE:
    "the TLS handshake failed. Check that the port speaks TLS, and in a version that both know.",
  ERR_PROXY: "the proxy failed. Check its address and credentials.",
  ERR_ADDRESS_BLOCKED: "the address is blocked. Allow it in the address guard.",
  ERR_DISCONNECTED:
    "the connection was lost before the response. Try again if the request may be repeated.",
  ERR_DISCONNECTED_IDLE:
    "the peer had closed the kept-alive connection. Try again if the request may be repeated.",
  ERR_TIMEOUT_TOTAL: "the call took too long. Raise timeout.total.",
  ERR_TIMEOUT_ATTEMPT: "the attempt took too long. Raise timeout.attempt.",
  ERR_TIMEOUT_QUEUE: "no turn came. Raise timeout.queue, limits or rateLimit.",
  ERR_TIMEOUT_CONNECT: "no connection was made. Check the address, or raise timeout.connect.",
  ERR_TIMEOUT_WRITE: "the peer took no more request content. Raise timeout.write.",
  ERR_TIMEOUT_RESPONSE: "no response came. Raise timeout.response.",
  ERR_TIMEOUT_READ: "the response content stalled. Raise timeout.read.",
  ERR_ABORTED: "the call was aborted. See cause for the signal's reason.",
  ERR_PROTOCOL_HEAD: "the response is not valid HTTP. Check that the port speaks HTTP.",
  ERR_PROTOCOL_HEAD_TOO_LARGE:
    "the response head is too large. Have the server send fewer or shorter fields.",
  ERR_PROTOCOL_FRAMING:
    "the framing of the response content is broken. Check the server and what is between.",
  ERR_PROTOCOL_UPGRADE: "the peer switched protocols unasked. Check that the port speaks HTTP.",
  ERR_CONTENT_TRUNCATED:
    "the response content broke off. Try again; the content so far is not whole.",
  ERR_CONTENT_DECODE:
    "the response content cannot be decoded. Check what the server sends as content-encoding.",
  ERR_CONTENT_TOO_LARGE: "the response content is too large. Raise maxResponseSize, or stream it.",
  ERR_CONTENT_USED: "the response content has already been read. Read it once and keep the result.",
  ERR_CONTENT_INTEGRITY:
    "the response content does not have the digest that integrity names. Do not use it: it is not what was meant.",
  ERR_CONTENT_SOURCE: "the source of the request content failed. See cause.",
  ERR_REDIRECT_LIMIT: "too many redirects. Raise redirect.max, or look for a loop in history.",
  ERR_REDIRECT_LOCATION:
    "the redirect has no valid location. Read the response with redirect: false.",
  ERR_REDIRECT_REFUSED:
    "the redirect was refused. Follow it yourself with redirect: false if you trust it.",
  ERR_REDIRECT_REPLAY:
    "the redirect asks for content that can be sent only once. Pass the content as bytes, or as a function that makes it anew.",
  ERR_TRANSPORT:
    "the transport failed with an error of its own. See cause, and report it to the transport's author.",
  ERR_MIDDLEWARE: "a middleware failed. See cause.",
  ERR_STATUS:
    "the server answered with an error. See error.response, or set throwHttpErrors: false.",
  ERR_PARSE_JSON: "the content is not valid JSON. Read it with text() to see what came.",
  ERR_PARSE_FORM: "the content is not a form. Check its content-type.",
  ERR_PARSE_SCHEMA: "the content does not fit the schema. See error.issues.",
  ERR_PARSE_EVENTS:
    "the response is no event stream. Check what the server sends, and ask it for text/event-stream with the header accept.",
};

function entry([code, text]: readonly [string, string]): readonly [string, ErrorCodeEntry] {
  const [, ...facts] = rules.find(([start]) => code.startsWith(start, 4)) as (typeof rules)[number];
  const end = text.indexOf(". ");
  return [code, [...facts, text.slice(0, end), text.slice(end + 2)]];
}

/** The table: class, phase, `requestSent`, what failed, remedy. */
export const errorCodes: Readonly<Record<ErrorCode, ErrorCodeEntry>> = Object.fromEntries(
  Object.entries(texts).map(entry),
) as Record<ErrorCode, ErrorCodeEntry>;
