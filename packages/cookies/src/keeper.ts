/* Puts cookies on shelves by the rules of the jar, and tells of those that it does not keep. */

import { admit } from "./admit.ts";
import { type Cookie, isExpired, type RejectionReason } from "./cookie.ts";
import type { Rules } from "./options.ts";
import type { Place } from "./place.ts";
import type { SentCookie } from "./set-cookie.ts";
import type { Shelf } from "./shelf.ts";

/** Keeps and refuses. */
export class Keeper {
  readonly #rules: Rules;
  #last = 0;

  constructor(rules: Rules) {
    this.#rules = rules;
  }

  /** The time, strictly increasing, so that what comes later is later: in milliseconds since 1970, with fractions. */
  tick(): number {
    return (this.#last = Math.max(Date.now(), this.#last + 1 / 1024));
  }

  /** Puts a cookie that came from a place, or removes the one that it ends. Says why if it may do neither. */
  put(
    shelf: Shelf,
    sent: SentCookie | RejectionReason,
    from: Place,
    now: number,
  ): RejectionReason | null {
    if (typeof sent === "string") return sent;
    const cookie = admit(sent, from, now, this.tick());
    if (typeof cookie === "string") return cookie;
    if (!from.secure && shelf.hidesSecure(cookie)) return "hides-secure";
    if (isExpired(cookie, now)) shelf.remove(cookie);
    else this.#shelve(shelf, cookie, now);
    return null;
  }

  /** Puts a cookie that has been saved, and checked. */
  restore(shelf: Shelf, cookie: Cookie, now: number): void {
    if (isExpired(cookie, now)) return;
    this.#last = Math.max(this.#last, cookie.created);
    this.#shelve(shelf, cookie, now);
  }

  #shelve(shelf: Shelf, cookie: Cookie, now: number): void {
    shelf.put(cookie, this.tick());
    this.dropped(shelf.evict(cookie, this.#rules.maxCookiesPerDomain, now));
  }

  /** Tells of cookies that had to go. */
  dropped(cookies: readonly Cookie[]): void {
    for (const { name, domain } of cookies) this.reject(name, domain, "limit");
  }

  reject(name: string, host: string, reason: RejectionReason): void {
    this.#rules.onRejected({ name: name.slice(0, 64), host }, reason);
  }
}
