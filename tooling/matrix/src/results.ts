// The committed results: one file for each runtime in `conformance-results/`, in the format of `--json`, and what has
// changed since they were written.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  allCases,
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

/** What is in the file of a runtime; `null` if there is none. */
function resultsOf(runtime: string, from: string): JsonReport | null {
  const file = join(from, `${runtime}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as JsonReport) : null;
}

/** Writes the results; what was not run now, of transports and of cases that still exist, stays as it is. */
export function writeResults(record: SuiteRecord, all: readonly Ran[], to = folder): void {
  mkdirSync(to, { recursive: true });
  const ran = all.filter(({ runtime, transport, run }) => {
    const did = Object.values(run.cells).some(({ outcome }) => outcome !== "harness-error");
    if (!did) console.log(`${runtime} ${transport} did not run: its results stay as they are`);
    return did;
  });
  for (const [runtime, runs] of byRuntime(ran)) {
    const report = reportOf(record, runs);
    const before = new Map(resultsOf(runtime, to)?.runs.map((run) => [run.subject.name, run]));
    const now = report.runs.map((run) => withKept(run, before.get(run.subject.name)));
    for (const { subject } of now) before.delete(subject.name);
    const together = [...now, ...before.values()].toSorted((a, b) =>
      a.subject.name < b.subject.name ? -1 : 1,
    );
    const totals = sumOf(together);
    const suite = { ...report.suite, cases: Object.keys(now[0]?.outcomes ?? {}).length };
    const whole = { suite, runs: together, totals };
    writeFileSync(join(to, `${runtime}.json`), resultsText(whole));
  }
}

/** A run of some cases, with what the others came to before. */
function withKept(run: Run, before: Run | undefined): Run {
  const cells = allCases
    .map(({ id }) => [id, run.outcomes[id] ?? before?.outcomes[id]] as const)
    .filter((entry): entry is [string, Run["outcomes"][string]] => entry[1] !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const totals = outcomes.map((name) => [
    name,
    cells.filter(([, { outcome }]) => outcome === name).length,
  ]);
  return {
    ...run,
    outcomes: Object.fromEntries(cells),
    totals: Object.fromEntries(totals) as Run["totals"],
  };
}

/** A line for each outcome: a change can be read, and a hundred thousand of them are few megabytes, far fewer in git. */
function resultsText({ suite, runs, totals }: JsonReport): string {
  return `{
"suite":${JSON.stringify(suite)},
"runs":[
${runs.map(runText).join(",\n")}
],
"totals":${JSON.stringify(totals)}
}
`;
}

function runText({ outcomes: cells, totals, ...rest }: Run): string {
  const about = Object.entries(rest).map((entry) => lineOf(entry));
  return `{
${about.join(",\n")},
"outcomes":{
${Object.entries(cells)
  .map((entry) => lineOf(entry))
  .join(",\n")}
},
"totals":${JSON.stringify(totals)}
}`;
}

function lineOf([key, value]: readonly [string, unknown]): string {
  return `${JSON.stringify(key)}:${JSON.stringify(value)}`;
}

/**
 * Says what differs from the committed results; returns what of it must not. Versions change by themselves, and what a
 * message says is no outcome: such differences are told, and no more.
 */
export function compareResults(
  record: SuiteRecord,
  all: readonly Ran[],
  committed = folder,
): string[] {
  const differences: string[] = [];
  for (const [runtime, runs] of byRuntime(all)) {
    const before = resultsOf(runtime, committed);
    for (const run of reportOf(record, runs).runs) {
      const name = `${runtime} ${run.subject.name}`;
      const old = before?.runs.find(({ subject }) => subject.name === run.subject.name);
      const ran = runs.find(({ subject }) => subject.name === run.subject.name);
      // What a race decides may be either.
      const fixed = (id: string): boolean => ran?.cells[id]?.known?.sometimes !== true;
      const found = old
        ? differencesOf(old, withKept(run, old), fixed)
        : ["there are no results of it yet"];
      differences.push(...found.map((what) => `${name}: ${what}`));
      for (const what of found.slice(0, 20)) console.log(`✗ ${name}: ${what}`);
      if (found.length > 20) console.log(`✗ ${name}: and ${found.length - 20} more`);
      const versions = [old, run].map((one) => one && versionsOf(one));
      if (old && versions[0] !== versions[1])
        console.log(`  ${name}: was ${versions[0]}, now ${versions[1]}`);
    }
  }
  if (differences.length > 0)
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

function sumOf(runs: readonly Pick<RunRecord, "totals">[]): SuiteRecord["totals"] {
  return Object.fromEntries(
    outcomes.map((outcome) => [outcome, runs.reduce((sum, run) => sum + run.totals[outcome], 0)]),
  ) as SuiteRecord["totals"];
}

function byRuntime(all: readonly Ran[]): Map<string, RunRecord[]> {
  const map = new Map<string, RunRecord[]>();
  for (const { runtime, run } of all) map.set(runtime, [...(map.get(runtime) ?? []), run]);
  return map;
}
