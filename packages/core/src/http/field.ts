/* Field names and values (RFC 9110 §5), checked on entry so that nothing on the way out needs checking. */

import { invalid } from "../errors.ts";
import { quoted, shown } from "../redact.ts";

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// VCHAR, obs-text, SP and HTAB (RFC 9110 §5.5); what lies above U+00FF has no byte.
const allowed = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Whether a text is a token (RFC 9110 §5.6.2), as methods and field names are. */
export function isToken(text: string): boolean {
  return token.test(text);
}

/** The error of a header; `why` continues the sentence. */
export function badHeader(name: string, why: string, remedy: string): Error {
  return invalid("HEADER", `the header ${quoted(name)} ${why}`, remedy);
}

/** Checks a field and returns its value without white space around it. */
export function fieldValue(name: string, text: string): string {
  if (!token.test(name))
    throw badHeader(
      // What follows may be a value that has slipped in, and a secret.
      name.replace(/([:\s]).+/s, "$1…"),
      "has no valid name",
      "Use letters, digits and hyphens (RFC 9110 §5.1).",
    );
  // Credentials come from plugs, which may be anybody's.
  if (typeof text !== "string") throw badHeader(name, `is ${shown(text)}`, "Pass text.");
  const value = trimmed(text);
  if (allowed.test(value)) return value;
  throw badHeader(
    name,
    "holds a line break, a control or a character above U+00FF",
    "Remove it or encode it (RFC 9110 §5.5).",
  );
}

/** A text without the white space of fields (RFC 9110 §5.6.3) around it; others' is not taken off, but refused. */
function trimmed(text: string): string {
  // Not by a pattern: one for the end goes over white space within anew from each place that it may begin at.
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}
