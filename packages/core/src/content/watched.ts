/* Request content under the eyes of a clock: whether the peer takes it is seen by when the next piece is asked for. */

import type { OutgoingStream, TransportBody } from "../transport.ts";
import { bodyLength, bodyPieces } from "./body.ts";

/** The clock that is told. */
export interface WriteClock {
  /** A piece of so many bytes is on its way; from now on it is the peer who keeps us waiting. 0: that was all. */
  pieceHandedOver(bytes: number): void;
  /** The connection has taken it; from now on it is the source. */
  pieceAskedFor(): void;
}

/** Counts what an encoder is given. */
export class Tally implements WriteClock {
  bytes = 0;

  pieceHandedOver(bytes: number): void {
    this.bytes += bytes;
  }

  pieceAskedFor(): void {
    // The encoder has it, or has not.
  }
}

type Piece = Uint8Array<ArrayBuffer>;

/**
 * The most that is handed over at once, in bytes: a peer that takes less than this within the limit looks as if it took
 * nothing.
 */
const most = 16_384;

/** The same content, as a stream of small pieces that tells when each is taken. */
export function watched(body: TransportBody, clock: WriteClock): OutgoingStream {
  return {
    source: { [Symbol.asyncIterator]: () => new WatchedPieces(bodyPieces(body), clock) },
    length: bodyLength(body),
  };
}

class WatchedPieces implements AsyncIterator<Piece> {
  readonly #source: AsyncIterator<Piece>;
  readonly #clock: WriteClock;
  #rest: Piece | null = null;

  constructor(pieces: AsyncIterable<Piece>, clock: WriteClock) {
    this.#source = pieces[Symbol.asyncIterator]();
    this.#clock = clock;
  }

  async next(): Promise<IteratorResult<Piece>> {
    this.#clock.pieceAskedFor();
    while (!this.#rest?.byteLength) {
      const next = await this.#source.next();
      if (next.done) break;
      this.#rest = next.value;
    }
    const rest = this.#rest;
    const piece = rest?.subarray(0, most);
    this.#rest = rest?.subarray(most) ?? null;
    this.#clock.pieceHandedOver(piece?.byteLength ?? 0);
    return piece?.byteLength ? { done: false, value: piece } : { done: true, value: undefined };
  }

  /** Passed on at once: the source may be what is being waited for. */
  async return(): Promise<IteratorResult<Piece>> {
    await this.#source.return?.();
    return { done: true, value: undefined };
  }
}
