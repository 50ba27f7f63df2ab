/* What cases of `session/retry` have in common: options without waits, and middleware that counts or leads astray. */

import type { Middleware } from "@anyhttp/core";
import type { CallOptions } from "../../case.ts";

/** So many attempts, one right after the other. */
export function retry(attempts: number, more: CallOptions = {}): CallOptions {
  return { retry: { attempts, backoff: () => 0, ...more } };
}

/** Middleware around each attempt that is told its number, from 1. */
export function eachAttempt(began: (number: number) => void): Middleware {
  let count = 0;
  return {
    scope: "attempt",
    handle(request, next) {
      began(++count);
      return next(request);
    },
  };
}

/** Middleware that sends one of the attempts to another address. */
export function leadingAstray(attempt: number, url: string): Middleware {
  let count = 0;
  return {
    scope: "attempt",
    handle: (request, next) => next(++count === attempt ? request.with({ url }) : request),
  };
}
