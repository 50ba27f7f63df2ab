// What the page on errors says beyond core's own table: what each class stands for, and when each code happens.
// Core is kept small, so this is not part of it. The types make sure that no class and no code is missing.
import type { ErrorCode, ErrorKind } from "@anyhttp/core";

/** Classes in the order of the tree, what each stands for, and the fields that it adds. */
export const kinds: Readonly<Record<ErrorKind, string>> = {
  HttpError: "The root of the tree, and the class of what has none of its own.",
  InvalidRequestError: "The call itself is wrong. It is found before anything is sent.",
  UnsupportedError:
    "An option needs something that the transport cannot do, and would otherwise be ignored in silence. `option`, `transport` and `capability` say which.",
  SessionClosedError: "The session has been closed.",
  QueueFullError: "`limits.queue` is reached.",
  ConnectionError:
    "No connection, or it was lost before the head of the response was complete. All classes up to `AddressBlockedError` derive from this one.",
  DnsError: "The name of the host could not be turned into an address.",
  ConnectError: "The connection could not be made.",
  TlsError:
    "The peer could not be verified, or the handshake failed. Never ignored or tried again.",
  ProxyError: "The proxy refused or failed.",
  DisconnectedError:
    "The connection stood, then was lost before the head of the response was complete.",
  AddressBlockedError: "The address guard forbids the address.",
  TimeoutError:
    "A limit of `timeout` was reached. `phase` is its name, `limit` the limit and `elapsed` what had passed, in milliseconds.",
  AbortError: "The caller's signal fired. `cause` is the signal's own reason, untouched.",
  ProtocolError: "The peer broke HTTP. Its connection is closed.",
  ContentError: "Content that is cut short, undecodable, too large, or already read.",
  RedirectError:
    "A redirect that cannot or must not be followed. `response` is the redirect itself, its content discarded.",
  StatusError:
    "The status is 400 or above. `status` and `response` are what came; the response stays readable, and its connection is free already.",
  ParseError:
    "The content is whole, but not what it should be. `issues` is what a schema found, empty for JSON and forms.",
};

/** When each code happens. */
export const occasions: Readonly<Record<ErrorCode, string>> = {
  ERR_INVALID_URL:
    "The URL cannot be parsed, is relative without a `baseUrl`, is not http or https, holds credentials, or leads from `baseUrl` to another origin without `allowOtherOrigins`.",
  ERR_INVALID_METHOD:
    "It is empty or holds a character that no token has, a space or a line break; or it is `CONNECT`, which makes a tunnel and not an exchange.",
  ERR_INVALID_HEADER:
    "The name of a header is not a token, its value holds CR, LF, NUL or characters beyond U+00FF, or it frames the connection, which is for the transport to do: `transfer-encoding`, say.",
  ERR_INVALID_OPTION:
    "An option has a wrong type or value, or is not known: 0 or NaN for a timeout, a misspelt name, a transport's option that its library does not take.",
  ERR_INVALID_CONTENT:
    "Two contents are given at once, the content is of no known kind, a stream is already being read, or `json` cannot be serialised.",
  ERR_UNSUPPORTED:
    "A capability of the transport rules the option out: manual redirects in a browser, say, or streamed content where the platform cannot send any.",
  ERR_AUTH:
    "What authenticates the session had nothing to send: the refresh of a token failed, or took too long. The calls that waited for it fail together; the next one tries again.",
  ERR_SESSION_CLOSED:
    "A call on a closed session; a call that `close({ force: true })` has ended; content that nobody had begun to read when the session was closed.",
  ERR_QUEUE_FULL: "As many calls wait as `limits.queue` allows.",
  ERR_NETWORK:
    "The platform's `fetch` failed without a reason, as browsers do so that pages cannot look into networks: anything from a wrong name to CORS.",
  ERR_DNS_NOT_FOUND: "DNS has answered: there is no such name, or it has no address.",
  ERR_DNS_FAILED: "DNS has not answered, or with a failure of its own.",
  ERR_CONNECT_REFUSED: "Nothing listens on the port. Of several addresses, one refused.",
  ERR_CONNECT_UNREACHABLE:
    "There is no route to the address, or the system gave up waiting for an answer.",
  ERR_CONNECT_RESET: "The peer took the connection and dropped it before it stood.",
  ERR_CONNECT_FAILED: "The system said something else; its error is the cause.",
  ERR_TLS_HOSTNAME: "The certificate is sound, but names other hosts (RFC 9110 §4.3.4).",
  ERR_TLS_UNTRUSTED:
    "The certificate is self-signed, revoked, or its chain does not lead to a trusted authority.",
  ERR_TLS_EXPIRED: "The certificate has expired or is not valid yet.",
  ERR_TLS_HANDSHAKE:
    "The peer does not speak TLS, shares no version or cipher, or refused the client's certificate. With TLS 1.3 the latter comes when the request may have been sent; `requestSent` is then `maybe`.",
  ERR_PROXY: "The proxy could not be reached, or did not make the tunnel.",
  ERR_ADDRESS_BLOCKED: "A name or redirect led to an address that the guard forbids.",
  ERR_DISCONNECTED:
    "A new connection, or one that had begun to answer, was closed or reset. `requestSent` is `yes` if a part of the response had come.",
  ERR_DISCONNECTED_IDLE:
    "The peer closed a kept-alive connection as the request was under way. Idempotent requests are sent again once on their own, so this is seen with others, with one-shot content, with `retry: false`, or if it happens twice.",
  ERR_TRANSPORT:
    "The transport rejected with something that is not of the tree, which is against its contract.",
  ERR_TIMEOUT_TOTAL:
    "`timeout.total`: the whole call, its queue, redirects, retries and content included. `requestSent` says how far it was.",
  ERR_TIMEOUT_ATTEMPT: "`timeout.attempt`: one attempt of a call that may be retried.",
  ERR_TIMEOUT_QUEUE:
    "`timeout.queue`: no slot in `limits` became free, or the rate limit did not let the call pass.",
  ERR_TIMEOUT_CONNECT:
    "`timeout.connect`: DNS, TCP and TLS of a new connection. Of a transport that cannot see them, see `connectTimeout` among its capabilities.",
  ERR_TIMEOUT_WRITE: "`timeout.write`: the peer took no request content for so long.",
  ERR_TIMEOUT_RESPONSE:
    "`timeout.response`: the request was sent, and the head of the response did not come.",
  ERR_TIMEOUT_READ:
    "`timeout.read`: a gap between two pieces of the content. The consumer's own pauses do not count.",
  ERR_ABORTED:
    "The `signal` of the call fired, before or during it. `phase` and `requestSent` say how far it was.",
  ERR_PROTOCOL_HEAD:
    "The head of the response is malformed, ambiguous, or not HTTP at all: two different `content-length`, say.",
  ERR_PROTOCOL_HEAD_TOO_LARGE: "The head is larger than the transport takes.",
  ERR_PROTOCOL_FRAMING:
    "Chunks or trailers are malformed. What came of the content must not be relied on.",
  ERR_PROTOCOL_UPGRADE: "A `101` that nobody asked for.",
  ERR_CONTENT_TRUNCATED:
    "The connection ended, or was reset, before the content was complete by its `content-length` or its last chunk; over TLS also where only the end of the connection ends it, and the peer did not say so.",
  ERR_CONTENT_DECODE:
    "A `content-encoding` that is not known, or content that is corrupt, ends within its coding, or goes on after it.",
  ERR_CONTENT_TOO_LARGE:
    "More than `maxResponseSize`, counted decoded: 256 MiB for content that is read whole, unless set.",
  ERR_CONTENT_USED:
    "A second reader of the same response; or the response was disposed of while a reader was at it.",
  ERR_CONTENT_INTEGRITY:
    "The content has none of the digests that `integrity` names. Nothing of it was handed over.",
  ERR_CONTENT_SOURCE:
    "The stream, iterable or function given as `body` failed, yielded something other than bytes or text, or did not keep to its `content-length`.",
  ERR_REDIRECT_LIMIT: "More than `redirect.max` redirects, 10 by default.",
  ERR_REDIRECT_LOCATION: "The `location` is not a URL, or there are several.",
  ERR_REDIRECT_REFUSED:
    "The redirect leads from https to http without `allowDowngrade`, or to a scheme other than these.",
  ERR_REDIRECT_REPLAY:
    "A 307 or 308, which keep method and content, of a request whose stream or iterable has been begun.",
  ERR_MIDDLEWARE:
    "A middleware threw, or rejected with, something that is not of the tree, or a store of the rate limit did. Errors of the tree pass through as they are.",
  ERR_STATUS:
    "The status is 400 or above and `throwHttpErrors` is on, as it is by default. Of the content, up to `errorContentLimit` bytes are kept.",
  ERR_PARSE_JSON: "`json()` or `ndjson()` of content that is empty or not JSON.",
  ERR_PARSE_FORM: "`formData()` of content that is neither multipart nor urlencoded, or malformed.",
  ERR_PARSE_SCHEMA: "`json(schema)` or `ndjson(schema)` of JSON that does not fit.",
  ERR_PARSE_EVENTS:
    "`events()` of a response whose status is not 200 or whose type is not `text/event-stream`. Events are not asked for again after it.",
};
