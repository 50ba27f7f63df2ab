// Where things are, for all that makes and serves the page.
import { join } from "node:path";

export const root: string = join(import.meta.dirname, "../../..");
/** Committed: one JSON report for each runtime, and the reference traces by area. */
export const resultsFolder: string = join(root, "conformance-results");
export const tracesFolder: string = join(resultsFolder, "traces");
/** What the page is built to. */
export const builtFolder: string = join(import.meta.dirname, "../dist");
