// `pnpm conformance`: the suite on this Node, or, with --runtime, on any runtime and every transport that it carries.
// `--help` says the rest.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  allCases,
  type RunRecord,
  runJobs,
  toHtml,
  toJson,
  toTerminal,
} from "@anyhttp/conformance";
import { atEnd } from "../../../packages/conformance/src/cli/at-end.ts";
import { writeReport } from "../../../packages/conformance/src/cli/target.ts";
import { UsageError } from "../../../packages/conformance/src/cli/usage-error.ts";
import { cellOf, type Named } from "./cell-of.ts";
import { runtimes } from "./cells.ts";
import { type Matrix, readCommand } from "./command.ts";
import { relay } from "./relay.ts";
import { compareResults, writeResults } from "./results.ts";
import { modules } from "./runtimes/launcher.ts";
import { usage } from "./usage.ts";

const root = join(import.meta.dirname, "../../..");

try {
  process.exitCode = await main();
} catch (error) {
  const parsing = (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS") === true;
  const usual = parsing || error instanceof UsageError;
  const text = usual ? (error as Error).message : String((error as Error).stack);
  console.error(parsing ? `${text}\n--help says what there is.` : text);
  process.exitCode = 2;
}

async function main(): Promise<number> {
  const command = readCommand(process.argv.slice(2));
  if (command.kind === "matrix") return runMatrix(command.matrix);
  if (command.kind === "here") {
    const cli = join(root, "packages/conformance/dist/cli.js");
    return relay(process.execPath, [cli, ...command.args]);
  }
  process.stdout.write(usage);
  return 0;
}

async function runMatrix(matrix: Matrix): Promise<number> {
  const { cells: wanted, cases, jobs, json, html, verbose } = matrix;
  if (matrix.install) install();
  else checkInstalled(wanted.map(({ runtime }) => runtime));

  const scratch = mkdtempSync(join(tmpdir(), "anyhttp-matrix-"));
  const remove = atEnd(() =>
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  );
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
      jobs,
      // Known failures often wait until they are given up, and the machine may do other things as well.
      limit: 900_000,
      brief: html === undefined && !verbose,
      onCell: (cell, ran) => tell(named.get(cell) as Named, totalsOf(ran)),
      onAgain: (cell, ids) => tell(named.get(cell) as Named, `judged again: ${listOf(ids)}`),
      onFault: (cell, what) => tell(named.get(cell) as Named, what),
    });
    const labelled = { ...record, runs: record.runs.map((one, at) => label(one, wanted[at])) };
    console.log(toTerminal(labelled, { colour: false, verbose }));
    const all = wanted.map((name, at) => ({ ...name, run: record.runs[at] as RunRecord }));
    for (const one of all)
      console.log(`  ${one.runtime.padEnd(10)} ${one.transport.padEnd(14)} ${totalsOf(one.run)}`);
    if (matrix.write) writeResults(record, all);
    const differences = matrix.check ? compareResults(record, all) : [];
    if (html !== undefined) writeReport("--html", html, toHtml(labelled));
    if (json !== undefined)
      writeReport(
        "--json",
        json,
        `${JSON.stringify({ ...toJson(labelled), differences }, null, 2)}\n`,
      );
    return record.ok && differences.length === 0 ? 0 : 1;
  } finally {
    remove();
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

/** Without them every case would come to nothing, and take its time for that. */
function checkInstalled(names: readonly string[]): void {
  const missing = [...new Set(names)].filter((name) => {
    const program = runtimes[name]?.program;
    return !existsSync(modules) || (program !== undefined && !existsSync(join(modules, program)));
  });
  if (missing.length > 0)
    throw new UsageError(`Not installed: ${missing.join(", ")}. Leave out --no-install.`);
}

/** In one report a subject's name says where it ran as well. */
function label(run: RunRecord, name: Named | undefined): RunRecord {
  const { subject } = run;
  return { ...run, subject: { ...subject, name: `${name?.runtime} ${subject.name}` } };
}

/** What a lost process leaves may be thousands. */
function listOf(ids: readonly string[]): string {
  const rest = ids.length > 20 ? ` and ${ids.length - 20} more` : "";
  return `${ids.slice(0, 20).join(", ")}${rest}`;
}

function totalsOf({ totals }: RunRecord): string {
  return Object.entries(totals)
    .filter(([, count]) => count > 0)
    .map(([outcome, count]) => `${count} ${outcome}`)
    .join(", ");
}
