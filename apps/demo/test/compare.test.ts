// The comparison reports every transport that behaves differently, and none that does not.
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { compare, type Outcome, type Row } from "../src/tour/compare.ts";
import { drawTable } from "../src/tour/table.ts";

const subjects = ["undici", "axios", "node-fetch", "fetch"];

/** Outcomes of one station, a value for each transport; an Error stands for a failed station. */
function at(station: string, values: readonly unknown[]): Outcome[] {
  return values.map((value, index): Outcome => {
    const outcome = { station, subject: subjects[index] ?? "", ms: 5 };
    if (value instanceof Error) return { ...outcome, failure: value.message };
    return { ...outcome, found: { says: JSON.stringify(value), value } };
  });
}

/** Compares the outcomes of a single station. */
function rowOf(outcomes: readonly Outcome[]): Row {
  const [row] = compare(outcomes);
  if (row === undefined) throw new Error("no row");
  return row;
}

describe("compare", () => {
  it("calls equal values alike, whatever the order of their keys", () => {
    const row = rowOf(
      at("form", [
        { a: 1, b: [2] },
        { b: [2], a: 1 },
      ]),
    );
    expect(row).toMatchObject({ alike: true, notes: [], says: '{"a":1,"b":[2]}' });
  });

  it("names the transport that differs, and where", () => {
    const page = { status: 200, headers: ["a: 1"] };
    const row = rowOf(at("page", [page, page, { status: 200, headers: ["a: 2"] }, page]));
    expect(row.alike).toBe(false);
    expect(row.cells.map(({ state }) => state)).toEqual(["alike", "alike", "differs", "alike"]);
    expect(row.notes).toEqual(['node-fetch has headers.0 "a: 2" instead of "a: 1", unlike undici']);
  });

  it("takes what most found as the measure, even if the first is the odd one", () => {
    const row = rowOf(at("time-out", ["A", "B", "B", "B"]));
    expect(row.cells.map(({ state }) => state)).toEqual(["differs", "alike", "alike", "alike"]);
    expect(row.says).toBe('"B"');
  });

  it("does not let a wrong error code pass", () => {
    const code = (text: string) => ({ name: "TimeoutError", code: text });
    const row = rowOf(at("time-out", [code("ERR_A"), code("ERR_A"), code("ERR_B")]));
    expect(row.notes).toEqual(['node-fetch has code "ERR_B" instead of "ERR_A", unlike undici']);
  });

  it("counts a missing key as a difference, both ways", () => {
    const more = rowOf(at("form", [{ a: 1 }, { a: 1 }, { a: 1, b: 2 }]));
    expect(more.notes).toEqual(["node-fetch has b 2 instead of nothing, unlike undici"]);
    const less = rowOf(at("form", [{ a: 1 }, { a: 1 }, {}]));
    expect(less.notes).toEqual(["node-fetch has a nothing instead of 1, unlike undici"]);
  });

  it("reports a failed station, also when it failed everywhere", () => {
    const one = rowOf(at("burst", [1, 1, new Error("lost"), 1]));
    expect(one).toMatchObject({ alike: false, notes: ["node-fetch failed: lost"] });
    const all = rowOf(at("burst", [new Error("x"), new Error("x")]));
    expect(all).toMatchObject({ alike: false, notes: ["undici, axios failed: x"] });
  });

  it("reports a transport that never got to a station", () => {
    const rows = compare([...at("page", [1, 1]), ...at("close", [1])]);
    expect(rows[1]).toMatchObject({
      alike: false,
      cells: [{ state: "alike" }, { subject: "axios", state: "missing" }],
      notes: ["axios never got there"],
    });
  });
});

describe("drawTable", () => {
  const plain = (rows: Parameters<typeof drawTable>[0]) =>
    drawTable(rows).map((line) => stripVTControlCharacters(line));

  it("puts transports side by side, in columns", () => {
    const lines = plain(compare([...at("page", [1, 1]), ...at("time-out", ["E", "E"])]));
    expect(lines).toEqual([
      "          undici    axios     alike?",
      "page      ✓ 5.0 ms  ✓ 5.0 ms  yes 1",
      'time-out  ✓ 5.0 ms  ✓ 5.0 ms  yes "E"',
    ]);
  });

  it("says below the table what is different", () => {
    const lines = plain(compare(at("page", [1, 1, 2])));
    expect(lines).toEqual([
      "      undici    axios     node-fetch  alike?",
      "page  ✓ 5.0 ms  ✓ 5.0 ms  ✗ differs   no",
      "",
      "✗ page: node-fetch found 2 instead of 1, unlike undici",
    ]);
  });
});
