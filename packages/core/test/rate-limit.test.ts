import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RateLimitOptions } from "../src/limits/rate-limit.ts";
import { rateLimitRule } from "../src/limits/rate-limit.ts";
import { defaultLimits, Limits } from "../src/limits/limits.ts";
import { RateLimiter } from "../src/limits/rate-limiter.ts";
import { MemoryRateStore, type RateRule, type RateStore } from "../src/limits/rate-store.ts";
import type { HttpError, HttpRequest } from "../src/index.ts";
import type { FieldLines } from "../src/transport.ts";
import { failure, turns } from "./support/session.ts";
import { holds } from "./support/generated.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"], now: 0 });
});

afterEach(() => {
  const left = vi.isFakeTimers() ? vi.getTimerCount() : 0;
  vi.useRealTimers();
  if (left > 0) throw new Error(`${left} timers are left`);
});

const to = (origin: string, path = "/"): HttpRequest =>
  ({ target: { origin, path } }) as unknown as HttpRequest;

/** A limiter, and who was let through when. */
function limiter(options: RateLimitOptions, queue = Infinity) {
  const limits = new Limits({ ...defaultLimits, queue });
  const rule = rateLimitRule(options, null, "rateLimit");
  if (!rule) throw new Error("there is no rate limit");
  const rate = new RateLimiter(rule, limits);
  const passed: { name: string; at: number }[] = [];
  const refused: { name: string; error: HttpError }[] = [];
  const come = (origin: string, name = origin, priority = 0): (() => boolean) => {
    const waiter = {
      target: { origin },
      admit: () => void passed.push({ name, at: performance.now() }),
      fail: (error: HttpError) => void refused.push({ name, error }),
    };
    if (rate.enter(to(origin), waiter, priority)) waiter.admit();
    return () => rate.leave(waiter);
  };
  return {
    limits,
    rate,
    passed,
    refused,
    come,
    names: () => passed.map(({ name }) => name),
    times: () => passed.map(({ at }) => Math.round(at)),
    learn: (status: number, ...fields: FieldLines) =>
      rate.learn(to("a"), { status, headers: fields }),
  };
}

describe("the rate limit", () => {
  it("spreads requests evenly, first come, first served", () => {
    const { come, names, times } = limiter({ requests: 10 });
    for (const name of ["1", "2", "3", "4"]) come("a", name);
    expect(names()).toEqual(["1"]);
    vi.advanceTimersByTime(1000);
    expect(names()).toEqual(["1", "2", "3", "4"]);
    expect(times()).toEqual([0, 100, 200, 300]);
  });

  it("lets a burst pass at once, and as much again only when the time for it has gone by", () => {
    const { come, times } = limiter({ requests: 10, burst: 3 });
    for (let i = 0; i < 5; i++) come("a");
    vi.advanceTimersByTime(1000);
    expect(times()).toEqual([0, 0, 0, 100, 200]);
    for (let i = 0; i < 4; i++) come("a");
    vi.advanceTimersByTime(200);
    expect(times().slice(5)).toEqual([1000, 1000, 1000, 1100]);
  });

  it("counts each origin by itself, the whole session, or what a function names", () => {
    const each = limiter({ requests: 1 });
    const all = limiter({ requests: 1, per: "session" });
    const named = limiter({ requests: 1, per: ({ target }) => target.origin.slice(0, 1) });
    for (const { come } of [each, all, named]) for (const one of ["ab", "ac", "b"]) come(one);
    expect(each.names()).toEqual(["ab", "ac", "b"]);
    expect(all.names()).toEqual(["ab"]);
    expect(named.names()).toEqual(["ab", "b"]);
    vi.advanceTimersByTime(5000);
    expect(all.times()).toEqual([0, 1000, 2000]);
  });

  it("does not drift, though timers are late and the interval is no whole number of milliseconds", () => {
    const { come, passed } = limiter({ requests: 30, interval: 1000 });
    for (let i = 0; i < 3001; i++) come("a");
    const wait = setTimeout;
    // Whatever is set for a time is a little later.
    vi.stubGlobal("setTimeout", (callback: () => void, ms: number) => wait(callback, ms + 4));
    vi.advanceTimersByTime(100_100);
    vi.unstubAllGlobals();
    expect(passed).toHaveLength(3001);
    expect(passed.at(-1)!.at).toBeGreaterThanOrEqual(100_000);
    vi.advanceTimersByTime(1000);
  });

  it("makes up for no more than a moment: after a standstill there is no rush", () => {
    const { come, passed } = limiter({ requests: 1000 });
    for (let i = 0; i < 200; i++) come("a");
    // The event loop stands still, and timers fire when it goes on.
    const { performance } = globalThis;
    vi.spyOn(performance, "now").mockReturnValue(10_000);
    vi.advanceTimersByTime(1);
    vi.restoreAllMocks();
    expect(passed.length).toBeLessThanOrEqual(12);
    vi.advanceTimersByTime(20_000);
    expect(passed).toHaveLength(200);
  });

  it("takes no notice of a clock on the wall that jumps", () => {
    const { come, times } = limiter({ requests: 1 });
    come("a");
    come("a");
    come("a");
    vi.setSystemTime(-1e12);
    vi.advanceTimersByTime(1000);
    vi.setSystemTime(1e12);
    vi.advanceTimersByTime(1000);
    expect(times()).toEqual([0, 1000, 2000]);
  });

  it("goes by priority while they wait", () => {
    const { come, names } = limiter({ requests: 1 });
    come("a", "first");
    come("a", "low");
    come("a", "high", 1);
    come("b", "other");
    vi.advanceTimersByTime(5000);
    expect(names()).toEqual(["first", "other", "high", "low"]);
  });

  it("has nobody who leaves take a token along", () => {
    const { come, names, times } = limiter({ requests: 1 });
    come("a", "1");
    const leave = come("a", "2");
    come("a", "3");
    vi.advanceTimersByTime(500);
    expect(leave()).toBe(true);
    expect(leave()).toBe(false);
    vi.advanceTimersByTime(500);
    expect(names()).toEqual(["1", "3"]);
    expect(times()).toEqual([0, 1000]);
  });

  it("has one timer at most, and none when nobody waits", () => {
    const { come } = limiter({ requests: 1 });
    for (let i = 0; i < 20; i++) come(`origin-${i}`);
    expect(vi.getTimerCount()).toBe(0);
    const leave = Array.from({ length: 20 }, (_, i) => come(`origin-${i}`));
    expect(vi.getTimerCount()).toBe(1);
    for (const one of leave) one();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("keeps the process alive while somebody waits, as nothing else may", () => {
    vi.useRealTimers();
    const timers = (): number =>
      process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
    const before = timers();
    const { come } = limiter({ requests: 1, interval: 60_000 });
    come("a");
    const leave = come("a");
    expect(timers()).toBe(before + 1);
    leave();
    expect(timers()).toBe(before);
  });

  it("counts those who wait to the queue, and refuses one more than it takes", async () => {
    const { come, limits } = limiter({ requests: 1 }, 2);
    come("a");
    const leave = [come("a"), come("a")];
    expect(limits.stats).toEqual({
      active: 0,
      queued: 2,
      origins: { a: { active: 0, queued: 2 } },
    });
    expect(await failure(() => come("a"))).toMatchObject({
      code: "ERR_QUEUE_FULL",
      requestSent: "no",
    });
    for (const one of leave) one();
    expect(limits.stats).toEqual({ active: 0, queued: 0, origins: {} });
  });

  it("waits for longer than timers can", () => {
    const { come, passed } = limiter({ requests: 1, interval: 3e9 });
    come("a");
    come("a");
    vi.advanceTimersByTime(2.9e9);
    expect(passed).toHaveLength(1);
    vi.advanceTimersByTime(2e8);
    expect(passed).toHaveLength(2);
  });

  it("never lets more pass than its rule allows, and leaves nobody behind, whatever happens", async () => {
    const step = fc.oneof(
      fc.record({ come: fc.constantFrom("a", "b"), priority: fc.integer({ min: 0, max: 2 }) }),
      fc.record({ leave: fc.nat(20) }),
      fc.record({ pass: fc.integer({ min: 1, max: 700 }) }),
    );
    await holds(
      100,
      fc.property(
        fc.array(step, { maxLength: 60 }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 5 }),
        (steps, requests, burst) => {
          const { come, passed, limits } = limiter({ requests, burst });
          const leave: (() => boolean)[] = [];
          let came = 0;
          let left = 0;
          for (const one of steps) {
            if ("come" in one) leave.push(come(one.come, `${one.come}${came++}`, one.priority));
            else if ("leave" in one) left += Number(leave[one.leave]?.() ?? false);
            else vi.advanceTimersByTime(one.pass);
          }
          vi.advanceTimersByTime(61_000);
          expect(passed).toHaveLength(came - left);
          expect(limits.stats.queued).toBe(0);
          expect(vi.getTimerCount()).toBe(0);
          for (const origin of ["a", "b"]) {
            const times = passed.filter(({ name }) => name[0] === origin).map(({ at }) => at);
            for (const [index, start] of times.entries()) {
              for (let last = index; last < times.length; last++) {
                const most = burst + ((times.at(last)! - start + 10) * requests) / 1000;
                expect(last - index + 1).toBeLessThanOrEqual(most + 1e-6);
              }
            }
          }
        },
      ),
    );
  });
});

describe("what servers say", () => {
  const now = "Thu, 01 Jan 2026 00:00:00 GMT";
  const inAMinute = "Thu, 01 Jan 2026 00:01:00 GMT";
  const epoch = Date.parse(inAMinute) / 1000;

  it.each<[what: string, status: number, wait: number, fields: FieldLines]>([
    ["a delay", 429, 7000, ["Retry-After", "7"]],
    ["a delay with 503", 503, 7000, ["retry-after", " 7 "]],
    ["a delay with a status that does not mean it", 404, 0, ["retry-after", "7"]],
    ["a date, by the server's clock", 429, 60_000, ["retry-after", inAMinute, "date", now]],
    ["a date that is over", 429, 0, ["retry-after", now, "date", inAMinute]],
    ["nonsense", 429, 0, ["retry-after", "soon", "x-ratelimit-remaining", "x"]],
    ["a negative delay", 429, 0, ["retry-after", "-5"]],
    ["nothing remaining", 200, 30_000, ["RateLimit", '"default";r=0;t=30']],
    ["something remaining", 200, 0, ["ratelimit", '"default";r=50;t=30']],
    [
      "several policies",
      200,
      20_000,
      ["ratelimit", '"a,b;t=9";r=0;t=10, "day";r=7;t=9000', "ratelimit", '"c";t=20;r=0'],
    ],
    [
      "a policy whose window is all that is known",
      200,
      60_000,
      ["ratelimit-policy", '"burst";q=100;w=60,"daily";q=1;w=86400', "ratelimit", '"burst";r=0'],
    ],
    ["the draft before", 200, 45_000, ["ratelimit", "limit=100, remaining=0, reset=45"]],
    ["the same with something left", 200, 0, ["ratelimit", "limit=100, remaining=1, reset=45"]],
    [
      "three fields",
      200,
      12_000,
      ["ratelimit-limit", "10, 10;w=60", "ratelimit-remaining", "0", "ratelimit-reset", "12"],
    ],
    ["a delta", 200, 12_500, ["x-ratelimit-remaining", "0", "x-ratelimit-reset", "12.5"]],
    [
      "seconds since 1970",
      403,
      60_000,
      ["X-RateLimit-Remaining", "0", "X-RateLimit-Reset", String(epoch), "Date", now],
    ],
    [
      "milliseconds since 1970",
      200,
      60_000,
      ["x-rate-limit-remaining", "0", "x-rate-limit-reset", String(epoch * 1000), "date", now],
    ],
    ["some left", 200, 0, ["x-ratelimit-remaining", "1", "x-ratelimit-reset", "60"]],
    ["the longest of all", 429, 9000, ["retry-after", "3", "ratelimit", '"a";r=0;t=9']],
    ["more than is believed", 429, 3_600_000, ["retry-after", "99999999"]],
    ["a string without an end", 200, 0, ["ratelimit", '"aaa;r=0;t=5']],
  ])("is understood: %s", (_what, status, wait, fields) => {
    const { come, learn, times } = limiter({ requests: 1e6, learn: true });
    learn(status, ...fields);
    come("a");
    vi.advanceTimersByTime(3_700_000);
    expect(times()).toEqual([wait]);
  });

  it("is passed over unless asked for", () => {
    const { come, learn, times } = limiter({ requests: 10 });
    learn(429, "retry-after", "7");
    come("a");
    expect(times()).toEqual([0]);
  });

  it("holds those who wait already, and after it they do not rush", () => {
    const { come, learn, times } = limiter({ requests: 10, burst: 5, learn: true });
    for (let i = 0; i < 7; i++) come("a");
    learn(429, "retry-after", "2");
    come("a");
    vi.advanceTimersByTime(10_000);
    expect(times()).toEqual([0, 0, 0, 0, 0, 2000, 2100, 2200]);
  });

  it("is believed for no longer than maxWait, and never shortens a wait", () => {
    const { come, learn, times } = limiter({ requests: 10, learn: true, maxWait: 5000 });
    learn(429, "retry-after", "9");
    learn(429, "retry-after", "1");
    come("a");
    vi.advanceTimersByTime(10_000);
    expect(times()).toEqual([5000]);
  });

  it("takes linear time to read, whatever it is", () => {
    const { learn } = limiter({ requests: 10, learn: true });
    for (const part of ['"', '\\"', ",", ";", '";', "=", " ", '"\\', "r=0,"])
      learn(429, "ratelimit", part.repeat(300_000), "retry-after", part.repeat(300_000));
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("the store in memory", () => {
  const rule: RateRule = { requests: 10, interval: 1000, burst: 10 };

  it("forgets keys that have all their tokens again", () => {
    const store = new MemoryRateStore();
    for (let i = 0; i < 100_000; i++) store.take(`origin-${i}`, rule, i);
    expect(store.size).toBeLessThanOrEqual(2000);
  });

  it("loses no token of a key that it remembers", () => {
    const store = new MemoryRateStore();
    for (let i = 0; i < 10; i++) expect(store.take("a", rule, 0)).toBe(0);
    for (let i = 0; i < 5000; i++) store.take(`origin-${i}`, rule, 50);
    expect(store.take("a", rule, 50)).toBeCloseTo(50);
  });
});

describe("a store elsewhere", () => {
  /** One that answers when told to. */
  function remote() {
    const asked: { answer(wait: number): Promise<void>; fail(): Promise<void> }[] = [];
    const store: RateStore = {
      take: () =>
        new Promise((resolve, reject) => {
          asked.push({
            answer: (wait) => (resolve(wait), turns(3)),
            fail: () => (reject(new Error("the store is down")), turns(3)),
          });
        }),
      block: () => Promise.reject(new Error("the store is down")),
    };
    return { asked, store };
  }

  it("is asked for one token of a key at a time, and waits as long as it says", async () => {
    const { asked, store } = remote();
    const { come, names, times } = limiter({ requests: 1, store });
    for (const name of ["1", "2", "3"]) come("a", name);
    expect(asked).toHaveLength(1);
    await asked.at(0)!.answer(0);
    expect(names()).toEqual(["1"]);
    expect(asked).toHaveLength(2);
    await asked.at(1)!.answer(700);
    vi.advanceTimersByTime(699);
    expect(asked).toHaveLength(2);
    vi.advanceTimersByTime(1);
    await asked.at(2)!.answer(0);
    await asked.at(3)!.answer(0);
    expect(names()).toEqual(["1", "2", "3"]);
    expect(times()).toEqual([0, 700, 700]);
    expect(asked).toHaveLength(4);
  });

  it("gives the token of somebody who has left to the next", async () => {
    const { asked, store } = remote();
    const { come, names } = limiter({ requests: 1, store });
    const leave = come("a", "1");
    leave();
    come("a", "2");
    expect(asked).toHaveLength(1);
    await asked.at(0)!.answer(0);
    expect(names()).toEqual(["2"]);
  });

  it("leaves nothing behind if everybody has left when it answers", async () => {
    const { asked, store } = remote();
    const { come, limits, names } = limiter({ requests: 1, store });
    come("a", "1")();
    come("b", "2")();
    await asked.at(0)!.answer(0);
    await asked.at(1)!.answer(50);
    expect(vi.getTimerCount()).toBe(0);
    expect(limits.stats.queued).toBe(0);
    come("a", "3");
    expect(asked).toHaveLength(3);
    await asked.at(2)!.answer(0);
    expect(names()).toEqual(["3"]);
  });

  it("fails those who wait if it fails, and is asked again for the next", async () => {
    const { asked, store } = remote();
    const { come, limits, names, refused } = limiter({ requests: 1, store });
    come("a", "1");
    come("a", "2");
    await asked.at(0)!.fail();
    expect(refused.map(({ name }) => name)).toEqual(["1", "2"]);
    expect(refused.at(0)!.error).toMatchObject({
      code: "ERR_MIDDLEWARE",
      phase: "queue",
      requestSent: "no",
      cause: { message: "the store is down" },
    });
    expect(limits.stats.queued).toBe(0);
    come("a", "3");
    await asked.at(1)!.answer(0);
    expect(names()).toEqual(["3"]);
  });

  it("is listened to though nobody may wait for its answer", async () => {
    const { asked, store } = remote();
    const { come, limits } = limiter({ requests: 1, store }, 0);
    expect(await failure(() => come("a"))).toMatchObject({ code: "ERR_QUEUE_FULL" });
    await asked.at(0)!.fail();
    expect(limits.stats.queued).toBe(0);
    expect(await failure(() => come("a"))).toMatchObject({ code: "ERR_QUEUE_FULL" });
    expect(asked).toHaveLength(2);
  });

  it("may answer nonsense, which is no reason to wait for ever", async () => {
    const { come, names } = limiter({
      requests: 1,
      store: {
        take: (key) => (key === "a" ? (undefined as never) : Promise.resolve(NaN)),
        block: () => undefined,
      },
    });
    come("a");
    come("b");
    await turns(3);
    expect(names()).toEqual(["a", "b"]);
  });

  it("may keep its numbers as text", async () => {
    const answers = { a: ["40", "0"], b: ["60", "0"] };
    const { come, names, times } = limiter({
      requests: 1,
      store: {
        take(key) {
          const answer = answers[key as "a" | "b"].shift() as never;
          return key === "a" ? answer : Promise.resolve(answer);
        },
        block: () => undefined,
      },
    });
    come("a");
    come("b");
    await turns(3);
    vi.advanceTimersByTime(1000);
    await turns(3);
    expect(names()).toEqual(["a", "b"]);
    expect(times().at(0)).toBe(40);
  });

  it("fails those who wait if what it answers later is no value at all", async () => {
    const { come, limits, refused } = limiter({
      requests: 1,
      store: { take: () => Promise.resolve(Symbol("nonsense") as never), block: () => undefined },
    });
    come("a");
    await turns(3);
    expect(refused.at(0)?.error).toMatchObject({ code: "ERR_MIDDLEWARE" });
    expect(limits.stats.queued).toBe(0);
  });

  it("may throw, at once or later, and may fail to take note", async () => {
    const { come, refused, learn } = limiter({
      requests: 1,
      learn: true,
      store: {
        take(_key, _rule, now) {
          if (now > 0) throw new Error("the store is down");
          return 5;
        },
        block() {
          throw new Error("the store is down");
        },
      },
    });
    come("a");
    vi.advanceTimersByTime(20);
    expect(refused).toHaveLength(1);
    expect(await failure(() => come("a"))).toMatchObject({
      code: "ERR_MIDDLEWARE",
      requestSent: "no",
      cause: { message: "the store is down" },
    });
    learn(429, "retry-after", "7");
    await turns(3);
  });
});

describe("the option", () => {
  it.each<[unknown, string]>([
    [{}, "rateLimit.requests is undefined"],
    [{ interval: 5 }, "rateLimit.requests is undefined"],
    [{ requests: 0 }, "rateLimit.requests is 0"],
    [{ requests: 1.5 }, "rateLimit.requests is 1.5"],
    [{ requests: Infinity }, "rateLimit.requests is Infinity"],
    [{ requests: false }, "rateLimit.requests is false"],
    [{ requests: 1, interval: Infinity }, "rateLimit.interval is Infinity"],
    [{ requests: 1, interval: false }, "rateLimit.interval is false"],
    [{ requests: 1, interval: -1 }, "rateLimit.interval is -1"],
    [{ requests: 1, interval: NaN }, "rateLimit.interval is NaN"],
    [{ requests: 1, burst: 0 }, "rateLimit.burst is 0"],
    [{ requests: 1, per: "host" }, "rateLimit.per is"],
    [{ requests: 1, learn: 1 }, "rateLimit.learn is 1"],
    [{ requests: 1, maxWait: 0 }, "rateLimit.maxWait is 0"],
    [{ requests: 1, store: null }, "rateLimit.store is null"],
    [{ requests: 1, store: { take() {} } }, "rateLimit.store is"],
    [{ requests: 1, perOrigin: 1 }, "rateLimit.perOrigin is unknown"],
    [5, "rateLimit is 5"],
    [true, "rateLimit is true"],
  ])("refuses %j", async (value, said) => {
    const error = await failure(() => rateLimitRule(value, null, "rateLimit"));
    expect(error).toMatchObject({ code: "ERR_INVALID_OPTION" });
    expect(error.message).toContain(said);
  });

  it("says what holds where nothing is said, and is switched off with false", () => {
    expect(rateLimitRule({ requests: 5 }, null, "rateLimit")).toMatchObject({
      requests: 5,
      interval: 1000,
      burst: 1,
      per: "origin",
      learn: false,
      maxWait: 3_600_000,
    });
    expect(rateLimitRule(false, null, "rateLimit")).toBeNull();
  });

  it("refuses a key that is no text or cannot be had, before anything is sent", async () => {
    const { come } = limiter({ requests: 1, per: () => 5 as never });
    expect(await failure(() => come("a"))).toMatchObject({ code: "ERR_INVALID_OPTION" });
    const cause = new Error("broken");
    const broken = limiter({
      requests: 1,
      per() {
        throw cause;
      },
    });
    expect(await failure(() => broken.come("a"))).toMatchObject({
      code: "ERR_INVALID_OPTION",
      cause,
    });
  });
});
