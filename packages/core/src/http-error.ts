/* The root of the error tree: what every error tells, how it is printed, and how copies of the package recognise it. */

import { type ErrorCode, type ErrorKind, errorCodes, type Phase, type RequestSent } from "./error-codes.ts";
import { isIdempotent } from "./http/method.ts";
import { bound, redactText, redactUrl } from "./redact.ts";

const brand = Symbol.for("anyhttp.error");

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
    const request = init.request ? failedRequest(init.request) : null;
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
    // A class that an application derives has no kind of its own, and its instances are those that it made.
    if (!Object.hasOwn(this, "kind")) return Function.prototype[Symbol.hasInstance].call(this, value);
    return isHttpError(value) && (this === HttpError || kindsOf(value).includes(this.kind));
  }

  /** @internal */
  static readonly kind: string = "HttpError";

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
}

/** @internal A request as errors show it. */
export function failedRequest({ method, url }: FailedRequest): FailedRequest {
  return { method: bound(method, 32), url: redactUrl(url) };
}

function briefCause(cause: unknown): string | undefined {
  if (cause === undefined) return undefined;
  if (!(cause instanceof Error)) {
    // Not every object has a text of its own, and what a function is made of is nobody's business.
    const hasText = cause === null || !/object|function/.test(typeof cause);
    return bound(redactText(hasText ? String(cause) : Object.prototype.toString.call(cause)), 256);
  }
  const { code } = cause as { code?: unknown };
  return bound(`${cause.name}${typeof code === "string" ? ` ${code}` : ""}: ${redactText(cause.message)}`, 512);
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

/** What Node prints: the stack and the facts, never the response or the cause in full. */
function inspected(this: HttpError): string {
  const { code, phase, requestSent, attempt } = this;
  const cause = briefCause(this.cause);
  const facts = `code: ${code}, phase: ${phase}, requestSent: ${requestSent}, attempt: ${attempt}`;
  return bound(`${this.stack ?? this.message}\n  { ${facts}${cause ? `, cause: ${cause}` : ""} }`, 3500);
}

function kindOf(this: HttpError): ErrorKind {
  return errorCodes[this.code][0];
}

// By symbols that every copy of the package shares, so that guards and printing work across copies and realms.
Object.defineProperties(HttpError.prototype, {
  [brand]: { get: kindOf },
  [Symbol.for("nodejs.util.inspect.custom")]: { value: inspected },
});

function kindsOf(error: object): readonly unknown[] {
  const kind: unknown = (error as Record<symbol, unknown>)[brand];
  return connectionKinds.includes(kind as string) ? [kind, "ConnectionError"] : [kind];
}

/** Whether a value is an error of anyhttp, of whichever copy of the package. */
export function isHttpError(value: unknown): value is HttpError {
  return typeof value === "object" && value !== null && brand in value;
}
