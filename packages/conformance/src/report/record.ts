/*
 * What reports are made of: plain data about a whole run of the suite, with both witnesses. Addresses are replaced by
 * placeholders; only `after`, `at` and `duration` differ from one run to the next.
 */

import type { Capabilities } from "@anyhttp/core";
import type { Level } from "../case/case.ts";
import type { Ledger } from "../case/ledger.ts";
import type { Observation } from "../case/perform.ts";
import type { Outcome, Totals } from "../run/outcome.ts";
import type { KnownFailure, LibraryInfo } from "../run/subject.ts";

/** A whole run of the suite: cases × subjects. */
export interface SuiteRecord {
  readonly suite: {
    /** Changes when a case is added, changed or removed. */
    readonly revision: string;
    readonly cases: readonly CaseRecord[];
  };
  readonly runs: readonly RunRecord[];
  readonly totals: Totals;
  /** Whether everything that must hold does: no bad outcome, no problem. */
  readonly ok: boolean;
}

/** A case, as far as a report needs it. Sorted by id. */
export interface CaseRecord {
  readonly id: string;
  /** First two parts of the id, for grouping. */
  readonly area: string;
  readonly title: string;
  readonly level: Level;
  readonly spec: readonly string[];
  readonly catalogue: readonly string[];
  readonly requires: Readonly<Record<string, string>>;
  readonly hint: string;
}

/** All cases on one subject. */
export interface RunRecord {
  readonly subject: {
    readonly name: string;
    readonly version: string | null;
    readonly library: LibraryInfo | null;
  };
  readonly runtime: { readonly name: string; readonly version: string };
  readonly capabilities: Capabilities;
  /** By case id, sorted. There is one for each case. */
  readonly cells: Readonly<Record<string, CellRecord>>;
  /** What is wrong with the run as a whole, such as a stale known failure. Any of them makes the suite fail. */
  readonly problems: readonly string[];
  readonly totals: Totals;
}

/** One case on one subject. */
export interface CellRecord {
  readonly outcome: Outcome;
  /** Which expectation was judged: that of the case, or its `otherwise` because a requirement was not met. */
  readonly judged: "expect" | "otherwise" | "none";
  /** Why it did not pass, each a sentence; the first is the message of the JSON report. */
  readonly failures: readonly string[];
  /** What the caller got. */
  readonly observations: readonly ObservationRecord[];
  /** What the origin saw; `null` if it never came to that. */
  readonly ledger: Ledger | null;
  /** The entry of the list of known failures, if the case is on it. */
  readonly known: KnownFailure | null;
  /** Milliseconds. */
  readonly duration: number;
}

/** An observation without what is not data. */
export type ObservationRecord = Omit<Observation, "error"> & {
  readonly error?: Omit<NonNullable<Observation["error"]>, "error">;
};
