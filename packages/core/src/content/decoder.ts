/*
 * The decoder interface: how content codings (RFC 9110 §8.4.1) are undone, whatever the platform offers. Core decides
 * when and in which order; what is here only turns bytes into bytes, strictly.
 */

import type { ContentReceiver } from "../transport.ts";

/** One content coding being undone, push in, push out. */
export interface ContentDecoder {
  /** Takes a piece. Returns `false` when it wants no more until `onDrain` was called. */
  write(piece: Uint8Array<ArrayBuffer>): boolean;
  /** No more pieces. Truncated or trailing input fails the receiver with any error; core names it. */
  end(): void;
  /** Gives up and frees what it holds; the receiver hears nothing more. */
  cancel(): void;
  /** Stops and resumes output, for back-pressure. */
  pause(): void;
  resume(): void;
}

/**
 * Makes a decoder that feeds `receiver` (its `end` gets `null`). `onDrain` is called when a decoder that returned
 * `false` can take more.
 */
export type DecoderFactory = (receiver: ContentReceiver, onDrain: () => void) => ContentDecoder;

/** Decoders by content coding in lower case: `gzip`, `deflate` (zlib or raw), `br`, `zstd`; best first. */
export type ContentDecoders = Readonly<Record<string, DecoderFactory>>;
