/* MD5 (RFC 1321), which web cryptography leaves out and Digest authentication still asks for. Good for nothing else. */

const shifts = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];

/** The digest of bytes: 16 bytes. */
export function md5(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const sines = Array.from({ length: 64 }, (_, i) =>
    Math.floor(2 ** 32 * Math.abs(Math.sin(i + 1))),
  );
  // Padded with a one, zeros, and the length in bits, to whole blocks of 64 bytes.
  const padded = new Uint8Array(64 * Math.ceil((bytes.byteLength + 9) / 64));
  padded.set(bytes);
  padded[bytes.byteLength] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.byteLength - 8, 8n * BigInt(bytes.byteLength), true);

  const state = new Uint32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]);
  for (let block = 0; block < padded.byteLength; block += 64) {
    let [a, b, c, d] = state as unknown as [number, number, number, number];
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      const mixed = [(b & c) | (~b & d), (b & d) | (c & ~d), b ^ c ^ d, c ^ (b | ~d)][
        round
      ] as number;
      const word = [i, 5 * i + 1, 3 * i + 5, 7 * i][round] as number;
      const sum =
        (a + mixed + (sines[i] as number) + view.getUint32(block + 4 * (word & 15), true)) | 0;
      const shift = shifts[4 * round + (i & 3)] as number;
      [a, d, c, b] = [d, c, b, (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0];
    }
    for (const [i, part] of [a, b, c, d].entries()) state[i] = (state[i] as number) + part;
  }
  const digest = new DataView(new ArrayBuffer(16));
  for (const [i, part] of state.entries()) digest.setUint32(4 * i, part, true);
  return new Uint8Array(digest.buffer);
}
