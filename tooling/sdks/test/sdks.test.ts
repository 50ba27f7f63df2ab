import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Feature, runCheck, transports } from "../src/kit.ts";
import { type Origin, startOrigin } from "../src/origin.ts";
import { sdks } from "../src/sdks/index.ts";
import { page, Results, withTable } from "../src/table.ts";

const results = new Results();
let origin: Origin;
beforeAll(async () => {
  origin = await startOrigin();
});
afterAll(() => origin.close());

for (const sdk of sdks) {
  describe(`${sdk.name} over a session`, () => {
    for (const [transport, make] of transports) {
      it.each(Object.entries(sdk.checks))(`does %s on ${transport}`, async (feature, check) => {
        await runCheck(feature as Feature, check, make, origin);
        results.pass(sdk, feature as Feature, transport);
        expect(origin.arrivals.length).toBeGreaterThan(0);
      });
    }
  });
}

it("docs/fetch.md says what all of this has come to (node tooling/sdks/src/main.ts --write)", () => {
  const text = readFileSync(page, "utf8");
  expect(text).toBe(withTable(text, results.table()));
});
