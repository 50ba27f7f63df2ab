// The committed results: one file for each runtime in `conformance-results/`, in the format of `--json`, and what has
// changed since they were written.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type JsonReport,
  outcomes,
  type RunRecord,
  type SuiteRecord,
  toJson,
} from "@anyhttp/conformance";

const folder = join(import.meta.dirname, "../../../conformance-results");

export interface Ran {
  runtime: string;
  transport: string;
  run: RunRecord;
}

function fileOf(runtime: string): string {
  return join(folder, `${runtime}.json`);
}

/** What is in the file of a runtime; `null` if there is none. */
function resultsOf(runtime: string): JsonReport | null {
  const file = fileOf(runtime);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as JsonReport) : null;
}

/** Writes the results; runs of transports that were not run now stay as they are. */
export function writeResults(record: SuiteRecord, all: readonly Ran[]): void {
  mkdirSync(folder, { recursive: true });
  for (const [runtime, runs] of byRuntime(all)) {
    const report = reportOf(record, runs);
    const ran = new Set(report.runs.map(({ subject }) => subject.name));
    const kept = resultsOf(runtime)?.runs.filter(({ subject }) => !ran.has(subject.name)) ?? [];
    const together = [...report.runs, ...kept].toSorted((a, b) =>
      a.subject.name < b.subject.name ? -1 : 1,
    );
    const totals = Object.fromEntries(
      outcomes.map((outcome) => [
        outcome,
        together.reduce((sum, run) => sum + run.totals[outcome], 0),
      ]),
    );
    const whole = { ...report, runs: together, totals };
    writeFileSync(fileOf(runtime), `${JSON.stringify(whole, null, 2)}\n`);
  }
}

/**
 * Says what differs from the committed results; returns how much of it must not. Versions change by themselves, and
 * what a message says is no outcome: such differences are told, and no more.
 */
export function compareResults(record: SuiteRecord, all: readonly Ran[]): number {
  let differences = 0;
  for (const [runtime, runs] of byRuntime(all)) {
    const before = resultsOf(runtime);
    for (const run of reportOf(record, runs).runs) {
      const name = `${runtime} ${run.subject.name}`;
      const old = before?.runs.find(({ subject }) => subject.name === run.subject.name);
      const ran = runs.find(({ subject }) => subject.name === run.subject.name);
      // What a race decides may be either.
      const fixed = (id: string): boolean => ran?.cells[id]?.known?.sometimes !== true;
      const found = old ? differencesOf(old, run, fixed) : ["there are no results of it yet"];
      differences += found.length;
      for (const what of found.slice(0, 20)) console.log(`✗ ${name}: ${what}`);
      if (found.length > 20) console.log(`✗ ${name}: and ${found.length - 20} more`);
      const versions = [old, run].map((one) => one && versionsOf(one));
      if (old && versions[0] !== versions[1])
        console.log(`  ${name}: was ${versions[0]}, now ${versions[1]}`);
    }
  }
  if (differences > 0)
    console.log("\nIf this is as it should be: pnpm conformance --runtime all --write");
  return differences;
}

type Run = JsonReport["runs"][number];

function versionsOf({ runtime, subject }: Run): string {
  const { library } = subject;
  return `${runtime.name} ${runtime.version}${library ? `, ${library.name} ${library.version}` : ""}`;
}

function differencesOf(old: Run, run: Run, fixed: (id: string) => boolean): string[] {
  const all = new Set([...Object.keys(old.outcomes), ...Object.keys(run.outcomes)]);
  const ids = [...all].filter(fixed);
  const keys = new Set([...Object.keys(old.capabilities), ...Object.keys(run.capabilities)]);
  const changed = (what: string, was: unknown, is: unknown): string[] =>
    was === is ? [] : [`${what} was ${String(was)}, is ${String(is)}`];
  return [
    ...[...keys].flatMap((key) =>
      changed(key, old.capabilities[key as never], run.capabilities[key as never]),
    ),
    ...ids.flatMap((id) => changed(id, old.outcomes[id]?.outcome, run.outcomes[id]?.outcome)),
  ];
}

function reportOf(record: SuiteRecord, runs: readonly RunRecord[]): JsonReport {
  return toJson({ ...record, runs, totals: sumOf(runs) });
}

function sumOf(runs: readonly RunRecord[]): SuiteRecord["totals"] {
  return Object.fromEntries(
    outcomes.map((outcome) => [outcome, runs.reduce((sum, run) => sum + run.totals[outcome], 0)]),
  ) as SuiteRecord["totals"];
}

function byRuntime(all: readonly Ran[]): Map<string, RunRecord[]> {
  const map = new Map<string, RunRecord[]>();
  for (const { runtime, run } of all) map.set(runtime, [...(map.get(runtime) ?? []), run]);
  return map;
}
