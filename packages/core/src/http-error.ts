/* The root of the error tree: what every error tells, how it is printed, and how copies of the package recognise it. */

import type { ErrorCode, Phase, RequestSent } from "./error-codes.ts";
import type { FailedAttempt } from "./response-facts.ts";
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

/** @internal */
export function isPassing(code: ErrorCode): boolean {
  return passing.test(code);
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
  readonly request: FailedRequest | null = null;
  /** Which attempt of the call failed, from 1. */
  readonly attempt: number;
  /**
   * Whether the same call may simply be made again: the failure is of a passing kind, the request was not sent or its
   * method is idempotent (RFC 9110 §9.2.2), and its content can be sent again, or has not been begun.
   */
  readonly retryable: boolean;

  /** @param what What failed. Must hold no secrets. */
  constructor(code: ErrorCode, what: string, remedy: string, facts: ErrorFacts = {}) {
    super(`${bound(what, 500)} (${code}). ${remedy}`);
    const { cause, fields } = facts;
    // What belongs to others is not the error's to copy: clones and loggers that take properties pass over a getter
    // and over what does not enumerate.
    if (cause !== undefined) {
      Object.defineProperty(this, "cause", { get: () => cause, configurable: true });
    }
    this.code = code;
    this.phase = facts.phase ?? new.target.phase;
    this.requestSent = facts.requestSent ?? sentIn(this.phase);
    this.attempt = facts.attempt ?? 1;
    this.retryable = isPassing(code) && this.requestSent === "no";
    Object.assign(this, fields);
    if (fields?.["response"]) Object.defineProperty(this, "response", { enumerable: false });
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

  /** The attempts that had failed before, oldest first. */
  get attempts(): readonly FailedAttempt[] {
    return [];
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
  return cause === undefined ? undefined : bound(redactText(brief(cause, 0)), 400);
}

/** An error and what is behind it: its own cause, or the errors that it gathers. */
function brief(cause: unknown, depth: number): string {
  if (typeof cause === "string") return cause;
  // Whatever was thrown, printing it must not throw.
  try {
    const { name, code, message, errors, cause: deeper } = cause as Record<string, unknown>;
    if (typeof message === "string") {
      const own = `${String(name)}${typeof code === "string" ? ` ${code}` : ""}: ${message}`;
      const behind = Array.isArray(errors) ? errors : deeper === undefined ? [] : [deeper];
      if (depth > 3) return own;
      return [own, ...behind.slice(0, 4).map((one) => brief(one, depth + 1))].join("; ");
    }
  } catch {}
  return shown(cause);
}

/** What Node prints: the stack and the facts, never the response or the cause in full. */
function inspected(this: HttpError): string {
  const { name: _, message, ...facts } = this.toJSON();
  const told = JSON.stringify(facts);
  return `${bound(this.stack ?? String(message), 3500 - told.length)}\n  ${told}`;
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
