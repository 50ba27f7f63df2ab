// How a check of our own reports: a file with its counts for who runs it, and its exit status.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

export class Tally {
  passed = 0;
  failed = 0;
  /** What failed, a line each. */
  readonly failures: string[] = [];

  /** Counts one check: failed with a `problem`, passed without. */
  count(check: string, problem: string | undefined): void {
    if (problem === undefined) this.passed += 1;
    else {
      this.failed += 1;
      this.failures.push(`${check}: ${problem.trim().split("\n", 1)[0]}`);
    }
  }

  /** Writes the counts when a file is asked for; failures, or nothing counted, fail the process. */
  report(file: string | undefined): void {
    if (file !== undefined) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, `${JSON.stringify(this, null, 2)}\n`);
    }
    if (this.failed > 0 || this.passed === 0) process.exitCode = 1;
  }
}
