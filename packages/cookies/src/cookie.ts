/* One cookie as the jar keeps it, and the reasons for which it keeps none. */

/** A cookie (RFC 6265bis §5.7). Plain data: it survives `JSON.stringify`, its value included. */
export interface Cookie {
  /** Case-sensitive; `""` for a cookie without a name. */
  readonly name: string;
  readonly value: string;
  /** Host name in lower case and A-labels, or an IP address (IPv6 in brackets). Without a leading dot. */
  readonly domain: string;
  /** `true`: for that host alone; `false`: for the hosts beneath it as well. */
  readonly hostOnly: boolean;
  readonly path: string;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  /** `null` where the server did not say: treated like `"lax"`. */
  readonly sameSite: SameSite | null;
  /** When it ends, in milliseconds since 1970; `null`: with the session. An absolute time, whatever `Max-Age` said. */
  readonly expires: number | null;
  /** When it was first set, in milliseconds since 1970. Strictly increasing within a jar: cookies are sent in this order. */
  readonly created: number;
}

/** To which requests that another site led to a cookie is sent (RFC 6265bis §5.6.7). */
export type SameSite = "strict" | "lax" | "none";

/** Why a cookie is not kept, or not sent. */
export type RejectionReason =
  /** Neither name nor value, or a control character (§5.6). */
  | "malformed"
  /** Name and value exceed 4096 octets together (§5.6). */
  | "too-long"
  /** Its domain is not that of the host, or not ASCII. */
  | "domain"
  /** Its domain is one under which everybody may register, such as `co.uk` or `github.io`. */
  | "public-suffix"
  /** It is `Secure`, and the response came over cleartext. */
  | "insecure"
  /** It would hide a `Secure` cookie of that name, and the response came over cleartext. */
  | "hides-secure"
  /** `SameSite=None` without `Secure`. */
  | "same-site"
  /** A `__Host-` or `__Secure-` name without what such names promise (§4.1.3). */
  | "prefix"
  /** It was the first to go when its domain, or the jar, had more cookies than the limit. */
  | "limit"
  /** Kept, but not sent: the `cookie` field would be longer than the limit. */
  | "field-limit";

/** What a cookie is recognised by, without its value. */
export interface RejectedCookie {
  /** Cut to 64 characters. */
  readonly name: string;
  /** The host of the response, or of the request for `"field-limit"`. */
  readonly host: string;
}

/** The key under which a newer cookie replaces an older one (§5.7, step 23). No part can hold the separator. */
export function cookieId({ name, domain, hostOnly, path }: Cookie): string {
  return `${scope(domain, hostOnly)};${path};${name}`;
}

/** Names the hosts a cookie is for: `a.test` for that host, `.a.test` for those beneath it as well. */
export function scope(domain: string, hostOnly: boolean): string {
  return hostOnly ? domain : `.${domain}`;
}

/** Whether a cookie is over at a time. */
export function isExpired(cookie: Cookie, now: number): boolean {
  return cookie.expires !== null && cookie.expires <= now;
}
