/* Runs all cases on all subjects: a few at a time, the exclusive ones alone, and none left out. */

import type { Case } from "../case/case.ts";
import type { CellRecord, RunRecord, SuiteRecord } from "../report/record.ts";
import { suiteRecord } from "../report/suite-record.ts";
import { inParallel } from "./in-parallel.ts";
import { applyKnownFailures, knownIn, withListProblems } from "./known-failures.ts";
import { OriginControl } from "./origin-control.ts";
import { count } from "./outcome.ts";
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
  /** When it fires, no further case begins, and the record is of those that have run. */
  readonly signal?: AbortSignal;
  /** Called after each case. */
  readonly onCase?: (subject: Subject, of: Case, cell: CellRecord) => void;
}

/** Runs cases × subjects. Never rejects because of a subject. */
export async function runSuite(options: SuiteOptions): Promise<SuiteRecord> {
  const { cases, allCases = cases, signal } = options;
  const runs: RunRecord[] = [];
  for (const subject of options.subjects) {
    const run = await runSubject(subject, options);
    runs.push(withListProblems(run, subject.knownFailures, allCases));
  }
  const ran = signal?.aborted
    ? cases.filter(({ id }) => runs.some(({ cells }) => Object.hasOwn(cells, id)))
    : cases;
  return suiteRecord(ran, allCases, runs);
}

/**
 * Runs cases on one subject. What is wrong with its list of known failures is left to whoever has all of its cells; see
 * `withListProblems`.
 */
export async function runSubject(
  given: Subject,
  options: Omit<SuiteOptions, "subjects" | "allCases">,
): Promise<RunRecord> {
  const runtime = detectRuntime();
  const subject = { ...given, knownFailures: knownIn(given.knownFailures, runtime) };
  const { cases, parallel = 8, signal, onCase } = options;
  const { capabilities } = subject.create({});
  const control = await OriginControl.open(options.origin.url);
  const context: CaseContext = {
    subject,
    control,
    options: (capabilities.tls === "configurable"
      ? { tls: { ca: options.origin.ca } }
      : {}) satisfies TransportOptions,
    ...(options.patience === undefined ? {} : { patience: options.patience }),
  };
  const found = new Map<string, CellRecord>();
  const timers = activeTimers();
  const suspects = new Map<string, { of: Case; what: string }>();
  const underWay = new Set<Case>();
  const left: string[] = [];
  const stop = watchEscapes((what) => {
    for (const of of underWay) suspects.set(of.id, { of, what });
  });
  const run = async (of: Case): Promise<void> => {
    if (signal?.aborted) return;
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
      const judged = applyKnownFailures(of, subject, blamed);
      found.set(of.id, judged);
      onCase?.(subject, of, judged);
    }
  } finally {
    stop();
    left.push(...(await timersLeft(timers)));
    await control.close();
  }
  const { name, version, library } = subject;
  const begun = signal?.aborted ? cases.filter((of) => found.has(of.id)) : cases;
  const cells = Object.fromEntries(begun.map((of) => [of.id, found.get(of.id) ?? missing]));
  return {
    subject: { name, version, library },
    runtime,
    capabilities,
    cells,
    problems: left,
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
