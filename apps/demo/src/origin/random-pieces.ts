// Bytes that look random and are the same for the same seed, made piece by piece.

const pieceSize = 64 * 1024;

/** Yields `length` bytes in pieces of 64 KiB. */
export function* randomPieces(length: number, seed: number): Generator<Buffer<ArrayBuffer>> {
  // xorshift32: quick, and never leaves a state other than 0.
  let state = (seed ^ 0x9e37_79b9) >>> 0 || 1;
  for (let left = length; left > 0; left -= pieceSize) {
    const words = new Uint32Array(pieceSize / 4);
    for (let index = 0; index < words.length; index++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      words[index] = state;
    }
    yield Buffer.from(words.buffer, 0, Math.min(left, pieceSize));
  }
}
