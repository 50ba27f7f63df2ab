/* Request content for a library that takes a Node stream: pulled only as the connection takes it, and no sooner. */

import { Readable } from "node:stream";

/** A readable over the pieces of request content. */
export class Upload extends Readable {
  readonly #iterator: AsyncIterator<Uint8Array, void>;
  readonly #onFail: (error: unknown) => void;
  #state: "waiting" | "wanted" | "flowing" | "over" = "waiting";

  /** @param onFail Hears the very error that the source failed with. */
  constructor(pieces: AsyncIterable<Uint8Array>, onFail: (error: unknown) => void) {
    // Nothing is read ahead.
    super({ highWaterMark: 0 });
    this.#iterator = pieces[Symbol.asyncIterator]() as AsyncIterator<Uint8Array, void>;
    this.#onFail = onFail;
    // The exchange is told of failures directly; a library that has let go of the stream must not crash the process.
    this.on("error", () => undefined);
  }

  /** Whether there are pieces still to come. */
  get unfinished(): boolean {
    return this.#state !== "over";
  }

  /** The connection stands. Before that not a piece is asked for, so that a failed connection leaves the source whole. */
  begin(): void {
    if (this.#state === "wanted") {
      this.#state = "flowing";
      void this.#pull();
    } else if (this.#state === "waiting") this.#state = "flowing";
  }

  /** No more pieces, and the source is told. The stream neither ends nor closes: that would end the request. */
  stop(): void {
    if (this.#state === "over") return;
    this.#state = "over";
    this.#release();
  }

  override _read(): void {
    if (this.#state === "waiting") this.#state = "wanted";
    else if (this.#state === "flowing") void this.#pull();
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.stop();
    callback(error);
  }

  #release(): void {
    try {
      // The source has nobody left to tell that it failed to stop.
      this.#iterator.return?.().then(undefined, () => undefined);
    } catch {
      // As above.
    }
  }

  async #pull(): Promise<void> {
    try {
      for (;;) {
        const piece = await this.#iterator.next();
        if (this.#state !== "flowing") return;
        if (piece.done) {
          this.#state = "over";
          this.push(null);
          return;
        }
        if (piece.value.byteLength > 0) {
          this.push(piece.value);
          return;
        }
      }
    } catch (error) {
      if (this.#state !== "flowing") return;
      this.#state = "over";
      this.#onFail(error);
    }
  }
}
