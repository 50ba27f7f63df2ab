/*
 * Bytes as they are written in cases, scripts and the ledger: strings in which each character is one byte (0 to 255),
 * because those survive JSON and can be read by people.
 */

/** A byte string: each character is one byte. */
export type ByteString = string;

interface NodeBuffer extends Uint8Array {
  latin1Slice(start: number, end: number): string;
  latin1Write(text: string, offset: number, length: number): number;
}

/** Where there is such a thing, it does in one go what is a loop elsewhere. */
const { Buffer: native } = globalThis as unknown as {
  Buffer?: { from?(buffer: ArrayBufferLike, offset: number, length: number): NodeBuffer };
};

/** The same memory, seen as a buffer of Node. */
function seenByNode({ buffer, byteOffset, byteLength }: Uint8Array): NodeBuffer | undefined {
  return native?.from?.(buffer, byteOffset, byteLength);
}

const alphabet = "abcdefghijklmnopqrstuvwxyz";
let longest = alphabet;

/** The bytes of a text in UTF-8. */
export function utf8(text: string): ByteString {
  return fromBytes(new TextEncoder().encode(text));
}

/** The bytes of these numbers. */
export function bytes(...values: readonly number[]): ByteString {
  return fromBytes(Uint8Array.from(values));
}

/** The bytes of a base64 text, such as compressed content. */
export function base64(text: string): ByteString {
  return atob(text.replaceAll(/\s/g, ""));
}

/**
 * Content of a length that would be tedious to write: the alphabet again and again. The origin's `filler` step and the
 * ledger's `filler` flag use the same.
 */
export function filler(length: number): ByteString {
  // All are beginnings of one text, which is made anew only when a longer one is wanted.
  if (longest.length < length) longest = alphabet.repeat(Math.ceil(length / 26));
  return longest.slice(0, length);
}

let octetsOfLongest: Uint8Array<ArrayBuffer> = new Uint8Array();

/** {@link filler} as octets, all of them views of the same memory: for large content, which takes long to make. */
export function fillerBytes(length: number): Uint8Array<ArrayBuffer> {
  if (octetsOfLongest.length < length) octetsOfLongest = toBytes(filler(length));
  return octetsOfLongest.subarray(0, length);
}

/** Octets as a byte string. */
export function fromBytes(octets: Uint8Array): ByteString {
  const seen = seenByNode(octets);
  if (seen?.latin1Slice) return seen.latin1Slice(0, octets.length);
  let text = "";
  for (let start = 0; start < octets.length; start += 8192) {
    text += String.fromCharCode(...octets.subarray(start, start + 8192));
  }
  return text;
}

/** A byte string as octets. */
export function toBytes(text: ByteString): Uint8Array<ArrayBuffer> {
  const octets = new Uint8Array(text.length);
  const seen = seenByNode(octets);
  if (seen?.latin1Write) seen.latin1Write(text, 0, octets.length);
  else for (let i = 0; i < text.length; i++) octets[i] = text.charCodeAt(i);
  return octets;
}
