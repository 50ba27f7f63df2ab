/* The jar: what sessions ask of it, and what applications look at and change. */

import type { CookieJar, HttpRequest, HttpResponse } from "@anyhttp/core";
import { cookieField, fitting, passesCrossSite } from "./cookie-field.ts";
import { type Cookie, isExpired } from "./cookie.ts";
import { type CookieInput, type CookieJarData, savedCookies, sentCookie } from "./input.ts";
import { Keeper } from "./keeper.ts";
import { type CookieJarOptions, type Rules, rulesOf } from "./options.ts";
import { isWithin, placeOf, Sites } from "./place.ts";
import { nameIn, parseSetCookie } from "./set-cookie.ts";
import { type Kept, Shelf } from "./shelf.ts";
import { MemoryShelves, type Shelves, StoredShelves } from "./store.ts";

/** Most names that a print of a jar shows. */
const mostNamed = 50;
/** Looked up by name, as this runs where no Node is. */
const inspected = Symbol.for("nodejs.util.inspect.custom");

/** Which cookies are meant: those that have all of it. */
export interface CookieFilter {
  readonly name?: string | undefined;
  /** A domain: itself and all hosts beneath it. */
  readonly domain?: string | undefined;
  readonly path?: string | undefined;
}

/** Keeps the cookies of a session. Made by `cookieJar()`. */
export class Jar implements CookieJar {
  readonly #rules: Rules;
  readonly #shelves: Shelves;
  readonly #keeper: Keeper;
  readonly #sites = new Sites();

  /** @internal */
  constructor(options: CookieJarOptions) {
    this.#rules = rulesOf(options);
    this.#keeper = new Keeper(this.#rules);
    this.#shelves = options.store
      ? new StoredShelves(options.store)
      : new MemoryShelves(this.#rules.maxCookies);
    Object.defineProperty(this, inspected, { value: () => this.toString() });
  }

  /** The value of `cookie` for a request; without a promise unless the store makes one. */
  cookiesFor(request: HttpRequest, site: string): string | null | Promise<string | null> {
    if (this.#shelves.empty) return null;
    const place = placeOf(request.url, this.#rules.loopbackIsSecure);
    const key = this.#sites.of(place.host);
    const field = (shelf: Shelf | null): string | null => {
      if (shelf === null) return null;
      let found = shelf.matching(place, Date.now());
      if (shelf.size === 0) this.#shelves.emptied(key);
      if (!this.#sites.same(request.url, site))
        found = found.filter(({ cookie }) => passesCrossSite(cookie, request.method));
      return found.length === 0 ? null : this.#field(found, place.host);
    };
    const shelf = this.#shelves.open(key);
    return shelf instanceof Promise ? shelf.then(field) : field(shelf);
  }

  /**
   * Takes the cookies of a response. One that may not be kept is dropped, and `onRejected` hears of it. Which site led
   * to the request does not matter: what a call meets is like what somebody has opened (RFC 6265bis §5.7, step 18.3).
   */
  store(request: HttpRequest, response: HttpResponse): void | Promise<void> {
    const lines = response.headers.getSetCookie();
    if (lines.length === 0) return;
    const place = placeOf(request.url, this.#rules.loopbackIsSecure);
    return this.#change(place.host, (shelf, now) => {
      for (const line of lines) {
        const reason = this.#keeper.put(shelf, parseSetCookie(line, now), place, now);
        if (reason) this.#keeper.reject(nameIn(line), place.host, reason);
      }
    });
  }

  /**
   * Sets a cookie as if a server had sent it with a response from `url`: as a record, or as the text of a `set-cookie`
   * field. One that has expired removes the cookie that it would replace.
   * @throws TypeError if a server could not set it there; the message says why.
   */
  async set(cookie: string | CookieInput, url: string | URL): Promise<void> {
    const place = placeOf(new URL(url).href, this.#rules.loopbackIsSecure);
    await this.#change(place.host, (shelf, now) => {
      const reason = this.#keeper.put(shelf, sentCookie(cookie, now), place, now);
      if (reason) throw new TypeError(`the cookie cannot be set for ${place.host}: ${reason}`);
    });
  }

  /** The cookie of that name that a request for `url` holds first; `null` if there is none. */
  async get(name: string, url: string | URL): Promise<Cookie | null> {
    const place = placeOf(new URL(url).href, this.#rules.loopbackIsSecure);
    const shelf = await this.#shelves.open(this.#sites.of(place.host));
    const found = shelf?.matching(place, Date.now()).filter(({ cookie }) => cookie.name === name);
    return fitting(found ?? [], Infinity)[0]?.cookie ?? null;
  }

  /** The cookies that have not expired, values included, the oldest first. */
  async all(filter: CookieFilter = {}): Promise<Cookie[]> {
    const now = Date.now();
    const found: Cookie[] = [];
    for (const site of await this.#shelves.sites()) {
      for (const { cookie } of (await this.#shelves.open(site)) ?? [])
        if (!isExpired(cookie, now) && isMeant(cookie, filter)) found.push(cookie);
    }
    return found.toSorted((a, b) => a.created - b.created);
  }

  /** Removes the cookies of a name. Resolves with how many there were. */
  delete(name: string, filter: CookieFilter = {}): Promise<number> {
    return this.clear({ ...filter, name });
  }

  /** Removes all cookies, or those that are meant. Resolves with how many there were. */
  async clear(filter: CookieFilter = {}): Promise<number> {
    let count = 0;
    for (const site of await this.#shelves.sites()) {
      const shelf = await this.#shelves.open(site);
      for (const { cookie } of shelf ?? [])
        if (isMeant(cookie, filter) && shelf?.remove(cookie)) count += 1;
      if (shelf) await this.#shelves.close(site, shelf, Date.now());
    }
    return count;
  }

  /**
   * All cookies as plain data, **values included**, for `cookieJar.from()`.
   * @throws TypeError if they are in a store: that is where they are saved.
   */
  toJSON(): CookieJarData {
    if (!(this.#shelves instanceof MemoryShelves))
      throw new TypeError("the cookies are in a store; read them with all()");
    const now = Date.now();
    const kept = [...this.#shelves].filter(({ cookie }) => !isExpired(cookie, now));
    const ordered = kept.toSorted((a, b) => a.used - b.used);
    return { version: 1, cookies: ordered.map(({ cookie }) => cookie) };
  }

  /** @internal Takes what `toJSON()` gave; what that could not have given is dropped. @throws TypeError */
  restore(data: unknown): this {
    for (const { cookie, reason } of savedCookies(data, Date.now())) {
      if (reason) this.#keeper.reject(cookie.name, cookie.domain, reason);
      else
        void this.#change(cookie.domain, (shelf, now) => this.#keeper.restore(shelf, cookie, now));
    }
    return this;
  }

  get [Symbol.toStringTag](): string {
    return "CookieJar";
  }

  /** What prints of the jar show: whose cookies there are and how they are called, never what they hold. */
  toString(): string {
    if (!(this.#shelves instanceof MemoryShelves)) return "CookieJar { in a store }";
    const named = [...this.#shelves].map(({ cookie }) => `${cookie.domain}: ${cookie.name}`);
    const more = named.length > mostNamed ? [`… ${named.length - mostNamed} more`] : [];
    return `CookieJar { ${[...named.slice(0, mostNamed), ...more].join(", ")} }`;
  }

  /** Changes the shelf of a host, and tells of what had to go for it. Without a promise unless the store makes one. */
  #change(host: string, change: (shelf: Shelf, now: number) => void): void | Promise<void> {
    const site = this.#sites.of(host);
    const apply = (found: Shelf | null): void | Promise<void> => {
      const now = Date.now();
      const shelf = found ?? new Shelf();
      change(shelf, now);
      const gone = this.#shelves.close(site, shelf, now);
      if (gone instanceof Promise) return gone.then(() => undefined);
      this.#keeper.dropped(gone);
    };
    const found = this.#shelves.open(site);
    return found instanceof Promise ? found.then(apply) : apply(found);
  }

  /** The field with what fits into it; `found` has those first that matter most. */
  #field(found: readonly Kept[], host: string): string {
    const sent = fitting(found, this.#rules.maxFieldLength);
    const used = this.#keeper.tick();
    for (const kept of sent) kept.used = used;
    if (sent.length < found.length)
      for (const kept of found)
        if (!sent.includes(kept)) this.#keeper.reject(kept.cookie.name, host, "field-limit");
    return cookieField(sent);
  }
}

function isMeant({ name, domain, path }: Cookie, filter: CookieFilter): boolean {
  const within = filter.domain?.toLowerCase().replace(/^\./, "");
  return (
    (filter.name === undefined || filter.name === name) &&
    (filter.path === undefined || filter.path === path) &&
    (within === undefined || isWithin(domain, within))
  );
}
