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
 * ├ ContentError                truncated, undecodable, too large, already read, of another digest
 * ├ RedirectError               too many, bad location, refused, content cannot be replayed
 * ├ StatusError                 .response .status
 * └ ParseError                  JSON, form or schema: .issues
 */

import type { Phase } from "./error-codes.ts";
import {
  type ErrorFacts,
  type FailedRequest,
  HttpError,
  isHttpError,
  isPassing,
} from "./http-error.ts";
import { isIdempotent } from "./http/method.ts";
import { bound, redactUrl } from "./redact.ts";
import type { HttpResponse } from "./response.ts";

export { type FailedRequest, HttpError, isHttpError } from "./http-error.ts";

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
  /** The key of `Capabilities` that rules it out; `"encoders"` for a coding that the transport has no encoder for. */
  declare readonly capability: string;
}

/** Nothing was sent: the session has been closed. */
export class SessionClosedError extends HttpError {
  static override readonly kind: string = "SessionClosedError";
}

/** Nothing was sent: the bounded queue has no room. */
export class QueueFullError extends HttpError {
  static override readonly kind: string = "QueueFullError";
  static override readonly phase: Phase = "queue";
}

/** No connection, or it was lost before the head of the response was complete. */
export class ConnectionError extends HttpError {
  static override readonly kind: string = "ConnectionError";
  static override readonly phase: Phase = "connect";
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
  static override readonly phase: Phase = "response";
}

/** The address guard forbids this address. */
export class AddressBlockedError extends ConnectionError {
  static override readonly kind: string = "AddressBlockedError";
}

/** A limit of `timeout` was reached; `phase` names which. */
export class TimeoutError extends HttpError {
  static override readonly kind: string = "TimeoutError";
  static override readonly phase: Phase = "total";
  /** The limit, in milliseconds. */
  declare readonly limit: number;
  /** How long the phase had lasted, in milliseconds, to the microsecond. */
  declare readonly elapsed: number;
}

/** The caller's signal fired; `cause` is its reason. */
export class AbortError extends HttpError {
  static override readonly kind: string = "AbortError";
  static override readonly phase: Phase = "response";
}

/** The peer broke HTTP. */
export class ProtocolError extends HttpError {
  static override readonly kind: string = "ProtocolError";
  static override readonly phase: Phase = "response";
}

/** Content that is truncated, undecodable, too large, or already read. */
export class ContentError extends HttpError {
  static override readonly kind: string = "ContentError";
  static override readonly phase: Phase = "read";
}

/** A redirect that cannot or must not be followed. */
export class RedirectError extends HttpError {
  static override readonly kind: string = "RedirectError";
  static override readonly phase: Phase = "redirect";
  /** The redirect response, its content discarded. */
  declare readonly response: HttpResponse;
}

/** Status 400 or above, with `throwHttpErrors`. The response stays readable; its connection is already free. */
export class StatusError extends HttpError {
  static override readonly kind: string = "StatusError";
  static override readonly phase: Phase = "response";
  declare readonly response: HttpResponse;
  declare readonly status: number;
}

/** The content is whole but not what it should be. */
export class ParseError extends HttpError {
  static override readonly kind: string = "ParseError";
  static override readonly phase: Phase = "parse";
  /** What a schema found (Standard Schema); empty for all else. */
  declare readonly issues: readonly {
    readonly message: string;
    readonly path?: readonly unknown[] | undefined;
  }[];
}

/** The error of what a caller passed: a URL, a method, a header, an option or content. */
export function invalid(
  what: "URL" | "METHOD" | "HEADER" | "OPTION" | "CONTENT",
  why: string,
  remedy: string,
  cause?: unknown,
): InvalidRequestError {
  return new InvalidRequestError(`ERR_INVALID_${what}`, why, remedy, { cause });
}

/** The error of what a session that is closed can no longer do. @param phase In which the call was. */
export function sessionClosed(
  what: string,
  { phase = "prepare", requestSent }: Pick<ErrorFacts, "phase" | "requestSent"> = {},
): SessionClosedError {
  const remedy = "Make the call before close(), or make a new session.";
  return new SessionClosedError("ERR_SESSION_CLOSED", what, remedy, { phase, requestSent });
}

/** The error of content that is whole and not what it should be. */
export function unparsable(
  what: "JSON" | "FORM" | "SCHEMA" | "EVENTS",
  why: string,
  remedy: string,
  cause?: unknown,
  issues: ParseError["issues"] = [],
): ParseError {
  return new ParseError(`ERR_PARSE_${what}`, why, remedy, { cause, fields: { issues } });
}

/** The error of a failure that is not of the tree: the transport's, unless said otherwise. */
function foreign(cause: unknown): HttpError {
  return new ConnectionError(
    "ERR_TRANSPORT",
    "the transport failed with an error of its own",
    "See cause, and report it to the transport's author.",
    {
      phase: "response",
      cause,
    },
  );
}

/** The request that an error is attributed to; `content` says whether it can still be sent. */
interface Attributed extends FailedRequest {
  readonly content?: { readonly replayable: boolean } | null;
}

/**
 * @internal Makes sure that an error is of the tree and says which request it is about: one without a request gets it,
 * anything foreign is wrapped. An error of another request that the call made on its way (a hop of a redirect) keeps
 * its own, but the call as a whole is then retryable only if its first request may be repeated as well.
 */
export function attribute(
  failure: unknown,
  request: Attributed,
  wrap: (cause: unknown) => HttpError = foreign,
): HttpError {
  const error = isHttpError(failure) ? failure : wrap(failure);
  const { request: known, message, stack } = error;
  if (known && !error.retryable) return error;
  const named = { method: bound(request.method, 32), url: redactUrl(request.url) };
  const unsent =
    error.requestSent === "no" &&
    (!known || (known.url === named.url && known.method === named.method));
  const retryable =
    isPassing(error.code) &&
    (unsent || isIdempotent(request.method)) &&
    (request.content?.replayable ?? true);
  if (known) return Object.assign(error, { retryable });
  error.message = `${named.method} ${named.url}: ${message}`;
  // The stack repeats the message; both are set here once, on the way out.
  if (stack) error.stack = stack.replace(message, () => error.message);
  return Object.assign(error, { request: named, retryable });
}
