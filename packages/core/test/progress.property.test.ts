/* A meter against a model: when it tells, and what. */

import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Meter } from "../src/progress/progress.ts";
import { type Progress } from "../src/index.ts";
import { holds, patience } from "./support/generated.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const steps = fc.array(
  fc.record({ wait: fc.integer({ min: 0, max: 250 }), bytes: fc.integer({ min: 0, max: 9_999 }) }),
  { maxLength: 30 },
);
const total = fc.option(fc.integer({ min: 0, max: 100_000 }));

describe("a meter", () => {
  it("tells first, last, and what is new within 100 ms but never more often", patience, () =>
    holds(
      300,
      fc.property(steps, total, fc.boolean(), (all, announced, complete) => {
        const told: (Progress & { at: number })[] = [];
        const meter = new Meter(
          (progress) => told.push({ ...progress, at: performance.now() }),
          [],
          1,
        );
        meter.begin(announced);
        let transferred = 0;
        for (const { wait, bytes } of all) {
          vi.advanceTimersByTime(wait);
          // What came is told by now, if it came long enough ago; the clock rounds up to some ms.
          if (wait > 105) expect(told.at(-1)?.transferred).toBe(transferred);
          transferred += bytes;
          meter.update(transferred, transferred);
        }
        meter.end(complete);
        const count = told.length;
        vi.advanceTimersByTime(1_000);
        meter.update(transferred + 1, transferred + 1);
        expect(told).toHaveLength(count);

        expect(told[0]).toMatchObject({ transferred: 0, bytesPerSecond: 0 });
        expect(told.at(-1)).toMatchObject({ transferred, attempt: 1 });
        if (complete) expect(told.at(-1)).toMatchObject({ total: transferred, ratio: 1, eta: 0 });
        for (const [index, { at, transferred: bytes, ratio, ...other }] of told.entries()) {
          const before = told[index - 1];
          if (before && index < count - 1)
            expect(at - before.at).toBeGreaterThanOrEqual(100 - 1e-6);
          expect(bytes).toBeGreaterThanOrEqual(before?.transferred ?? 0);
          expect(ratio === undefined).toBe(other.total === undefined);
          if (ratio !== undefined) expect(ratio).toBeLessThanOrEqual(1);
          expect(other.bytesPerSecond).toBeGreaterThanOrEqual(0);
          expect(Number.isFinite(other.bytesPerSecond)).toBe(true);
        }
      }),
    ),
  );

  it("tells the speed of a steady transfer, and the time that is left", () => {
    const told: Progress[] = [];
    const meter = new Meter((progress) => told.push(progress), [], 1);
    meter.begin(100_000);
    for (let bytes = 1_000; bytes <= 50_000; bytes += 1_000) {
      vi.advanceTimersByTime(100);
      meter.update(bytes, bytes);
    }
    expect(told.at(-1)?.bytesPerSecond).toBeCloseTo(10_000, 0);
    expect(told.at(-1)?.eta).toBeCloseTo(5_000, 0);
  });
});
