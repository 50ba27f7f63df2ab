/* What authenticates the requests of a session (RFC 9110 §11): says what goes into `authorization`, and learns from answers. */

import type { HttpRequest } from "../request.ts";
import type { HttpResponse } from "../response.ts";

/**
 * Authenticates requests to one origin. Core asks it before each exchange with that origin, redirects and retries
 * included, and never for another one. A value that the caller has put into `authorization` itself stands; then it is
 * not asked.
 */
export interface Auth {
  /** What `session.describe()` prints, such as `"digest"`. Never a secret. */
  readonly name: string;
  /** The origin it is for; `null`: that of the session's `baseUrl`, or of the call that it was given to. */
  readonly origin: string | null;
  /**
   * The value of `authorization`; `null` to send none. Asked before the request has a slot in `limits`, so that it may
   * make calls of its own. What it throws ends the call, as `ERR_AUTH` unless it is an error of the tree.
   */
  authorize(request: HttpRequest): string | null | Promise<string | null>;
  /**
   * Sees the head of each response to a request that it was asked about, and must leave the content alone; what it has
   * to wait for is better left to `authorize`, as the request still holds its slot. `true`: the request is sent once
   * more, with the value that `authorize` then gives for the same object, if its content can be sent again. The
   * response to that is shown here as well, but whatever the answer, it is the last.
   */
  answered(
    request: HttpRequest,
    response: HttpResponse,
    /** The value with which the request was sent; `null` for none. */
    sent: string | null,
  ): boolean | Promise<boolean>;
}
