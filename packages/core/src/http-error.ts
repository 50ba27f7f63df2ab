/* The root of the error tree: what every error tells, how it is printed, and how copies of the package recognise it. */

import type { ErrorCode, Phase, RequestSent } from "./error-codes.ts";
import { isIdempotent } from "./http/method.ts";
import { bound, redactText, shown } from "./redact.ts";

const brand = Symbol.for("anyhttp.error");

/** The request that an error is about. The URL is redacted. */
export interface FailedRequest {
  readonly method: string;
  readonly url: string;
}

/** What an error can tell beside its code, what failed, and the remedy. */
export interface ErrorFacts {
  /** Default: what follows from the phase. */
  readonly requestSent?: RequestSent | undefined;
  /** Default: the phase that errors of the class are usually of. */
  readonly phase?: Phase | undefined;
  readonly cause?: unknown;
  readonly attempt?: number | undefined;
  /** Fields of the class: `option`, `limit`, `response`, `issues` … */
  readonly fields?: Readonly<Record<string, unknown>> | undefined;
}

/** Which failures are of a passing kind, so that the same call may succeed the next time. */
const passing =
  /^ERR_(DNS|CONNECT|DISCONNECTED|PROXY|QUEUE|NETWORK|CONTENT_TRUNCATED|TIMEOUT_(?!TOTAL))/;

/** Root of the tree. Messages read `GET https://host/path: what failed (CODE). Remedy.` */
export class HttpError extends Error {
  /** Stable; one heading in the documentation each. */
  readonly code: ErrorCode;
  /** In which phase of the call it happened. */
  readonly phase: Phase;
  /** Whether the origin server can have seen the request. */
  readonly requestSent: RequestSent;
  /** The request it is about; `null` if it never became one. */
  readonly request: FailedRequest | null = null;
  /** Which attempt of the call failed, from 1. */
  readonly attempt: number;

  /** @param what What failed. Must hold no secrets. */
  constructor(code: ErrorCode, what: string, remedy: string, facts: ErrorFacts = {}) {
    super(
      `${bound(what, 1024)} (${code}). ${remedy}`,
      facts.cause === undefined ? undefined : facts,
    );
    this.code = code;
    this.phase = facts.phase ?? new.target.phase;
    this.requestSent = facts.requestSent ?? sentIn(this.phase);
    this.attempt = facts.attempt ?? 1;
    Object.assign(this, facts.fields);
  }

  /** @internal The name of the class, which no minifier changes. */
  static readonly kind: string = "HttpError";
  /** @internal */
  static readonly phase: Phase = "prepare";

  /** `true` for errors of any copy of this package, in any realm: classes are compared by their names. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // A class that an application derives has no kind of its own, and its instances are those that it made.
    if (!Object.hasOwn(this, "kind"))
      return Function.prototype[Symbol.hasInstance].call(this, value);
    let type: unknown = isHttpError(value) && value.constructor;
    while (type && (type as typeof HttpError).kind !== this.kind)
      type = Object.getPrototypeOf(type);
    return Boolean(type);
  }

  override get name(): string {
    return (this.constructor as typeof HttpError).kind;
  }

  /**
   * Whether the same call may simply be made again: the failure is of a passing kind, and the request was not sent or
   * its method is idempotent (RFC 9110 §9.2.2).
   */
  get retryable(): boolean {
    return (
      passing.test(this.code) &&
      (this.requestSent === "no" || (this.request !== null && isIdempotent(this.request.method)))
    );
  }

  /** A bounded record without secrets, for logs. */
  toJSON(): Record<string, unknown> {
    const { name, message, code, phase, retryable, requestSent, request, attempt } = this;
    return {
      name,
      message,
      code,
      phase,
      retryable,
      requestSent,
      request,
      attempt,
      cause: briefCause(this.cause),
    };
  }
}

function sentIn(phase: Phase): RequestSent {
  if (/prepare|queue|connect/.test(phase)) return "no";
  return /read|redirect|parse/.test(phase) ? "yes" : "maybe";
}

function briefCause(cause: unknown): string | undefined {
  if (cause === undefined) return undefined;
  if (!(cause instanceof Error))
    return redactText(bound(typeof cause === "string" ? cause : shown(cause), 256));
  const { code } = cause as { code?: unknown };
  return bound(
    `${cause.name}${typeof code === "string" ? ` ${code}` : ""}: ${redactText(cause.message)}`,
    512,
  );
}

/** What Node prints: the stack and the facts, never the response or the cause in full. */
function inspected(this: HttpError): string {
  const { name: _, message, ...facts } = this.toJSON();
  return bound(`${this.stack ?? String(message)}\n  ${JSON.stringify(facts)}`, 3500);
}

// By symbols that every copy of the package shares, so that guards and printing work across copies and realms.
Object.defineProperties(HttpError.prototype, {
  [brand]: { value: true },
  [Symbol.for("nodejs.util.inspect.custom")]: { value: inspected },
});

/** Whether a value is an error of anyhttp, of whichever copy of the package. */
export function isHttpError(value: unknown): value is HttpError {
  return typeof value === "object" && value !== null && brand in value;
}
