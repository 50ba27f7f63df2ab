/* COVERAGE.md: complete, up to date, and about cases that exist. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { allCases } from "../src/cases/index.ts";
import { fits } from "../src/run/select.ts";
import { coverageProblems, coverageTable } from "./support/coverage.ts";

const written = readFileSync(join(import.meta.dirname, "../COVERAGE.md"), "utf8");
// As the formatter leaves it or not: neither padding nor rules of tables count.
const plain = (text: string): string => text.replaceAll(/[\s-]+/g, "").replaceAll("\\*", "*");

describe("COVERAGE.md", () => {
  it("covers each entry of its groups, and no other", () => {
    expect(coverageProblems(allCases)).toEqual([]);
  });

  it("is up to date", () => {
    expect(plain(written), "run test/support/write-coverage.ts").toBe(
      plain(coverageTable(allCases)),
    );
  });

  it("names cases that exist", () => {
    const named = [...written.matchAll(/`((?:transport|session|probe)\/[^`\s]+)`/g)].map(
      ([, glob = ""]) => glob,
    );
    expect(named.length).toBeGreaterThan(100);
    expect(named.filter((glob) => !allCases.some(({ id }) => fits(id, glob)))).toEqual([]);
  });
});

describe("what is wrong with the coverage", () => {
  it("is an entry without a case and without a note", () => {
    expect(coverageProblems([])).toContain("V-RSP-01 has neither a case nor a note");
    expect(coverageProblems([])).not.toContain("V-RSP-03 has neither a case nor a note");
  });

  it("is a case of an entry that does not exist", () => {
    const problems = coverageProblems([...allCases, { id: "session/a/b", catalogue: ["X-1"] }]);
    expect(problems).toEqual(["session/a/b covers X-1, which does not exist"]);
  });

  it("is a table that lacks a case", () => {
    expect(plain(coverageTable(allCases.slice(0, -1)))).not.toBe(plain(written));
  });
});
