import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { conformanceCounts, ownCounts, vitestCounts } from "../src/counts.ts";
import { Tally } from "../src/tally.ts";

const folder = mkdtempSync(join(tmpdir(), "anyhttp-counts-"));
afterAll(() => rmSync(folder, { recursive: true }));

function report(content: unknown): string {
  const file = join(folder, "report.json");
  writeFileSync(file, JSON.stringify(content));
  return file;
}

describe("vitestCounts", () => {
  const unit = {
    numPassedTests: 7,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    testResults: [{ status: "passed", assertionResults: [{}] }],
  };

  it("takes the numbers as they are when every test ran", () => {
    expect(vitestCounts(report(unit))).toEqual({ passed: 7, failed: 0 });
  });

  it("counts a skipped test as failed, and says so", () => {
    const counts = vitestCounts(report({ ...unit, numPendingTests: 2 }));
    expect(counts).toEqual({ passed: 7, failed: 2, note: "2 skipped" });
  });

  it("counts a file that could not be loaded as failed", () => {
    const testResults = [
      {
        name: "a.test.ts",
        status: "failed",
        message: "no such module\n  at",
        assertionResults: [],
      },
    ];
    const { failed, failures } = vitestCounts(report({ ...unit, testResults }));
    expect({ failed, failures }).toEqual({ failed: 1, failures: ["a.test.ts: no such module"] });
  });

  it("names what failed", () => {
    const assertionResults = [
      { fullName: "a holds", status: "passed", failureMessages: [] },
      { fullName: "b holds", status: "failed", failureMessages: ["1 is not 2\n  at"] },
    ];
    const testResults = [{ name: "a.test.ts", status: "failed", assertionResults }];
    const counts = vitestCounts(report({ ...unit, numFailedTests: 1, testResults }));
    expect(counts.failures).toEqual(["b holds: 1 is not 2"]);
  });
});

describe("conformanceCounts", () => {
  it("counts neither what is known nor what does not apply, and notes both", () => {
    const totals = { pass: 600, fail: 0, "known-failure": 1, "not-applicable": 12 };
    expect(conformanceCounts(report({ totals, runs: [] }))).toEqual({
      passed: 600,
      failed: 0,
      note: "1 known-failure, 12 not-applicable",
    });
  });

  it("counts every outcome that it does not know as failed", () => {
    const totals = { pass: 1, crashed: 2 };
    expect(conformanceCounts(report({ totals, runs: [] })).failed).toBe(2);
  });

  it("names what failed, what is wrong with a run, and what differs from the committed results", () => {
    const run = {
      subject: { name: "node axios" },
      outcomes: {
        a: { outcome: "pass" },
        b: { outcome: "fail", message: "status is 200\nand more" },
        c: { outcome: "known-failure", message: "a reason" },
      },
      problems: ["timers left"],
    };
    const totals = { pass: 1, fail: 1, "known-failure": 1 };
    const differences = ["node axios: b was pass, is fail"];
    expect(conformanceCounts(report({ totals, runs: [run], differences })).failures).toEqual([
      "node axios: timers left",
      "node axios: b: status is 200",
      "node axios: b was pass, is fail",
    ]);
  });
});

describe("ownCounts", () => {
  it("reads what a tally has written, with what failed", () => {
    const tally = new Tally();
    tally.count("a package", undefined);
    tally.count("another", "too large\nby 3 kB");
    const file = join(folder, "deeper/tally.json");
    const before = process.exitCode;
    tally.report(file);
    expect(process.exitCode).toBe(1);
    process.exitCode = before;
    const failures = ["another: too large"];
    expect(ownCounts(file)).toEqual({ passed: 1, failed: 1, failures });
  });
});

describe("every reader", () => {
  it("refuses a report in which nothing ran", () => {
    expect(() => conformanceCounts(report({ totals: { pass: 0 }, runs: [] }))).toThrow(
      "nothing was run",
    );
    expect(() => ownCounts(report({ passed: 0, failed: 0 }))).toThrow("nothing was run");
  });

  it("refuses a report that is not there", () => {
    expect(() => ownCounts(join(folder, "absent.json"))).toThrow("ENOENT");
  });
});
