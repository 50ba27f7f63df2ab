/*
 * The suite in this browser: cases, runner and the fetch transport. Loaded only when it is asked for, because it weighs
 * more than all the rest.
 */

import {
  allCases,
  type Case,
  type CellRecord,
  isBad,
  type RunRecord,
  runSuite,
  select,
  type Subject,
  type SuiteRecord,
} from "@anyhttp/conformance/runner";
import { type CellEvidence, evidenceOfCell } from "@anyhttp/conformance/view";
import { fetchTransport } from "@anyhttp/transport-fetch";

export { toJson } from "@anyhttp/conformance/runner";

/** The origin, as its server tells it. */
export interface Origin {
  readonly url: string;
  readonly ca: string;
}

/** What to run, and who wants to know of it. */
export interface LiveRun {
  readonly origin: Origin;
  /** Globs; all cases if there are none. */
  readonly globs: readonly string[];
  readonly signal: AbortSignal;
  readonly known: Subject["knownFailures"];
  readonly onBegin: (cases: number) => void;
  /** So many have failed, and run once more. */
  readonly onAgain: (cases: number) => void;
  readonly onCase: (id: string, cell: CellRecord, evidence: CellEvidence) => void;
}

/** Globs that fit no case. */
export function unmatched(globs: readonly string[]): readonly string[] {
  return select(allCases, globs).unmatched;
}

/** Runs cases on this browser's fetch. What fails in company is judged again, with nothing beside it. */
export async function run(live: LiveRun): Promise<SuiteRecord> {
  const { cases } = select(allCases, live.globs);
  live.onBegin(cases.length);
  // Browsers open six connections to an origin at most; each case has ports of its own, the control plane has one.
  const first = await runSome(live, cases, 4);
  const failed = cases.filter(({ id }) => first.runs[0]?.cells[id]?.outcome === "fail");
  if (failed.length === 0 || live.signal.aborted) return first;
  live.onAgain(failed.length);
  return joined(first, await runSome(live, failed, 1));
}

function runSome(live: LiveRun, cases: readonly Case[], parallel: number): Promise<SuiteRecord> {
  const chosen = new Set(cases.map(({ id }) => id));
  const subject: Subject = {
    name: "fetch",
    version: null,
    library: null,
    // Those of other cases would be said to be stale.
    knownFailures: live.known.filter((one) => chosen.has(one.case)),
    create: () => fetchTransport(),
  };
  return runSuite({
    cases,
    allCases,
    subjects: [subject],
    origin: live.origin,
    parallel,
    patience: 2,
    signal: live.signal,
    onCase: (_subject, of, cell) => live.onCase(of.id, cell, evidenceOfCell(cell)),
  });
}

/** The record of the first run, with those cells that were judged again. */
function joined(first: SuiteRecord, again: SuiteRecord): SuiteRecord {
  const [before, after] = [first.runs[0], again.runs[0]];
  if (!before || !after) return first;
  const cells = { ...before.cells, ...after.cells };
  const all = Object.values(cells).map(({ outcome }) => outcome);
  const counts = Object.keys(before.totals).map((name) => [
    name,
    all.filter((outcome) => outcome === name).length,
  ]);
  const totals = Object.fromEntries(counts) as RunRecord["totals"];
  const ok = !all.some(isBad) && before.problems.length === 0;
  return { ...first, runs: [{ ...before, cells, totals }], totals, ok };
}
