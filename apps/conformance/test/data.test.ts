/* What the page is made of: definitions of all cases, reference traces, capabilities, columns of results, and CONFORMANCE.md. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { allCases, select } from "@anyhttp/conformance";
import { describe, expect, it } from "vitest";
import { capabilityData } from "../tools/capabilities.ts";
import { conformancePage } from "../tools/conformance-page.ts";
import { definitionOf } from "../tools/definitions.ts";
import { table } from "../tools/markdown.ts";
import { references } from "../tools/reference.ts";
import { columnOf, type Run } from "../tools/results.ts";
import { inline, outlineOf, sourceOf } from "../tools/words.ts";
import { between } from "@anyhttp/conformance/case";

describe("reference traces", () => {
  it("are made of cases that have none, with both witnesses and the wire, and kept for the next time", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "anyhttp-traces-")), "kept/traces.json");
    const { cases } = select(allCases, ["transport/method/o*"]);
    const told: string[] = [];
    const options = { cases, file, tell: (text: string) => void told.push(text) };
    const { subject, traces } = await references(options);
    expect(subject).toMatch(/^undici \d+\.\d+\.\d+ on Node \d+$/);
    expect([...traces.keys()].toSorted()).toEqual(cases.map(({ id }) => id).toSorted());
    for (const { calls, origin } of traces.values()) {
      expect(calls.length).toBeGreaterThan(0);
      expect(origin?.wire.length).toBeGreaterThan(0);
    }
    expect(told[0]).toMatch(`${cases.length} cases run on undici`);

    const again = await references(options);
    expect(told).toHaveLength(1);
    expect(again.traces).toEqual(traces);
    rmSync(join(file, "../.."), { recursive: true });
  }, 60_000);
});

describe("definitions", () => {
  it("say of every case what is done and what must be seen", () => {
    const wrong = allCases.filter((of) => {
      const { perform, origin, hint } = definitionOf(of, new Map());
      const said = [...perform.map(({ text }) => text), ...origin.map(({ to }) => to)];
      const sound = perform.length > 0 && said.every((text) => text !== "");
      return !sound || !hint.startsWith("check ") || JSON.stringify(perform).length > 20_000;
    });
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });

  it("say matchers by what they want, and set in what is long", () => {
    expect(inline({ a: between(1, 2), b: [undefined, 3n] })).toBe(
      "{ a: ‹a number from 1 to 2›, b: [undefined, 3n] }",
    );
    const long = "a long text that fills the line on which it stands";
    expect(outlineOf({ status: 200, arrivals: [{ method: "GET", content: long }] })).toBe(
      `status: 200\narrivals:\n  - method: "GET"\n    content: "${long}"`,
    );
  });

  it("show the source of functions, moved to the left", () => {
    const lines = sourceOf(() => {
      return 1;
    }).split("\n");
    expect(lines.at(-1)).toBe("}");
  });
});

describe("capabilities", () => {
  it("have a meaning and values each, taken from the contract", () => {
    const all = capabilityData();
    expect(all.length).toBeGreaterThan(15);
    expect(all.filter(({ meaning, values }) => meaning === "" || values.length < 2)).toEqual([]);
    expect(all.find(({ name }) => name === "redirects")?.values).toEqual(["visible", "opaque"]);
  });
});

const totals = {
  pass: 1,
  "known-failure": 1,
  "not-applicable": 0,
  fail: 0,
  "setup-error": 0,
  "harness-error": 0,
};
const [first, second] = allCases.map(({ id }) => id);
const run: Run = {
  revision: "a",
  subject: { name: "undici", version: "1.0.0", library: { name: "undici", version: "8.1.0" } },
  runtime: { name: "node", version: "24.21.0" },
  capabilities: { redirects: "visible" } as Run["capabilities"],
  outcomes: {
    [first ?? ""]: { outcome: "pass" },
    [second ?? ""]: { outcome: "known-failure", message: "it cannot | really" },
  },
  problems: [],
  totals,
};

describe("results", () => {
  it("become a column with a letter for each case", () => {
    const column = columnOf(run);
    expect(column.key).toBe("undici@node-24");
    expect(column.outcomes).toBe(`pk${".".repeat(allCases.length - 2)}`);
    expect(column.messages).toEqual({ 1: "it cannot | really" });
  });

  it("are told in CONFORMANCE.md, known failures with their reasons", () => {
    const page = conformancePage([run]);
    expect(page).toContain("| **Node 24** | 1 ✓ 1 ≈ |");
    expect(page).toContain("- it cannot | really. On Node 24:");
    expect(page).toContain(second);
    expect(conformancePage([])).toContain("There are no results yet.");
  });

  it("stand in tables that the formatter does not change", () => {
    expect(table(["a", "b"], [["one|two", "3"]])).toBe(
      "| a        | b   |\n| -------- | --- |\n| one\\|two | 3   |",
    );
  });
});
