/* Several contents as one, read one after another. */

import type { TransportBody } from "../transport.ts";
import { bodyPieces } from "./body.ts";

/** The pieces of several contents, one after another. */
export class Joined implements AsyncIterableIterator<Uint8Array<ArrayBuffer>, void> {
  readonly #bodies: TransportBody[];
  readonly #giveUp: () => void;
  #current: AsyncIterator<Uint8Array<ArrayBuffer>, void> | null = null;

  /** @param giveUp Called if it ends early. */
  constructor(bodies: readonly TransportBody[], giveUp: () => void) {
    this.#bodies = [...bodies];
    this.#giveUp = giveUp;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array<ArrayBuffer>, void>> {
    try {
      for (;;) {
        if (!this.#current) {
          const body = this.#bodies.shift();
          if (!body) return { done: true, value: undefined };
          this.#current = bodyPieces(body)[Symbol.asyncIterator]();
        }
        const next = await this.#current.next();
        if (!next.done) return next;
        this.#current = null;
      }
    } catch (error) {
      this.#giveUp();
      throw error;
    }
  }

  /** Ends the part that is being sent, and those that nobody will read any more. */
  async return(): Promise<IteratorResult<Uint8Array<ArrayBuffer>, void>> {
    this.#bodies.length = 0;
    this.#giveUp();
    await this.#current?.return?.();
    return { done: true, value: undefined };
  }
}
