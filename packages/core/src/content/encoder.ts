/*
 * The encoder interface: how request content gets its content coding (RFC 9110 §8.4.1), whatever the platform offers.
 * Core decides when; what is here only turns bytes into bytes.
 */

/** The codings that `compress` can name. */
export type CompressCoding = "gzip" | "br" | "zstd" | "deflate";

/**
 * Encodes the pieces of one content. They are pulled one at a time, as the encoded ones are, and no more is held than
 * the coding needs. `return()` frees everything at once and ends the source; what the source throws is thrown as it is.
 */
export type EncoderFactory = (
  pieces: AsyncIterable<Uint8Array<ArrayBuffer>>,
) => AsyncIterable<Uint8Array<ArrayBuffer>>;

/** Encoders by content coding; `deflate` makes the zlib format (RFC 9110 §8.4.1.2). */
export type ContentEncoders = Readonly<Partial<Record<CompressCoding, EncoderFactory>>>;
