/* What the package offers on every runtime. Files are in `@anyhttp/cookies/file`. */

export { cookieJar, type CookieJarFactory } from "./cookie-jar.ts";
export type { CookieFilter, Jar } from "./jar.ts";
export type { CookieJarOptions } from "./options.ts";
export type { CookieInput, CookieJarData } from "./input.ts";
export type { Cookie, RejectedCookie, RejectionReason, SameSite } from "./cookie.ts";
export type { CookieStore } from "./store.ts";
