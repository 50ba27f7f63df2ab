/* Which fields a caller may set, which framing owns, and which may cross to another origin. */

import { fieldValues, filterFields } from "../headers.ts";
import { quoted } from "../redact.ts";
import type { FieldLines } from "../transport.ts";
import { badHeader } from "./field.ts";

/** Hop-by-hop fields (RFC 9110 §7.6.1) and those that frame the message: the transport's to write. */
const framing =
  /^(keep-alive|(proxy-)?connection|te|trailer|transfer-encoding|upgrade|http2-settings|expect)$/;

/** `host` with `[":" port]` (RFC 9110 §7.2). */
const authority = /^(\[[\da-f:.]+\]|[\w.~%!$&'()*+;=-]+)(:\d*)?$/i;

/** What may follow a redirect, or a call, to another origin: it says what is wanted, never who wants it. */
const portable =
  /^(accept(-charset|-encoding|-language)?|content-(encoding|language|type)|if-((un)?modified-since|(none-)?match|range)|cache-control|dnt|pragma|prefer|priority|range|user-agent)$/;

/** Fetch's forbidden request-headers (WHATWG Fetch §2.2.2), without those that core never sends. */
const forbidden =
  /^(accept-(charset|encoding)|access-control-.*|content-length|cookie2?|date|dnt|host|origin|referer|set-cookie|via|proxy-(?!connection$).*|sec-.*)$/;

/** The fields that may go to another origin; `more`: names in lower case that the caller lets go there as well. */
export function portableFields(lines: FieldLines, more: readonly string[] = []): FieldLines {
  return filterFields(lines, (name) => portable.test(name) || more.includes(name));
}

/** Whether the transport writes this field, or nobody; the name in lower case. */
export function isFramingField(name: string): boolean {
  return framing.test(name);
}

/** Whether Fetch forbids this field, its name in lower case. */
export function isForbiddenField(name: string): boolean {
  return forbidden.test(name);
}

/** The first of the fields that Fetch forbids, in lower case; a length is checked against the content instead. */
export function forbiddenField(lines: FieldLines): string | undefined {
  return filterFields(
    lines,
    (name) => forbidden.test(name) && name !== "content-length",
  )[0]?.toLowerCase();
}

/** @throws InvalidRequestError for fields that the transport writes, and for a second `host` or `content-length`. */
export function checkRequestFields(lines: FieldLines): void {
  for (let i = 0; i < lines.length; i += 2) {
    const name = (lines[i] as string).toLowerCase();
    if (framing.test(name))
      throw badHeader(
        name,
        "frames the connection, which the transport does",
        name === "expect" ? "Set expectContinue." : "Leave it out.",
      );
    if (/^(host|content-length)$/.test(name) && fieldValues(lines, name).length > 1) {
      throw badHeader(name, "is given more than once", "Pass it once.");
    }
    if (name === "host" && !authority.test(lines[i + 1] as string))
      throw badHeader(name, "is no host", "Pass host or host:port.");
  }
}

/**
 * What a `content-length` field declares; `null` if there is none.
 * @param actual Number of bytes of the content where it is known; the field has to agree.
 */
export function declaredLength(lines: FieldLines, actual: number | null): number | null {
  const value = fieldValues(lines, "content-length")[0];
  if (value === undefined) return null;
  const length = /^\d{1,15}$/.test(value) ? Number(value) : NaN;
  if (length === (actual ?? length)) return length;
  const has =
    actual === null ? "no number of bytes" : `not the ${actual} bytes that the content has`;
  throw badHeader(
    "content-length",
    `says ${quoted(value)}, ${has}`,
    "Leave it out; only streams of known length need it.",
  );
}
