/* A model of the queue that knows nothing of its heaps: who may pass, who must, and who has been passed over. */

import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { Limits, LimitSettings, Waiter } from "../../src/limits/limits.ts";

/** One that came: it holds a slot, or waits. */
interface Caller {
  readonly origin: string;
  readonly waiter: Waiter;
}

/** What has to be true of the queue, kept in lists. */
export class Model {
  readonly active: Caller[] = [];
  readonly waiting: Caller[] = [];
  readonly settings: LimitSettings;
  /** `a b`: a has had a turn while b could have had one, and b none since. */
  readonly #passedOver = new Set<string>();

  constructor(settings: LimitSettings) {
    this.settings = settings;
  }

  count(origin: string): number {
    return this.active.filter((one) => one.origin === origin).length;
  }

  /** Origins at which somebody waits and their own limit would let them pass. */
  eligible(): string[] {
    const all = new Set(this.waiting.map(({ origin }) => origin));
    return [...all].filter((origin) => this.count(origin) < this.settings.perOrigin);
  }

  /** Somebody's turn has come. */
  granted(caller: Caller): void {
    const { origin } = caller;
    const first = this.waiting.find((one) => one.origin === origin);
    assert.equal(caller, first, "first come, first served within an origin");
    const eligible = this.eligible();
    assert.ok(eligible.includes(origin), "nobody is let through whose origin is full");
    for (const other of eligible) {
      if (other === origin) continue;
      assert.ok(!this.#passedOver.has(`${origin} ${other}`), "origins take turns");
      this.#passedOver.add(`${origin} ${other}`);
    }
    for (const pair of this.#passedOver)
      if (pair.endsWith(` ${origin}`)) this.#passedOver.delete(pair);
    this.waiting.splice(this.waiting.indexOf(caller), 1);
    this.active.push(caller);
  }

  /** What holds between any two operations. */
  check(limits: Limits): void {
    const { concurrency, perOrigin, queue } = this.settings;
    assert.ok(this.active.length <= concurrency, "concurrency");
    assert.ok(this.waiting.length <= queue, "queue");
    for (const { origin } of this.active) assert.ok(this.count(origin) <= perOrigin, "perOrigin");
    const eligible = this.eligible();
    if (this.active.length < concurrency) assert.deepEqual(eligible, [], "no slot is free in vain");
    // Who could not have had a turn has not been passed over.
    for (const pair of this.#passedOver)
      if (!eligible.includes(pair.split(" ")[1] ?? "")) this.#passedOver.delete(pair);
    const { active, queued, origins } = limits.stats;
    assert.deepEqual([active, queued], [this.active.length, this.waiting.length]);
    const busy = new Set([...this.active, ...this.waiting].map(({ origin }) => origin));
    assert.deepEqual(Object.keys(origins).toSorted(), [...busy].toSorted());
  }
}

/** Something that callers do. */
type Command = fc.Command<Model, Limits>;

/** Somebody comes, and gets a slot, waits, or is turned away. */
class Come implements Command {
  readonly origin: string;

  constructor(origin: string) {
    this.origin = origin;
  }

  check(): boolean {
    return true;
  }

  run(model: Model, limits: Limits): void {
    const caller: Caller = {
      origin: this.origin,
      waiter: { ticket: null, grant: () => model.granted(caller) },
    };
    const { concurrency, perOrigin, queue } = model.settings;
    const free =
      model.active.length < concurrency &&
      model.count(this.origin) < perOrigin &&
      !model.waiting.some(({ origin }) => origin === this.origin);
    assert.equal(limits.take(this.origin), free);
    if (free) model.active.push(caller);
    else if (model.waiting.length >= queue) {
      assert.throws(() => limits.wait(this.origin, caller.waiter), /the queue is full/);
    } else {
      model.waiting.push(caller);
      limits.wait(this.origin, caller.waiter);
    }
    model.check(limits);
  }

  toString(): string {
    return `come to ${this.origin}`;
  }
}

/** One of those that hold a slot gives it back. */
class Release implements Command {
  readonly place: number;

  constructor(place: number) {
    this.place = place;
  }

  check(model: Model): boolean {
    return model.active.length > 0;
  }

  run(model: Model, limits: Limits): void {
    const [caller] = model.active.splice(this.place % model.active.length, 1);
    limits.release(caller?.origin ?? "");
    model.check(limits);
  }

  toString(): string {
    return `release ${this.place}`;
  }
}

/** One of those that wait leaves, and then once more, which must change nothing. */
class Leave implements Command {
  readonly place: number;

  constructor(place: number) {
    this.place = place;
  }

  check(model: Model): boolean {
    return model.waiting.length > 0;
  }

  run(model: Model, limits: Limits): void {
    const [caller] = model.waiting.splice(this.place % model.waiting.length, 1);
    if (!caller) return;
    limits.leave(caller.origin, caller.waiter);
    limits.leave(caller.origin, caller.waiter);
    model.check(limits);
  }

  toString(): string {
    return `leave ${this.place}`;
  }
}

/** Any sequence of them. */
export const commands: fc.Arbitrary<Iterable<Command>> = fc.commands(
  [
    fc.constantFrom("a", "b", "c", "d").map((origin) => new Come(origin)),
    fc.constantFrom("a", "b").map((origin) => new Come(origin)),
    fc.nat(20).map((place) => new Release(place)),
    fc.nat(20).map((place) => new Leave(place)),
  ],
  { maxCommands: 200, size: "+1" },
);
