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

import { type ErrorCode, type ErrorKind, errorCodes, type Phase, type RequestSent } from "./error-codes.ts";
import { isIdempotent } from "./http/method.ts";
import { bound, redactUrl } from "./redact.ts";
import type { HttpResponse } from "./response.ts";

const brand = Symbol.for("anyhttp.error");
const inspect = Symbol.for("nodejs.util.inspect.custom");

/** The request that an error is about. The URL is redacted. */
export interface FailedRequest {
  readonly method: string;
  readonly url: string;
}

/** What an error is made of, beside its code. */
export interface ErrorInit {
  readonly request?: { readonly method: string; readonly url: string } | undefined;
  /** Replaces what the code says about this. */
  readonly requestSent?: RequestSent | undefined;
  readonly phase?: Phase | undefined;
  /** What failed, more exactly than the code says. Must hold no secrets. */
  readonly what?: string | undefined;
  readonly remedy?: string | undefined;
  readonly cause?: unknown;
  readonly attempt?: number | undefined;
  /** Fields of the class: `option`, `limit`, `response`, `issues` … */
  readonly fields?: Readonly<Record<string, unknown>> | undefined;
}

/** Root of the tree. Messages read `GET https://host/path: what failed (CODE). Remedy.` */
export class HttpError extends Error {
  /** Stable; one heading in the documentation each. */
  readonly code: ErrorCode;
  /** In which phase of the call it happened. */
  readonly phase: Phase;
  /** Whether the origin server can have seen the request. */
  readonly requestSent: RequestSent;
  /** The request it is about; `null` if it never became one. */
  readonly request: FailedRequest | null;
  /** Which attempt of the call failed, from 1. */
  readonly attempt: number;

  constructor(code: ErrorCode, init: ErrorInit = {}) {
    const [, phase, sent, what, remedy] = errorCodes[code];
    const request = init.request ? { method: init.request.method, url: redactUrl(init.request.url) } : null;
    const subject = request ? `${request.method} ${request.url}: ` : "";
    super(
      `${subject}${bound(init.what ?? what, 1024)} (${code}). ${init.remedy ?? remedy}`,
      "cause" in init && init.cause !== undefined ? { cause: init.cause } : undefined,
    );
    this.code = code;
    this.phase = init.phase ?? phase;
    this.requestSent = init.requestSent ?? sent;
    this.request = request;
    this.attempt = init.attempt ?? 1;
    Object.assign(this, init.fields);
  }

  /** `true` for errors of any copy of this package, in any realm. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isHttpError(value) && (this === HttpError || kindsOf(value).includes(this.kind as ErrorKind));
  }

  /** @internal */
  static readonly kind: string = "HttpError";

  /** @internal Which class of the tree, for guards across copies of the package. */
  get [brand](): ErrorKind {
    return errorCodes[this.code][0];
  }

  /**
   * Whether the same call may simply be made again: the failure is of a passing kind, and the request was not sent or
   * its method is idempotent (RFC 9110 §9.2.2).
   */
  get retryable(): boolean {
    const kind = errorCodes[this.code][0];
    const passing =
      kind === "DnsError" ||
      kind === "ConnectError" ||
      kind === "DisconnectedError" ||
      kind === "ProxyError" ||
      kind === "QueueFullError" ||
      this.code === "ERR_NETWORK" ||
      this.code === "ERR_CONTENT_TRUNCATED" ||
      (kind === "TimeoutError" && this.phase !== "total");
    return passing && (this.requestSent === "no" || (this.request !== null && isIdempotent(this.request.method)));
  }

  /** A bounded record without secrets, for logs. */
  toJSON(): Record<string, unknown> {
    const { name, message, code, phase, retryable, requestSent, request, attempt } = this;
    return { name, message, code, phase, retryable, requestSent, request, attempt, cause: briefCause(this.cause) };
  }

  /** @internal What Node prints: the stack and the record, never the response or the cause in full. */
  [inspect](): string {
    const { code, phase, requestSent, attempt } = this;
    const cause = briefCause(this.cause);
    return bound(
      `${this.stack ?? this.message}\n  { code: ${code}, phase: ${phase}, requestSent: ${requestSent}, attempt: ${attempt}${
        cause ? `, cause: ${cause}` : ""
      } }`,
      3500,
    );
  }
}

function briefCause(cause: unknown): string | undefined {
  if (cause === undefined) return undefined;
  if (!(cause instanceof Error)) return bound(String(cause), 256);
  const { code } = cause as { code?: unknown };
  return bound(`${cause.name}${typeof code === "string" ? ` ${code}` : ""}: ${redactUrl(cause.message)}`, 512);
}

const connectionKinds: readonly string[] = [
  "ConnectionError",
  "DnsError",
  "ConnectError",
  "TlsError",
  "ProxyError",
  "DisconnectedError",
  "AddressBlockedError",
];

function kindsOf(error: { readonly [brand]?: unknown }): readonly unknown[] {
  const kind = error[brand];
  return connectionKinds.includes(kind as string) ? [kind, "ConnectionError"] : [kind];
}

/** Whether a value is an error of anyhttp, of whichever copy of the package. */
export function isHttpError(value: unknown): value is HttpError {
  return typeof value === "object" && value !== null && brand in value;
}

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
