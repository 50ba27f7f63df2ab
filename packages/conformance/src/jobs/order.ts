/* What passes between who runs the suite in several processes and those: an order, reports of progress, a result. */

import type { CellRecord, RunRecord } from "../report/record.ts";
import type { Subject } from "../run/subject.ts";

/** What one process, page or worker is to run. */
export interface Order {
  readonly subject: Pick<Subject, "name" | "version" | "library" | "knownFailures">;
  /** Ids of the cases. */
  readonly cases: readonly string[];
  readonly origin: { readonly url: string; readonly ca: string };
  /** How many cases run at once. */
  readonly parallel?: number;
  /** Multiplies deadlines. */
  readonly patience?: number;
  /** Whether what both witnesses say of a case that passed is left out: most of a report, which nobody may want. */
  readonly brief?: boolean;
}

/** What comes back, again and again; the last one has the run. */
export interface Report {
  /** Cells that are new since the last report. */
  readonly cells: RunRecord["cells"];
  /** All about the run but its cells. */
  readonly run?: Omit<RunRecord, "cells" | "totals">;
  /** It went wrong as a whole. */
  readonly fault?: string;
}

/** One cell on its way; bigints, which JSON does not know, become text. */
export function toText(report: Report): string {
  return JSON.stringify(report, (_key, value: unknown) => {
    return typeof value === "bigint" ? String(value) : value;
  });
}

/** A cell for a case of which nothing was heard. */
export function unheard(why: string): CellRecord {
  return {
    outcome: "harness-error",
    judged: "none",
    failures: [why],
    observations: [],
    ledger: null,
    known: null,
    duration: 0,
  };
}
