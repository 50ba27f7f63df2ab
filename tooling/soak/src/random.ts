/* Chance that can be repeated: the same seed gives the same choices. */

/** A stream of numbers from a seed (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** From 0, below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** One of the entries, by their weight. */
  weighted<T extends { readonly weight: number }>(entries: readonly T[]): T {
    const total = entries.reduce((sum, { weight }) => sum + weight, 0);
    let place = this.next() * total;
    const chosen = entries.find(({ weight }) => (place -= weight) < 0) ?? entries.at(-1);
    if (!chosen) throw new Error("there is nothing to choose from");
    return chosen;
  }
}
