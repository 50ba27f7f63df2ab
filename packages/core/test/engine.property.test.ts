/* The whole engine: whatever happens to a session, every call settles, and when it is closed nothing is left of it. */

import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { play, scripts } from "./support/engine-script.ts";
import { holds, patience } from "./support/generated.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"], now: 0 });
});

afterEach(() => void vi.useRealTimers());

describe("a session", () => {
  it("leaves nothing behind, whatever happens to it", patience, () =>
    holds(
      150,
      fc.asyncProperty(scripts, async (script) => {
        const { sources, ...left } = await play(script);
        expect(left).toEqual({
          open: 0,
          foreign: [],
          stats: { active: 0, queued: 0, idle: null, origins: {} },
          timers: 0,
          pending: 0,
          listeners: 0,
          closed: 1,
        });
        expect(sources.filter((ends) => ends !== 1)).toEqual([]);
      }),
    ),
  );
});
