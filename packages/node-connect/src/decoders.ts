/*
 * Content decoders over `node:zlib`: faster than `DecompressionStream`, and with `br` and `zstd` on every supported
 * Node. Strict where zlib is not: what follows the end of the coded data is an error, as is data that ends early.
 */

import type {
  ContentDecoder,
  ContentDecoders,
  ContentReceiver,
  DecoderFactory,
} from "@anyhttp/core";
import * as zlib from "node:zlib";
import { ZstdFrames } from "./zstd-frames.ts";

type Piece = Uint8Array<ArrayBuffer>;
type Engine = zlib.Gunzip | zlib.Inflate | zlib.InflateRaw | zlib.BrotliDecompress;

interface Coding {
  /** Makes the engine; the first byte can tell which. */
  readonly open: (first: number, options: zlib.ZlibOptions) => Engine;
  /** Whether data after the end is another frame that the engine leaves to us. */
  readonly frames: boolean;
}

/** Output buffer for content that comes in large pieces; zlib's own default, 16 KiB, suits the small. */
const largeChunk = 65_536;

class ZlibDecoder implements ContentDecoder {
  readonly #coding: Coding;
  readonly #receiver: ContentReceiver;
  readonly #onDrain: () => void;
  #engine: Engine | null = null;
  /** Pieces that the engine has not taken whole, and how many bytes it was given with them. */
  #fed: Piece[] = [];
  #given = 0;
  #ended = false;
  #paused = false;
  #over = false;
  readonly #frames: ZstdFrames | null;

  constructor(coding: Coding, receiver: ContentReceiver, onDrain: () => void) {
    this.#coding = coding;
    this.#receiver = receiver;
    this.#onDrain = onDrain;
    this.#frames = coding.frames ? new ZstdFrames() : null;
  }

  write(piece: Piece): boolean {
    this.#frames?.take(piece);
    return this.#write(piece);
  }

  #write(piece: Piece): boolean {
    if (this.#over || piece.byteLength === 0) return true;
    const engine = (this.#engine ??= this.#open(piece));
    this.#forget(engine);
    this.#fed.push(piece);
    this.#given += piece.byteLength;
    if (engine.readableEnded) this.#finish(engine);
    // An engine that has met the end of the data takes nothing; its `end` is on the way and looks at what is left.
    return this.#over || engine.readableEnded || engine.write(piece);
  }

  end(): void {
    if (this.#over) return;
    this.#ended = true;
    if (this.#engine) this.#engine.end();
    else {
      // Not one byte came: no member, no stream, nothing to decode.
      this.#over = true;
      this.#receiver.end(null);
    }
  }

  cancel(): void {
    this.#over = true;
    this.#fed = [];
    this.#engine?.destroy();
  }

  pause(): void {
    this.#paused = true;
    this.#engine?.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#engine?.resume();
  }

  #open(piece: Piece): Engine {
    const options = piece.byteLength >= 16_384 ? { chunkSize: largeChunk } : {};
    const engine = this.#coding.open(piece[0] as number, options);
    if (this.#paused) engine.pause();
    engine.on("error", (error) => this.#fail(error));
    engine.on("drain", () => {
      if (!this.#over) this.#onDrain();
    });
    engine.on("end", () => this.#finish(engine));
    engine.on("data", (decoded: Piece) => {
      if (!this.#over) this.#receiver.data(decoded);
    });
    return engine;
  }

  /** Drops the pieces that the engine has taken whole. */
  #forget(engine: Engine): void {
    let taken = engine.bytesWritten - this.#given;
    for (const piece of this.#fed) taken += piece.byteLength;
    while (this.#fed[0] && this.#fed[0].byteLength <= taken) {
      taken -= (this.#fed.shift() as Piece).byteLength;
    }
  }

  /** The engine has met the end of the data. zlib keeps silent about what it did not take. */
  #finish(engine: Engine): void {
    if (this.#over) return;
    const left = this.#given - engine.bytesWritten;
    if (left > 0) {
      if (this.#coding.frames) this.#nextFrame(left);
      else this.#fail(new Error(`${left} bytes after the end of the coded data`));
    } else if (this.#ended) {
      if (this.#frames?.open) return this.#fail(new Error("the last frame is not whole"));
      this.#over = true;
      this.#receiver.end(null);
    }
  }

  #nextFrame(left: number): void {
    const rest: Piece[] = [];
    for (let i = this.#fed.length - 1; i >= 0 && left > 0; i--) {
      const piece = this.#fed[i] as Piece;
      const take = Math.min(left, piece.byteLength);
      rest.unshift(piece.subarray(piece.byteLength - take));
      left -= take;
    }
    this.#engine = null;
    this.#fed = [];
    this.#given = 0;
    for (const piece of rest) this.#write(piece);
    if (this.#ended) this.end();
    else this.#onDrain();
  }

  #fail(error: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.#fed = [];
    this.#engine?.destroy();
    this.#receiver.fail(error);
  }
}

function decoder(open: Coding["open"], frames = false): DecoderFactory {
  const coding: Coding = { open, frames };
  return (receiver, onDrain) => new ZlibDecoder(coding, receiver, onDrain);
}

// "deflate" is zlib by RFC 9110 §8.4.1.2, but some servers send it raw; a zlib header begins with method 8.
const inflate: Coding["open"] = (first, options) =>
  (first & 0x0f) === 8 ? zlib.createInflate(options) : zlib.createInflateRaw(options);

// Node 22 got zstd in 22.15.
const zstd: ContentDecoders =
  typeof zlib.createZstdDecompress === "function"
    ? {
        zstd: decoder(
          (_first, options) => zlib.createZstdDecompress(options as zlib.ZstdOptions),
          true,
        ),
      }
    : {};

/** What this Node decodes: `gzip`, `br`, `zstd` (from Node 22.15), `deflate`. Failures are zlib's own errors. */
export const nodeDecoders: ContentDecoders = Object.freeze({
  gzip: decoder((_first, options) => zlib.createGunzip(options)),
  br: decoder((_first, options) => zlib.createBrotliDecompress(options as zlib.BrotliOptions)),
  ...zstd,
  deflate: decoder(inflate),
});
