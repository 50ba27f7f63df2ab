/* What makes a jar. */

import { Jar } from "./jar.ts";
import type { CookieJarOptions } from "./options.ts";

/** Makes jars. */
export interface CookieJarFactory {
  /** An empty jar. @throws TypeError if an option is unknown or has a wrong type. */
  (options?: CookieJarOptions): Jar;
  /**
   * A jar with the cookies of another one.
   * @param data What `toJSON()` of a jar gave, parsed. Cookies that no server could have set are dropped, and
   * `onRejected` hears of them; those that have expired are left out.
   * @throws TypeError if it is not that.
   */
  from(data: unknown, options?: Omit<CookieJarOptions, "store">): Jar;
}

/** Makes a jar for the option `cookies` of a session. */
export const cookieJar: CookieJarFactory = /* @__PURE__ */ Object.assign(
  (options: CookieJarOptions = {}): Jar => new Jar(options),
  {
    from: (data: unknown, options: Omit<CookieJarOptions, "store"> = {}): Jar =>
      new Jar({ ...options, store: undefined }).restore(data),
  },
);
