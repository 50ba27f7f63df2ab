import * as fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { defaultLimits, Limits, type LimitSettings } from "../src/limits/limits.ts";
import { failure, sessionOf } from "./support/session.ts";
import { holds } from "./support/generated.ts";

/** Limits, and who was let through in which order. */
function queue(options: Partial<LimitSettings>): {
  readonly limits: Limits;
  readonly granted: string[];
  come(origin: string, name?: string, priority?: number): () => void;
} {
  const limits = new Limits({ ...defaultLimits, ...options });
  const granted: string[] = [];
  const come = (origin: string, name = origin, priority = 0): (() => void) => {
    const waiter = { grant: () => granted.push(name) };
    if (limits.take(origin)) waiter.grant();
    else limits.wait(origin, waiter, priority);
    return () => limits.leave(origin, waiter);
  };
  return { limits, granted, come };
}

afterEach(() => {
  vi.useRealTimers();
});

describe("limits", () => {
  it("lets as many through as there are slots, and the rest first come, first served", () => {
    const { limits, granted, come } = queue({ concurrency: 2 });
    for (const name of ["1", "2", "3", "4", "5"]) come("a", name);
    expect(granted).toEqual(["1", "2"]);
    limits.release("a");
    expect(granted).toEqual(["1", "2", "3"]);
    for (let i = 0; i < 4; i++) limits.release("a");
    expect(granted).toEqual(["1", "2", "3", "4", "5"]);
    expect(limits.stats).toEqual({ active: 0, queued: 0, origins: {} });
  });

  it("gives origins their turns, so that a busy one starves nobody", () => {
    const { limits, granted, come } = queue({ concurrency: 1 });
    for (const name of ["a1", "a2", "a3", "a4"]) come("a", name);
    come("b", "b1");
    come("c", "c1");
    come("b", "b2");
    const order = ["a", "a", "b", "c", "a", "b", "a"];
    for (const origin of order) limits.release(origin);
    expect(granted).toEqual(["a1", "a2", "b1", "c1", "a3", "b2", "a4"]);
  });

  it("holds each origin to its own limit without holding up the others", () => {
    const { granted, come, limits } = queue({ concurrency: 10, perOrigin: 1 });
    for (const name of ["a1", "a2"]) come("a", name);
    come("b", "b1");
    expect(granted).toEqual(["a1", "b1"]);
    limits.release("b");
    expect(granted).toEqual(["a1", "b1"]);
    limits.release("a");
    expect(granted).toEqual(["a1", "b1", "a2"]);
  });

  it("lets nobody overtake those who wait for the same origin", () => {
    const { granted, come, limits } = queue({ concurrency: 2, perOrigin: 1 });
    come("a", "a1");
    come("a", "a2");
    limits.release("a");
    come("a", "a3");
    expect(granted).toEqual(["a1", "a2"]);
  });

  it("refuses one more than may wait, and takes calls again when there is room", async () => {
    const { come, limits } = queue({ concurrency: 1, queue: 1 });
    come("a");
    come("a");
    const error = await failure(() => come("b"));
    expect(error).toMatchObject({
      code: "ERR_QUEUE_FULL",
      name: "QueueFullError",
      requestSent: "no",
      phase: "queue",
    });
    expect(error.message).toContain("1 calls wait");
    limits.release("a");
    come("b");
    expect(limits.stats).toEqual({
      active: 1,
      queued: 1,
      origins: { a: { active: 1, queued: 0 }, b: { active: 0, queued: 1 } },
    });
  });

  it("refuses whoever would have to wait if nobody may", async () => {
    const { come } = queue({ concurrency: 1, queue: 0 });
    come("a");
    expect(await failure(() => come("a"))).toMatchObject({ code: "ERR_QUEUE_FULL" });
  });

  it("passes over whoever has left, and leaving is harmless after the turn has come", () => {
    const { come, granted, limits } = queue({ concurrency: 1 });
    const leaveFirst = come("a", "1");
    const leaveSecond = come("a", "2");
    come("a", "3");
    leaveSecond();
    leaveFirst();
    leaveSecond();
    expect(limits.stats).toMatchObject({ active: 1, queued: 1 });
    limits.release("a");
    expect(granted).toEqual(["1", "3"]);
  });

  it("does not remember every origin of a crawl", () => {
    const { come, limits } = queue({ concurrency: 1000, queue: 0 });
    for (let i = 0; i < 1000; i++) come(`origin-${i}`);
    for (let i = 0; i < 1000; i++) limits.release(`origin-${i}`);
    expect(limits.stats.origins).toEqual({});
    expect(Object.getPrototypeOf(limits.stats.origins)).toBeNull();
  });

  it("never lets more through than allowed and never leaves a free slot to nobody, whatever happens", async () => {
    const step = fc.record({
      origin: fc.constantFrom("a", "b", "c"),
      what: fc.constantFrom("come", "come", "release", "leave"),
    });
    const sequence = fc.array(step, { maxLength: 80 });
    await holds(
      100,
      fc.property(
        sequence,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 3 }),
        (steps, concurrency, perOrigin) => {
          const limits = new Limits({ ...defaultLimits, concurrency, perOrigin });
          const active: string[] = [];
          const waiting: { readonly origin: string; grant(): void }[] = [];
          const count = (origin: string): number => active.filter((one) => one === origin).length;
          for (const { origin, what } of steps) {
            if (what === "come") {
              const waiter = {
                origin,
                grant: () =>
                  active.push(
                    ...waiting.splice(waiting.indexOf(waiter), 1).map((one) => one.origin),
                  ),
              };
              if (limits.take(origin)) active.push(origin);
              else limits.wait(origin, (waiting.push(waiter), waiter));
            } else if (what === "release" && count(origin) > 0) {
              active.splice(active.indexOf(origin), 1);
              limits.release(origin);
            } else if (what === "leave") {
              const place = waiting.findIndex((one) => one.origin === origin);
              for (const leaver of place < 0 ? [] : waiting.splice(place, 1))
                limits.leave(origin, leaver);
            }
            const full = active.length >= concurrency;
            expect(active.length).toBeLessThanOrEqual(concurrency);
            for (const one of ["a", "b", "c"]) expect(count(one)).toBeLessThanOrEqual(perOrigin);
            expect(waiting.filter((one) => !full && count(one.origin) < perOrigin)).toEqual([]);
            expect(limits.stats).toMatchObject({ active: active.length, queued: waiting.length });
          }
        },
      ),
    );
  });

  it("bears thousands of waiting calls that fail as soon as their turn has come", async () => {
    const { session } = sessionOf({ hang: "sent" }, { limits: { concurrency: 1 } });
    const controller = new AbortController();
    const first = failure(session.get("first", { signal: controller.signal }));
    const others = Array.from({ length: 5000 }, () =>
      failure(session.post("x", { body: "abc", headers: { "content-length": "5" } })),
    );
    controller.abort();
    expect(await first).toMatchObject({ code: "ERR_ABORTED" });
    expect(new Set((await Promise.all(others)).map((error) => error.code))).toEqual(
      new Set(["ERR_INVALID_HEADER"]),
    );
    expect(session.stats).toMatchObject({ active: 0, queued: 0, origins: {} });
  });
});

describe("priority", () => {
  it("goes before age, and age decides among equals", () => {
    const { limits, granted, come } = queue({ concurrency: 1 });
    come("a", "running");
    for (const [name, priority] of [
      ["0a", 0],
      ["5a", 5],
      ["-1a", -1],
      ["0b", 0],
      ["5b", 5],
      ["0.5", 0.5],
    ] as const)
      come("a", name, priority);
    for (let i = 0; i < 6; i++) limits.release("a");
    expect(granted).toEqual(["running", "5a", "5b", "0.5", "0a", "0b", "-1a"]);
  });

  it("goes before the turns of origins, and equals take their turns", () => {
    const { limits, granted, come } = queue({ concurrency: 1 });
    come("a", "running");
    for (const name of ["a1", "a2"]) come("a", name);
    for (const name of ["b1", "b2"]) come("b", name);
    come("c", "c9", 9);
    come("b", "b9", 9);
    come("a", "a9", 9);
    for (const origin of "aabcaba") limits.release(origin);
    expect(granted).toEqual(["running", "a9", "b9", "c9", "a1", "b1", "a2", "b2"]);
  });

  it("does not hold up an origin because a more urgent one has reached its own limit", () => {
    const { limits, granted, come } = queue({ concurrency: 2, perOrigin: 1 });
    come("a", "a1");
    come("a", "a2", 9);
    come("b", "b1");
    come("b", "b2");
    expect(granted).toEqual(["a1", "b1"]);
    limits.release("b");
    expect(granted).toEqual(["a1", "b1", "b2"]);
    limits.release("a");
    expect(granted).toEqual(["a1", "b1", "b2", "a2"]);
  });

  it("is forgotten with whoever leaves", () => {
    const { limits, granted, come } = queue({ concurrency: 1 });
    come("a", "running");
    const leave = come("a", "a9", 9);
    come("a", "a1");
    come("b", "b5", 5);
    leave();
    limits.release("a");
    limits.release("b");
    expect(granted).toEqual(["running", "b5", "a1"]);
  });

  it("is strict for a second, and then leaves every eighth turn to whoever waits longest", () => {
    vi.useFakeTimers({ toFake: ["performance"], now: 0 });
    const { limits, granted, come } = queue({ concurrency: 1 });
    come("a", "running");
    come("a", "low");
    const high = (count: number): void => {
      for (let i = 0; i < count; i++) {
        come("a", "high", 1e9);
        limits.release("a");
      }
    };
    high(100);
    expect(granted).not.toContain("low");
    vi.advanceTimersByTime(1000);
    come("a", "lower", -1);
    high(1);
    expect(granted.at(-1)).toBe("low");
    vi.advanceTimersByTime(1000);
    high(7);
    expect(granted).not.toContain("lower");
    high(1);
    expect(granted.at(-1)).toBe("lower");
  });

  it("starves no origin", () => {
    vi.useFakeTimers({ toFake: ["performance"], now: 0 });
    const { limits, granted, come } = queue({ concurrency: 1 });
    come("busy", "running");
    come("quiet");
    vi.advanceTimersByTime(1000);
    for (let i = 0; i < 8; i++) {
      come("busy", "busy", 1);
      limits.release(granted.at(-1) === "quiet" ? "quiet" : "busy");
    }
    expect(granted.filter((name) => name === "quiet")).toHaveLength(1);
  });

  it("lets everybody's turn come in the end, in a bounded number of turns, whatever comes after", async () => {
    vi.useFakeTimers({ toFake: ["performance"], now: 0 });
    const arrival = fc.record({
      origin: fc.constantFrom("a", "b", "c"),
      priority: fc.integer({ min: 0, max: 3 }),
    });
    const arrivals = fc.array(arrival, { minLength: 1, maxLength: 20 });
    await holds(
      30,
      fc.property(
        arrivals,
        fc.array(arrival, { minLength: 400, maxLength: 400 }),
        (early, late) => {
          const limits = new Limits({ ...defaultLimits, concurrency: 1 });
          let running = "a";
          limits.take(running);
          const waiting = new Set<number>();
          const come = ({ origin, priority }: (typeof early)[number], id: number): void => {
            waiting.add(id);
            const grant = (): void => {
              running = origin;
              waiting.delete(id);
            };
            limits.wait(origin, { grant }, priority);
          };
          early.forEach(come);
          // One more urgent comes for each turn, so that the queue never gets shorter.
          for (const [index, one] of late.entries()) {
            come({ ...one, priority: 10 + one.priority }, 1000 + index);
            vi.advanceTimersByTime(1000);
            limits.release(running);
          }
          expect([...waiting].filter((id) => id < 1000)).toEqual([]);
        },
      ),
    );
  });

  it("orders a burst as a list that is sorted anew for every turn", async () => {
    const step = fc.record({
      origin: fc.constantFrom("a", "b", "c"),
      priority: fc.integer({ min: 0, max: 3 }),
      leaves: fc.boolean(),
    });
    await holds(
      100,
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { limits, granted, come } = queue({ concurrency: 1 });
        limits.take("x");
        const model: { name: string; origin: string; priority: number }[] = [];
        steps.forEach(({ origin, priority, leaves }, index) => {
          const leave = come(origin, String(index), priority);
          if (leaves) leave();
          else model.push({ name: String(index), origin, priority });
        });
        const turns = [...new Set(steps.map(({ origin }) => origin))].filter((one) =>
          model.some(({ origin }) => origin === one),
        );
        // An origin whose first call has left joins those that wait with its next one.
        const joined = new Map<string, number>();
        for (const [index, { origin }] of model.entries())
          if (!joined.has(origin)) joined.set(origin, index);
        turns.sort((one, other) => joined.get(one)! - joined.get(other)!);
        const expected: string[] = [];
        let running = "x";
        while (model.length > 0) {
          const best = Math.max(...model.map(({ priority }) => priority));
          const origin = turns.find((one) =>
            model.some((call) => call.origin === one && call.priority === best),
          )!;
          const next = model.find((call) => call.origin === origin && call.priority === best)!;
          model.splice(model.indexOf(next), 1);
          turns.push(...turns.splice(turns.indexOf(origin), 1));
          expected.push(next.name);
          limits.release(running);
          running = origin;
        }
        expect(granted).toEqual(expected);
      }),
    );
  });

  it("bears a hundred thousand that wait, and that leave at once", () => {
    const { limits, granted, come } = queue({ concurrency: 1 });
    limits.take("a");
    const leave = Array.from({ length: 100_000 }, (_, i) => come("a", String(i), i % 7));
    for (let i = 0; i < 99_990; i += 2) leave.at(i)!();
    for (let i = 99_989; i > 0; i -= 2) leave.at(i)!();
    expect(limits.stats).toMatchObject({ active: 1, queued: 10 });
    for (let i = 0; i < 11; i++) limits.release("a");
    expect(granted).toHaveLength(10);
    expect(limits.stats).toEqual({ active: 0, queued: 0, origins: {} });
  });
});
