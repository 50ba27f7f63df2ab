/* The committed results: how they are written, what stays of earlier ones, and what differs from them. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  allCases,
  type CellRecord,
  type JsonReport,
  type Outcome,
  type RunRecord,
  type SuiteRecord,
  toJson,
} from "@anyhttp/conformance";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { compareResults, type Ran, writeResults } from "../src/results.ts";

const [first = "", second = "", third = ""] = allCases.map(({ id }) => id).toSorted();

function cell(outcome: Outcome): CellRecord {
  const failures = outcome === "pass" ? [] : ["status: expected 200, got 500"];
  const nothing = { judged: "expect", observations: [], ledger: null, known: null } as const;
  return { ...nothing, outcome, failures, duration: 12 };
}

function run(name: string, outcomes: Readonly<Record<string, Outcome>>): RunRecord {
  const totals = { pass: 0, "known-failure": 0, "not-applicable": 0, fail: 0 };
  const all = { ...totals, "setup-error": 0, "harness-error": 0 };
  for (const outcome of Object.values(outcomes)) all[outcome] += 1;
  const cells = Object.entries(outcomes).map(([id, outcome]) => [id, cell(outcome)]);
  return {
    subject: { name, version: "1.0.0", library: null },
    runtime: { name: "node", version: "24.1.0" },
    capabilities: { redirects: "visible" } as RunRecord["capabilities"],
    cells: Object.fromEntries(cells) as RunRecord["cells"],
    problems: [],
    totals: all,
  };
}

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "anyhttp-results-"));
  vi.spyOn(console, "log").mockReturnValue();
});
afterEach(() => rmSync(folder, { recursive: true }));

const recordOf = (runs: readonly RunRecord[]): SuiteRecord => ({
  suite: { revision: "abc", cases: [] },
  runs,
  totals: run("all", {}).totals,
  ok: true,
});
const ran = (runs: readonly RunRecord[]): Ran[] =>
  runs.map((one) => ({ runtime: "node-24", transport: one.subject.name, run: one }));
const write = (...runs: RunRecord[]): void => writeResults(recordOf(runs), ran(runs), folder);
const differences = (...runs: RunRecord[]): string[] =>
  compareResults(recordOf(runs), ran(runs), folder);
const text = (): string => readFileSync(join(folder, "node-24.json"), "utf8");
const written = (): JsonReport => JSON.parse(text()) as JsonReport;

describe("results", () => {
  it("are the report of --json, with a line for each outcome", () => {
    const one = run("undici", { [second]: "fail", [first]: "pass" });
    write(one);
    const [due] = toJson(recordOf([one])).runs;
    expect(written().runs).toEqual([due]);
    expect(written().suite).toEqual({ revision: "abc", cases: 2 });
    expect(written().totals).toEqual(one.totals);
    expect(text()).toContain(`\n"${first}":{"outcome":"pass"},\n"${second}":{"outcome":"fail",`);
  });

  it("of transports and cases that were not run stay as they were, without cases that are gone", () => {
    write(run("undici", { [first]: "pass", [second]: "fail", "session/gone": "pass" }));
    write(run("axios", { [first]: "pass", [second]: "pass" }));
    write(run("undici", { [second]: "pass", [third]: "pass" }));
    const { runs, totals } = written();
    expect(runs.map(({ subject }) => subject.name)).toEqual(["axios", "undici"]);
    expect(Object.keys(runs[1]?.outcomes ?? {})).toEqual([first, second, third]);
    expect(totals).toMatchObject({ pass: 5, fail: 0 });
  });

  it("of a runtime that never ran are not overwritten", () => {
    write(run("undici", { [first]: "pass" }));
    const before = text();
    write(run("undici", { [first]: "harness-error", [second]: "harness-error" }));
    expect(text()).toBe(before);
  });

  it("are compared by outcome and capability, case by case", () => {
    write(run("undici", { [first]: "pass", [second]: "pass" }));
    expect(differences(run("undici", { [first]: "pass", [second]: "pass" }))).toEqual([]);
    expect(differences(run("undici", { [first]: "pass" }))).toEqual([]);
    expect(differences(run("undici", { [first]: "fail", [third]: "pass" }))).toEqual([
      `node-24 undici: ${first} was pass, is fail`,
      `node-24 undici: ${third} was undefined, is pass`,
    ]);
    expect(differences(run("axios", { [first]: "pass" }))).toEqual([
      "node-24 axios: there are no results of it yet",
    ]);
  });
});
