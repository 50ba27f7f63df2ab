/* What a response tells beside itself: the redirects that led to it, and the connection it came on. */

import type { HttpHeaders } from "./headers.ts";
import type { ConnectionInfo } from "./transport.ts";

/** A response that led elsewhere. */
export interface RedirectHop {
  readonly status: number;
  readonly url: string;
  readonly headers: HttpHeaders;
}

/** The connection an exchange ran on. */
export interface ResponseConnection extends ConnectionInfo {
  /** Whether it had served an exchange before. */
  readonly reused: boolean;
}
