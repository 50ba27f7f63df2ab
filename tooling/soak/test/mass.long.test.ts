/* Very many calls at once: all complete, over no more connections than the limits allow. */

import { Session } from "@anyhttp/core";
import { describe, expect, it } from "vitest";
import { startOrigin } from "../src/origin/start.ts";
import { makeTransport, transportNames } from "../src/transports.ts";

describe.each(transportNames)("10,000 calls at once on %s", (name) => {
  it("complete against a slow origin, over 64 connections", { timeout: 90_000 }, async () => {
    await using origin = await startOrigin();
    await using session = new Session({
      transport: await makeTransport(name),
      limits: { perOrigin: 64 },
    });
    const url = `${origin.doors.main}/slow/5`;
    const calls = Array.from({ length: 10_000 }, () => session.get(url).json<{ id: number }>());
    const contents = await Promise.all(calls);
    expect(contents.filter(({ id }) => id === 7)).toHaveLength(10_000);
    expect(session.stats).toMatchObject({ active: 0, queued: 0 });
    const { requests, peak } = await origin.numbers();
    expect(requests).toBe(10_000);
    // The platform's fetch has a pool of its own, and opens connections beside those that are about to be free.
    if (name !== "fetch") expect(peak).toBeLessThanOrEqual(64);
  });
});
