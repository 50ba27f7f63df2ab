/* Content codings of one text, as `node:zlib` made them, for the cases of `session/decoding`. */

import { base64, type ByteString } from "../../case.ts";

/** What all of them decode to. */
export const text = "The same text, again and again: the same text, again and again.\n";

/** The text in each coding. */
export const coded: Readonly<Record<"gzip" | "zlib" | "deflate" | "br" | "zstd", ByteString>> = {
  gzip: base64("H4sIAAAAAAAAAwvJSFUoTsxNVShJrSjRUUhMT8zMU0jMS4GwrBRK8MrrcQEARFU25EAAAAA="),
  zlib: base64("eJwLyUhVKE7MTVUoSa0o0VFITE/MzFNIzEuBsKwUSvDK63EBANAiFck="),
  deflate: base64("C8lIVShOzE1VKEmtKNFRSExPzMxTSMxLgbCsFErwyutxAQA="),
  br: base64("Gz8AoIxUtb8EUaArFh1wyAH7D21prrVCs4pJh4YYFaE8rd2N0wA="),
  zstd: base64("KLUv/SBANQEA6FRoZSBzYW1lIHRleHQsIGFnYWluIGFuZDogdC4KAgBD3UGxMgY="),
};

/** First gzip, then br. */
export const gzipThenBr: ByteString = base64(
  "CxqAH4sIAAAAAAAAAwvJSFUoTsxNVShJrSjRUUhMT8zMU0jMS4GwrBRK8MrrcQEARFU25EAAAAAD",
);

/** The text as two gzip members, one after the other (RFC 1952 §2.2). */
export const members: ByteString =
  base64("H4sIAAAAAAAAAwvJSFUoTsxNVShJrSjRUUhMT8zMU0jMS4GwrBQAm8Ba6iAAAAA=") +
  base64("H4sIAAAAAAAAAyvJSFUoTsxNVShJrSjRUUhMT8zMU0jMS4Gw9LgAygP9JSAAAAA=");

/** No text at all, in gzip. */
export const emptyGzip: ByteString = base64("H4sIAAAAAAAAAwMAAAAAAAAAAAA=");

/** 8 MiB of zeros, gzip upon gzip: 110 bytes. */
export const gzipBomb: ByteString = base64(
  "H4sIAAAAAAAAA+3OvQ2CUBhA0Q9eSAgj2BgSdmAC53CVl1jaOIA7sAANK9CyAnEEf3ACOxNyTnXLe7zW8ZXWqSg+kW/P4VE3AQAA" +
    "AOxcXi6p3KJ9nfvu3zcAAADAD+7VaZwPETnekL5KJO8fAAA=",
);

/** 16 MiB of zeros in br: 27 bytes. */
export const brBomb: ByteString = base64("y///P/gnAOKxQCD3/i/////wTwDEYRGA7v0f");

/** Two lines in gzip, flushed in between, so that each can be decoded when it comes. */
export const twoPieces: readonly [ByteString, ByteString] = [
  base64("H4sIAAAAAAAAA0rLLCou4QIAAAD//w=="),
  base64("K05Nzs9L4QIAIFFFCA0AAAA="),
];
