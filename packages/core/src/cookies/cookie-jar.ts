/* What keeps the cookies of a session. `cookieJar()` of `@anyhttp/cookies` makes one. */

import type { HttpRequest } from "../request.ts";
import type { HttpResponse } from "../response.ts";

/** Keeps cookies between exchanges (RFC 6265bis). Core asks it around each exchange, redirects and retries included. */
export interface CookieJar {
  /**
   * The value of `cookie` for a request; `null` for none. Without a promise whenever that is possible: most requests go
   * to hosts that the jar has nothing for.
   * @param site The URL at which the call began, for `SameSite`: a redirect may have led elsewhere.
   */
  cookiesFor(request: HttpRequest, site: string): string | null | Promise<string | null>;
  /** Takes the `set-cookie` lines of a response, if it has any. Called before the caller sees the response. */
  store(request: HttpRequest, response: HttpResponse, site: string): void | Promise<void>;
}
