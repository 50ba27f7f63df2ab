/*
 * `pnpm bench`: small JSON GETs, 50 in flight, interleaved rounds, CPU time per request. Only ratios within one run mean
 * anything: machines are noisy, and an absolute time can double from one minute to the next.
 */

import { fork, spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { contestants, type Contestant } from "./contestants.ts";
import { median, quantile } from "./statistics.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "12" },
    requests: { type: "string", default: "4000" },
    flight: { type: "string", default: "50" },
    only: { type: "string" },
  },
});
const rounds = Number(values.rounds);
const requests = Number(values.requests);
const flight = Number(values.flight);

const origin = fork(new URL("./origin.ts", import.meta.url));
const port = await new Promise<number>((resolve) =>
  origin.once("message", (told) => resolve((told as { port: number }).port)),
);
pin(process.pid, 0);
pin(origin.pid ?? 0, 1);

const field = contestants(`http://127.0.0.1:${port}/items/7`, flight).filter(
  (one) =>
    values.only === undefined || one.name.includes(values.only) || one.name === "undici.request",
);
console.log(
  `Node ${process.version}, ${flight} in flight, ${rounds} rounds of ${requests} requests each, interleaved\n`,
);
for (let warmUp = 0; warmUp < 3; warmUp++) for (const one of field) await round(one, requests);

const costs = new Map<string, number[]>(field.map((one) => [one.name, []]));
for (let turn = 0; turn < rounds; turn++) {
  for (const one of field) costs.get(one.name)?.push(await round(one, requests));
  process.stderr.write(`\rround ${turn + 1}/${rounds}`);
}
process.stderr.write("\r\u001b[K");

console.log(`${"".padEnd(24)}CPU µs/request   against            ratio (20 % quantile)   wanted`);
for (const one of field) {
  const own = costs.get(one.name) ?? [];
  const ratios = (costs.get(one.against) ?? []).map((cost, turn) => cost / (own[turn] ?? NaN));
  const figures = [
    one.name.padEnd(24),
    median(own).toFixed(1).padStart(14),
    "   ",
    one.against.padEnd(18),
    `${median(ratios).toFixed(2)} (${quantile(ratios, 0.2).toFixed(2)})`.padEnd(24),
    one.target === null ? "" : `≥ ${one.target}`,
  ];
  console.log(figures.join(""));
}
for (const one of field) await one.close();
origin.disconnect();

/** CPU time per request of one round, in µs. */
async function round(one: Contestant, count: number): Promise<number> {
  let left = count;
  const before = process.cpuUsage();
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      const content = (await one.call()) as { id?: unknown };
      if (content.id !== 7) throw new Error(`${one.name} got something else`);
    }
  };
  await Promise.all(Array.from({ length: flight }, worker));
  const used = process.cpuUsage(before);
  return (used.user + used.system) / count;
}

/** Client and origin on a core each, where the system can do it. */
function pin(pid: number, core: number): void {
  spawnSync("taskset", ["-acp", String(core), String(pid)], { stdio: "ignore" });
}
