/* Encoders: whatever the pieces, what a decoder makes of the encoded ones is the content. */

import * as fc from "fast-check";
import { randomBytes } from "node:crypto";
import * as zlib from "node:zlib";
import { describe, expect, it } from "vitest";
import { type CompressCoding, type ContentEncoders, webEncoders } from "../src/index.ts";
import { holds, patience } from "./support/generated.ts";

type Piece = Uint8Array<ArrayBuffer>;

const undo: Record<CompressCoding, (bytes: Uint8Array) => Uint8Array> = {
  gzip: (bytes) => zlib.gunzipSync(bytes),
  br: (bytes) => zlib.brotliDecompressSync(bytes),
  zstd: (bytes) => zlib.zstdDecompressSync(bytes),
  deflate: (bytes) => zlib.inflateSync(bytes),
};

/** A source that counts what is asked of it. */
class Source implements AsyncIterable<Piece>, AsyncIterator<Piece> {
  asked = 0;
  ended = 0;
  readonly #pieces: readonly (Piece | Error)[];

  constructor(pieces: readonly (Piece | Error)[]) {
    this.#pieces = pieces;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Piece>> {
    await Promise.resolve();
    const piece = this.#pieces[this.asked++];
    if (piece instanceof Error) throw piece;
    return piece ? { done: false, value: piece } : { done: true, value: undefined };
  }

  return(): Promise<IteratorResult<Piece>> {
    this.ended++;
    return Promise.resolve({ done: true, value: undefined });
  }
}

function encoded(encoders: ContentEncoders, coding: string, source: Source): AsyncIterator<Piece> {
  const encode = encoders[coding as CompressCoding];
  if (!encode) throw new Error(`no encoder for ${coding}`);
  return encode(source)[Symbol.asyncIterator]();
}

async function all(pieces: AsyncIterator<Piece>): Promise<Buffer> {
  const out: Piece[] = [];
  for (let next = await pieces.next(); !next.done; next = await pieces.next()) out.push(next.value);
  return Buffer.concat(out);
}

const noise = (size: number): Piece => new Uint8Array(randomBytes(size));
const pieces = fc.array(
  fc.oneof(
    fc.uint8Array({ maxLength: 64 }) as fc.Arbitrary<Piece>,
    fc.integer({ min: 0, max: 100_000 }).map((size) => new Uint8Array(size).fill(97)),
    fc.integer({ min: 1, max: 65_536 }).map(noise),
  ),
  { maxLength: 6 },
);

const encoders = webEncoders();

describe.each(Object.keys(encoders))("the web encoder for %s", (coding) => {
  it("makes of any pieces what decodes to the same", patience, () =>
    holds(
      // Brotli is slow by default.
      coding === "br" ? 10 : 40,
      fc.asyncProperty(pieces, async (given) => {
        const out = await all(encoded(encoders, coding, new Source(given)));
        expect(Buffer.concat(given).equals(undo[coding as CompressCoding](out))).toBe(true);
      }),
    ),
  );

  it("throws what the source throws", async () => {
    const error = new Error("the source's own");
    const source = new Source([noise(100_000), error]);
    await expect(all(encoded(encoders, coding, source))).rejects.toBe(error);
  });

  it("asks for no more content than is taken, but for its window", async () => {
    const source = new Source(
      Array.from({ length: coding === "br" ? 64 : 256 }, () => noise(65_536)),
    );
    const out = encoded(encoders, coding, source);
    expect(source.asked).toBe(0);
    for (let i = 0; i < 4; i++) await out.next();
    await new Promise((resolve) => setTimeout(resolve, 20));
    // What is held is the coding's own window, of some MiB at most.
    expect(source.asked).toBeLessThan(coding === "br" ? 48 : 128);
    await out.return?.();
  });

  it("ends with its source when it is left, also while it is asked", async () => {
    const never = new Source([noise(10)]);
    never.next = () => new Promise(() => undefined);
    const out = encoded(encoders, coding, never);
    const asked = out.next();
    await Promise.resolve();
    await out.return?.();
    expect(never.ended).toBe(1);
    expect(await out.next()).toEqual({ done: true, value: undefined });
    expect(await asked).toEqual({ done: true, value: undefined });
  });
});
