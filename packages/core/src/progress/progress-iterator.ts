/* Progress as an async iterator: the newest value wins, so that whoever is slow misses some and holds nothing up. */

import type { Progress, ProgressDirection } from "./progress.ts";

type Result = IteratorResult<Progress, undefined>;

/** @internal */
export class ProgressIterator implements AsyncIterableIterator<Progress> {
  readonly direction: ProgressDirection;
  /** How many meters tell it at present. */
  meters = 0;
  #newest: Progress | null = null;
  #waiting: ((result: Result) => void)[] = [];
  #ending = false;

  constructor(direction: ProgressDirection) {
    this.direction = direction;
  }

  next(): Promise<Result> {
    const value = this.#newest;
    this.#newest = null;
    if (value) return Promise.resolve({ done: false, value });
    if (this.#over) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  return(): Promise<Result> {
    this.meters = -Infinity;
    this.#newest = null;
    this.end();
    return this.next();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  offer(value: Progress): void {
    const waiting = this.#waiting.shift();
    if (waiting) waiting({ done: false, value });
    // One that was left has nobody to tell.
    else if (this.meters > 0) this.#newest = value;
  }

  /** There will be no other transfer. */
  end(): void {
    this.#ending = true;
    this.#settle();
  }

  meterOver(): void {
    this.meters--;
    this.#settle();
  }

  get #over(): boolean {
    return this.#ending && this.meters <= 0;
  }

  #settle(): void {
    if (this.#over)
      for (const resolve of this.#waiting.splice(0)) resolve({ done: true, value: undefined });
  }
}
