/* The data that the page loads: `data/matrix.json` at its start, and `data/<area>.json` when a case of it is opened. */

import type { KnownFailure } from "@anyhttp/conformance/runner";
import type { CellEvidence } from "@anyhttp/conformance/view";

/** What stands for each outcome in the text of a column, in the order of `outcomes`; a point is no outcome at all. */
export const outcomeLetters = "pknfsh";
/** There is no outcome: the case is newer than the results, or has not been run. */
export const noOutcome = ".";

/** Everything of the matrix. */
export interface MatrixData {
  /** Of the cases; results of another revision are shown, and said to be. */
  readonly revision: string;
  readonly cases: readonly CaseData[];
  readonly columns: readonly Column[];
  readonly capabilities: readonly CapabilityData[];
  /** Where known failures are reported, by reason. */
  readonly upstream: Readonly<Record<string, string>>;
  /** Of the fetch transport, which is what runs in browsers. */
  readonly knownFailures: readonly KnownFailure[];
}

/** A case, as far as the matrix needs it. */
export interface CaseData {
  readonly id: string;
  readonly area: string;
  readonly title: string;
  readonly level: string;
  readonly spec: readonly string[];
  readonly catalogue: readonly string[];
  /** Capabilities that it needs or probes. */
  readonly capabilities: readonly string[];
}

/** A transport on a runtime. */
export interface Column {
  /** Stands for it in addresses: `undici@node-24`. */
  readonly key: string;
  readonly transport: string;
  readonly version: string | null;
  readonly library: string | null;
  /** As it is shown: `Node 24`. */
  readonly runtime: string;
  readonly runtimeVersion: string;
  readonly capabilities: Readonly<Record<string, string>>;
  readonly problems: readonly string[];
  /** Revision of the suite that was run. */
  readonly revision: string;
  /** A letter for each case; see {@link outcomeLetters}. */
  readonly outcomes: string;
  /** What was said of outcomes, by index of the case. */
  readonly messages: Readonly<Record<string, string>>;
}

/** A capability, its values (best first), and what core says of it. */
export interface CapabilityData {
  readonly name: string;
  readonly meaning: string;
  readonly values: readonly string[];
}

/** The cases of one area, by id. */
export interface AreaData {
  /** Whose run the traces are of: `undici 8.12.4 on Node 24`. */
  readonly subject: string | null;
  readonly cases: Readonly<Record<string, Definition>>;
}

/** What a case says, in words; see `tools/definitions.ts`. */
export interface Definition {
  readonly hint: string;
  readonly catalogue: readonly { readonly id: string; readonly title: string }[];
  readonly requires: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
  /** Other parts than what follows: options of the session, doors. */
  readonly given: readonly Paragraph[];
  readonly origin: readonly AnswerText[];
  readonly perform: readonly Paragraph[];
  readonly expect: string;
  readonly otherwise: { readonly text: string; readonly expect: string | null } | null;
  readonly trace: CellEvidence | null;
}

/** A line, with code that belongs to it. */
export interface Paragraph {
  readonly text: string;
  readonly code?: string;
}

/** What the origin does about one request. */
export interface AnswerText {
  /** Which request, in words. */
  readonly to: string;
  readonly steps: readonly Paragraph[];
}

/** The area of a case: probes stand together, as there is about one for each capability. */
export function areaOf({ id, area }: { readonly id: string; readonly area: string }): string {
  return id.startsWith("probe/") ? "probe" : area;
}

/** The file of an area. */
export function areaFile(area: string): string {
  return `${area.replaceAll("/", "-")}.json`;
}
