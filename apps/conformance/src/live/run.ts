/*
 * The suite in this browser: cases, runner and the fetch transport. Loaded only when it is asked for, because it weighs
 * more than all the rest.
 */

import {
  allCases,
  type CellRecord,
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
  readonly onCase: (id: string, cell: CellRecord, evidence: CellEvidence) => void;
}

/** Globs that fit no case. */
export function unmatched(globs: readonly string[]): readonly string[] {
  return select(allCases, globs).unmatched;
}

/** Runs cases on this browser's fetch. */
export function run(live: LiveRun): Promise<SuiteRecord> {
  const { cases } = select(allCases, live.globs);
  const chosen = new Set(cases.map(({ id }) => id));
  const subject: Subject = {
    name: "fetch",
    version: null,
    library: null,
    // Those of other cases would be said to be stale.
    knownFailures: live.known.filter((one) => chosen.has(one.case)),
    create: () => fetchTransport(),
  };
  live.onBegin(cases.length);
  return runSuite({
    cases,
    allCases,
    subjects: [subject],
    origin: live.origin,
    // Browsers open six connections to an origin at most; each case has ports of its own, the control plane has one.
    parallel: 4,
    patience: 2,
    signal: live.signal,
    onCase: (_subject, of, cell) => live.onCase(of.id, cell, evidenceOfCell(cell)),
  });
}
