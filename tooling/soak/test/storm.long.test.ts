/* A storm of aborts leaves the session as it was: usable, with nothing that still listens or counts. */

import { AbortError, Session } from "@anyhttp/core";
import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { startOrigin } from "../src/origin/start.ts";
import { Random } from "../src/random.ts";
import { makeTransport, transportNames } from "../src/transports.ts";

const idle = { active: 0, queued: 0 };

describe.each(transportNames)("1,000 aborts on %s", (name) => {
  it(
    "at random instants leave a session that serves 1,000 calls",
    { timeout: 60_000 },
    async () => {
      await using origin = await startOrigin();
      await using session = new Session({ transport: await makeTransport(name) });
      const { main } = origin.doors;
      const random = new Random(3);
      const aborted = Array.from({ length: 1000 }, async (_, place) => {
        const controller = new AbortController();
        setTimeout(() => controller.abort(), random.next() * 50);
        const path = place % 3 === 0 ? "large/200" : "slow/40";
        await session.get(`${main}/${path}`, { signal: controller.signal }).bytes();
      });
      const outcomes = await Promise.allSettled(aborted);
      const failures = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
      expect(failures.filter((error) => !(error instanceof AbortError))).toEqual([]);
      expect(failures.length).toBeGreaterThan(500);
      expect(session.stats).toMatchObject(idle);

      const { signal } = new AbortController();
      const plain = Array.from({ length: 1000 }, () =>
        session.get(`${main}/small`, { signal }).json<{ id: number }>(),
      );
      const contents = await Promise.all(plain);
      expect(contents.filter(({ id }) => id === 7)).toHaveLength(1000);
      expect(getEventListeners(signal, "abort")).toEqual([]);
      expect(session.stats).toMatchObject(idle);
    },
  );

  it("by one signal end all its calls, and none other", { timeout: 60_000 }, async () => {
    await using origin = await startOrigin();
    await using session = new Session({ transport: await makeTransport(name) });
    const controller = new AbortController();
    const { signal } = controller;
    const url = `${origin.doors.main}/slow/300`;
    const other = session.get(url).json();
    const calls = Array.from({ length: 1000 }, () => session.get(url, { signal }).bytes());
    setTimeout(() => controller.abort(), 50);
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.filter((one) => !(rejected(one) instanceof AbortError))).toEqual([]);
    expect(getEventListeners(signal, "abort")).toEqual([]);
    expect(await other).toMatchObject({ id: 7 });
    expect(session.stats).toMatchObject(idle);
  });
});

function rejected(outcome: PromiseSettledResult<unknown>): unknown {
  return outcome.status === "rejected" ? outcome.reason : undefined;
}
