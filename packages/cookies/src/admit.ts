/* Decides whether a cookie may be kept for the place that sent it (RFC 6265bis §5.7), and what is kept. */

import { defaultPath } from "tough-cookie";
import type { Cookie, RejectionReason } from "./cookie.ts";
import { isAddress, isPublicSuffix, isWithin, type Place } from "./place.ts";
import type { SentCookie } from "./set-cookie.ts";

/** Longest life of a cookie, whatever its server says (§5.5): 400 days, in milliseconds. */
const longestLife = 400 * 86_400_000;

/** The cookie to keep, with an end that may lie in the past; or why there is none. `created`: see {@link Cookie}. */
export function admit(
  sent: SentCookie,
  from: Place,
  now: number,
  created: number,
): Cookie | RejectionReason {
  const domain = domainOf(sent.domain, from.host);
  if (typeof domain === "string") return domain;
  const { name, value, secure, httpOnly, sameSite } = sent;
  const cookie: Cookie = {
    name,
    value,
    ...domain,
    path: sent.path ?? defaultPath(from.path),
    secure,
    httpOnly,
    sameSite,
    expires: boundedEnd(sent.expires, now),
    created,
  };
  if (secure && !from.secure) return "insecure";
  return wrongPromise(cookie, sent.path !== null) ?? cookie;
}

/** For which hosts a cookie is, or why for none (§5.7, steps 8 to 10). */
function domainOf(
  domain: string,
  host: string,
): Pick<Cookie, "domain" | "hostOnly"> | RejectionReason {
  // oxlint-disable-next-line no-control-regex
  if (/[^\x00-\x7f]/.test(domain)) return "domain";
  // An address, or what everybody may register under, may name itself, and then it is meant alone.
  if (domain === "" || (domain === host && (isAddress(host) || isPublicSuffix(host))))
    return { domain: host, hostOnly: true };
  if (!isWithin(host, domain)) return "domain";
  return isPublicSuffix(domain) ? "public-suffix" : { domain, hostOnly: false };
}

/** Holds a cookie to what its attributes and the prefix of its name promise (§5.7, steps 19 to 22). */
export function wrongPromise(cookie: Cookie, hasPath: boolean): RejectionReason | null {
  const { name, value, secure, hostOnly, path, sameSite } = cookie;
  if (sameSite === "none" && !secure) return "same-site";
  // Servers may compare names without regard to case, so the promise holds in any; nothing is decoded.
  const prefix = /^__(secure|host)-/i.exec(name || value)?.[1]?.toLowerCase();
  const kept =
    prefix === undefined ||
    (name !== "" && secure && (prefix === "secure" || (hostOnly && path === "/" && hasPath)));
  return kept ? null : "prefix";
}

/** When a cookie ends at the latest. */
export function boundedEnd(expires: number | null, now: number): number | null {
  return expires === null ? null : Math.min(expires, now + longestLife);
}
