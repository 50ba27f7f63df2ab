// Reads from the JSON that a step has written how many tests passed and failed. A missing file, or one that
// names no test, is an error: a step that found nothing to run has proven nothing.
import { readFileSync } from "node:fs";

export interface Counts {
  passed: number;
  failed: number;
  /** What a reader should know besides, for example how many failures are known ones. */
  note?: string;
}

export type CountReader = (file: string) => Counts;

const read = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));

function atLeastOne(counts: Counts): Counts {
  if (counts.passed + counts.failed === 0) throw new Error("nothing was run");
  return counts;
}

/** The report of `vitest --reporter=json`. A test that was skipped counts as failed: none may be. */
export const vitestCounts: CountReader = (file) => {
  const report = read(file) as {
    numPassedTests: number;
    numFailedTests: number;
    numPendingTests: number;
    numTodoTests: number;
    testResults: { status: string; assertionResults: unknown[] }[];
  };
  const skipped = report.numPendingTests + report.numTodoTests;
  const notLoaded = report.testResults.filter(
    (result) => result.status === "failed" && result.assertionResults.length === 0,
  ).length;
  return atLeastOne({
    passed: report.numPassedTests,
    failed: report.numFailedTests + notLoaded + skipped,
    ...(skipped > 0 && { note: `${skipped} skipped` }),
  });
};

/** The report of `anyhttp-conformance --json`. What is declared, with a reason, is neither passed nor failed. */
export const conformanceCounts: CountReader = (file) => {
  const { totals } = read(file) as { totals: Record<string, number> };
  const declared = new Set(["known-failure", "not-applicable"]);
  const counts: Counts = { passed: 0, failed: 0 };
  const notes: string[] = [];
  for (const [outcome, count] of Object.entries(totals)) {
    if (outcome === "pass") counts.passed += count;
    else if (!declared.has(outcome)) counts.failed += count;
    else if (count > 0) notes.push(`${count} ${outcome}`);
  }
  return atLeastOne({ ...counts, ...(notes.length > 0 && { note: notes.join(", ") }) });
};

/** The report of a check of our own: `{ passed, failed }`. */
export const ownCounts: CountReader = (file) => {
  const { passed, failed } = read(file) as Counts;
  return atLeastOne({ passed, failed });
};
