/*
 * Calls without a session of one's own. They share one, with its defaults, which is made when it is first needed. It is
 * never closed: what it keeps open keeps no process alive.
 */

import type { RequestOptions, ResponsePromise } from "@anyhttp/core";
import { Session } from "./session.ts";

let shared: Session | undefined;

/** Calls `url`, which is absolute, with any method. @returns a promise that also has the readers. */
export function request(method: string, url: string | URL, init?: RequestOptions): ResponsePromise {
  return (shared ??= new Session()).request(method, url, init);
}

/** Calls an absolute URL with a fixed method. */
export type Call = (url: string | URL, init?: RequestOptions) => ResponsePromise;

/** A GET request. */
export const get: Call = (url, init) => request("GET", url, init);
/** A HEAD request. */
export const head: Call = (url, init) => request("HEAD", url, init);
/** An OPTIONS request. */
export const options: Call = (url, init) => request("OPTIONS", url, init);
/** A POST request. */
export const post: Call = (url, init) => request("POST", url, init);
/** A PUT request. */
export const put: Call = (url, init) => request("PUT", url, init);
/** A PATCH request. */
export const patch: Call = (url, init) => request("PATCH", url, init);

const remove: Call = (url, init) => request("DELETE", url, init);
/** A DELETE request. Import it under a name: `import { delete as remove } from "anyhttp"`. */
export { remove as delete };
