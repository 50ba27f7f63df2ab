/* Where the rate limit counts: the contract of a store, and the one in memory. */

/** What a rate limit allows. */
export interface RateRule {
  /** How many requests per `interval`, in the long run. */
  readonly requests: number;
  /** In milliseconds. */
  readonly interval: number;
  /** How many of them may go at once. */
  readonly burst: number;
}

/**
 * Counts the requests of each key. One that several processes share lives elsewhere, so its answers may be promises;
 * what it throws fails the calls that wait for it.
 */
export interface RateStore {
  /**
   * Takes a token, in one step that nobody else can come between. Returns 0 if there was one, or the milliseconds
   * after which it is worth asking again.
   * @param now In milliseconds on a clock of this process that never jumps, and maybe a few of them in the past, so that
   * late timers cost nothing. A shared store goes by its own clock.
   */
  take(key: string, rule: RateRule, now: number): number | Promise<number>;
  /** Gives no token for a key within the next `wait` milliseconds, as a server has said. */
  block(key: string, rule: RateRule, wait: number, now: number): void | Promise<void>;
}

/** Keys that are kept without looking whether they are idle. */
const fewKeys = 1000;

/**
 * A store for one process: a number for each key, and none for keys that have all their tokens. The generic cell rate
 * algorithm: a key's number is when it has them all again, so that fractions of a token are never rounded.
 */
export class MemoryRateStore implements RateStore {
  readonly #fullAt = new Map<string, number>();
  #sweepAt: number = fewKeys;

  take(key: string, { requests, interval, burst }: RateRule, now: number): number {
    const each = interval / requests;
    const fullAt = Math.max(this.#fullAt.get(key) ?? now, now);
    const wait = fullAt - (burst - 1) * each - now;
    // What is left of adding up fractions is no wait.
    if (wait > 1e-6) return wait;
    this.#keep(key, fullAt + each, now);
    return 0;
  }

  block(key: string, { requests, interval, burst }: RateRule, wait: number, now: number): void {
    // One token comes then and not all of them at once: the server has just had too many.
    const fullAt = now + wait + ((burst - 1) * interval) / requests;
    if (!(fullAt <= (this.#fullAt.get(key) ?? now))) this.#keep(key, fullAt, now);
  }

  /** Keys remembered. */
  get size(): number {
    return this.#fullAt.size;
  }

  #keep(key: string, fullAt: number, now: number): void {
    this.#fullAt.set(key, fullAt);
    if (this.#fullAt.size < this.#sweepAt) return;
    for (const [one, at] of this.#fullAt) if (at <= now) this.#fullAt.delete(one);
    // So that looking through all of them costs each key a constant.
    this.#sweepAt = Math.max(fewKeys, 2 * this.#fullAt.size);
  }
}
