/* Reads a `set-cookie` field value (RFC 6265bis §5.6). Whether the cookie may be kept is not decided here. */

import { Cookie as ToughCookie } from "tough-cookie";
import type { RejectionReason, SameSite } from "./cookie.ts";

/** Most octets of name and value together, and of one attribute's value (§5.6). */
const longestPair = 4096;
const longestAttribute = 1024;

/** A cookie as its sender put it. */
export interface SentCookie {
  readonly name: string;
  readonly value: string;
  /** Without leading dot, in lower case; `""`: the host of the response alone. */
  readonly domain: string;
  /** `null`: the default path of the request. */
  readonly path: string | null;
  /** In milliseconds since 1970; `-Infinity`: at once; `null`: with the session. */
  readonly expires: number | null;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: SameSite | null;
}

/** One field line is one cookie: a comma is part of it. The field's characters stand for octets. */
export function parseSetCookie(line: string, now: number): SentCookie | RejectionReason {
  const [pair = "", ...attributes] = line.split(";");
  const equals = pair.indexOf("=");
  const name = trim(pair.slice(0, Math.max(equals, 0)));
  const value = trim(pair.slice(equals + 1));
  const wrong = wrongPair(name, value) ?? (hasControls(line) ? "malformed" : null);
  if (wrong) return wrong;

  const kept = attributes.filter((one) => valueOf(one).length <= longestAttribute);
  // The pair is read above, octet by octet: tough-cookie would take the last octet of some UTF-8 for white space.
  const read = ToughCookie.parse(`x=;${kept.join(";")}`) ?? new ToughCookie();
  const { domain, path, secure, httpOnly, maxAge, expires } = read;
  // The last attribute counts, also when it is empty; tough-cookie keeps the one before.
  const lastDomain = kept.findLast((one) => /^\s*domain\s*(=|$)/i.test(one)) ?? "";
  return {
    name,
    value,
    domain: valueOf(lastDomain) === "" ? "" : (domain ?? ""),
    path,
    secure,
    httpOnly,
    sameSite: (read.sameSite as SameSite | undefined) ?? null,
    expires:
      maxAge === null
        ? expires instanceof Date
          ? expires.getTime()
          : null
        : endOf(Number(maxAge), now),
  };
}

/** The name in a field line that may be malformed; `""` rather than something that might be a value. */
export function nameIn(line: string): string {
  return trim(/^([^;=]*)=/.exec(line)?.[1] ?? "");
}

/** When an age in seconds ends: from now on, so that no later look at the cookie prolongs it. */
export function endOf(maxAge: number, now: number): number {
  return maxAge > 0 ? now + maxAge * 1000 : -Infinity;
}

/** What is wrong with name and value, if anything. */
export function wrongPair(name: string, value: string): RejectionReason | null {
  if (name.length + value.length > longestPair) return "too-long";
  return name === "" && value === "" ? "malformed" : null;
}

/** Whether a text holds a control character other than a tab, or what is no octet. */
export function hasControls(text: string): boolean {
  return /[^\t\x20-\x7e\x80-\xff]/.test(text);
}

/** The value of an attribute; `""` if it has none. */
function valueOf(attribute: string): string {
  const equals = attribute.indexOf("=");
  return equals < 0 ? "" : trim(attribute.slice(equals + 1));
}

/** Removes space and tab at both ends, and nothing else, in one pass. */
export function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text.charCodeAt(start))) start += 1;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

const isSpace = (code: number): boolean => code === 0x20 || code === 0x09;
