/*
 * The part of the suite that runs in every runtime: cases, runner and records, without a Node module. Give it the
 * address of an origin, which runs on Node (`startOrigin`), and a transport.
 */

export { allCases } from "./cases/index.ts";
export { type Case, type CaseInit, defineCase } from "./case.ts";
export { runSuite, type SuiteOptions } from "./run/run-suite.ts";
export { work } from "./jobs/work.ts";
export { fits, select } from "./run/select.ts";
export type { KnownFailure, LibraryInfo, Subject, TransportOptions } from "./run/subject.ts";
export { isBad, type Outcome, outcomes, type Totals } from "./run/outcome.ts";
export type { CaseRecord, CellRecord, RunRecord, SuiteRecord } from "./report/record.ts";
export { type JsonReport, toJson } from "./report/json.ts";
