/*
 * The receiving half of an exchange, for transports whose library pushes: what comes before core listens is kept, and
 * the library is paused when too much has come.
 */

import type { ContentReceiver, FieldLines, ResponseBody } from "../transport.ts";

/** What an inlet asks of the library behind it. */
export interface InletSource {
  pause(): void;
  resume(): void;
  /** Closes the connection. Not called once the content has ended or failed. */
  cancel(): void;
}

/** Pieces kept while nobody listens, in bytes, before the library is paused. */
const highWaterMark = 65_536;

const nothing: readonly Uint8Array<ArrayBuffer>[] = Object.freeze([]);

/** A {@link ResponseBody} that a transport pushes into: `data`, then `end` or `fail`. */
export class Inlet implements ResponseBody, ContentReceiver {
  readonly #source: InletSource;
  #receiver: ContentReceiver | null = null;
  #pieces: Uint8Array<ArrayBuffer>[] | null = null;
  #kept = 0;
  /** The receiver has asked for a pause. */
  #paused = false;
  #state: "open" | "ended" | "failed" | "cancelled" = "open";
  #outcome: unknown = null;

  constructor(source: InletSource) {
    this.#source = source;
  }

  data(piece: Uint8Array<ArrayBuffer>): void {
    if (this.#state !== "open" || piece.byteLength === 0) return;
    if (this.#receiver) return this.#receiver.data(piece);
    (this.#pieces ??= []).push(piece);
    if ((this.#kept += piece.byteLength) >= highWaterMark) this.#source.pause();
  }

  end(trailers: FieldLines | null): void {
    if (this.#state !== "open") return;
    this.#state = "ended";
    if (this.#receiver) this.#receiver.end(trailers);
    else this.#outcome = trailers;
  }

  fail(error: unknown): void {
    if (this.#state !== "open") return;
    this.#state = "failed";
    if (this.#receiver) this.#receiver.fail(error);
    else this.#outcome = error;
  }

  start(receiver: ContentReceiver): void {
    this.#receiver = receiver;
    const pieces = this.#pieces;
    this.#pieces = null;
    if (pieces) for (const piece of pieces) if (!this.#cancelled) receiver.data(piece);
    if (this.#state === "ended") receiver.end(this.#outcome as FieldLines | null);
    else if (this.#state === "failed") receiver.fail(this.#outcome);
    else if (this.#state === "open" && this.#kept >= highWaterMark && !this.#paused)
      this.#source.resume();
  }

  /** @internal What is kept, if it is the whole content and at most `limit` bytes: then no receiver is needed. */
  takeWhole(limit: number): readonly Uint8Array<ArrayBuffer>[] | null {
    if (this.#state !== "ended" || this.#receiver || this.#kept > limit) return null;
    const pieces = this.#pieces ?? nothing;
    this.#pieces = null;
    return pieces;
  }

  /** @internal Bytes kept so far. */
  get kept(): number {
    return this.#kept;
  }

  pause(): void {
    this.#paused = true;
    if (this.#state === "open") this.#source.pause();
  }

  resume(): void {
    this.#paused = false;
    if (this.#state === "open") this.#source.resume();
  }

  cancel(): void {
    const wasOpen = this.#state === "open";
    this.#state = "cancelled";
    this.#pieces = null;
    if (wasOpen) this.#source.cancel();
  }

  get #cancelled(): boolean {
    return this.#state === "cancelled";
  }
}
