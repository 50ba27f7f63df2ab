/* The suite is tested with wrong transports: each must be caught, by the cases and with the messages it says. */

import type { Transport } from "@anyhttp/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allBroken } from "../src/broken/index.ts";
import { allCases } from "../src/cases/index.ts";
import { startOrigin, type RunningOrigin } from "../src/origin/start.ts";
import { runSuite } from "../src/run/run-suite.ts";
import { fits } from "../src/run/select.ts";
import { outsiderTransport } from "./outsider/transport.ts";

let origin: RunningOrigin;
beforeAll(async () => {
  origin = await startOrigin();
});
afterAll(() => origin.close());

describe("broken transports", () => {
  for (const { name, spoil = (correct: Transport) => correct, session, caught } of allBroken) {
    const globs = Object.keys(caught);
    const cases = allCases.filter(({ id }) => globs.some((glob) => fits(id, glob)));
    if (cases.length === 0) continue;
    it(`${name} is caught`, { timeout: 120_000 }, async () => {
      const subject = {
        name,
        version: null,
        library: null,
        knownFailures: [],
        ...(session && { session }),
        create: (options: object) => spoil(outsiderTransport(options)),
      };
      const { runs } = await runSuite({ cases, subjects: [subject], origin, patience: 0.2 });
      const missed = Object.entries(runs[0]?.cells ?? {}).flatMap(([id, { outcome, failures }]) => {
        const patterns = globs
          .filter((glob) => fits(id, glob))
          .map((glob) => caught[glob] as RegExp);
        const found = patterns.every((pattern) => failures.some((text) => pattern.test(text)));
        return outcome === "fail" && found
          ? []
          : [{ id, outcome, failures, wanted: patterns.map(String) }];
      });
      expect(missed).toEqual([]);
    });
  }

  it("every glob fits a case", () => {
    const globs = allBroken.flatMap(({ caught }) => Object.keys(caught));
    expect(globs.filter((glob) => !allCases.some(({ id }) => fits(id, glob)))).toEqual([]);
  });

  it("every case is failed by one of them", () => {
    const globs = allBroken.flatMap(({ caught }) => Object.keys(caught));
    const unproven = allCases.filter(({ id }) => !globs.some((glob) => fits(id, glob)));
    expect(unproven.map(({ id }) => id)).toEqual([]);
  });
});
