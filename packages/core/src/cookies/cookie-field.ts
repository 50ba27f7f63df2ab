/* Cookies of a call as the `cookie` field has them (RFC 6265 §4.2.1). */

import { invalid } from "../errors.ts";
import { isToken } from "../http/field.ts";
import { invalidOption } from "../options/rules.ts";
import { quoted } from "../redact.ts";

/** The pairs of a record, `a=1; b=2`. @throws InvalidRequestError for a name or value that would not arrive as it is. */
export function cookieField(cookies: Readonly<Record<string, string>>): string {
  // Text, pairs and maps have entries too, but not those that their caller means.
  if (typeof cookies !== "object" || cookies === null || Symbol.iterator in cookies)
    throw invalidOption("cookies", cookies, "Pass a record of names and values, or false.");
  return Object.entries(cookies)
    .map(([name, value]) => {
      if (
        typeof value === "string" &&
        isToken(name) &&
        /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/.test(value)
      )
        return `${name}=${value}`;
      throw invalid(
        "OPTION",
        `the cookie ${quoted(name)} has a name or value that cookies cannot have`,
        "Encode it, with encodeURIComponent() for example (RFC 6265 §4.1.1).",
      );
    })
    .join("; ");
}
