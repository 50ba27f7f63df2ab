/* Content piece by piece, with back-pressure: what `for await` and web streams read from. */

import { attribute, type FailedRequest } from "../errors.ts";
import type { ContentReceiver, ResponseBody } from "../transport.ts";
import { plainBytes, tooLarge } from "./collect.ts";

type Piece = Uint8Array<ArrayBuffer>;

/** Bytes that may wait for the consumer before the transport is paused. */
const highWaterMark = 131_072;

/** An async iterator over the content. `return()` gives the rest up. */
export class PieceIterator implements AsyncIterableIterator<Piece>, ContentReceiver {
  readonly #body: ResponseBody;
  readonly #limit: number;
  readonly #request: FailedRequest;
  /** What waits for the consumer, from `#first` on. */
  readonly #queue: Piece[] = [];
  #first = 0;
  #waiting: { resolve(result: IteratorResult<Piece>): void; reject(error: unknown): void }[] = [];
  #queued = 0;
  #total = 0;
  #paused = false;
  #started = false;
  #state: "open" | "ended" | "failed" = "open";
  #error: unknown;

  constructor(body: ResponseBody, limit: number, request: FailedRequest) {
    this.#body = body;
    this.#limit = limit;
    this.#request = request;
  }

  next(): Promise<IteratorResult<Piece>> {
    const piece = this.#queue[this.#first];
    if (piece) {
      // Now and then, as taking each out by itself would move all the others, and how small they are the server says.
      if (++this.#first * 2 > this.#queue.length) this.#forget(this.#first);
      this.#queued -= piece.byteLength;
      if (this.#paused && this.#queued < highWaterMark / 2) this.#flow(false);
      return Promise.resolve({ done: false, value: piece });
    }
    if (this.#state === "ended") return Promise.resolve({ done: true, value: undefined });
    if (this.#state === "failed") {
      this.#state = "ended";
      return Promise.reject(this.#error);
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      if (!this.#started) {
        this.#started = true;
        this.#body.start(this);
      } else if (this.#paused) this.#flow(false);
    });
  }

  return(): Promise<IteratorResult<Piece>> {
    this.#body.cancel();
    this.#forget(this.#queue.length);
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  data(piece: Piece): void {
    if (this.#state !== "open") return;
    if ((this.#total += piece.byteLength) > this.#limit) {
      this.#body.cancel();
      return this.fail(tooLarge(this.#limit));
    }
    const reader = this.#waiting.shift();
    if (reader) return reader.resolve({ done: false, value: plainBytes(piece) });
    this.#queue.push(plainBytes(piece));
    if ((this.#queued += piece.byteLength) >= highWaterMark && !this.#paused) this.#flow(true);
  }

  end(): void {
    if (this.#state !== "open") return;
    this.#state = "ended";
    for (const reader of this.#waiting.splice(0)) reader.resolve({ done: true, value: undefined });
  }

  fail(error: unknown): void {
    if (this.#state !== "open") return;
    const [first, ...others] = this.#waiting.splice(0);
    this.#state = first ? "ended" : "failed";
    this.#error = attribute(error, this.#request);
    first?.reject(this.#error);
    for (const reader of others) reader.resolve({ done: true, value: undefined });
  }

  #forget(count: number): void {
    this.#queue.splice(0, count);
    this.#first = 0;
  }

  #flow(pause: boolean): void {
    this.#paused = pause;
    if (pause) this.#body.pause();
    else this.#body.resume();
  }
}
