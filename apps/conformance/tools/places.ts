// Where things are, for all that makes and serves the page.
import { join } from "node:path";

export const root: string = join(import.meta.dirname, "../../..");
/** Committed: one JSON report for each runtime. */
export const resultsFolder: string = join(root, "conformance-results");
/** What the page is built to. */
export const builtFolder: string = join(import.meta.dirname, "../dist");
/** What cases were seen to do, from one build to the next. */
export const keptTraces: string = join(import.meta.dirname, "../node_modules/.cache/traces.json");
