// Runs every SDK on every transport and compares what comes of it with docs/fetch.md; `--write` writes it there.
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Check, type Feature, runCheck, transports } from "./kit.ts";
import { startOrigin } from "./origin.ts";
import { sdks } from "./sdks/index.ts";
import { page, Results, withTable } from "./table.ts";

const { values } = parseArgs({ options: { write: { type: "boolean", default: false } } });
const results = new Results();
const origin = await startOrigin();
for (const sdk of sdks) {
  for (const [feature, check] of Object.entries(sdk.checks) as [Feature, Check][]) {
    for (const [transport, make] of transports) {
      try {
        await runCheck(feature, check, make, origin);
        results.pass(sdk, feature, transport);
      } catch (error) {
        console.error(`${sdk.name}, ${feature}, over ${transport}:`, error);
        process.exitCode = 1;
      }
    }
  }
}
await origin.close();

const table = results.table();
console.log(table);
const text = readFileSync(page, "utf8");
if (values.write) writeFileSync(page, withTable(text, table));
else if (withTable(text, table) !== text) {
  console.error("docs/fetch.md says something else: node tooling/sdks/src/main.ts --write");
  process.exitCode = 1;
}
