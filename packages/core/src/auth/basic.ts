/* Basic authentication (RFC 7617). */

import { invalid } from "../errors.ts";
import type { Auth } from "./auth.ts";
import { type AuthOptions, checkText, originOf } from "./credentials.ts";
import { octets } from "./octets.ts";

/**
 * User and password with each request, in UTF-8, without waiting to be asked. Whoever reads the request reads them: use
 * it over https.
 * @throws InvalidRequestError for a colon in the user name, which the scheme cannot carry, and for control characters.
 */
export function basic(user: string, password: string, options: AuthOptions = {}): Auth {
  checkText("user name", user);
  checkText("password", password);
  if (user.includes(":")) {
    throw invalid(
      "OPTION",
      "the user name holds a colon, which ends it in Basic authentication",
      "Use another name, or another scheme (RFC 7617 §2).",
    );
  }
  const value = `Basic ${btoa(octets(`${user}:${password}`))}`;
  return {
    name: "basic",
    origin: originOf("basic", options),
    authorize: () => value,
    answered: () => false,
  };
}
