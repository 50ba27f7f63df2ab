/*
 * Who is next: by priority, first come, first served among equals, and so that nobody waits for ever. The queue in
 * front of the transport, its turns between origins, and the rate limit all go by it.
 */

import { now } from "../clock.ts";
import { Heap, type Placed } from "./heap.ts";

/** How long somebody may be passed over by higher priorities before patience ends, in ms. */
const patience = 1000;
/** How often in a row, once that is so. */
const mostPassed = 7;

/** A place in a line. */
export class Ticket<T> implements Placed {
  /** The line that it is a place in. */
  readonly line: object;
  readonly holder: T;
  priority: number;
  /** Order of arrival. */
  readonly number: number;
  readonly since: number = now();
  place = -1;
  older: Ticket<T> | null;
  newer: Ticket<T> | null = null;

  constructor(line: object, holder: T, priority: number, number: number, older: Ticket<T> | null) {
    this.line = line;
    this.holder = holder;
    this.priority = priority;
    this.number = number;
    this.older = older;
  }
}

/**
 * A line of those that wait. A higher priority goes first, always: what waits longest has to be passed over for a whole
 * second before every eighth turn is its own. A burst is so served strictly in order, and no stream of higher
 * priorities, however high, starves anybody: it leaves an eighth of the turns to the others.
 */
export class Line<T> {
  readonly #heap = new Heap<Ticket<T>>(isBefore);
  #oldest: Ticket<T> | null = null;
  #newest: Ticket<T> | null = null;
  #came = 0;
  #passed = 0;

  get size(): number {
    return this.#heap.size;
  }

  /** The highest priority in the line; 0 if nobody waits. */
  get priority(): number {
    return this.#heap.first?.priority ?? 0;
  }

  push(holder: T, priority: number): Ticket<T> {
    const ticket = new Ticket(this, holder, priority, this.#came++, this.#newest);
    if (this.#newest) this.#newest.newer = ticket;
    else this.#oldest = ticket;
    this.#newest = ticket;
    this.#heap.add(ticket);
    return ticket;
  }

  /** Takes out whoever is next. */
  shift(): T | undefined {
    let next = this.#heap.first;
    const oldest = this.#oldest;
    if (!next || !oldest) return undefined;
    if (next !== oldest) {
      this.#passed++;
      if (this.#passed > mostPassed && now() - oldest.since >= patience) next = oldest;
    }
    if (next === oldest) this.#passed = 0;
    this.remove(next);
    return next.holder;
  }

  /** Takes somebody out who gives up; `false` if that ticket's turn has come already. */
  remove(given: Ticket<unknown>): boolean {
    if (given.line !== this || given.place < 0) return false;
    const ticket = given as Ticket<T>;
    const { older, newer } = ticket;
    if (older) older.newer = newer;
    else this.#oldest = newer;
    if (newer) newer.older = older;
    else this.#newest = older;
    this.#heap.remove(ticket);
    return true;
  }

  /** Gives a ticket that waits another priority. */
  raise(ticket: Ticket<T>, priority: number): void {
    if (ticket.priority === priority) return;
    ticket.priority = priority;
    this.#heap.moved(ticket);
  }
}

function isBefore(one: Ticket<unknown>, other: Ticket<unknown>): boolean {
  return one.priority === other.priority
    ? one.number < other.number
    : one.priority > other.priority;
}
