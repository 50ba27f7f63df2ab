/*
 * `pnpm soak --transport NAME [--minutes N] [--concurrency N] [--seed N] [--json FILE]`: mixed traffic with faults at
 * full speed. Ends with 1 if a call ends as it should not, or if heap or sockets grow.
 */

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { progress, report } from "./report.ts";
import { type Plan, run } from "./run.ts";
import { isTransportName, transportNames } from "./transports.ts";
import { judge } from "./verdict.ts";

const { values } = parseArgs({
  options: {
    transport: { type: "string", default: "undici" },
    minutes: { type: "string", default: "5" },
    concurrency: { type: "string", default: "64" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    json: { type: "string" },
  },
});
const { transport, json } = values;
if (!isTransportName(transport)) refuse(`--transport is one of ${transportNames.join(", ")}`);
const plan: Plan = {
  transport,
  minutes: positive("minutes"),
  concurrency: positive("concurrency"),
  seed: positive("seed"),
};

console.log(
  `soak of ${transport} for ${plan.minutes} min, ${plan.concurrency} calls at once, ` +
    `seed ${plan.seed}, Node ${process.version}`,
);
const done = await run(plan, (sample) => {
  if (process.stderr.isTTY) process.stderr.write(`\r${progress(sample)}\u001b[K`);
});
if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
const verdict = judge(done);
console.log(report(done, verdict));
if (json !== undefined) writeFileSync(json, `${JSON.stringify({ ...done, verdict }, null, 2)}\n`);
process.exitCode = verdict.complaints.length === 0 ? 0 : 1;

function positive(name: "minutes" | "concurrency" | "seed"): number {
  const number = Number(values[name]);
  return number > 0 ? number : refuse(`--${name} is a positive number`);
}

function refuse(why: string): never {
  console.error(why);
  process.exit(2);
}
