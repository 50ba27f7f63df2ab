/* Whole content as one piece of bytes, without a stream in between. */

import { httpError } from "../errors.ts";
import type { ContentReceiver, ResponseBody } from "../transport.ts";

/** Joins pieces; one piece is passed through as it is. */
export function joinPieces(pieces: readonly Uint8Array<ArrayBuffer>[], size: number): Uint8Array<ArrayBuffer> {
  if (pieces.length === 1) return pieces[0] as Uint8Array<ArrayBuffer>;
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.byteLength;
  }
  return whole;
}

/** What was collected; `cut`: there was more, which has been given up. */
export interface Collected {
  readonly pieces: readonly Uint8Array<ArrayBuffer>[];
  readonly size: number;
  readonly cut: boolean;
}

/**
 * Collects content up to `limit` bytes; what happens beyond is said by `beyond`: ERR_CONTENT_TOO_LARGE, or the rest is
 * dropped.
 */
export function collect(body: ResponseBody, limit: number, beyond: "fail" | "cut"): Promise<Collected> {
  return new Promise((resolve, reject) => {
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    let size = 0;
    const receiver: ContentReceiver = {
      data(piece) {
        if (size + piece.byteLength > limit) {
          body.cancel();
          if (beyond === "fail") return reject(tooLarge(limit));
          pieces.push(piece.subarray(0, limit - size));
          return resolve({ pieces, size: limit, cut: true });
        }
        size += piece.byteLength;
        pieces.push(piece);
      },
      end: () => resolve({ pieces, size, cut: false }),
      fail: reject,
    };
    body.start(receiver);
  });
}

/** The error of content beyond its limit. */
export function tooLarge(limit: number): Error {
  return httpError("ERR_CONTENT_TOO_LARGE", { what: `the response content is larger than ${limit} bytes` });
}
