/* Content encoders over the platform's `CompressionStream`, for runtimes without `node:zlib`. */

import { ignore } from "../quiet.ts";
import type { CompressCoding, ContentEncoders, EncoderFactory } from "./encoder.ts";

type Piece = Uint8Array<ArrayBuffer>;

/** Bytes that may go in without the event loop turning, which some platforms need for anything to come out. */
const stretch = 1_048_576;

class EncodedPieces implements AsyncIterator<Piece> {
  readonly #source: AsyncIterator<Piece>;
  readonly #format: string;
  #writer: WritableStreamDefaultWriter<Piece> | null = null;
  #reader: ReadableStreamDefaultReader<Piece> | null = null;
  #over = false;
  #failure: { readonly error: unknown } | null = null;
  #wanted = false;
  #wake: () => void = ignore;

  constructor(pieces: AsyncIterable<Piece>, format: string) {
    this.#source = pieces[Symbol.asyncIterator]();
    this.#format = format;
  }

  async next(): Promise<IteratorResult<Piece>> {
    this.#wanted = true;
    this.#wake();
    try {
      const next = this.#over ? null : await (this.#reader ??= this.#begin()).read();
      if (next && !next.done && !this.#over) return { done: false, value: next.value };
    } catch (error) {
      // The source's own error, not what the stream makes of it.
      if (!this.#over) throw this.#failure ? this.#failure.error : error;
    } finally {
      this.#wanted = false;
    }
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<Piece>> {
    this.#over = true;
    this.#writer?.abort().catch(ignore);
    this.#reader?.cancel().catch(ignore);
    await this.#source.return?.();
    return { done: true, value: undefined };
  }

  #begin(): ReadableStreamDefaultReader<Piece> {
    const { readable, writable } = new CompressionStream(this.#format as CompressionFormat);
    this.#writer = writable.getWriter();
    this.#writer.closed.catch(ignore);
    void this.#feed(this.#writer);
    return readable.getReader();
  }

  /** Goes no faster than the encoded pieces are read. */
  async #feed(writer: WritableStreamDefaultWriter<Piece>): Promise<void> {
    let run = 0;
    try {
      for (;;) {
        await writer.ready;
        // Workerd's is always ready, for as much as there is.
        if (!this.#wanted) await new Promise<void>((resolve) => (this.#wake = resolve));
        if (run > stretch) run = await new Promise((resolve) => setTimeout(resolve, 0, 0));
        if (this.#over) return;
        const next = await this.#source.next();
        if (this.#over) return;
        if (next.done) break;
        run += next.value.byteLength;
        writer.write(next.value).catch(ignore);
      }
      await writer.close();
    } catch (error) {
      this.#failure = { error };
      writer.abort(error).catch(ignore);
    }
  }
}

const formats: Readonly<Record<CompressCoding, string>> = {
  gzip: "gzip",
  br: "brotli",
  zstd: "zstd",
  deflate: "deflate",
};

/** What this runtime's `CompressionStream` knows, found by asking it. */
export function webEncoders(): ContentEncoders {
  const found: Partial<Record<CompressCoding, EncoderFactory>> = {};
  for (const coding of Object.keys(formats) as CompressCoding[]) {
    const format = formats[coding];
    try {
      new CompressionStream(format as CompressionFormat);
      found[coding] = (pieces) => ({
        [Symbol.asyncIterator]: () => new EncodedPieces(pieces, format),
      });
    } catch {
      // Not known here, or there is none at all.
    }
  }
  return found;
}
