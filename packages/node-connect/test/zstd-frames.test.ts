import * as zlib from "node:zlib";
import { describe, expect, it } from "vitest";
import { ZstdFrames } from "../src/zstd-frames.ts";

const { ZSTD_c_checksumFlag, ZSTD_c_contentSizeFlag, ZSTD_c_compressionLevel } = zlib.constants;
const text = "The same text, again and again. ".repeat(20);
const noise = Buffer.from(Array.from({ length: 300_000 }, (_, i) => ((i * i) >> 3) ^ (i * 131)));
const skippable = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
const frame = (content: string | Buffer, params: Record<number, number> = {}): Buffer =>
  zlib.zstdCompressSync(content, { params });

/** After how many octets nothing is lacking. */
function ends(coded: Buffer): number[] {
  const frames = new ZstdFrames();
  const found: number[] = [];
  for (let i = 0; i < coded.length; i++) {
    frames.take(coded.subarray(i, i + 1));
    if (!frames.open) found.push(i + 1);
  }
  return found;
}

describe("the frames of zstd", () => {
  it.each<[string, Buffer]>([
    ["text", frame(text)],
    ["nothing", frame("")],
    ["a checksum", frame(text, { [ZSTD_c_checksumFlag]: 1 })],
    ["no size", frame(text, { [ZSTD_c_contentSizeFlag]: 0 })],
    ["repeated octets", frame(Buffer.alloc(500_000))],
    ["many blocks", frame(noise, { [ZSTD_c_compressionLevel]: 1 })],
    ["something to skip", skippable],
  ])("that hold %s end where they end, and nowhere before", (_what, coded) => {
    expect(ends(coded)).toEqual([coded.length]);
    const whole = new ZstdFrames();
    whole.take(coded);
    expect(whole.open).toBe(false);
  });

  it("are followed one after another", () => {
    const first = frame(text);
    const coded = Buffer.concat([first, skippable, frame("b", { [ZSTD_c_checksumFlag]: 1 })]);
    expect(ends(coded)).toEqual([first.length, first.length + skippable.length, coded.length]);
  });

  it("are not whole with something behind them", () => {
    const frames = new ZstdFrames();
    frames.take(Buffer.concat([frame(text), Buffer.from("something else")]));
    expect(frames.open).toBe(true);
  });
});
