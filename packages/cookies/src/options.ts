/* What may be said about a jar, checked once. */

import type { RejectedCookie, RejectionReason } from "./cookie.ts";
import type { CookieStore } from "./store.ts";

/** Options of `cookieJar()`. */
export interface CookieJarOptions {
  /** Where the cookies are kept, so that several jars share them. Default: in memory, for this jar alone. */
  readonly store?: CookieStore | undefined;
  /** Is told of each cookie that is not kept, or not sent, and why. Never of a value. It must not throw. */
  readonly onRejected?: ((cookie: RejectedCookie, reason: RejectionReason) => void) | undefined;
  /** Most cookies in memory, 1 or more. Default: 3000. */
  readonly maxCookies?: number | undefined;
  /** Most cookies for one host alone, and as many again for all hosts of a domain; 1 or more. Default: 50. */
  readonly maxCookiesPerDomain?: number | undefined;
  /** Longest `cookie` field, in octets. Default: 8190, which is what most servers take of a line. */
  readonly maxFieldLength?: number | undefined;
  /**
   * Whether cleartext to `localhost`, `127.0.0.0/8` and `[::1]` counts as secure, as it does in browsers, so that
   * `Secure` cookies work there. Default: true; to be switched off where a proxy leads to another machine's.
   */
  readonly loopbackIsSecure?: boolean | undefined;
}

/** The options with their defaults. */
export interface Rules {
  readonly onRejected: (cookie: RejectedCookie, reason: RejectionReason) => void;
  readonly maxCookies: number;
  readonly maxCookiesPerDomain: number;
  readonly maxFieldLength: number;
  readonly loopbackIsSecure: boolean;
}

const defaults: Rules = {
  onRejected: () => undefined,
  maxCookies: 3000,
  maxCookiesPerDomain: 50,
  maxFieldLength: 8190,
  loopbackIsSecure: true,
};

/** @throws TypeError if an option is unknown or has a wrong type. */
export function rulesOf({ store, ...options }: CookieJarOptions): Rules {
  const rules: Rules = { ...defaults };
  for (const [name, value] of Object.entries(options)) {
    const known = Object.hasOwn(defaults, name) && defaults[name as keyof Rules];
    if (known === false) throw new TypeError(`cookieJar has no option "${name.slice(0, 64)}"`);
    if (value === undefined) continue;
    const fits = typeof known === "number" ? isCount(value) : typeof value === typeof known;
    if (!fits) throw new TypeError(`the option ${name} of cookieJar cannot be ${String(value)}`);
    Object.assign(rules, { [name]: value });
  }
  if (store !== undefined && typeof store?.read !== "function")
    throw new TypeError("the option store of cookieJar is not a CookieStore");
  return rules;
}

const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) > 0;
