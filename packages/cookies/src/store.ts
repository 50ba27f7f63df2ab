/* Where the cookies of a jar are: in memory, or in a store that several jars share. */

import { type Cookie, isExpired } from "./cookie.ts";
import { type Kept, Shelf } from "./shelf.ts";

/**
 * Keeps cookies for several jars, processes or machines. It is asked per site (the registrable domain, such as
 * `example.com`), so that one look finds all that a request may need. With it, `maxCookies` is the store's own affair.
 */
export interface CookieStore {
  /** The cookies of a site, in any order; expired ones may be among them. */
  read(site: string): readonly Cookie[] | Promise<readonly Cookie[]>;
  /**
   * Applies changes to a site: by id, the cookie to keep, or `null` to remove. Ids are opaque. What others have
   * changed under other ids must stay: change entries, not the whole.
   */
  write(site: string, changes: ReadonlyMap<string, Cookie | null>): void | Promise<void>;
  /** The sites that have cookies. */
  sites(): Iterable<string> | Promise<Iterable<string>>;
}

/** Shelves by site, whatever is behind them. */
export interface Shelves {
  /** Whether there is certainly no cookie. */
  readonly empty: boolean;
  /** The shelf of a site; `null`: it has none. */
  open(site: string): Shelf | null | Promise<Shelf | null>;
  /** Takes what has been changed. Returns what had to go because there were too many. */
  close(site: string, shelf: Shelf, now: number): readonly Cookie[] | Promise<readonly Cookie[]>;
  /** Is told when looking at a shelf has emptied it, as all on it had expired. */
  emptied(site: string): void;
  sites(): Iterable<string> | Promise<Iterable<string>>;
}

/** Shelves in memory. */
export class MemoryShelves implements Shelves, Iterable<Kept> {
  readonly #shelves = new Map<string, Shelf>();
  readonly #limit: number;
  #atMost = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get empty(): boolean {
    return this.#shelves.size === 0;
  }

  open(site: string): Shelf | null {
    return this.#shelves.get(site) ?? null;
  }

  close(site: string, shelf: Shelf, now: number): readonly Cookie[] {
    // At least as many as there are: each put counts. Counting them all each time would make many sites slow.
    for (const cookie of shelf.changes.values()) if (cookie) this.#atMost += 1;
    shelf.changes.clear();
    if (shelf.size > 0) this.#shelves.set(site, shelf);
    else this.#shelves.delete(site);
    if (this.#atMost <= this.#limit) return [];
    this.#atMost = 0;
    for (const each of this.#shelves.values()) this.#atMost += each.size;
    if (this.#atMost <= this.#limit) return [];
    // A hundredth more than need be, so that a full jar is not searched with every response.
    const left = Math.ceil(this.#limit * 0.99);
    const gone = this.#evict(this.#atMost - left, now);
    this.#atMost = left;
    return gone;
  }

  emptied(site: string): void {
    this.#shelves.delete(site);
  }

  sites(): string[] {
    return [...this.#shelves.keys()];
  }

  *[Symbol.iterator](): Generator<Kept, undefined> {
    for (const shelf of this.#shelves.values()) yield* shelf;
  }

  /** RFC 6265bis §5.7: what has expired, then the longest unused, of whichever site. */
  #evict(excess: number, now: number): Cookie[] {
    const all: [Kept, string, Shelf][] = [];
    for (const [site, shelf] of this.#shelves)
      for (const kept of shelf) all.push([kept, site, shelf]);
    const rank = ({ cookie, used }: Kept): number => (isExpired(cookie, now) ? -1 : used);
    const gone = all.toSorted(([a], [b]) => rank(a) - rank(b)).slice(0, excess);
    for (const [{ cookie }, site, shelf] of gone) {
      shelf.remove(cookie);
      shelf.changes.clear();
      if (shelf.size === 0) this.#shelves.delete(site);
    }
    return gone.map(([{ cookie }]) => cookie).filter((cookie) => !isExpired(cookie, now));
  }
}

/** Shelves that are read from a store each time. */
export class StoredShelves implements Shelves {
  readonly empty = false;
  readonly #store: CookieStore;

  constructor(store: CookieStore) {
    this.#store = store;
  }

  open(site: string): Shelf | null | Promise<Shelf | null> {
    const cookies = this.#store.read(site);
    return cookies instanceof Promise ? cookies.then(shelfOf) : shelfOf(cookies);
  }

  async close(site: string, shelf: Shelf): Promise<readonly Cookie[]> {
    if (shelf.changes.size > 0) await this.#store.write(site, new Map(shelf.changes));
    return [];
  }

  /** Looking changes nothing in a store. */
  emptied(): void {}

  sites(): Iterable<string> | Promise<Iterable<string>> {
    return this.#store.sites();
  }
}

/** Which cookie was used last is not in a store: it would have to be written with every request. */
function shelfOf(cookies: readonly Cookie[]): Shelf | null {
  if (cookies.length === 0) return null;
  const shelf = new Shelf();
  for (const cookie of cookies) shelf.put(cookie, cookie.created);
  shelf.changes.clear();
  return shelf;
}
