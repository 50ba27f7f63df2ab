/* The queue in front of the transport: how many exchanges run at once, and who is next. */

import { QueueFullError } from "../errors.ts";
import type { LimitOptions } from "../options/options.ts";
import { count, record, type Rule } from "../options/rules.ts";
import { emptyRecord } from "../record.ts";
import { Line, type Ticket } from "./line.ts";

/** A call that waits. */
export interface Waiter {
  /** Where it waits; only the line writes it. */
  ticket?: Ticket<unknown> | null | undefined;
  /** Called once, when its slot is free. */
  grant(): void;
}

/** Numbers of one origin, or of the whole session. */
export interface QueueStats {
  /** Exchanges that hold a slot. */
  readonly active: number;
  /** Calls that wait for one, or for the rate limit. */
  readonly queued: number;
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

/** What is known of an origin. */
class Origin implements QueueStats {
  readonly name: string;
  active = 0;
  queued = 0;
  readonly line: Line<Waiter> = new Line();
  /** Its place among those whose turn can come: somebody waits, and its own limit lets them pass. */
  turn: Ticket<Origin> | null = null;

  constructor(name: string) {
    this.name = name;
  }
}

/**
 * Slots. Within an origin and between origins the higher priority is first. Among equals it is first come, first served
 * within an origin, and the origins take turns, so that a busy one starves nobody; neither does a high priority, see
 * {@link Line}. Whatever is asked costs O(log n).
 */
export class Limits {
  readonly #concurrency: number;
  readonly #perOrigin: number;
  readonly #most: number;
  readonly #origins = new Map<string, Origin>();
  readonly #turns = new Line<Origin>();
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
    const known = this.#origin(origin);
    if (
      this.#active >= this.#concurrency ||
      known.active >= this.#perOrigin ||
      known.line.size > 0 ||
      this.#turns.size > 0
    )
      return false;
    this.#active++;
    known.active++;
    return true;
  }

  /** Waits for a slot. @throws QueueFullError if too many do already. */
  wait(origin: string, waiter: Waiter, priority = 0): void {
    this.enter(origin);
    const known = this.#origin(origin);
    waiter.ticket = known.line.push(waiter, priority);
    this.#turn(known);
  }

  /** Gives up waiting. */
  leave(origin: string, waiter: Waiter): void {
    const known = this.#origin(origin);
    const { ticket } = waiter;
    if (ticket && known.line.remove(ticket)) {
      waiter.ticket = null;
      this.#turn(known);
      this.exit(origin);
    } else this.#forget(known);
  }

  /** Gives a slot back, and with it the next in turn a chance. */
  release(origin: string): void {
    const known = this.#origin(origin);
    this.#active--;
    known.active--;
    this.#turn(known);
    if (this.#turns.size > 0) this.#serve();
    this.#forget(known);
  }

  /** Counts one that waits, for a slot or for anything else. @throws QueueFullError if too many do already. */
  enter(origin: string): void {
    const known = this.#origin(origin);
    if (this.#queued >= this.#most) {
      this.#forget(known);
      throw new QueueFullError(
        "ERR_QUEUE_FULL",
        `the queue is full: ${this.#queued} calls wait already`,
        "Raise limits.queue, or send less at once.",
      );
    }
    this.#queued++;
    known.queued++;
  }

  /** Counts one that waits no more. */
  exit(origin: string): void {
    const known = this.#origin(origin);
    this.#queued--;
    known.queued--;
    this.#forget(known);
  }

  /** Serves nobody any more: whoever waits is about to be turned away. */
  stop(): void {
    this.#serving = true;
  }

  /** Totals, and the origins that have any. */
  get stats(): QueueStats & { readonly origins: Readonly<Record<string, QueueStats>> } {
    const origins = emptyRecord<QueueStats>();
    for (const { name, active, queued } of this.#origins.values())
      if (active > 0 || queued > 0) origins[name] = { active, queued };
    return { active: this.#active, queued: this.#queued, origins };
  }

  /** In a loop, not in a recursion: those that fail as soon as their turn has come give their slot back at once. */
  #serve(): void {
    if (this.#serving) return;
    this.#serving = true;
    while (this.#active < this.#concurrency) {
      const known = this.#turns.shift();
      if (!known) break;
      known.turn = null;
      const waiter = known.line.shift() as Waiter;
      waiter.ticket = null;
      this.#queued--;
      known.queued--;
      this.#active++;
      known.active++;
      this.#turn(known);
      waiter.grant();
    }
    this.#serving = false;
  }

  /** Puts an origin among those whose turn can come, at the end, or takes it out. */
  #turn(known: Origin): void {
    const { line, turn } = known;
    if (line.size === 0 || known.active >= this.#perOrigin) {
      if (turn) this.#turns.remove(turn);
      known.turn = null;
    } else if (turn) this.#turns.raise(turn, line.priority);
    else known.turn = this.#turns.push(known, line.priority);
  }

  #origin(name: string): Origin {
    let known = this.#origins.get(name);
    if (!known) this.#origins.set(name, (known = new Origin(name)));
    return known;
  }

  #forget(known: Origin): void {
    // Kept for the next call, as most sessions know few origins; crawlers know many.
    if (this.#origins.size > mostIdleOrigins && known.active === 0 && known.queued === 0)
      this.#origins.delete(known.name);
  }
}
