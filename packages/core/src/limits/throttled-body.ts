/*
 * Response content at the pace of a throttle. It stands between the transport and `Incoming`: to everything behind it
 * the content just comes more slowly, and deadline, abort and slot go on until its last byte has come.
 */

import type { ContentReceiver, FieldLines, ResponseBody } from "../transport.ts";
import { type Pace, Transfer } from "./pace.ts";

type Piece = Uint8Array<ArrayBuffer>;

/** Bytes that may wait for their turn before the transport is paused. */
const highWaterMark = 65_536;

/** @internal */
export class ThrottledBody implements ResponseBody, ContentReceiver {
  readonly #source: ResponseBody;
  readonly #transfer: Transfer;
  #receiver: ContentReceiver | null = null;
  /** What waits for its turn, from `#first` on. */
  readonly #pieces: Piece[] = [];
  #first = 0;
  #size = 0;
  /** Bytes whose turn has come while the receiver was pausing. */
  #due = 0;
  #paused = false;
  #sourcePaused = false;
  #flowing = false;
  #over = false;
  #ending: (() => void) | null = null;

  constructor(source: ResponseBody, paces: readonly Pace[]) {
    this.#source = source;
    this.#transfer = new Transfer(paces);
  }

  /** Whether something has come and waits for its turn: that nothing goes on then is not the peer's doing. */
  get waiting(): boolean {
    return this.#transfer.waiting;
  }

  start(receiver: ContentReceiver): void {
    this.#receiver = receiver;
    this.#source.start(this);
  }

  pause(): void {
    this.#paused = true;
    this.#regulate();
  }

  resume(): void {
    this.#paused = false;
    this.#flow();
  }

  cancel(): void {
    this.#over = true;
    this.#transfer.stop();
    this.#pieces.length = 0;
    this.#source.cancel();
  }

  data(piece: Piece): void {
    if (this.#over) return;
    this.#pieces.push(piece);
    this.#size += piece.byteLength;
    this.#flow();
  }

  end(trailers: FieldLines | null): void {
    this.#ending = () => this.#receiver?.end(trailers);
    this.#flow();
  }

  fail(error: unknown): void {
    this.#ending = () => this.#receiver?.fail(error);
    this.#flow();
  }

  /** Hands over what may go now, and sees that the transport does not bring too much. */
  #flow(): void {
    // The receiver may resume, and the transport go on, while they are being told: the loop sees to it.
    if (this.#flowing) return;
    this.#flowing = true;
    while (this.#size > 0 && !this.#paused && !this.#over && !this.#transfer.waiting) {
      const count = this.#due || this.#transfer.take(this.#size, this.#turnHasCome);
      this.#due = 0;
      if (count > 0) this.#hand(count);
    }
    this.#flowing = false;
    if (this.#over) return;
    if (this.#size > 0 || !this.#ending) return this.#regulate();
    this.#over = true;
    this.#ending();
  }

  readonly #turnHasCome = (bytes: number): void => {
    this.#due = bytes;
    this.#flow();
  };

  #hand(bytes: number): void {
    let left = bytes;
    while (left > 0 && !this.#over) {
      const piece = this.#pieces[this.#first] as Piece;
      const whole = piece.byteLength <= left;
      if (whole) this.#first++;
      else this.#pieces[this.#first] = piece.subarray(left);
      // A copy, as the receiver owns its memory and may give it away, the rest with it.
      const part = whole ? piece : new Uint8Array(piece.subarray(0, left));
      left -= part.byteLength;
      this.#size -= part.byteLength;
      this.#receiver?.data(part);
    }
    // Now and then, as taking each out by itself would move all the others.
    if (this.#first * 2 > this.#pieces.length) {
      this.#pieces.splice(0, this.#first);
      this.#first = 0;
    }
  }

  #regulate(): void {
    const pause = this.#paused || this.#size >= highWaterMark;
    if (pause === this.#sourcePaused || this.#over || this.#ending) return;
    this.#sourcePaused = pause;
    if (pause) this.#source.pause();
    else this.#source.resume();
  }
}
