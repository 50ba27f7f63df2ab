/* Request content at the pace of a throttle. */

import { bodyLength, bodyPieces } from "../content/body.ts";
import type { OutgoingStream, TransportBody } from "../transport.ts";
import { type Pace, Transfer } from "./pace.ts";

type Piece = Uint8Array<ArrayBuffer>;

/** The most that is handed over at once, in bytes, however fast the pace. */
const mostAtOnce = 65_536;

/** @internal The content as a stream that keeps the paces; its length stays what it is. */
export function throttledStream(body: TransportBody, paces: readonly Pace[]): OutgoingStream {
  return {
    source: { [Symbol.asyncIterator]: () => new ThrottledPieces(bodyPieces(body), paces) },
    length: bodyLength(body),
  };
}

class ThrottledPieces implements AsyncIterator<Piece> {
  readonly #source: AsyncIterator<Piece>;
  readonly #transfer: Transfer;
  #rest: Piece | null = null;
  #over = false;
  #wake: (() => void) | null = null;

  constructor(pieces: AsyncIterable<Piece>, paces: readonly Pace[]) {
    this.#source = pieces[Symbol.asyncIterator]();
    this.#transfer = new Transfer(paces);
  }

  async next(): Promise<IteratorResult<Piece>> {
    while (!this.#rest && !this.#over) {
      const next = await this.#source.next();
      if (next.done) this.#over = true;
      else if (next.value.byteLength > 0) this.#rest = next.value;
    }
    const piece = this.#rest;
    const count = piece && !this.#over ? await this.#turn(piece.byteLength) : 0;
    if (!piece || this.#over) return { done: true, value: undefined };
    this.#rest = count < piece.byteLength ? piece.subarray(count) : null;
    return { done: false, value: piece.subarray(0, count) };
  }

  /** The transport has no use for the rest. Frees the timer at once, whoever is waiting for it. */
  async return(): Promise<IteratorResult<Piece>> {
    this.#over = true;
    this.#transfer.stop();
    this.#wake?.();
    await this.#source.return?.();
    return { done: true, value: undefined };
  }

  /** Resolves with the number of bytes whose turn it is. */
  #turn(bytes: number): number | Promise<number> {
    return new Promise((resolve) => {
      const count = this.#transfer.take(Math.min(bytes, mostAtOnce), resolve);
      if (count > 0) return resolve(count);
      this.#wake = () => resolve(0);
    });
  }
}
