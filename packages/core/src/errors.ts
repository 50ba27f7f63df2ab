/*
 * The error tree. A closed set: nothing else escapes a call of a session, on any transport.
 *
 * HttpError                     code · phase · retryable · requestSent · request · attempt · cause
 * ├ InvalidRequestError         nothing was sent: bad URL, header, option, two contents
 * ├ UnsupportedError            nothing was sent: .option .transport .capability
 * ├ SessionClosedError          nothing was sent
 * ├ QueueFullError              nothing was sent
 * ├ ConnectionError             no connection, or lost before the head was complete
 * │  ├ DnsError · ConnectError · TlsError · ProxyError · DisconnectedError · AddressBlockedError
 * ├ TimeoutError                .phase .limit .elapsed
 * ├ AbortError                  cause is the signal's own reason
 * ├ ProtocolError               the peer broke HTTP
 * ├ ContentError                truncated, undecodable, too large, already read
 * ├ RedirectError               too many, bad location, refused, content cannot be replayed
 * ├ StatusError                 .response .status
 * └ ParseError                  JSON, form or schema: .issues
 */

import { type ErrorCode, type ErrorKind, errorCodes } from "./error-codes.ts";
import { type ErrorInit, failedRequest, HttpError, isHttpError } from "./http-error.ts";
import type { HttpResponse } from "./response.ts";

export { type ErrorInit, type FailedRequest, HttpError, isHttpError } from "./http-error.ts";

/** Nothing was sent: the call itself is wrong. */
export class InvalidRequestError extends HttpError {
  static override readonly kind: string = "InvalidRequestError";
}

/** Nothing was sent: the option needs a capability that the transport does not have. */
export class UnsupportedError extends HttpError {
  static override readonly kind: string = "UnsupportedError";
  /** What was asked for, such as `redirect`. */
  declare readonly option: string;
  /** The transport's name. */
  declare readonly transport: string;
  /** The key of `Capabilities` that rules it out. */
  declare readonly capability: string;
}

/** Nothing was sent: the session has been closed. */
export class SessionClosedError extends HttpError {
  static override readonly kind: string = "SessionClosedError";
}

/** Nothing was sent: the bounded queue has no room. */
export class QueueFullError extends HttpError {
  static override readonly kind: string = "QueueFullError";
}

/** No connection, or it was lost before the head of the response was complete. */
export class ConnectionError extends HttpError {
  static override readonly kind: string = "ConnectionError";
}

/** The host name could not be resolved. */
export class DnsError extends ConnectionError {
  static override readonly kind: string = "DnsError";
}

/** The connection was refused, unreachable, or reset while it was being made. */
export class ConnectError extends ConnectionError {
  static override readonly kind: string = "ConnectError";
}

/** The peer could not be verified, or the handshake failed. */
export class TlsError extends ConnectionError {
  static override readonly kind: string = "TlsError";
}

/** The proxy refused or failed. */
export class ProxyError extends ConnectionError {
  static override readonly kind: string = "ProxyError";
}

/** The connection stood, then was lost before the head of the response was complete. */
export class DisconnectedError extends ConnectionError {
  static override readonly kind: string = "DisconnectedError";
}

/** The address guard forbids this address. */
export class AddressBlockedError extends ConnectionError {
  static override readonly kind: string = "AddressBlockedError";
}

/** A limit of `timeout` was reached; `phase` names which. */
export class TimeoutError extends HttpError {
  static override readonly kind: string = "TimeoutError";
  /** The limit, in milliseconds. */
  declare readonly limit: number;
  /** How long the phase had lasted, in milliseconds. */
  declare readonly elapsed: number;
}

/** The caller's signal fired; `cause` is its reason. */
export class AbortError extends HttpError {
  static override readonly kind: string = "AbortError";
}

/** The peer broke HTTP. */
export class ProtocolError extends HttpError {
  static override readonly kind: string = "ProtocolError";
}

/** Content that is truncated, undecodable, too large, or already read. */
export class ContentError extends HttpError {
  static override readonly kind: string = "ContentError";
}

/** A redirect that cannot or must not be followed. */
export class RedirectError extends HttpError {
  static override readonly kind: string = "RedirectError";
  /** The redirect response, its content discarded. */
  declare readonly response: HttpResponse;
}

/** Status 400 or above, with `throwHttpErrors`. The response stays readable; its connection is already free. */
export class StatusError extends HttpError {
  static override readonly kind: string = "StatusError";
  declare readonly response: HttpResponse;
  declare readonly status: number;
}

/** The content is whole but not what it should be. */
export class ParseError extends HttpError {
  static override readonly kind: string = "ParseError";
  /** What a schema found (Standard Schema); empty for JSON and forms. */
  declare readonly issues: readonly { readonly message: string; readonly path?: readonly unknown[] | undefined }[];
}

const classes: Record<ErrorKind, typeof HttpError> = {
  HttpError,
  InvalidRequestError,
  UnsupportedError,
  SessionClosedError,
  QueueFullError,
  ConnectionError,
  DnsError,
  ConnectError,
  TlsError,
  ProxyError,
  DisconnectedError,
  AddressBlockedError,
  TimeoutError,
  AbortError,
  ProtocolError,
  ContentError,
  RedirectError,
  StatusError,
  ParseError,
};

for (const [kind, type] of Object.entries(classes)) {
  Object.defineProperty(type.prototype, "name", { value: kind, configurable: true, writable: true });
}

/** Makes the error of a code: the class follows from the code. For transports and middleware. */
export function httpError(code: ErrorCode, init?: ErrorInit): HttpError {
  return new classes[errorCodes[code][0]](code, init);
}

/**
 * @internal Makes sure that an error is of the tree and says which request it is about: one without a request gets it,
 * anything foreign is wrapped.
 */
export function attribute(
  error: unknown,
  request: { readonly method: string; readonly url: string },
  foreign: ErrorCode = "ERR_TRANSPORT",
): HttpError {
  if (!isHttpError(error)) return httpError(foreign, { request, cause: error });
  if (error.request) return error;
  const named = failedRequest(request);
  const message = `${named.method} ${named.url}: ${error.message}`;
  // The stack repeats the message; both are set here once, on the way out.
  const stack = error.stack?.replace(error.message, () => message);
  Object.defineProperties(error, {
    message: { value: message, configurable: true, writable: true },
    stack: { value: stack, configurable: true, writable: true },
  });
  Object.assign(error, { request: named });
  return error;
}
