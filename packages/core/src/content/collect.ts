/* Whole content as one piece of bytes, without a stream in between. */

import { attribute, ContentError, type FailedRequest } from "../errors.ts";
import type { ContentReceiver, ResponseBody } from "../transport.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** What was collected. */
export interface Collected {
  readonly pieces: readonly Bytes[];
  readonly size: number;
  /** There was more, which has been given up. */
  readonly cut: boolean;
}

/** Content that was whole before anybody asked. */
export class Whole implements Collected {
  readonly pieces: readonly Bytes[];
  readonly size: number;
  readonly cut = false;

  constructor(pieces: readonly Bytes[], size: number) {
    this.pieces = pieces;
    this.size = size;
  }
}

/** Joins pieces; one piece is passed through as it is. */
export function joinPieces({ pieces, size }: Collected): Bytes {
  if (pieces.length === 1) return pieces[0] as Bytes;
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.byteLength;
  }
  return whole;
}

/**
 * Bytes as callers get them: of the language's own class. Node's Buffer is a `Uint8Array` whose `slice`, `toString` and
 * `toJSON` do other things, so that what a caller writes on one transport would break on another.
 */
export function plainBytes(bytes: Bytes): Bytes {
  if (bytes.constructor === Uint8Array) return bytes;
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** What was collected, piece by piece. */
export async function* keptPieces(kept: Promise<Collected>): AsyncGenerator<Bytes, void> {
  for (const piece of (await kept).pieces) yield plainBytes(piece);
}

/** Collects content up to `limit` bytes. Beyond that it fails with ERR_CONTENT_TOO_LARGE, or drops the rest. */
export function collect(
  body: ResponseBody,
  limit: number,
  beyond: "fail" | "cut",
  request: FailedRequest,
): Promise<Collected> {
  return new Promise((resolve, reject) => {
    body.start(
      new Collector(body, limit, beyond, resolve, (error) => reject(attribute(error, request))),
    );
  });
}

/** The error of content beyond its limit. */
export function tooLarge(limit: number): Error {
  return new ContentError(
    "ERR_CONTENT_TOO_LARGE",
    `the response content is larger than ${limit} bytes`,
    "Raise maxResponseSize, or stream it.",
  );
}

// An instance of a class, not a literal: V8 moves literals that live as long as an exchange to the old generation, and
// what they refer to stays with them until a full collection.
class Collector implements ContentReceiver, Collected {
  readonly pieces: Bytes[] = [];
  size = 0;
  cut = false;
  readonly #body: ResponseBody;
  readonly #limit: number;
  readonly #beyond: "fail" | "cut";
  readonly #resolve: (collected: Collected) => void;
  readonly #reject: (error: unknown) => void;

  constructor(
    body: ResponseBody,
    limit: number,
    beyond: "fail" | "cut",
    resolve: (collected: Collected) => void,
    reject: (error: unknown) => void,
  ) {
    this.#body = body;
    this.#limit = limit;
    this.#beyond = beyond;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  data(piece: Bytes): void {
    const room = this.#limit - this.size;
    if (piece.byteLength <= room) {
      this.size += piece.byteLength;
      this.pieces.push(piece);
      return;
    }
    this.#body.cancel();
    if (this.#beyond === "fail") return this.#reject(tooLarge(this.#limit));
    this.pieces.push(piece.subarray(0, room));
    this.size = this.#limit;
    this.cut = true;
    this.#resolve(this);
  }

  end(): void {
    this.#resolve(this);
  }

  fail(error: unknown): void {
    this.#reject(error);
  }
}
