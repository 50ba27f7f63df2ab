/* Request content that is held back until the server asks for it, or the wait for that is over (RFC 9110 §10.1.1). */

import { arm, type Deadline, disarm, now } from "../clock.ts";
import type { OutgoingStream, TransportBody } from "../transport.ts";
import { bodyLength, bodyPieces } from "./body.ts";

/** The clock that is told. */
export interface HoldClock {
  /** The head is on its way; from now on it is the server who keeps us waiting. */
  holding(): void;
  /** The content is on its way. */
  released(): void;
}

type Piece = Uint8Array<ArrayBuffer>;

/** Its source is begun when it is released, and stays whole if it never is. */
export class HeldContent implements OutgoingStream, AsyncIterator<Piece>, Deadline {
  at: number = Infinity;
  slot: number = -1;
  readonly source: AsyncIterable<Piece> = {
    [Symbol.asyncIterator]: () => this,
  };
  readonly length: number | null;
  readonly #body: TransportBody;
  readonly #wait: number;
  readonly #clock: HoldClock;
  #pieces: AsyncIterator<Piece> | null = null;
  #state: "held" | "released" | "over" = "held";
  #go: (() => void) | null = null;

  /** @param wait How long to wait, in milliseconds. */
  constructor(body: TransportBody, wait: number, clock: HoldClock) {
    this.length = bodyLength(body);
    this.#body = body;
    this.#wait = wait;
    this.#clock = clock;
  }

  /** The transport asks for the first piece when the head is on its way: that is when the wait begins. */
  async next(): Promise<IteratorResult<Piece>> {
    if (this.#state === "held") {
      this.#clock.holding();
      this.at = now() + this.#wait;
      if (this.#wait < Infinity) arm(this);
      await new Promise<void>((resolve) => (this.#go = resolve));
    }
    // An end would make an empty request of it.
    if (this.#state === "over") return new Promise(() => undefined);
    this.#pieces ??= bodyPieces(this.#body)[Symbol.asyncIterator]();
    return this.#pieces.next();
  }

  /** Passed on at once: the source may be what is being waited for. */
  async return(): Promise<IteratorResult<Piece>> {
    this.close();
    await this.#pieces?.return?.();
    return { done: true, value: undefined };
  }

  /** The server asks for it. */
  release(): void {
    if (this.#state !== "held") return;
    this.#state = "released";
    disarm(this);
    // It may be asked for before anybody has waited.
    if (!this.#go) return;
    this.#clock.released();
    this.#go();
  }

  /** What is still held is not sent any more. */
  close(): void {
    if (this.#state === "held") this.#state = "over";
    disarm(this);
  }

  expire(): void {
    this.release();
  }
}
