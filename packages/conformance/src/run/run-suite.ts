/* Runs all cases on all subjects: a few at a time, the exclusive ones alone, and none left out. */

import type { Case } from "../case/case.ts";
import type { CaseRecord, CellRecord, RunRecord, SuiteRecord } from "../report/record.ts";
import { applyKnownFailures, knownFailureProblems } from "./known-failures.ts";
import { count, isBad } from "./outcome.ts";
import { type CaseContext, runCase } from "./run-case.ts";
import { activeTimers, detectRuntime, watchEscapes } from "./runtime.ts";
import type { Subject, TransportOptions } from "./subject.ts";

/** What to run. */
export interface SuiteOptions {
  readonly cases: readonly Case[];
  /** All cases that exist, if `cases` is a choice of them; lists of known failures are checked against these. */
  readonly allCases?: readonly Case[];
  readonly subjects: readonly Subject[];
  readonly origin: { readonly url: string; readonly ca: string };
  /** How many cases run at once. Default: 8. */
  readonly parallel?: number;
  /** Multiplies deadlines, for slow machines. */
  readonly patience?: number;
  /** Called after each case. */
  readonly onCase?: (subject: Subject, of: Case, cell: CellRecord) => void;
}

/** Runs cases × subjects. Never rejects because of a subject. */
export async function runSuite(options: SuiteOptions): Promise<SuiteRecord> {
  const runs: RunRecord[] = [];
  for (const subject of options.subjects) runs.push(await runSubject(subject, options));
  const all = runs.flatMap(({ cells }) => Object.values(cells).map(({ outcome }) => outcome));
  const cases = options.cases.map(caseRecord);
  return {
    suite: { revision: revisionOf(options.allCases ?? options.cases), cases },
    runs,
    totals: count(all),
    ok: !all.some(isBad) && runs.every(({ problems }) => problems.length === 0),
  };
}

async function runSubject(subject: Subject, options: SuiteOptions): Promise<RunRecord> {
  const { cases, allCases = cases, parallel = 8, onCase } = options;
  const { capabilities } = subject.create({});
  const context: CaseContext = {
    subject,
    control: options.origin.url,
    options: (capabilities.tls === "configurable"
      ? { tls: { ca: options.origin.ca } }
      : {}) satisfies TransportOptions,
    ...(options.patience === undefined ? {} : { patience: options.patience }),
  };
  const found = new Map<string, CellRecord>();
  const timers = activeTimers();
  const suspects = new Map<string, { of: Case; what: string }>();
  const underWay = new Set<Case>();
  const stop = watchEscapes((what) => {
    for (const of of underWay) suspects.set(of.id, { of, what });
  });
  const run = async (of: Case): Promise<void> => {
    underWay.add(of);
    const cell = await runCase(of, context);
    // What nobody handles surfaces a turn later.
    await new Promise((resolve) => setTimeout(resolve, 0));
    underWay.delete(of);
    const known = applyKnownFailures(of, subject, cell);
    found.set(of.id, known);
    if (!suspects.has(of.id)) onCase?.(subject, of, known);
  };
  try {
    await inParallel(
      cases.filter(({ exclusive }) => exclusive !== true),
      parallel,
      run,
    );
    for (const of of cases.filter(({ exclusive }) => exclusive === true)) await run(of);
    // Something escaped while several ran: each runs again alone, to find whose it was.
    const again = [...suspects.values()];
    for (const { of, what } of again) {
      suspects.delete(of.id);
      await run(of);
      const cell = found.get(of.id);
      if (!cell || (!suspects.has(of.id) && again.length > 1)) continue;
      const blamed: CellRecord = {
        ...cell,
        outcome: "fail",
        failures: [`escaped: ${what}`, ...cell.failures],
      };
      found.set(of.id, applyKnownFailures(of, subject, blamed));
      onCase?.(subject, of, blamed);
    }
  } finally {
    stop();
  }
  const { name, version, library } = subject;
  const cells = Object.fromEntries(cases.map((of) => [of.id, found.get(of.id) ?? missing]));
  return {
    subject: { name, version, library },
    runtime: detectRuntime(),
    capabilities,
    cells,
    problems: [...knownFailureProblems(subject, allCases, cells), ...(await timersLeft(timers))],
    totals: count(Object.values(cells).map(({ outcome }) => outcome)),
  };
}

/** Timers that still keep the process alive when all sessions are closed. */
async function timersLeft(before: number): Promise<string[]> {
  for (let turn = 0; turn < 20 && activeTimers() > before; turn++) {
    // The one that waits is gone when it is counted.
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  const left = activeTimers() - before;
  return left > 0 ? [`timers left when all sessions were closed: ${left}`] : [];
}

const missing: CellRecord = {
  outcome: "harness-error",
  judged: "none",
  failures: ["the case was not run"],
  observations: [],
  ledger: null,
  known: null,
  duration: 0,
};

async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
}

function caseRecord(of: Case): CaseRecord {
  const { id, area, title, level, spec = [], catalogue = [], requires = {}, hint } = of;
  return {
    id,
    area,
    title,
    level,
    spec,
    catalogue,
    requires,
    hint,
  };
}

/** FNV-1a over what cases say, save the text of functions, which a bundler changes: short, and the same everywhere. */
function revisionOf(cases: readonly Case[]): string {
  const text = JSON.stringify(cases, (_key, value: unknown) => {
    return typeof value === "function" || typeof value === "bigint" ? typeof value : value;
  });
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
