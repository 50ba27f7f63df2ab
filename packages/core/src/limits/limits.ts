/* The queue in front of the transport: how many exchanges run at once, and who is next. */

import { QueueFullError } from "../errors.ts";
import type { LimitOptions } from "../options/options.ts";
import { count, record, type Rule } from "../options/rules.ts";
import { emptyRecord } from "../record.ts";

/** A call that waits. `grant` is called once when its slot is free. */
export interface Waiter {
  grant(): void;
}

/** Numbers of one origin, or of the whole session. */
export interface QueueStats {
  /** Exchanges that hold a slot. */
  readonly active: number;
  /** Calls that wait for one. */
  readonly queued: number;
}

interface OriginQueue {
  active: number;
  readonly waiting: Waiter[];
}

/** Origins that are remembered though nothing goes on with them. */
const mostIdleOrigins = 100;

/** Every limit, `Infinity` for none. */
export type LimitSettings = Readonly<Record<keyof LimitOptions, number>>;

export const defaultLimits: LimitSettings = { concurrency: 1000, perOrigin: 100, queue: Infinity };

export const limitsRule: Rule<LimitSettings> = record({
  concurrency: count(1),
  perOrigin: count(1),
  queue: count(0),
});

/** Slots: first come, first served within an origin, and origins in turn, so that a busy one starves nobody. */
export class Limits {
  readonly #concurrency: number;
  readonly #perOrigin: number;
  readonly #most: number;
  /** In insertion order; an origin that was served moves to the end while others wait. */
  readonly #origins = new Map<string, OriginQueue>();
  #active = 0;
  #queued = 0;
  #serving = false;

  constructor(limits: LimitSettings) {
    this.#concurrency = limits.concurrency;
    this.#perOrigin = limits.perOrigin;
    this.#most = limits.queue;
  }

  /** Takes a slot; `false`: there is none now, so `wait`. */
  take(origin: string): boolean {
    const queue = this.#queue(origin);
    if (
      this.#active >= this.#concurrency ||
      queue.active >= this.#perOrigin ||
      queue.waiting.length > 0
    )
      return false;
    this.#active++;
    queue.active++;
    return true;
  }

  /** Waits for a slot. @throws QueueFullError if too many do already. */
  wait(origin: string, waiter: Waiter): void {
    if (this.#queued >= this.#most) {
      this.#forget(origin, this.#queue(origin));
      throw new QueueFullError(
        "ERR_QUEUE_FULL",
        `the queue is full: ${this.#queued} calls wait already`,
        "Raise limits.queue, or send less at once.",
      );
    }
    this.#queued++;
    this.#queue(origin).waiting.push(waiter);
  }

  /** Gives up waiting. */
  leave(origin: string, waiter: Waiter): void {
    const queue = this.#queue(origin);
    const place = queue.waiting.indexOf(waiter);
    if (place >= 0) {
      queue.waiting.splice(place, 1);
      this.#queued--;
    }
    this.#forget(origin, queue);
  }

  /** Gives a slot back, and with it the next in turn a chance. */
  release(origin: string): void {
    const queue = this.#queue(origin);
    this.#active--;
    queue.active--;
    if (this.#queued > 0) this.#serve();
    this.#forget(origin, queue);
  }

  /** Serves nobody any more: whoever waits is about to be turned away. */
  stop(): void {
    this.#serving = true;
  }

  /** Totals, and the origins that have any. */
  get stats(): QueueStats & { readonly origins: Readonly<Record<string, QueueStats>> } {
    const origins = emptyRecord<QueueStats>();
    for (const [origin, { active, waiting }] of this.#origins) {
      if (active > 0 || waiting.length > 0) origins[origin] = { active, queued: waiting.length };
    }
    return { active: this.#active, queued: this.#queued, origins };
  }

  /** In a loop, not in a recursion: those that fail as soon as their turn has come give their slot back at once. */
  #serve(): void {
    if (this.#serving) return;
    this.#serving = true;
    while (this.#queued > 0 && this.#serveOne());
    this.#serving = false;
  }

  #serveOne(): boolean {
    for (const [origin, queue] of this.#origins) {
      if (this.#active >= this.#concurrency) return false;
      const waiter = queue.active < this.#perOrigin ? queue.waiting.shift() : undefined;
      if (!waiter) continue;
      this.#queued--;
      this.#active++;
      queue.active++;
      this.#origins.delete(origin);
      this.#origins.set(origin, queue);
      waiter.grant();
      return true;
    }
    return false;
  }

  #queue(origin: string): OriginQueue {
    let queue = this.#origins.get(origin);
    if (!queue) this.#origins.set(origin, (queue = { active: 0, waiting: [] }));
    return queue;
  }

  #forget(origin: string, queue: OriginQueue): void {
    // Kept for the next call, as most sessions know few origins; crawlers know many.
    if (this.#origins.size > mostIdleOrigins && queue.active === 0 && queue.waiting.length === 0)
      this.#origins.delete(origin);
  }
}
