/* The rate limit at work: who waits for a token, in which order, and when it is asked for again. */

import { longestWait, now } from "../clock.ts";
import { HttpError, invalid } from "../errors.ts";
import type { HttpRequest } from "../request.ts";
import { shown } from "../redact.ts";
import type { TransportResponse } from "../transport.ts";
import { Heap, type Placed } from "./heap.ts";
import type { Limits } from "./limits.ts";
import { Line, type Ticket } from "./line.ts";
import { toldWait } from "./rate-fields.ts";
import type { RateLimitSettings } from "./rate-limit.ts";

/** What waits for a token. */
export interface RateWaiter {
  /** Where it waits; only the line writes it. */
  ticket?: Ticket<unknown> | null | undefined;
  readonly target: { readonly origin: string };
  /** Called once, with the token taken. */
  admit(): void;
  /** Called instead if there is no telling: the store has failed. */
  fail(error: HttpError): void;
}

/** How late a timer may be without slowing the rate down, in ms: beyond that, time has passed unused. */
const lateness = 10;

/** Those who wait for the tokens of one key. */
class Lane extends Line<RateWaiter> implements Placed {
  readonly key: string;
  place = -1;
  /** When there may be a token. */
  at = 0;
  /** The store has been asked and has not answered. */
  asking = false;

  constructor(key: string) {
    super();
    this.key = key;
  }
}

/** @internal Stands in front of the queue for slots. Whoever waits here counts there, but holds no slot. */
export class RateLimiter {
  readonly #rule: RateLimitSettings;
  readonly #limits: Limits;
  /** Keys that somebody waits for, or that the store is being asked about. */
  readonly #lanes = new Map<string, Lane>();
  readonly #due = new Heap<Lane>((one, other) => one.at < other.at);
  /** Of the platform, not of the clock: with nothing else under way, it is what keeps the process alive. */
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wakeAt = Infinity;

  constructor(rule: RateLimitSettings, limits: Limits) {
    this.#rule = rule;
    this.#limits = limits;
  }

  /**
   * Takes a token; `false`: there is none now, and the waiter is told when its turn has come.
   * @throws QueueFullError if too many wait already.
   */
  enter(request: HttpRequest, waiter: RateWaiter, priority: number): boolean {
    const key = this.#key(request);
    const time = now();
    const known = this.#lanes.get(key);
    // Nobody overtakes those who wait.
    const answer = known ? null : this.#take(key, time);
    if (answer === 0) return true;
    const lane = known ?? new Lane(key);
    // An answer that comes later is listened to, whether or not there is room to wait for it.
    if (answer instanceof Promise) this.#expect(lane, time, answer);
    this.#limits.enter(waiter.target.origin);
    waiter.ticket = lane.push(waiter, priority);
    if (typeof answer === "number") {
      this.#lanes.set(key, lane);
      this.#schedule(lane, time + answer);
      this.#wake();
    }
    return false;
  }

  /** Gives up waiting; `false`: it does not wait here. */
  leave(waiter: RateWaiter): boolean {
    const lane = waiter.ticket?.line;
    if (!(lane instanceof Lane && waiter.ticket && lane.remove(waiter.ticket))) return false;
    waiter.ticket = null;
    this.#limits.exit(waiter.target.origin);
    this.#closeIfEmpty(lane);
    this.#wake();
    return true;
  }

  /** Takes note of what a server says about its own limit. */
  learn(request: HttpRequest, response: Pick<TransportResponse, "status" | "headers">): void {
    const { learn, maxWait, store } = this.#rule;
    if (!learn) return;
    const wait = Math.min(toldWait(response.status, response.headers), maxWait);
    if (!(wait > 0)) return;
    // Whatever is wrong with the store, the next request finds out.
    void (async () => store.block(this.#key(request), this.#rule, wait, now()))().catch(
      () => undefined,
    );
  }

  #key(request: HttpRequest): string {
    const { per } = this.#rule;
    if (per === "origin") return request.target.origin;
    if (per === "session") return "";
    let key: unknown;
    try {
      key = per(request);
    } catch (cause) {
      throw invalid("OPTION", "the function rateLimit.per failed", "See cause.", cause);
    }
    if (typeof key === "string") return key;
    throw invalid("OPTION", `rateLimit.per returned ${shown(key)}`, "Return a text.");
  }

  /** Asks the store: 0 for a token, or the time to wait, or either of them later. */
  #take(key: string, at: number): number | Promise<number> {
    try {
      const answer = this.#rule.store.take(key, this.#rule, at);
      return typeof answer === "object" ? Promise.resolve(answer).then(waitOf) : waitOf(answer);
    } catch (error) {
      throw storeFailed(error);
    }
  }

  /** Asks for tokens for those who wait, as of a time, until there is none. */
  #ask(lane: Lane, asOf: number): void {
    let at = asOf;
    try {
      while (lane.size > 0) {
        const answer = this.#take(lane.key, at);
        if (answer instanceof Promise) return this.#expect(lane, at, answer);
        if (answer === 0) this.#grant(lane);
        else if ((at += answer) > now()) return this.#schedule(lane, at);
      }
    } catch (error) {
      this.#refuse(lane, error as HttpError);
    }
    this.#closeIfEmpty(lane);
  }

  #expect(lane: Lane, at: number, answer: Promise<number>): void {
    this.#lanes.set(lane.key, lane);
    lane.asking = true;
    answer.then(
      (wait) => {
        lane.asking = false;
        if (wait === 0) {
          // Whoever it was asked for may have left: it is for the next. With nobody there, it is gone.
          this.#grant(lane);
          this.#ask(lane, Math.max(at, now() - lateness));
        } else this.#schedule(lane, at + wait);
        this.#wake();
      },
      (error: unknown) => {
        lane.asking = false;
        this.#refuse(lane, storeFailed(error));
      },
    );
  }

  #grant(lane: Lane): void {
    const waiter = lane.shift();
    if (!waiter) return;
    waiter.ticket = null;
    this.#limits.exit(waiter.target.origin);
    waiter.admit();
  }

  /** Each gets an error of its own, as each is about a request of its own. */
  #refuse(lane: Lane, { cause }: HttpError): void {
    for (let waiter = lane.shift(); waiter; waiter = lane.shift()) {
      waiter.ticket = null;
      this.#limits.exit(waiter.target.origin);
      waiter.fail(storeFailed(cause));
    }
    this.#closeIfEmpty(lane);
  }

  #schedule(lane: Lane, at: number): void {
    lane.at = at;
    this.#due.add(lane);
    this.#closeIfEmpty(lane);
  }

  #closeIfEmpty(lane: Lane): void {
    if (lane.size > 0 || lane.asking) return;
    this.#due.remove(lane);
    if (this.#lanes.get(lane.key) === lane) this.#lanes.delete(lane.key);
  }

  #wake(): void {
    const at = this.#due.first?.at ?? Infinity;
    // One that is too early does no harm, but one without a purpose would keep the process alive.
    if (at >= this.#wakeAt && at < Infinity) return;
    clearTimeout(this.#timer);
    this.#wakeAt = at;
    if (at === Infinity) return;
    const wait = Math.min(longestWait, Math.max(0, Math.ceil(at - now())));
    this.#timer = setTimeout(() => this.#look(), wait);
  }

  #look(): void {
    const time = now();
    this.#wakeAt = Infinity;
    for (let lane = this.#due.first; lane && lane.at <= time; lane = this.#due.first) {
      this.#due.remove(lane);
      this.#ask(lane, Math.max(lane.at, time - lateness));
    }
    this.#wake();
  }
}

/** The time to wait that a store's answer means: all that is no time above 0 is a token. */
function waitOf(answer: unknown): number {
  // What stores keep elsewhere comes back as text.
  return Math.max(0, Number(answer)) || 0;
}

function storeFailed(cause: unknown): HttpError {
  return new HttpError("ERR_MIDDLEWARE", "the store of the rate limit failed", "See cause.", {
    phase: "queue",
    requestSent: "no",
    cause,
  });
}
