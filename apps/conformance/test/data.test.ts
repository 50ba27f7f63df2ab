/* What the page is made of: definitions and traces of all cases, capabilities, columns of results, and CONFORMANCE.md. */

import { existsSync } from "node:fs";
import { allCases } from "@anyhttp/conformance";
import type { CellEvidence } from "@anyhttp/conformance/view";
import { describe, expect, it } from "vitest";
import { areaOf } from "../src/data.ts";
import { capabilityData } from "../tools/capabilities.ts";
import { conformancePage } from "../tools/conformance-page.ts";
import { definitionOf } from "../tools/definitions.ts";
import { table } from "../tools/markdown.ts";
import { tracesFolder } from "../tools/places.ts";
import { columnOf, type Run } from "../tools/results.ts";
import { compact, expand, readTraces } from "../tools/traces.ts";
import { inline, outlineOf, sourceOf } from "../tools/words.ts";
import { between } from "@anyhttp/conformance/case";

describe("reference traces", () => {
  it("are there for every case, and for none that does not exist", () => {
    expect(existsSync(tracesFolder)).toBe(true);
    const areas = Map.groupBy(allCases, areaOf);
    const missing: string[] = [];
    const strange: string[] = [];
    for (const [area, cases] of areas) {
      const traces = new Set(Object.keys(readTraces(area)?.cases ?? {}));
      for (const { id } of cases) if (!traces.delete(id)) missing.push(id);
      strange.push(...traces);
    }
    // Otherwise: pnpm traces --missing
    expect({ missing, strange }).toEqual({ missing: [], strange: [] });
  });

  it("are kept without what is usual, and without what differs from run to run", () => {
    const evidence: CellEvidence = {
      judged: "expect",
      failures: [],
      calls: [
        {
          method: "GET",
          status: 200,
          headers: [["date", "Mon, 23 Nov 2026 08:53:36 GMT"]],
          content: "x".repeat(5000),
          after: 12.3,
        },
      ],
      moreCalls: 0,
      origin: {
        arrivals: [],
        moreArrivals: 0,
        connections: [],
        moreConnections: 0,
        wire: Array.from({ length: 40 }, (_, at) => {
          return { at, connection: 1, what: "sent", detail: `piece ${at}`, size: 8 };
        }),
      },
      known: null,
      duration: 99,
    };
    const kept = JSON.stringify(compact(evidence));
    expect(kept).toContain("{date}");
    expect(kept).not.toMatch(/12\.3|:99|2026|x{400}/);
    const again = expand(JSON.parse(kept));
    expect(again.failures).toEqual([]);
    expect(again.calls[0]?.after).toBeNull();
    expect(again.origin?.wire.map(({ detail }) => detail)).toContain("24 more events");
    expect(again.origin?.wire.at(-1)).toMatchObject({ at: null, detail: "piece 39" });
  });
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
