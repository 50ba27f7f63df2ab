// Reads from the JSON that a step has written how many tests passed and failed, and which failed. A missing file, or one
// that names no test, is an error: a step that found nothing to run has proven nothing.
import { readFileSync } from "node:fs";

export interface Counts {
  passed: number;
  failed: number;
  /** What a reader should know besides, for example how many failures are known ones. */
  note?: string;
  /** What failed, a line each, as far as the report has names. */
  failures?: readonly string[];
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
    testResults: {
      name: string;
      status: string;
      message?: string;
      assertionResults: { fullName: string; status: string; failureMessages?: string[] }[];
    }[];
  };
  const skipped = report.numPendingTests + report.numTodoTests;
  const notLoaded = report.testResults.filter(
    (result) => result.status === "failed" && result.assertionResults.length === 0,
  );
  const failed = report.testResults
    .flatMap((result) => result.assertionResults)
    .filter(({ status }) => status === "failed");
  const failures = [
    ...notLoaded.map(({ name, message }) => `${name}: ${firstLine(message)}`),
    ...failed.map(({ fullName, failureMessages }) => {
      return `${fullName}: ${firstLine(failureMessages?.[0])}`;
    }),
  ];
  return atLeastOne({
    passed: report.numPassedTests,
    failed: report.numFailedTests + notLoaded.length + skipped,
    ...(skipped > 0 && { note: `${skipped} skipped` }),
    ...(failures.length > 0 && { failures }),
  });
};

/**
 * The report of `anyhttp-conformance --json`, or that of the matrix, which has what differs from the committed results
 * as well. What is declared, with a reason, is neither passed nor failed.
 */
export const conformanceCounts: CountReader = (file) => {
  const { totals, runs, differences } = read(file) as {
    totals: Record<string, number>;
    runs: {
      subject: { name: string };
      outcomes: Record<string, { outcome: string; message?: string }>;
      problems: string[];
    }[];
    differences?: string[];
  };
  const counts: Counts = { passed: 0, failed: 0 };
  const notes: string[] = [];
  for (const [outcome, count] of Object.entries(totals)) {
    if (outcome === "pass") counts.passed += count;
    else if (!declared.has(outcome)) counts.failed += count;
    else if (count > 0) notes.push(`${count} ${outcome}`);
  }
  const failures = runs.flatMap(({ subject: { name }, outcomes, problems }) => [
    ...problems.map((problem) => `${name}: ${problem}`),
    ...Object.entries(outcomes)
      .filter(([, { outcome }]) => outcome !== "pass" && !declared.has(outcome))
      .map(([id, { message }]) => `${name}: ${id}: ${firstLine(message)}`),
  ]);
  failures.push(...(differences ?? []));
  return atLeastOne({
    ...counts,
    ...(notes.length > 0 && { note: notes.join(", ") }),
    ...(failures.length > 0 && { failures }),
  });
};

const declared = new Set(["known-failure", "not-applicable"]);

function firstLine(text = ""): string {
  return text.split("\n", 1)[0] ?? "";
}

/** The report of a check of our own: `{ passed, failed }`. */
export const ownCounts: CountReader = (file) => {
  const { passed, failed, failures = [] } = read(file) as Counts;
  return atLeastOne({ passed, failed, ...(failures.length > 0 && { failures }) });
};
