// Loads core and the fetch transport, as built, on every runtime that they are for, and makes one real request.
//   node tooling/runtimes/src/main.ts [NAME…] [--json FILE]
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { outcomeOf, runtimes } from "./launch.ts";
import { startOrigin } from "./origin.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "string" } },
});
const names = positionals.length > 0 ? positionals : Object.keys(runtimes);

function bundle(entry: string): Buffer {
  const esbuild = join(import.meta.dirname, "../node_modules/.bin/esbuild");
  const file = join(import.meta.dirname, "../../check/universal", entry);
  const run = spawnSync(esbuild, [file, "--bundle", "--format=esm", "--target=es2023"]);
  if (run.status !== 0) throw new Error(`${entry}: ${run.error?.message ?? run.stderr.toString()}`);
  return run.stdout;
}

const tally = { passed: 0, failed: 0 };
const origin = await startOrigin(bundle("page.mjs"));
const workerBundle = bundle("worker.mjs").toString();
for (const name of names) {
  const launch = runtimes[name];
  const began = performance.now();
  const outcome = launch
    ? await outcomeOf(launch, { origin, workerBundle }, 60_000)
    : `no such runtime; there are ${Object.keys(runtimes).join(", ")}`;
  tally[outcome === "ok" ? "passed" : "failed"] += 1;
  console.log(`  ${name}: ${outcome} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
}
origin.close();

if (values.json !== undefined) {
  mkdirSync(dirname(values.json), { recursive: true });
  writeFileSync(values.json, `${JSON.stringify(tally, null, 2)}\n`);
}
process.exit(tally.failed > 0 ? 1 : 0);
