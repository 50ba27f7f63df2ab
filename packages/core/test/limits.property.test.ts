/* The queue against a model of it, whatever callers do. */

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultLimits, Limits, type LimitSettings } from "../src/limits/limits.ts";
import { holds, patience } from "./support/generated.ts";
import { commands, Model } from "./support/limits-model.ts";

const settings: fc.Arbitrary<LimitSettings> = fc.record({
  concurrency: fc.integer({ min: 1, max: 5 }),
  perOrigin: fc.integer({ min: 1, max: 3 }),
  queue: fc.oneof(fc.constant(Infinity), fc.nat(6)),
});

describe("the queue of a session", () => {
  it("keeps every limit, is first come, first served, and fair between origins", patience, () =>
    holds(
      150,
      fc.property(settings, commands, (limits, all) => {
        const model = new Model({ ...defaultLimits, ...limits });
        fc.modelRun(() => ({ model, real: new Limits(model.settings) }), all);
        expect(model.active.length).toBeLessThanOrEqual(limits.concurrency);
      }),
    ),
  );
});
