/* The JSON report: sorted and stable, so that it can be committed and compared. No time, port or id is in it. */

import { type Outcome, outcomes, type Totals } from "../run/outcome.ts";
import type { RunRecord, SuiteRecord } from "./record.ts";

/** The report as it is written with `--json`. */
export interface JsonReport {
  readonly suite: { readonly revision: string; readonly cases: number };
  readonly runs: readonly {
    readonly subject: RunRecord["subject"];
    readonly runtime: RunRecord["runtime"];
    readonly capabilities: RunRecord["capabilities"];
    readonly outcomes: Readonly<
      Record<string, { readonly outcome: Outcome; readonly message?: string }>
    >;
    readonly problems: readonly string[];
    readonly totals: Totals;
  }[];
  readonly totals: Totals;
}

/** Makes the report of a record. */
export function toJson({ suite, runs, totals }: SuiteRecord): JsonReport {
  return {
    suite: { revision: suite.revision, cases: suite.cases.length },
    runs: runs.toSorted((a, b) => compareText(a.subject.name, b.subject.name)).map(reportRun),
    totals: inOrder(totals),
  };
}

function reportRun(run: RunRecord): JsonReport["runs"][number] {
  const { subject, runtime, capabilities, cells, problems, totals } = run;
  const sorted = Object.entries(cells).toSorted(([a], [b]) => compareText(a, b));
  const reported = sorted.map(([id, { outcome, failures, known }]) => {
    const message = outcome === "known-failure" ? known?.reason : failures[0];
    return [id, message === undefined ? { outcome } : { outcome, message }] as const;
  });
  return {
    subject,
    runtime,
    capabilities: Object.fromEntries(
      Object.entries(capabilities).toSorted(([a], [b]) => compareText(a, b)),
    ) as unknown as RunRecord["capabilities"],
    outcomes: Object.fromEntries(reported),
    problems,
    totals: inOrder(totals),
  };
}

function inOrder(totals: Totals): Totals {
  return Object.fromEntries(outcomes.map((outcome) => [outcome, totals[outcome]])) as Totals;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
