/*
 * `pnpm bench`: small JSON GETs, 50 in flight, by CPU time per request. Every contestant has a process of its own and
 * they take turns, so only ratios within one run mean anything: machines are noisy, and an absolute time can double
 * from one minute to the next.
 */

import { type ChildProcess, fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { parseArgs } from "node:util";
import { field } from "./contestants.ts";
import { median, quantile } from "./statistics.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "5" },
    rounds: { type: "string", default: "3" },
    requests: { type: "string", default: "10000" },
    flight: { type: "string", default: "50" },
    only: { type: "string" },
  },
});
const runs = Number(values.runs);
const rounds = Number(values.rounds);
const requests = Number(values.requests);
const { flight, only } = values;

const origin = fork(new URL("./origin.ts", import.meta.url));
const [{ port }] = (await once(origin, "message")) as [{ port: number }];
pin(origin, 1);

const chosen = field.filter(({ name, against }) => {
  const wanted = field.filter((one) => only === undefined || one.name.includes(only));
  return wanted.some((one) => one.name === name || one.against === name) && against !== "";
});
console.log(
  `Node ${process.version}, ${flight} in flight, ${runs} runs of ${rounds} rounds of ${requests} requests each, in turn\n`,
);
const costs = new Map<string, number[]>(chosen.map(({ name }) => [name, []]));
// One process may be optimised better than the next, for good: a run starts all of them anew.
for (let run = 0; run < runs; run++) {
  const runners = new Map<string, ChildProcess>();
  for (const { name } of chosen) runners.set(name, await start(name));
  for (const runner of runners.values()) await round(runner, 2 * requests);
  for (let turn = 0; turn < rounds; turn++) {
    for (const [name, runner] of runners) costs.get(name)?.push(await round(runner, requests));
  }
  for (const runner of runners.values()) runner.disconnect();
  if (process.stderr.isTTY) process.stderr.write(`\rrun ${run + 1} of ${runs}\u001b[K`);
}
if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");

console.log(`${"".padEnd(24)}CPU µs/request   against            ratio (20 % quantile)   wanted`);
for (const { name, against, wanted } of chosen) {
  const own = costs.get(name) ?? [];
  const ratios = (costs.get(against) ?? []).map((cost, turn) => cost / (own[turn] ?? NaN));
  const figures = [
    name.padEnd(24),
    median(own).toFixed(1).padStart(14),
    "   ",
    against.padEnd(19),
    `${median(ratios).toFixed(2)} (${quantile(ratios, 0.2).toFixed(2)})`.padEnd(24),
    wanted === null ? "" : `≥ ${wanted}`,
  ];
  console.log(figures.join("").trimEnd());
}
origin.disconnect();

async function start(name: string): Promise<ChildProcess> {
  const url = `http://127.0.0.1:${port}/items/7`;
  const runner = fork(new URL("./runner.ts", import.meta.url), [name, url, flight]);
  pin(runner, 0);
  await once(runner, "message");
  return runner;
}

async function round(runner: ChildProcess, count: number): Promise<number> {
  runner.send(count);
  const [cost] = (await once(runner, "message")) as [number];
  return cost;
}

/** Client and origin on a core each, where the system can do it. */
function pin({ pid }: ChildProcess, core: number): void {
  spawnSync("taskset", ["-acp", String(core), String(pid)], { stdio: "ignore" });
}
