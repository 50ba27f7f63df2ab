/* How fast bytes may go: the pace that transfers share, and the turns that one transfer takes in it. */

import { now } from "../clock.ts";

/** How long everybody's turns take together, in ms of the pace: so short that content flows. */
const round = 50;
/** Among how many the round is divided at most: turns that were shorter still would cost too many timers. */
const mostParts = 10;
/** How far a transfer that is alone may be ahead of the pace before it waits, in ms: so much goes for each timer. */
const ahead = 20;
/** How much time that nobody used is made up for, in ms: timers are late, and late is not slower. */
const behind = 50;

/** So many bytes per second, for all who keep this pace, taken together. */
export class Pace {
  readonly rate: number;
  /** Transfers that wait for their turn. */
  waiting = 0;
  #next = 0;

  /** @param rate Bytes per second. */
  constructor(rate: number) {
    this.rate = rate;
  }

  /** The most bytes of one turn. */
  get turn(): number {
    const parts = Math.min(mostParts, this.waiting + 1);
    return Math.max(1, Math.floor((this.rate * round) / 1000 / parts));
  }

  /** Books the next free time for so many bytes, and returns when it begins, by the clock. */
  book(bytes: number, time: number): number {
    const at = Math.max(this.#next, time - behind);
    this.#next = at + this.#timeOf(bytes);
    return at;
  }

  /** Gives back what was booked and will not be used. */
  cancel(bytes: number): void {
    this.#next -= this.#timeOf(bytes);
  }

  #timeOf(bytes: number): number {
    return (bytes / this.rate) * 1000;
  }
}

/**
 * One transfer, in the pace of its call, its session, or both. It books one turn at a time, and the next when that is
 * over: transfers that share a pace so get it in equal parts.
 */
export class Transfer {
  readonly #paces: readonly Pace[];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #booked = 0;

  constructor(paces: readonly Pace[]) {
    this.#paces = paces;
  }

  /** Whether it waits for its turn. */
  get waiting(): boolean {
    return this.#timer !== undefined;
  }

  /**
   * Books a turn for as many of these bytes as one turn takes. Returns how many may go now; 0: it is not yet time, and
   * `go` is called with their number when it is.
   */
  take(bytes: number, go: (bytes: number) => void): number {
    let count = bytes;
    for (const pace of this.#paces) count = Math.min(count, pace.turn);
    const time = now();
    let wait = 0;
    for (const pace of this.#paces) {
      const early = pace.book(count, time) - time;
      // Among others, whoever may go ahead would go ahead of them.
      if (pace.waiting > 0 || early > ahead) wait = Math.max(wait, early);
    }
    if (wait === 0) return count;
    this.#booked = count;
    for (const pace of this.#paces) pace.waiting++;
    // A timer of its own, as a socket that is held back does not keep every process alive.
    this.#timer = setTimeout(() => {
      this.#over();
      go(count);
    }, wait);
    return 0;
  }

  /** Gives up waiting, if it does. */
  stop(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#over();
    for (const pace of this.#paces) pace.cancel(this.#booked);
  }

  #over(): void {
    this.#timer = undefined;
    for (const pace of this.#paces) pace.waiting--;
  }
}
