import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultLimits, Limits, type LimitSettings } from "../src/limits/limits.ts";
import { failure, sessionOf } from "./support/session.ts";

/** Limits, and who was let through in which order. */
function queue(options: Partial<LimitSettings>): {
  readonly limits: Limits;
  readonly granted: string[];
  come(origin: string, name?: string): () => void;
} {
  const limits = new Limits({ ...defaultLimits, ...options });
  const granted: string[] = [];
  const come = (origin: string, name = origin): (() => void) => {
    const waiter = { grant: () => granted.push(name) };
    if (limits.take(origin)) waiter.grant();
    else limits.wait(origin, waiter);
    return () => limits.leave(origin, waiter);
  };
  return { limits, granted, come };
}

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

  it("never lets more through than allowed and never leaves a free slot to nobody, whatever happens", () => {
    const step = fc.record({
      origin: fc.constantFrom("a", "b", "c"),
      what: fc.constantFrom("come", "come", "release", "leave"),
    });
    const sequence = fc.array(step, { maxLength: 80 });
    fc.assert(
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
    expect(session.stats).toEqual({ active: 0, queued: 0, origins: {} });
  });
});
