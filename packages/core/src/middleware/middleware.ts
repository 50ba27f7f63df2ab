/* The one shape of everything that stands around an exchange. */

import type { HttpRequest } from "../request.ts";
import type { HttpResponse } from "../response.ts";

/** Continues with a request: the same, or another one made by `request.with(…)`. May be called more than once. */
export type Next = (request: HttpRequest) => Promise<HttpResponse>;

/**
 * Stands around a call, redirects included. It may change the request, answer itself, call `next` again, or look at
 * the response; a response that it does not return it has to read or `discard()`. The function's name is what
 * `session.describe()` prints.
 */
export type Middleware = (request: HttpRequest, next: Next) => Promise<HttpResponse>;
