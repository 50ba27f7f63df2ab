/* Bearer tokens (RFC 6750) that somebody else looks after; `tokenRefresh` is for those that have to be renewed. */

import type { Auth } from "./auth.ts";
import { type AuthOptions, originOf, schemeValue } from "./credentials.ts";

/**
 * A token with each request. A function is asked before each exchange, so it should answer from memory.
 * @throws InvalidRequestError for what is no token (RFC 6750 §2.1); if a function gives it, so does the call.
 */
export function bearer(
  token: string | (() => string | Promise<string>),
  options: AuthOptions = {},
): Auth {
  const value = (text: unknown): string => schemeValue("Bearer", text);
  const fixed = typeof token === "function" ? null : value(token);
  return {
    name: "bearer",
    origin: originOf("bearer", options),
    authorize: () => {
      if (typeof token !== "function") return fixed;
      const given = token();
      return typeof given === "object" ? Promise.resolve(given).then(value) : value(given);
    },
    answered: () => false,
  };
}
