/*
 * Says which broken transports fail the cases of a glob, and with which words: for whoever writes a case and looks for
 * the line of `caught` that proves it. Usage: node -C anyhttp-source test/support/find-catchers.ts session/redirect
 */

import { allBroken } from "../../src/broken/index.ts";
import { allCases } from "../../src/cases/index.ts";
import { startOrigin } from "../../src/origin/start.ts";
import { runSuite } from "../../src/run/run-suite.ts";
import { select } from "../../src/run/select.ts";
import { brokenSubject } from "./broken-subject.ts";

const { cases } = select(allCases, process.argv.slice(2));
await using origin = await startOrigin();
const { runs } = await runSuite({
  cases,
  subjects: allBroken.map(brokenSubject),
  origin,
  patience: 0.2,
});
for (const { id } of cases) {
  process.stdout.write(`${id}\n`);
  for (const { subject, cells } of runs) {
    const cell = cells[id];
    if (cell?.outcome === "fail") process.stdout.write(`  ${subject.name}: ${cell.failures[0]}\n`);
  }
}
