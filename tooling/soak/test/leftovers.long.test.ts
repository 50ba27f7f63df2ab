/* After close() nothing is left: no socket, no handle, no timer. */

import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { startOrigin } from "../src/origin/start.ts";
import { transportNames } from "../src/transports.ts";
import { script } from "./support/script.ts";

/** Core's clock has one timer for all calls, which does not keep a process alive; it is left to run out. */
const clock = 1;

/** The platform's pool is nobody's to close. */
const closable = transportNames.filter((name) => name !== "fetch");

describe.each(closable)("a closed session on %s", (name) => {
  it("leaves no handle, no timer and no connection", { timeout: 150_000 }, async () => {
    const { ended, sockets } = await leftovers(name, 200);
    expect(ended).toMatchObject({ code: 0, errors: "" });
    const { resources, timers } = JSON.parse(ended.output);
    expect(resources).toEqual([]);
    expect(timers).toBeLessThanOrEqual(clock);
    expect(sockets).toBe(0);
  });
});

it("100,000 calls leave no timers", { timeout: 180_000 }, async () => {
  const { ended, sockets } = await leftovers("undici", 100_000);
  expect(ended).toMatchObject({ code: 0, errors: "" });
  const { resources, timers } = JSON.parse(ended.output);
  expect(resources).toEqual([]);
  expect(timers).toBeLessThanOrEqual(clock);
  expect(sockets).toBe(0);
});

async function leftovers(name: string, calls: number) {
  await using origin = await startOrigin();
  const args = [name, String(calls), JSON.stringify(origin.doors)];
  const ended = await script("leftovers", args, 120_000);
  let { sockets } = await origin.numbers();
  // The origin hears of connections that were closed in its own time.
  for (let i = 0; i < 100 && sockets > 0; i++) {
    await sleep(100);
    ({ sockets } = await origin.numbers());
  }
  return { ended, sockets };
}
