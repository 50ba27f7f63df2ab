/*
 * Response content between the transport and its reader: held until somebody reads, watched by the clock while it
 * flows, and reported when it is over so that its slot is free. Decoding comes behind it.
 */

import { arm, type Deadline, disarm, now } from "../clock.ts";
import type { FieldLines, ResponseBody } from "../transport.ts";
import { Inlet } from "./inlet.ts";

/** Who is told how the content goes. */
export interface IncomingOwner {
  /** So many bytes have come. */
  pieceCame(bytes: number): void;
  /** The content is over, and the connection with it: complete, broken, or given up. */
  contentOver(): void;
  /** Nothing came for `elapsed` ms. Returns the error that the reader gets; `null`: it is to wait on. */
  readTimedOut(elapsed: number): unknown;
  /** Makes the caller's error of what the transport reports. */
  contentError(error: unknown): unknown;
}

/** How long an unread rest may take to be drained, in ms. */
const drainTime = 1000;
/** How much of an unread rest is drained for the sake of its connection, in bytes. */
const drainBytes = 65_536;

/** The wire content of one response. */
export class Incoming extends Inlet implements Deadline {
  at: number = Infinity;
  slot = -1;
  /** Trailer fields once the content has ended; `null` before that and where they cannot be known. */
  trailers: FieldLines | null = null;
  /** Bytes that have come so far, as sent. */
  received = 0;
  /** Set once the content has ended, failed, or been given up. */
  over = false;
  /** Set once all of it has come. */
  complete = false;
  /** Set once a reader has it. */
  started = false;
  readonly #body: ResponseBody;
  readonly #owner: IncomingOwner;
  readonly #readLimit: number;
  #draining = false;
  #endWatchers: ((trailers: FieldLines | null) => void)[] | null = null;

  constructor(body: ResponseBody, owner: IncomingOwner, readLimit: number) {
    super(body);
    this.#body = body;
    this.#owner = owner;
    this.#readLimit = readLimit;
  }

  /** Lets the content flow in. Called once, with the head. */
  open(): void {
    this.#body.start(this);
  }

  override data(piece: Uint8Array<ArrayBuffer>): void {
    if (this.over) return;
    const bytes = piece.byteLength;
    this.received += bytes;
    if (bytes > 0) this.#owner.pieceCame(bytes);
    if (this.#draining) {
      if (this.received > drainBytes) this.cancel();
      return;
    }
    if (this.at < Infinity) this.at = now() + this.#readLimit;
    super.data(piece);
  }

  override end(trailers: FieldLines | null): void {
    if (this.over) return;
    this.trailers = trailers;
    this.complete = true;
    this.#finish();
    super.end(trailers);
  }

  override fail(error: unknown): void {
    if (this.over) return;
    const named = this.#owner.contentError(error);
    this.#finish();
    super.fail(named);
  }

  override start(...args: Parameters<Inlet["start"]>): void {
    this.started = true;
    super.start(...args);
    this.#watch();
  }

  override pause(): void {
    this.at = Infinity;
    super.pause();
  }

  override resume(): void {
    super.resume();
    this.#watch();
  }

  override cancel(): void {
    super.cancel();
    if (!this.over) this.#finish();
  }

  /** Breaks off with an error for the reader: a timeout, an abort. */
  break(error: unknown): void {
    if (this.over) return;
    this.#body.cancel();
    this.#finish();
    super.fail(error);
  }

  /** Nobody will read: takes a short rest so that the connection can be used again, or gives up. */
  drain(): void {
    if (this.over || this.#draining) return;
    this.#draining = true;
    this.started = true;
    super.start({ data: () => undefined, end: () => undefined, fail: () => undefined });
    if (this.received > drainBytes) return this.cancel();
    this.at = now() + drainTime;
    arm(this);
  }

  /** Calls back once the content is over; at once if it is. */
  whenOver(callback: (trailers: FieldLines | null) => void): void {
    if (this.over) callback(this.trailers);
    else (this.#endWatchers ??= []).push(callback);
  }

  expire(time: number): void {
    if (this.over) return;
    if (this.#draining) return this.cancel();
    const error = this.#owner.readTimedOut(time - this.at + this.#readLimit);
    if (error) this.break(error);
    else this.#watch();
  }

  #watch(): void {
    if (this.over || this.#readLimit === Infinity) return;
    this.at = now() + this.#readLimit;
    arm(this);
  }

  #finish(): void {
    this.over = true;
    disarm(this);
    this.#owner.contentOver();
    const watchers = this.#endWatchers;
    this.#endWatchers = null;
    if (watchers) for (const watcher of watchers) watcher(this.trailers);
  }
}
