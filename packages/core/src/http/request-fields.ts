/* Which fields a caller may set, which framing owns, and which may cross to another origin. */

import { httpError } from "../errors.ts";
import { fieldValues, filterFields } from "../headers.ts";
import type { FieldLines } from "../transport.ts";

/** Hop-by-hop fields (RFC 9110 §7.6.1) and those that frame the message: the transport's to write. */
const framing: ReadonlySet<string> = new Set([
  "connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "http2-settings", "expect",
]); // prettier-ignore

/** What may follow a redirect, or a call, to another origin: it says what is wanted, never who wants it. */
const portable: ReadonlySet<string> = new Set([
  "accept", "accept-charset", "accept-encoding", "accept-language", "cache-control", "content-encoding", "content-language",
  "content-type", "dnt", "if-match", "if-modified-since", "if-none-match", "if-range", "if-unmodified-since", "pragma",
  "prefer", "priority", "range", "user-agent",
]); // prettier-ignore

/** Fetch's forbidden request-headers (WHATWG Fetch §2.2.2), without those that core never sends. */
const forbidden =
  /^(accept-(charset|encoding)|access-control-.*|content-length|cookie2?|date|dnt|host|origin|referer|set-cookie|via|proxy-.*|sec-.*)$/;

/** The fields that may go to another origin. */
export function portableFields(lines: FieldLines): FieldLines {
  return filterFields(lines, (name) => portable.has(name));
}

/** The first of the fields that Fetch forbids, in lower case. */
export function forbiddenField(lines: FieldLines): string | undefined {
  for (let i = 0; i < lines.length; i += 2) {
    const name = (lines[i] as string).toLowerCase();
    if (forbidden.test(name)) return name;
  }
  return undefined;
}

/** @throws InvalidRequestError for fields that the transport writes, and for a second `host` or `content-length`. */
export function checkRequestFields(lines: FieldLines): void {
  for (let i = 0; i < lines.length; i += 2) {
    const name = (lines[i] as string).toLowerCase();
    if (framing.has(name)) {
      throw httpError("ERR_INVALID_HEADER", {
        what: `the header "${name}" frames the connection, which the transport does`,
        remedy: "Leave it out.",
      });
    }
    if ((name === "host" || name === "content-length") && fieldValues(lines, name).length > 1) {
      throw httpError("ERR_INVALID_HEADER", { what: `the header "${name}" is given more than once`, remedy: "Pass it once." });
    }
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
  if (Number.isNaN(length) || (actual !== null && actual !== length)) {
    throw httpError("ERR_INVALID_HEADER", {
      what: Number.isNaN(length)
        ? `content-length is not a number of bytes (${JSON.stringify(value).slice(0, 32)})`
        : `content-length says ${length} bytes and the content has ${String(actual)}`,
      remedy: "Leave it out; it is needed for streams of known length only.",
    });
  }
  return length;
}
