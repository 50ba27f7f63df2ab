/* Field names and values (RFC 9110 §5), checked on entry so that nothing on the way out needs checking. */

import { httpError } from "../errors.ts";

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// VCHAR, obs-text, SP and HTAB (RFC 9110 §5.5); what lies above U+00FF has no byte.
// oxlint-disable-next-line no-control-regex
const value = /^[\t\x20-\x7e\x80-\xff]*$/;
// oxlint-disable-next-line no-control-regex
const edges = /^[\t ]+|[\t ]+$/g;

/** Whether a text is a token (RFC 9110 §5.6.2), as methods and field names are. */
export function isToken(text: string): boolean {
  return token.test(text);
}

/** Checks a field name and returns it. */
export function fieldName(name: unknown): string {
  if (typeof name === "string" && token.test(name)) return name;
  throw httpError("ERR_INVALID_HEADER", {
    what: `${JSON.stringify(String(name)).slice(0, 64)} is not a header name`,
    remedy: "Use letters, digits and hyphens (RFC 9110 §5.1).",
  });
}

/** Checks a field value and returns it without white space around it. Numbers and booleans become text. */
export function fieldValue(name: string, raw: unknown): string {
  const text = typeof raw === "number" || typeof raw === "boolean" ? String(raw) : raw;
  if (typeof text === "string") {
    const trimmed = text === "" || (text.charCodeAt(0) > 32 && text.charCodeAt(text.length - 1) > 32) ? text : text.replace(edges, "");
    if (value.test(trimmed)) return trimmed;
  }
  throw httpError("ERR_INVALID_HEADER", {
    what:
      typeof text === "string"
        ? `the value of header "${name}" holds a line break, a control or a character above U+00FF`
        : `the value of header "${name}" is not a string`,
    remedy: typeof text === "string" ? "Remove it or encode it (RFC 9110 §5.5)." : "Pass a string, a number or a boolean.",
  });
}
