/* Where requests go, as far as cookies care: host, path, and whether others can listen. */

import { getPublicSuffix } from "tough-cookie";

/** What of a URL decides about cookies. Ports do not (RFC 6265bis §8.5). */
export interface Place {
  /** Lower case, A-labels; IPv6 in brackets; with the trailing dot if it has one, as that is another host. */
  readonly host: string;
  /** As it is sent, not decoded. */
  readonly path: string;
  /** Whether `Secure` cookies may go there. */
  readonly secure: boolean;
}

/** Splits the URL of a request. It has been normalised by the URL parser, so that there is nothing to parse. */
export function placeOf(url: string, loopbackIsSecure: boolean): Place {
  const encrypted = url.startsWith("https:");
  const start = encrypted ? 8 : 7;
  const slash = url.indexOf("/", start);
  const authority = url.slice(start, slash);
  const port = authority.lastIndexOf(":");
  const host = port > authority.lastIndexOf("]") ? authority.slice(0, port) : authority;
  const query = url.indexOf("?", slash);
  const fragment = url.indexOf("#", slash);
  const end = Math.min(query < 0 ? url.length : query, fragment < 0 ? url.length : fragment);
  const secure = encrypted || (loopbackIsSecure && isLoopback(host));
  return { host, path: url.slice(slash, end), secure };
}

/**
 * Whether what is sent to a host stays on this machine. Not names beneath `localhost`: nothing on the way to a socket
 * guarantees that they lead there.
 */
function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127(\.\d+){3}$/.test(host);
}

export function isAddress(host: string): boolean {
  return host.startsWith("[") || /^\d+(\.\d+){3}$/.test(host);
}

/** Whether a host is of a domain: the domain itself, or beneath it (RFC 6265bis §5.1.3). */
export function isWithin(host: string, domain: string): boolean {
  return host === domain || (host.endsWith(`.${domain}`) && !isAddress(host));
}

/** Whether a path is covered by a cookie's (RFC 6265bis §5.1.4). */
export function isCovered(path: string, by: string): boolean {
  if (!path.startsWith(by)) return false;
  return path.length === by.length || by.endsWith("/") || path[by.length] === "/";
}

/** Whether everybody may register beneath a domain, so that cookies for it would be shared among strangers. */
export function isPublicSuffix(domain: string): boolean {
  return registrable(domain) === undefined;
}

/** The domain that somebody has registered, for a host beneath it. */
function registrable(host: string): string | undefined {
  // A single label is one: the list's rule for what it does not know (`*`). A trailing dot makes no difference.
  const name = host.replace(/\.$/, "");
  if (isAddress(host) || !name.includes(".")) return undefined;
  return getPublicSuffix(name, { allowSpecialUseDomain: true, ignoreError: true });
}

const mostSites = 1000;

/** Finds the sites of hosts, and remembers them: the public suffix list is asked once a host. */
export class Sites {
  readonly #known = new Map<string, string>();

  /** The registrable domain of a host; the host itself where it has none. */
  of(host: string): string {
    const known = this.#known.get(host);
    if (known !== undefined) return known;
    const site = registrable(host) ?? host;
    if (this.#known.size >= mostSites) this.#known.clear();
    this.#known.set(host, site);
    return site;
  }

  /** Whether two URLs are of one site: the same registrable domain, and the same scheme (RFC 6265bis §5.2). */
  same(one: string, other: string): boolean {
    if (one === other) return true;
    const [a, b] = [placeOf(one, false), placeOf(other, false)];
    return a.secure === b.secure && (a.host === b.host || this.of(a.host) === this.of(b.host));
  }
}
