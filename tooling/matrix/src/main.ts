// `pnpm conformance`: the suite on this Node, or, with --runtime, on any runtime and every transport that it carries.
//   pnpm conformance --runtime NAME|all [--transport NAME] [--case GLOB] [--jobs N] [--json FILE] [--html FILE] [--write|--check]
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import {
  allCases,
  type RunRecord,
  runJobs,
  select,
  toHtml,
  toJson,
  toTerminal,
} from "@anyhttp/conformance";
import { cellOf, known, type Named } from "./cell-of.ts";
import { runtimes, transports } from "./cells.ts";
import { compareResults, writeResults } from "./results.ts";

const root = join(import.meta.dirname, "../../..");
const args = process.argv.slice(2);

if (args.some((arg) => arg.startsWith("--runtime"))) {
  process.exitCode = await main();
} else {
  const cli = join(root, "packages/conformance/dist/cli.js");
  const run = spawnSync(process.execPath, [cli, ...args], { stdio: "inherit" });
  process.exitCode = run.status ?? 2;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      runtime: { type: "string", multiple: true, default: [] },
      transport: { type: "string", multiple: true, default: [] },
      case: { type: "string", multiple: true, default: [] },
      jobs: { type: "string", default: String(availableParallelism()) },
      json: { type: "string" },
      html: { type: "string" },
      verbose: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
      "no-install": { type: "boolean", default: false },
    },
  });
  const names = values.runtime.includes("all") ? Object.keys(runtimes) : values.runtime;
  const wanted = names.flatMap((runtime) =>
    known("runtime", runtime, runtimes)
      .transports.filter((name) => values.transport.length === 0 || values.transport.includes(name))
      .map((transport): Named => ({ runtime, transport })),
  );
  for (const name of values.transport) known("transport", name, transports);
  const { cases, unmatched } = select(allCases, values.case);
  if (unmatched.length > 0) throw new Error(`No case fits ${unmatched.join(", ")}.`);
  if (wanted.length === 0) throw new Error("No runtime of these carries one of these transports.");
  if (!values["no-install"]) install();

  const scratch = mkdtempSync(join(tmpdir(), "anyhttp-matrix-"));
  const began = performance.now();
  const tell = ({ runtime, transport }: Named, what: string): void => {
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    console.log(`  ${seconds.padStart(4)} s  ${runtime} ${transport}: ${what}`);
  };
  try {
    const named = new Map(wanted.map((name) => [cellOf(name, scratch), name]));
    const record = await runJobs({
      cells: [...named.keys()],
      cases,
      allCases,
      jobs: Number(values.jobs),
      // Known failures often wait until they are given up, and the machine may do other things as well.
      limit: 900_000,
      brief: values.html === undefined && !values.verbose,
      onCell: (cell, run) => tell(named.get(cell) as Named, totalsOf(run)),
      onAgain: (cell, ids) => tell(named.get(cell) as Named, `judged again: ${ids.join(", ")}`),
    });
    const labelled = { ...record, runs: record.runs.map((run, at) => label(run, wanted[at])) };
    if (values.html !== undefined) write(values.html, toHtml(labelled));
    console.log(toTerminal(labelled, { colour: false, verbose: values.verbose }));
    const all = wanted.map((name, at) => ({ ...name, run: record.runs[at] as RunRecord }));
    for (const { runtime, transport, run } of all)
      console.log(`  ${runtime.padEnd(10)} ${transport.padEnd(14)} ${totalsOf(run)}`);
    if (values.write) writeResults(record, all);
    const differences = values.check ? compareResults(record, all) : [];
    if (values.json !== undefined)
      write(values.json, JSON.stringify({ ...toJson(labelled), differences }, null, 2));
    return record.ok && differences.length === 0 ? 0 : 1;
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** Installs the runtimes, and the programs of the system. */
function install(): void {
  const pnpm = ["--yes", "--prefer-offline", "pnpm@12.21.0", "--dir", "tooling/runtimes"];
  const steps: [string, string[]][] = [
    ["npx", [...pnpm, "install", "--frozen-lockfile", "--silent"]],
    [process.execPath, ["tooling/check/src/system.ts"]],
  ];
  for (const [program, rest] of steps) {
    const { status } = spawnSync(program, rest, { cwd: root, stdio: "inherit" });
    // A runtime that is not there fails its cells.
    if (status !== 0) console.error(`${program} ${rest.join(" ")} ended with ${status}`);
  }
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${text}\n`);
}

/** In one report a subject's name says where it ran as well. */
function label(run: RunRecord, name: Named | undefined): RunRecord {
  const { subject } = run;
  return { ...run, subject: { ...subject, name: `${name?.runtime} ${subject.name}` } };
}

function totalsOf({ totals }: RunRecord): string {
  return Object.entries(totals)
    .filter(([, count]) => count > 0)
    .map(([outcome, count]) => `${count} ${outcome}`)
    .join(", ");
}
