/* Request content on its way to undici, piece by piece. */

/** After this many bytes the event loop gets a turn. */
const longestTurn = 1_048_576;

/** Whom request content tells how far it is. */
export interface OutgoingOwner {
  /** The first piece is asked for. */
  begins(): void;
  /** Another piece is asked for, so many bytes having been taken; without a number: the last piece has been. */
  written(bytes?: number): void;
}

/**
 * Lets other things happen meanwhile: as long as the peer reads as fast as the source yields, undici goes from piece to
 * piece without ever leaving the microtask queue.
 */
export class Outgoing implements AsyncIterableIterator<Uint8Array, void> {
  /** Whether all pieces have been taken. */
  ended = false;
  readonly #pieces: AsyncIterator<Uint8Array, void>;
  readonly #owner: OutgoingOwner;
  #begun = false;
  #stopped = false;
  /** Since the event loop had a turn, and altogether. */
  #bytes = 0;
  #all = 0;

  constructor(pieces: AsyncIterable<Uint8Array>, owner: OutgoingOwner) {
    this.#pieces = pieces[Symbol.asyncIterator]() as AsyncIterator<Uint8Array, void>;
    this.#owner = owner;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, void>> {
    if (!this.#begun) this.#owner.begins();
    this.#begun = true;
    this.#owner.written(this.#all);
    if (this.#bytes >= longestTurn) {
      this.#bytes = 0;
      await new Promise((resolve) => setImmediate(resolve));
    }
    try {
      const result = this.#stopped ? await never : await this.#pieces.next();
      // An end, or a failure, would be taken for that of the request.
      if (this.#stopped) return await never;
      if (result.done) {
        this.ended = true;
        process.nextTick(written, this.#owner);
      } else {
        this.#bytes += result.value.byteLength;
        this.#all += result.value.byteLength;
      }
      return result;
    } catch (error) {
      if (this.#stopped) return never;
      this.#stopped = true;
      throw error;
    }
  }

  /** No more pieces, and the source is told, at once: it may be what is being waited for. */
  stop(): void {
    if (this.#stopped || this.ended) return;
    this.#stopped = true;
    try {
      // It has nobody left to tell that it failed to stop.
      this.#pieces.return?.().then(undefined, () => undefined);
    } catch {
      // As above.
    }
  }

  return(): Promise<IteratorResult<Uint8Array, void>> {
    this.stop();
    return Promise.resolve({ done: true, value: undefined });
  }
}

const never = new Promise<never>(() => undefined);

/** For `process.nextTick`. */
export function written(owner: OutgoingOwner): void {
  owner.written();
}
