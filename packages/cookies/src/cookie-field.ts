/* Makes the `cookie` field of a request (RFC 6265bis §5.8.3): order, length, and what `SameSite` lets pass. */

import type { Cookie } from "./cookie.ts";
import type { Kept } from "./shelf.ts";

/** Methods that change nothing (RFC 9110 §9.2.1). */
const safeMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/**
 * Whether a cookie goes with a request that another site led to. A call is like an address that somebody has typed, or
 * a link that was followed: its `SameSite=Lax` cookies go along unless the method changes something.
 */
export function passesCrossSite({ sameSite }: Cookie, method: string): boolean {
  return sameSite === "none" || (sameSite !== "strict" && safeMethods.has(method));
}

/**
 * Those that fit into a field of so many octets, in the order in which they are sent: longer paths first, then older
 * cookies. What does not fit is left out from the end of the list as it is given, so that a host's own come first.
 */
export function fitting(cookies: readonly Kept[], limit: number): Kept[] {
  let length = -2;
  const taken = cookies.filter(({ cookie }) => {
    const more = pair(cookie).length + 2;
    if (length + more > limit) return false;
    length += more;
    return true;
  });
  return taken.length < 2 ? taken : taken.toSorted(inOrder);
}

/** The field's value. */
export function cookieField(cookies: readonly Kept[]): string {
  return cookies.map(({ cookie }) => pair(cookie)).join("; ");
}

function pair({ name, value }: Cookie): string {
  return name === "" ? value : `${name}=${value}`;
}

function inOrder({ cookie: a }: Kept, { cookie: b }: Kept): number {
  return b.path.length - a.path.length || a.created - b.created;
}
