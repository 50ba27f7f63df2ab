import type { ContentDecoder, DecoderFactory, FieldLines } from "@anyhttp/core";
import * as zlib from "node:zlib";
import { describe, expect, it } from "vitest";
import { nodeDecoders } from "../src/index.ts";

type Piece = Uint8Array<ArrayBuffer>;
const plain = Buffer.from("Lorem ipsum dolor sit amet. ".repeat(30));
const coded: Record<string, Piece> = {
  gzip: new Uint8Array(zlib.gzipSync(plain)),
  br: new Uint8Array(zlib.brotliCompressSync(plain)),
  zstd: new Uint8Array(zlib.zstdCompressSync(plain)),
  deflate: new Uint8Array(zlib.deflateSync(plain)),
  "deflate raw": new Uint8Array(zlib.deflateRawSync(plain)),
};

function factoryOf(coding: string): DecoderFactory {
  const factory = nodeDecoders[coding.replace(" raw", "")];
  if (!factory) throw new Error(`no decoder for ${coding}`);
  return factory;
}

interface Outcome {
  readonly text: string;
  readonly error: unknown;
}

function decode(coding: string, pieces: readonly Piece[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const out: Uint8Array[] = [];
    const done = (error: unknown): void => resolve({ text: Buffer.concat(out).toString(), error });
    const decoder: ContentDecoder = factoryOf(coding)(
      {
        data: (piece) => out.push(piece),
        end: (_trailers: FieldLines | null) => done(null),
        fail: done,
      },
      () => undefined,
    );
    for (const piece of pieces) decoder.write(piece);
    decoder.end();
  });
}

const join = (...parts: readonly Uint8Array[]): Piece => new Uint8Array(Buffer.concat(parts));
const bytewise = (piece: Piece): Piece[] => Array.from(piece, (_byte, i) => piece.slice(i, i + 1));

describe.each(Object.entries(coded))("%s", (coding, whole) => {
  it("decodes what comes whole, and byte by byte", async () => {
    expect(await decode(coding, [whole])).toEqual({ text: plain.toString(), error: null });
    expect(await decode(coding, bytewise(whole))).toEqual({ text: plain.toString(), error: null });
  });

  it("fails when cut after any number of bytes but none", async () => {
    for (let length = 1; length < whole.byteLength; length++) {
      const { error } = await decode(coding, [whole.slice(0, length)]);
      expect(error, `cut after ${length}`).toBeInstanceOf(Error);
    }
  });

  it("takes zero bytes for empty content", async () => {
    expect(await decode(coding, [])).toEqual({ text: "", error: null });
  });

  it.each(["x", "junk that is longer than a header", "\0\0\0\0"])(
    "fails on trailing %j",
    async (junk) => {
      const tail = new Uint8Array(Buffer.from(junk));
      expect((await decode(coding, [join(whole, tail)])).error).toBeInstanceOf(Error);
      expect((await decode(coding, [whole, tail])).error).toBeInstanceOf(Error);
      expect((await decode(coding, bytewise(join(whole, tail)))).error).toBeInstanceOf(Error);
    },
  );

  it("fails on a trailing piece that comes when the engine is long done", async () => {
    const outcome = await new Promise<unknown>((resolve) => {
      const decoder = factoryOf(coding)(
        { data: () => undefined, end: () => resolve("end"), fail: resolve },
        () => undefined,
      );
      decoder.write(whole);
      setTimeout(() => decoder.write(new Uint8Array([1, 2, 3])), 20);
      setTimeout(() => decoder.end(), 40);
    });
    expect(outcome).toBeInstanceOf(Error);
  });

  it("stops output while paused, says when it is full, and resumes", async () => {
    const big = Buffer.alloc(4_000_000, "0123456789");
    const source = {
      gzip: zlib.gzipSync,
      br: zlib.brotliCompressSync,
      zstd: zlib.zstdCompressSync,
    }[coding];
    const packed = new Uint8Array(
      (source ?? (coding === "deflate" ? zlib.deflateSync : zlib.deflateRawSync))(big),
    );
    let got = 0;
    let drained = 0;
    await new Promise<void>((resolve, reject) => {
      const decoder = factoryOf(coding)(
        { data: (piece) => (got += piece.byteLength), end: () => resolve(), fail: reject },
        () => drained++,
      );
      decoder.pause();
      let full = false;
      for (let at = 0; at < packed.byteLength; at += 100) {
        if (!decoder.write(packed.slice(at, at + 100))) full = true;
      }
      decoder.end();
      setTimeout(() => {
        expect(got).toBe(0);
        if (packed.byteLength > 20_000) expect(full).toBe(true);
        decoder.resume();
      }, 50);
    });
    expect(got).toBe(big.byteLength);
    expect(drained).toBeGreaterThanOrEqual(0);
  });

  it("is silent after cancel", async () => {
    let heard = 0;
    const count = (): void => void heard++;
    const decoder = factoryOf(coding)({ data: count, end: count, fail: count }, () => undefined);
    decoder.write(whole);
    decoder.cancel();
    decoder.cancel();
    decoder.write(whole);
    decoder.end();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(heard).toBe(0);
  });
});

describe("more than one member", () => {
  it.each(["gzip", "zstd"])("%s: members in one piece, apart and byte by byte", async (coding) => {
    const one = new Uint8Array(coded[coding] ?? []);
    const expected = { text: plain.toString().repeat(3), error: null };
    expect(await decode(coding, [join(one, one, one)])).toEqual(expected);
    expect(await decode(coding, [one, one, one])).toEqual(expected);
    expect(await decode(coding, bytewise(join(one, one, one)))).toEqual(expected);
    expect((await decode(coding, [join(one, one.slice(0, -1))])).error).toBeInstanceOf(Error);
  });

  it.each(["br", "deflate"])("%s: a second one is too much", async (coding) => {
    const one = new Uint8Array(coded[coding] ?? []);
    expect((await decode(coding, [join(one, one)])).error).toBeInstanceOf(Error);
    expect((await decode(coding, [one, one])).error).toBeInstanceOf(Error);
  });
});
