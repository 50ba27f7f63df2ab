/* Cookies that do not come from a server: what an application sets, and what was saved. All of it is checked. */

import { boundedEnd, wrongPromise } from "./admit.ts";
import type { Cookie, RejectionReason, SameSite } from "./cookie.ts";
import { isAddress, isPublicSuffix } from "./place.ts";
import {
  endOf,
  hasControls,
  parseSetCookie,
  type SentCookie,
  trim,
  wrongPair,
} from "./set-cookie.ts";

/** A cookie as an application sets it. Attributes have the meaning and the defaults that they have in `set-cookie`. */
export interface CookieInput {
  readonly name: string;
  readonly value: string;
  /** A domain that the URL is within; the cookie is for all hosts of it. Default: the host of the URL alone. */
  readonly domain?: string | undefined;
  /** Default: the folder of the URL's path. */
  readonly path?: string | undefined;
  /** When it ends; as a number in milliseconds since 1970. Default: with the session. */
  readonly expires?: Date | number | null | undefined;
  /** How long it lasts, in seconds; goes before `expires`. */
  readonly maxAge?: number | undefined;
  readonly secure?: boolean | undefined;
  readonly httpOnly?: boolean | undefined;
  readonly sameSite?: SameSite | null | undefined;
}

/** What `toJSON()` gives and `cookieJar.from()` takes. */
export interface CookieJarData {
  readonly version: 1;
  /** The longest unused first. */
  readonly cookies: readonly Cookie[];
}

/** How far the time of a jar may be ahead of the clock, in milliseconds: it never goes back when the clock does. */
const mostAhead = 60_000;
const sameSites: readonly unknown[] = ["strict", "lax", "none", null];

/** A cookie of an application, as a server would have sent it. @throws TypeError if it cannot be one. */
export function sentCookie(input: string | CookieInput, now: number): SentCookie | RejectionReason {
  if (typeof input === "string") return parseSetCookie(input, now);
  const { name, value, domain = "", path = null, maxAge, expires = null } = input;
  const { secure = false, httpOnly = false, sameSite = null } = input;
  const end = expires instanceof Date ? expires.getTime() : expires;
  const wrong =
    (!isName(name) && "name") ||
    (!isText(value) && "value") ||
    (!isText(domain) && "domain") ||
    (path !== null && !isPath(path) && "path") ||
    (maxAge !== undefined && !isNumber(maxAge) && "maxAge") ||
    (end !== null && !isNumber(end) && "expires") ||
    ((typeof secure !== "boolean" || typeof httpOnly !== "boolean") && "secure or httpOnly") ||
    (!sameSites.includes(sameSite) && "sameSite");
  if (wrong) throw new TypeError(`the cookie has a ${wrong} that no cookie can have`);
  return (
    wrongPair(name, value) ?? {
      name,
      value,
      domain: domain === "" ? "" : hostOf(domain.replace(/^\./, "")),
      path,
      expires: maxAge === undefined ? end : endOf(maxAge, now),
      secure,
      httpOnly,
      sameSite,
    }
  );
}

/** A cookie of saved data, and why the jar could not have kept it, if it could not. */
export interface SavedCookie {
  readonly cookie: Cookie;
  readonly reason: RejectionReason | null;
}

/** The cookies of saved data. @throws TypeError if it is not that of a jar. */
export function savedCookies(data: unknown, now: number): SavedCookie[] {
  const { version, cookies } = (isRecord(data) ? data : {}) as Partial<CookieJarData>;
  if (version !== 1 || !Array.isArray(cookies) || !cookies.every(isCookie))
    throw new TypeError("this is not the data of a cookie jar (version 1)");
  return cookies.map((one) => savedCookie(one, now));
}

/** Whether all members are there, and of the right type. */
function isCookie(data: unknown): data is Cookie {
  if (!isRecord(data)) return false;
  const one = data as Partial<Record<keyof Cookie, unknown>>;
  return (
    [one.name, one.value, one.domain, one.path].every((text) => typeof text === "string") &&
    [one.hostOnly, one.secure, one.httpOnly].every((flag) => typeof flag === "boolean") &&
    isNumber(one.created) &&
    (one.expires === null || isNumber(one.expires)) &&
    sameSites.includes(one.sameSite)
  );
}

/** Trusts nothing: whoever can write the file must not gain more than a server could. */
function savedCookie(saved: Cookie, now: number): SavedCookie {
  const { name, value, domain, hostOnly, path, secure, httpOnly, sameSite } = saved;
  const cookie: Cookie = {
    name,
    value,
    domain,
    hostOnly,
    path,
    secure,
    httpOnly,
    sameSite,
    expires: boundedEnd(saved.expires, now),
    // It only orders; but from the far future, nothing new could come after it.
    created: Math.min(saved.created, now + mostAhead),
  };
  return { cookie, reason: wrongSaved(cookie) };
}

function wrongSaved(cookie: Cookie): RejectionReason | null {
  const { name, value, domain, hostOnly, path } = cookie;
  if (!isName(name) || !isText(value) || !isPath(path)) return "malformed";
  if (domain === "" || hostOf(domain) !== domain) return "domain";
  if (!hostOnly && isAddress(domain)) return "domain";
  if (!hostOnly && isPublicSuffix(domain)) return "public-suffix";
  return wrongPair(name, value) ?? wrongPromise(cookie, true);
}

/** A host as URLs have it; `"."`, which no host is within, if it can be none. */
function hostOf(domain: string): string {
  try {
    const url = new URL(`http://${domain}/`);
    return url.host === url.hostname && url.pathname === "/" ? url.hostname : ".";
  } catch {
    return ".";
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
const isNumber = (value: unknown): value is number =>
  typeof value === "number" && !Number.isNaN(value);
/** What may stand in a field, without what ends a value. */
const isText = (value: unknown): value is string =>
  typeof value === "string" && !value.includes(";") && !hasControls(value) && value === trim(value);
const isName = (value: unknown): value is string => isText(value) && !value.includes("=");
const isPath = (value: unknown): value is string => isText(value) && value.startsWith("/");
