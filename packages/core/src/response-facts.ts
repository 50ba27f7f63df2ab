/* What a response tells beside itself: the redirects that led to it, and the connection it came on. */

import type { HttpError } from "./errors.ts";
import type { HttpHeaders } from "./headers.ts";
import type { ConnectionInfo } from "./transport.ts";

/** A response that led elsewhere. */
export interface RedirectHop {
  readonly status: number;
  readonly url: string;
  readonly headers: HttpHeaders;
}

/** An attempt that failed and was followed by another. */
export interface FailedAttempt {
  /** What there was instead of a response. */
  readonly error: HttpError | null;
  /** The status of the response, if there was one. */
  readonly status: number | null;
  /** How long it was waited before the next attempt, in milliseconds. */
  readonly delay: number;
}

/** The connection an exchange ran on. */
export interface ResponseConnection extends ConnectionInfo {
  /** Whether it had served an exchange before. */
  readonly reused: boolean;
}
