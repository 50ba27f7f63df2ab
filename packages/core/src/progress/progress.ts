/* How far a transfer is: what listeners are told, how often, and how fast it goes. */

import { arm, type Deadline, disarm, now } from "../clock.ts";
import { callable, type Rule } from "../options/rules.ts";
import { tellSafely } from "../quiet.ts";
import type { HttpRequest } from "../request.ts";
import type { ProgressIterator } from "./progress-iterator.ts";

/** How far the content of one request, or one response, is. */
export interface Progress {
  /** Bytes on the wire so far, in their coding and without framing. Of uploads, those that the connection has taken. */
  readonly transferred: number;
  /** Bytes on the wire that there will be; absent as long as nobody knows. */
  readonly total?: number | undefined;
  /** `transferred / total`, 0 to 1; absent without `total`. */
  readonly ratio?: number | undefined;
  /** Over the last few seconds. */
  readonly bytesPerSecond: number;
  /** Milliseconds that the rest takes at this speed; absent without `total`, or at no speed. */
  readonly eta?: number | undefined;
  /**
   * Bytes of the content itself, without its coding: those that its reader has got, or that its encoder was given. The
   * same as `transferred` for content without a coding.
   */
  readonly decoded: number;
  /**
   * Which sending of the request it is, from 1. Each redirect, retry and repetition is one more, and everything else here
   * begins anew with it.
   */
  readonly attempt: number;
}

/** Is told at the beginning, at the end, and in between at most every 100 ms. What it throws is dropped. */
export type ProgressListener = (progress: Progress) => void;

/** Which content is meant: that of the request, or that of the response. */
export type ProgressDirection = "upload" | "download";

/** `false`: nobody. */
export const listenerRule: Rule<ProgressListener | null> = (value, base, option) =>
  value === false
    ? null
    : callable<ProgressListener | null>("(progress) => void")(value, base, option);

/** The least time between two tellings, in ms. */
const interval = 100;
/** What is older counts little for the speed, in ms. */
const memory = 3_000;

/** @internal Measures one transfer, and tells its listeners. */
export class Meter implements Deadline {
  at = Infinity;
  slot = -1;
  readonly #listener: ProgressListener | null;
  readonly #iterators: readonly ProgressIterator[];
  readonly #attempt: number;
  total: number | null = null;
  #transferred = 0;
  #decoded = 0;
  #told = 0;
  #toldAt: number = now();
  /** Bytes and ms, both fading. */
  #bytes = 0;
  #span = 0;
  #over = false;

  constructor(
    listener: ProgressListener | null,
    iterators: readonly ProgressIterator[],
    attempt: number,
  ) {
    this.#listener = listener;
    this.#iterators = iterators;
    this.#attempt = attempt;
  }

  /** @param total Bytes that there will be; `null` if nobody knows. */
  begin(total: number | null): void {
    this.total = total;
    for (const iterator of this.#iterators) iterator.meters++;
    this.#tell(this.#toldAt);
  }

  /** So many bytes by now. */
  update(transferred: number, decoded: number): void {
    if (this.#over || transferred < this.#transferred) return;
    this.#transferred = transferred;
    this.#decoded = decoded;
    const time = now();
    if (time >= this.#toldAt + interval) return this.#tell(time);
    this.at = this.#toldAt + interval;
    if (this.slot < 0) arm(this);
  }

  /** No more will come. @param complete Whether that was all there is, whatever was announced. */
  end(complete: boolean): void {
    if (this.#over) return;
    this.#over = true;
    if (complete) this.total = this.#transferred;
    this.#tell(now());
    for (const iterator of this.#iterators) iterator.meterOver();
  }

  expire(time: number): void {
    this.#tell(time);
  }

  #tell(time: number): void {
    disarm(this);
    const transferred = this.#transferred;
    const passed = time - this.#toldAt;
    const fading = Math.exp(-passed / memory);
    this.#bytes = this.#bytes * fading + transferred - this.#told;
    this.#span = this.#span * fading + passed;
    this.#told = transferred;
    this.#toldAt = time;
    const speed = this.#span > 0 ? this.#bytes / this.#span : 0;
    // What was announced has turned out wrong.
    if (this.total !== null && transferred > this.total) this.total = null;
    const total = this.total ?? undefined;
    const left = total === undefined ? undefined : total - transferred;
    const progress: Progress = {
      transferred,
      total,
      ratio: left === 0 ? 1 : total && transferred / total,
      bytesPerSecond: speed * 1_000,
      eta: left === 0 ? 0 : left && (speed > 0 ? left / speed : undefined),
      decoded: this.#decoded,
      attempt: this.#attempt,
    };
    if (this.#listener) tellSafely(this.#listener, progress);
    for (const iterator of this.#iterators) iterator.offer(progress);
  }
}

/** @internal What tells those who listen to a call in this direction; `null` if nobody does. */
export function meterOf(
  { settings, watchers }: HttpRequest,
  direction: ProgressDirection,
  attempt: number,
): Meter | null {
  const { onUploadProgress, onDownloadProgress } = settings;
  const listener = direction === "upload" ? onUploadProgress : onDownloadProgress;
  if (!listener && !watchers) return null;
  const iterators = watchers?.filter((one) => one.direction === direction) ?? [];
  return listener || iterators.length > 0 ? new Meter(listener, iterators, attempt) : null;
}
