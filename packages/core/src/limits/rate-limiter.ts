/* The rate limit at work: who waits for a token, in which order, and when it is asked for again. */

import { now } from "../clock.ts";
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

/** The longest that timers of all platforms can wait, in ms. */
const longestWait = 2_147_483_647;
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
    const known = this.#lanes.get(key);
    // Nobody overtakes those who wait.
    const time = now();
    const answer = known ? null : this.#rule.store.take(key, this.#rule, time);
    if (answer !== null && isGranted(answer)) return true;
    this.#limits.enter(waiter.target.origin);
    const lane = known ?? new Lane(key);
    waiter.ticket = lane.push(waiter, priority);
    if (answer === null) return false;
    this.#lanes.set(key, lane);
    if (typeof answer === "number") this.#schedule(lane, time + answer);
    else this.#expect(lane, time, answer);
    this.#wake();
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
    const key = per(request);
    if (typeof key === "string") return key;
    throw invalid("OPTION", `rateLimit.per returned ${shown(key)}`, "Return a text.");
  }

  /** Asks for tokens for those who wait, as of a time, until there is none. */
  #ask(lane: Lane, asOf: number): void {
    let at = asOf;
    while (lane.size > 0) {
      let answer: number | Promise<number>;
      try {
        answer = this.#rule.store.take(lane.key, this.#rule, at);
      } catch (error) {
        return this.#refuse(lane, error);
      }
      if (typeof answer !== "number") return this.#expect(lane, at, answer);
      if (isGranted(answer)) this.#grant(lane);
      else if ((at += answer) > now()) return this.#schedule(lane, at);
    }
    this.#closeIfEmpty(lane);
  }

  #expect(lane: Lane, at: number, answer: Promise<number>): void {
    lane.asking = true;
    answer.then(
      (wait) => {
        lane.asking = false;
        if (isGranted(wait)) {
          // Whoever it was asked for may have left: it is for the next. With nobody there, it is gone.
          this.#grant(lane);
          this.#ask(lane, Math.max(at, now() - lateness));
        } else this.#schedule(lane, at + wait);
        this.#wake();
      },
      (error: unknown) => {
        lane.asking = false;
        this.#refuse(lane, error);
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

  #refuse(lane: Lane, cause: unknown): void {
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

/** Whether a store's answer is a token: all that is no time to wait. */
function isGranted(answer: number | Promise<number>): boolean {
  return typeof answer === "number" && !(answer > 0);
}

function storeFailed(cause: unknown): HttpError {
  return new HttpError("ERR_MIDDLEWARE", "the store of the rate limit failed", "See cause.", {
    phase: "queue",
    requestSent: "no",
    cause,
  });
}
