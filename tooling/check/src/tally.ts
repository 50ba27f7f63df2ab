// How a check of our own reports: a file with its counts for who runs it, and its exit status.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

export interface Tally {
  passed: number;
  failed: number;
}

/** Writes the counts when a file is asked for; a tally with failures, or with nothing in it, fails the process. */
export function writeTally(file: string | undefined, tally: Tally): void {
  if (file !== undefined) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(tally, null, 2)}\n`);
  }
  if (tally.failed > 0 || tally.passed === 0) process.exitCode = 1;
}
