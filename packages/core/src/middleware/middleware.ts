/* The one shape of everything that stands around an exchange. */

import { HttpError } from "../errors.ts";
import { invalidOption } from "../options/rules.ts";
import type { HttpRequest } from "../request.ts";
import type { HttpResponse } from "../response.ts";

/** Continues with a request: the same, or another one made by `request.with(…)`. May be called more than once. */
export type Next = (request: HttpRequest) => Promise<HttpResponse>;

/**
 * Stands around a call. It may change the request, answer itself, call `next` again, or look at the response; a
 * response that it does not return it has to read or `discard()`.
 */
export type MiddlewareFunction = (request: HttpRequest, next: Next) => Promise<HttpResponse>;

/** A middleware that says what it is called and where it stands. */
export interface NamedMiddleware {
  /** What `session.describe()` prints. Default: the function's name. */
  readonly name?: string | undefined;
  /**
   * `"call"`: once around a call, its redirects and retries included. `"attempt"`: around each attempt of each hop,
   * inside retries and redirects. Default: `"call"`.
   */
  readonly scope?: "call" | "attempt" | undefined;
  readonly handle: MiddlewareFunction;
}

/** A function stands around the call; its name is what `session.describe()` prints. */
export type Middleware = MiddlewareFunction | NamedMiddleware;

/** @internal A middleware as it holds. */
export type MiddlewareStep = {
  readonly [K in keyof NamedMiddleware]-?: NonNullable<NamedMiddleware[K]>;
};

/** @internal Checks middleware, and lays it inside that of the session which is extended. */
export function middlewareRule(
  value: unknown,
  base: readonly MiddlewareStep[],
  option: string,
): readonly MiddlewareStep[] {
  const steps = Array.isArray(value) ? value.map(toStep) : [null];
  if (steps.every((step) => step !== null)) return [...base, ...steps];
  throw invalidOption(
    option,
    value,
    'Pass an array of functions (request, next) => Promise<HttpResponse>, or of { name, scope: "call" or "attempt", handle }.',
  );
}

function toStep(given: Middleware | null): MiddlewareStep | null {
  const {
    name = "",
    scope = "call",
    handle,
    ...unknown
  } = typeof given === "function" ? { handle: given } : (given ?? ({} as Partial<NamedMiddleware>));
  if (
    typeof handle !== "function" ||
    typeof name !== "string" ||
    !/^(call|attempt)$/.test(scope) ||
    Object.keys(unknown).length > 0
  )
    return null;
  // Bound, as it may be the method of an object.
  return { name: name || handle.name || "anonymous", scope, handle: handle.bind(given) };
}

/** @internal The error of what is thrown by code of the caller's: middleware, a cookie jar, `shouldRetry`. */
export function middlewareFailed(cause: unknown): HttpError {
  return new HttpError("ERR_MIDDLEWARE", "a middleware failed", "See cause.", {
    requestSent: "maybe",
    cause,
  });
}
