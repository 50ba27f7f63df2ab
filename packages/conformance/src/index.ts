/* What the package offers: the suite for test runners, the origin, and the parts for a run of one's own. */

export { conformance, type ConformanceOptions } from "./shells/conformance.ts";
export { startOrigin, type RunningOrigin } from "./origin/start.ts";
export * from "./runner.ts";
export { type Cell, runJobs, type JobsOptions, type Situation } from "./jobs/run-jobs.ts";
export { toHtml } from "./report/html.ts";
export { toTerminal } from "./report/terminal.ts";
