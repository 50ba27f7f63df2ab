/* What the package offers: the suite for test runners, and the parts from which one can build a run of one's own. */

export { conformance, type ConformanceOptions } from "./shells/conformance.ts";
export { allCases } from "./cases/index.ts";
export { type Case, type CaseInit, defineCase } from "./case.ts";
export { startOrigin, type RunningOrigin } from "./origin/start.ts";
export { runSuite, type SuiteOptions } from "./run/run-suite.ts";
export type { KnownFailure, LibraryInfo, Subject, TransportOptions } from "./run/subject.ts";
export { isBad, type Outcome, outcomes, type Totals } from "./run/outcome.ts";
export type { CaseRecord, CellRecord, RunRecord, SuiteRecord } from "./report/record.ts";
export { toHtml } from "./report/html.ts";
export { type JsonReport, toJson } from "./report/json.ts";
export { toTerminal } from "./report/terminal.ts";
