// `pnpm traces [--missing | GLOB…]`: runs cases on undici and writes their reference traces, all of them unless some are
// asked for. What does not pass keeps the trace that it has: a reference is of a run in which all was well.
import {
  allCases,
  type Case,
  runSuite,
  select,
  startOrigin,
  type Subject,
} from "@anyhttp/conformance";
import { evidenceOfCell } from "@anyhttp/conformance/view";
import { undiciTransport } from "@anyhttp/transport-undici";
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { areaOf } from "../src/data.ts";
import { compact, readTraces, type Traces, writeTraces } from "./traces.ts";

const { values, positionals } = parseArgs({
  options: { missing: { type: "boolean", default: false } },
  allowPositionals: true,
});
const before = new Map(allCases.map(areaOf).map((area) => [area, readTraces(area)?.cases ?? {}]));
const { cases: chosen, unmatched } = select(allCases, positionals);
if (unmatched.length > 0) throw new Error(`No case fits ${unmatched.join(", ")}`);
const traced = (of: Case): boolean => Object.hasOwn(before.get(areaOf(of)) ?? {}, of.id);
const cases = values.missing ? chosen.filter((of) => !traced(of)) : chosen;
const { version } = createRequire(import.meta.url)("undici/package.json") as { version: string };
const library = { name: "undici", version };
const subject: Subject = {
  name: "undici",
  version: null,
  library,
  knownFailures: [],
  create: undiciTransport,
};

await using origin = await startOrigin();
let done = 0;
const record = await runSuite({
  cases,
  allCases,
  subjects: [subject],
  origin,
  onCase: () => {
    if (++done % 100 === 0) console.log(`${done} of ${cases.length}`);
  },
});
const [run] = record.runs;
const byArea = new Map<string, Traces>();
const name = `undici ${version} on Node ${process.versions.node.split(".")[0]}`;
for (const [area, its] of Map.groupBy(allCases, areaOf)) {
  const traces = its.map(({ id }): [string, unknown] => {
    const cell = run?.cells[id];
    const well = cell?.outcome === "pass";
    return [id, well ? compact(evidenceOfCell(cell)) : before.get(area)?.[id]];
  });
  const there = traces.filter(([, trace]) => trace !== undefined);
  byArea.set(area, { subject: name, cases: Object.fromEntries(there) });
}
writeTraces(byArea);
const bad = cases.filter(({ id }) => run?.cells[id]?.outcome !== "pass").map(({ id }) => id);
console.log(`${cases.length - bad.length} traces were written`);
if (bad.length > 0) {
  console.log(`These did not pass; run them again:\n${bad.join("\n")}`);
  process.exitCode = 1;
}
