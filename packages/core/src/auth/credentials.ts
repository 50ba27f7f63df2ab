/* What kinds of credentials have in common: the origin that they are for, and what may stand in them. */

import { type HttpError, invalid } from "../errors.ts";
import { parseTarget, resolveUrl } from "../http/target.ts";
import { invalidOption, lay, type Rule } from "../options/rules.ts";
import { shown } from "../redact.ts";

/** Options of every kind of credentials. */
export interface AuthOptions {
  /**
   * The origin (scheme, host, port) that they are for, and never leave. Default: that of the session's `baseUrl`, or of
   * the call that they are given to.
   */
  readonly origin?: string | URL | undefined;
}

/** Checks the option `origin`. A path is refused, lest somebody think that credentials keep to it. */
export const originRule: Rule<string | null> = (value, _base, option) => {
  const { origin, path } = parseTarget(resolveUrl(value as string, undefined, option));
  if (path === "/") return origin;
  throw invalidOption(
    option,
    value,
    "Pass scheme, host and port, such as https://api.example.com.",
  );
};

/** The origin that options name; `null` if they name none. @throws InvalidRequestError */
export function originOf(name: string, options: AuthOptions): string | null {
  return lay<{ origin: string | null }>(
    { origin: originRule },
    { origin: null },
    options,
    `${name}.`,
  ).origin;
}

/** Checks a user name or a password: text without control characters (RFC 7617 §2). @throws InvalidRequestError */
export function checkText(what: string, text: unknown): void {
  if (typeof text !== "string") throw unusable(`the ${what} is ${shown(text)}`, "Pass a string.");
  if (/\p{Cc}/u.test(text))
    throw unusable(
      `the ${what} holds a control character`,
      "Take it off; it is often a line break at the end of a file.",
    );
}

/**
 * `Scheme token`, the token being a token68 (RFC 9110 §11.2; RFC 6750 §2.1 calls it b64token).
 * @throws InvalidRequestError
 */
export function schemeValue(scheme: string, token: unknown): string {
  if (typeof token !== "string") throw unusable(`the token is ${shown(token)}`, "Pass a string.");
  // One class, then one character that is not in it: linear.
  if (/^[\w.~+/-]+=*$/.test(token)) return `${scheme} ${token}`;
  throw unusable(
    token === "" ? "the token is empty" : "the token holds a character that no token has",
    "Pass letters, digits and -._~+/ with = at the end only, without the name of the scheme.",
  );
}

function unusable(what: string, remedy: string): HttpError {
  return invalid("OPTION", what, remedy);
}
