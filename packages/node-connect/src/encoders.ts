/* Content encoders over `node:zlib`: what is encoded is pulled from the source as the connection asks for it. */

import type { ContentEncoders, EncoderFactory } from "@anyhttp/core";
import type { Transform } from "node:stream";
import * as zlib from "node:zlib";

type Piece = Uint8Array<ArrayBuffer>;

class EncodedPieces implements AsyncIterator<Piece> {
  readonly #source: AsyncIterator<Piece>;
  readonly #open: () => Transform;
  /** Opened with the first piece, as a connection may never come to ask for one. */
  #engine: Transform | null = null;
  /** Whether the engine has taken whole what it was given last. */
  #hungry = true;
  #over = false;
  #failure: { readonly error: unknown } | null = null;
  #wake: () => void = nothing;

  constructor(pieces: AsyncIterable<Piece>, open: () => Transform) {
    this.#source = pieces[Symbol.asyncIterator]();
    this.#open = open;
  }

  async next(): Promise<IteratorResult<Piece>> {
    while (!this.#over) {
      const engine = (this.#engine ??= this.#begin());
      const piece = engine.read() as Piece | null;
      if (piece) return { done: false, value: piece };
      if (this.#failure) return this.#fail(this.#failure.error);
      if (engine.readableEnded) break;
      if (this.#hungry) await this.#feed(engine);
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    this.#over = true;
    return { done: true, value: undefined };
  }

  /** Frees the engine now, and whoever waits for it. */
  async return(): Promise<IteratorResult<Piece>> {
    this.#over = true;
    this.#engine?.destroy();
    this.#wake();
    await this.#source.return?.();
    return { done: true, value: undefined };
  }

  #begin(): Transform {
    const wake = (): void => this.#wake();
    return this.#open()
      .on("readable", wake)
      .on("end", wake)
      .on("error", (error) => {
        this.#failure ??= { error };
        wake();
      });
  }

  async #feed(engine: Transform): Promise<void> {
    this.#hungry = false;
    try {
      const next = await this.#source.next();
      if (this.#over) return;
      if (next.done) return void engine.end();
      engine.write(next.value, () => {
        this.#hungry = true;
        this.#wake();
      });
    } catch (error) {
      this.#failure = { error };
    }
  }

  #fail(error: unknown): never {
    this.#over = true;
    this.#engine?.destroy();
    throw error;
  }
}

function nothing(): void {
  // Nobody waits.
}

function encoder(open: () => Transform): EncoderFactory {
  return (pieces) => ({ [Symbol.asyncIterator]: () => new EncodedPieces(pieces, open) });
}

/** Quality 4 of 11 and a window of 512 KiB: zlib's defaults are for content that is encoded once and served often. */
const quickBrotli: zlib.BrotliOptions = {
  params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 4, [zlib.constants.BROTLI_PARAM_LGWIN]: 19 },
};

// Node 22 got zstd in 22.15.
const zstd: ContentEncoders =
  typeof zlib.createZstdCompress === "function"
    ? { zstd: encoder(() => zlib.createZstdCompress()) }
    : {};

/** What this Node encodes: `gzip`, `br`, `zstd` (from Node 22.15), `deflate`. */
export const nodeEncoders: ContentEncoders = Object.freeze({
  gzip: encoder(() => zlib.createGzip()),
  br: encoder(() => zlib.createBrotliCompress(quickBrotli)),
  ...zstd,
  deflate: encoder(() => zlib.createDeflate()),
});
