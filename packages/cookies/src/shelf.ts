/* The cookies of one site: which replaces which, which goes first, which are sent where. Knows no policy of sending. */

import { type Cookie, cookieId, isExpired, scope } from "./cookie.ts";
import { isCovered, isWithin, type Place } from "./place.ts";

/** A cookie in its place. */
export class Kept {
  readonly cookie: Cookie;
  /** When it was last set or sent, in the jar's time. */
  used: number;

  constructor(cookie: Cookie, used: number) {
    this.cookie = cookie;
    this.used = used;
  }
}

/** Cookies that share a registrable domain. */
export class Shelf {
  /** By scope, then by id. */
  readonly #scopes = new Map<string, Map<string, Kept>>();
  /** Those that are `Secure`, by name, then by id: what comes over cleartext is held against them. */
  readonly #secure = new Map<string, Map<string, Cookie>>();
  /** What has been put (with its cookie) and removed (`null`) since the last look; by id. */
  readonly changes: Map<string, Cookie | null> = new Map();
  size = 0;

  /** All cookies, expired ones included. */
  *[Symbol.iterator](): Generator<Kept, undefined> {
    for (const cookies of this.#scopes.values()) yield* cookies.values();
  }

  /** Keeps a cookie in place of an older one that it replaces. */
  put(cookie: Cookie, used: number): void {
    const key = scope(cookie.domain, cookie.hostOnly);
    let cookies = this.#scopes.get(key);
    if (!cookies) this.#scopes.set(key, (cookies = new Map<string, Kept>()));
    const id = cookieId(cookie);
    const old = cookies.get(id);
    if (!old) this.size += 1;
    // §5.7, step 23.3: it stays as old as the one that it replaces.
    const kept = old ? { ...cookie, created: old.cookie.created } : cookie;
    if (old) this.#forgetSecure(old.cookie, id);
    cookies.set(id, new Kept(kept, used));
    if (kept.secure) {
      const named = this.#secure.get(kept.name) ?? new Map<string, Cookie>();
      this.#secure.set(kept.name, named.set(id, kept));
    }
    this.changes.set(id, kept);
  }

  /** Removes a cookie, or the one that it would replace; says whether there was one. */
  remove(cookie: Cookie): boolean {
    const key = scope(cookie.domain, cookie.hostOnly);
    const cookies = this.#scopes.get(key);
    const id = cookieId(cookie);
    const kept = cookies?.get(id);
    if (!cookies || !kept) return false;
    cookies.delete(id);
    this.#forgetSecure(kept.cookie, id);
    if (cookies.size === 0) this.#scopes.delete(key);
    this.size -= 1;
    this.changes.set(id, null);
    return true;
  }

  /**
   * Removes what is too many with the scope of a cookie (§5.7): what has expired, then what is not `Secure`, then the
   * rest, the longest unused first. Cookies for one host and cookies for all beneath it are counted apart, so that
   * no neighbour can push out what a host has set for itself alone.
   */
  evict(like: Cookie, limit: number, now: number): Cookie[] {
    const gone: Cookie[] = [];
    const cookies = this.#scopes.get(scope(like.domain, like.hostOnly));
    if (!cookies || cookies.size <= limit) return gone;
    for (const { cookie } of cookies.values()) if (isExpired(cookie, now)) this.remove(cookie);
    while (cookies.size > limit) {
      const { cookie } = [...cookies.values()].reduce((a, b) => (goesBefore(b, a) ? b : a));
      this.remove(cookie);
      gone.push(cookie);
    }
    return gone;
  }

  /** Whether a cookie that came over cleartext would hide one that is `Secure`, or stand beside it (§5.7, step 16). */
  hidesSecure({ name, domain, path }: Cookie): boolean {
    for (const cookie of this.#secure.get(name)?.values() ?? []) {
      if (
        isCovered(path, cookie.path) &&
        (isWithin(domain, cookie.domain) || isWithin(cookie.domain, domain))
      )
        return true;
    }
    return false;
  }

  /** The cookies for a place (§5.8.3), those of its host alone first. Removes what has expired. */
  matching({ host, path, secure }: Place, now: number): Kept[] {
    const found: Kept[] = [];
    const look = (key: string): void => {
      for (const kept of this.#scopes.get(key)?.values() ?? []) {
        const { cookie } = kept;
        if (isExpired(cookie, now)) this.remove(cookie);
        else if ((secure || !cookie.secure) && isCovered(path, cookie.path)) found.push(kept);
      }
    };
    look(host);
    for (let dot = 0, above = `.${host}`; dot >= 0; dot = above.indexOf(".", 1)) {
      above = above.slice(dot);
      look(above);
    }
    return found;
  }

  #forgetSecure({ name, secure }: Cookie, id: string): void {
    const named = secure && this.#secure.get(name);
    if (named && named.delete(id) && named.size === 0) this.#secure.delete(name);
  }
}

function goesBefore(one: Kept, other: Kept): boolean {
  const [a, b] = [one.cookie.secure, other.cookie.secure];
  return a === b ? one.used < other.used : b;
}
