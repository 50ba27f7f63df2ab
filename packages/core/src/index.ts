/* What the package offers. First what applications and libraries use, then what transports are built from. */

export { type ConnectionStats, Session, type SessionStats } from "./session.ts";
export type {
  CommonOptions,
  ExtendOptions,
  LimitOptions,
  RedirectOptions,
  RequestOptions,
  SessionOptions,
} from "./options/options.ts";
export type { BodyFactory, BodyInput, ContentOptions } from "./content/request-content.ts";
export type { MultipartInput, Part } from "./content/multipart.ts";
export type { ContentInput } from "./content/plain-content.ts";
export type { OpenFile, SourceInput } from "./content/source.ts";
export type { FormInput, FormValue } from "./content/form.ts";
export type { TimeoutInput, TimeoutOptions } from "./timeout.ts";
export type { QueueStats } from "./limits/limits.ts";
export type { RateLimitOptions } from "./limits/rate-limit.ts";
export type { RateRule, RateStore } from "./limits/rate-store.ts";
export type { ThrottleOptions } from "./limits/throttle.ts";
export type { Progress, ProgressDirection, ProgressListener } from "./progress/progress.ts";
export type { ResponsePromise } from "./response-promise.ts";
export type { HttpResponse } from "./response.ts";
export type { ContentReaders } from "./readers.ts";
export type { LineOptions } from "./content/line-items.ts";
export type {
  EventOptions,
  EventSourceOptions,
  ReconnectOptions,
  ServerSentEvent,
} from "./content/events.ts";
export type { FailedAttempt, RedirectHop, ResponseConnection } from "./response-facts.ts";
export type { Timings } from "./timings.ts";
export { HttpHeaders, type HeadersInput, type HeaderValue } from "./headers.ts";
export type { Link } from "./http/link.ts";
export { contentDisposition, type ContentDisposition } from "./http/disposition.ts";
export type { Schema, SchemaIssue, SchemaResult } from "./schema.ts";
export type {
  Middleware,
  MiddlewareFunction,
  NamedMiddleware,
  Next,
} from "./middleware/middleware.ts";
export type { RetryBudgetOptions, RetryFailure, RetryOptions } from "./retry/policy.ts";
export type { RetryObstacle, TraceEvent, TraceFacts, Tracer } from "./trace.ts";
export type { ResponseLeak } from "./leaks.ts";
export type { Auth } from "./auth/auth.ts";
export type { AuthOptions } from "./auth/credentials.ts";
export { basic } from "./auth/basic.ts";
export { bearer } from "./auth/bearer.ts";
export { digest, type DigestOptions } from "./auth/digest.ts";
export { type Token, tokenRefresh, type TokenRefreshOptions } from "./auth/token-refresh.ts";
export type { CookieJar } from "./cookies/cookie-jar.ts";
export { toFetch } from "./to-fetch/to-fetch.ts";
export type { HttpRequest, RequestChanges } from "./request.ts";
export type { Context } from "./context.ts";
export { fullCapabilities, type Capabilities } from "./capabilities.ts";
export {
  AbortError,
  AddressBlockedError,
  ConnectError,
  ConnectionError,
  ContentError,
  DisconnectedError,
  DnsError,
  type FailedRequest,
  HttpError,
  InvalidRequestError,
  isHttpError,
  ParseError,
  ProtocolError,
  ProxyError,
  QueueFullError,
  RedirectError,
  SessionClosedError,
  StatusError,
  TimeoutError,
  TlsError,
  UnsupportedError,
} from "./errors.ts";
export { type ErrorInit, httpError } from "./error-of-code.ts";
export type { ErrorFacts } from "./http-error.ts";
export {
  type ErrorCode,
  type ErrorCodeEntry,
  errorCodes,
  type ErrorKind,
  type Phase,
  type RequestSent,
} from "./error-codes.ts";

// For transports.
export type * from "./transport.ts";
export type { ContentDecoder, ContentDecoders, DecoderFactory } from "./content/decoder.ts";
export type { CompressCoding, ContentEncoders, EncoderFactory } from "./content/encoder.ts";
export { Inlet, type InletSource } from "./content/inlet.ts";
export { pullBody, type PieceReader } from "./content/pull-body.ts";
export { bodyLength, bodyPieces, isStream, piecesToStream, toAbortSignal } from "./content/body.ts";
export { decodedContent } from "./content/decode.ts";
export { webDecoders } from "./content/web-decoders.ts";
export { webEncoders } from "./content/web-encoders.ts";
