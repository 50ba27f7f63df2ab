/* Streamed request content on its way into fetch: failures told as they are, and never without an end in sight. */

import { bodyPieces, isStream, type OutgoingStream, type TransportBody } from "@anyhttp/core";

/**
 * Bytes that may go out without the event loop turning. A source that always has more to a peer that always takes more
 * would let no timer fire and no abort come through.
 */
const stretch = 1_048_576;

/** Streamed content that can be stopped. */
export class Upload implements AsyncIterableIterator<Piece> {
  readonly #source: AsyncIterator<Piece>;
  readonly #onEnd: () => void;
  readonly #onFail: (error: unknown) => void;
  readonly #never: Promise<never>;
  #abandon!: (reason: Error) => void;
  #over = false;
  #run = 0;

  /**
   * @param onEnd Called when the source has been taken whole.
   * @param onFail Hears the very error that the source failed with.
   */
  constructor({ source }: OutgoingStream, onEnd: () => void, onFail: (error: unknown) => void) {
    this.#source = source[Symbol.asyncIterator]();
    this.#onEnd = onEnd;
    this.#onFail = onFail;
    this.#never = new Promise((_, reject) => (this.#abandon = reject));
    this.#never.catch(() => undefined);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Once it is stopped, it neither ends nor fails, which would finish the request. */
  async next(): Promise<IteratorResult<Piece, undefined>> {
    if (this.#run >= stretch) {
      this.#run = 0;
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    if (this.#over) return this.#never;
    try {
      const piece = await this.#source.next();
      if (this.#over) return await this.#never;
      if (!piece.done) {
        this.#run += piece.value.byteLength + 1_024;
        return piece;
      }
      this.#over = true;
      this.#onEnd();
      return { done: true, value: undefined };
    } catch (error) {
      if (this.#over) return this.#never;
      this.#over = true;
      this.#onFail(error);
      throw error;
    }
  }

  return(): Promise<IteratorResult<Piece, undefined>> {
    this.stop();
    return Promise.resolve({ done: true, value: undefined });
  }

  /**
   * Ends asking.
   * @returns Whether something is left that was not asked for.
   */
  stop(): boolean {
    if (this.#over) return false;
    this.#over = true;
    // Nobody is left to be told that stopping failed.
    this.#source.return?.().then(undefined, () => undefined);
    return true;
  }

  /** Breaks off what {@link stop} has left, when the response is over and can come to no harm. */
  abandon(): void {
    this.#abandon(new Error("nobody waits for it"));
  }
}

/** Content that goes as a stream: what is one, and a Blob where streams go past fetch. */
export function streamOf(body: TransportBody | null, goPast: boolean): OutgoingStream | null {
  if (isStream(body)) return body;
  // One that is empty goes with its length.
  if (!goPast || !(body instanceof Blob) || body.size === 0) return null;
  return { source: bodyPieces(body), length: body.size };
}

type Piece = Uint8Array<ArrayBuffer>;
