/* The matrix as data: columns in groups, cases that fit, and counts; and the view in the address. */

import { describe, expect, it } from "vitest";
import { type Column, type MatrixData, noOutcome } from "../src/data.ts";
import { moveBy } from "../src/matrix/keys.ts";
import { countBad, countOutcomes, Model } from "../src/model.ts";
import { plainView, readView, writeView } from "../src/view.ts";

const column = (transport: string, runtime: string, outcomes: string): Column => ({
  key: `${transport}@${runtime}`,
  transport,
  version: null,
  library: null,
  runtime,
  runtimeVersion: "1.2.3",
  capabilities: {},
  problems: [],
  revision: "a",
  outcomes,
  messages: {},
});

const of = (id: string, level: string, spec: string, capability?: string) => ({
  id,
  area: id.split("/").slice(0, 2).join("/"),
  title: `a title of ${id.split("/")[2]}`,
  level,
  spec: [spec],
  catalogue: ["V-RED-01"],
  capabilities: capability === undefined ? [] : [capability],
});

const data: MatrixData = {
  revision: "a",
  cases: [
    of("transport/framing/chunks", "must", "RFC 9112 §7.1"),
    of("transport/framing/lengths", "should", "RFC 9112 §6.2", "trailers"),
    of("session/redirect/see-other", "must", "RFC 9110 §15.4.4", "redirects"),
  ],
  columns: [
    column("undici", "Node 24", "ppp"),
    column("fetch", "Node 24", "pkn"),
    column("fetch", "Chromium 142", "fp."),
  ],
  capabilities: [],
  upstream: {},
  knownFailures: [],
};

const model = new Model(data);
const fitting = (change: object) => {
  const view = { ...plainView, ...change };
  const columns = model.groups(view).flatMap((group) => group.columns);
  return model.fitting(view, columns).flatMap(({ cases }) => cases);
};

describe("the matrix as data", () => {
  it("groups columns by runtime, or by transport", () => {
    const titles = (by: "runtime" | "transport") =>
      model.groups({ ...plainView, by }).map(({ title, columns }) => [title, columns.length]);
    expect(titles("runtime")).toEqual([
      ["Node 24", 2],
      ["Chromium 142", 1],
    ]);
    expect(titles("transport")).toEqual([
      ["undici", 1],
      ["fetch", 2],
    ]);
  });

  it("finds cases by parts of ids, titles, specifications and catalogue entries, in any order", () => {
    expect(fitting({ query: "9112 framing" })).toEqual([0, 1]);
    expect(fitting({ query: "TITLE see-other" })).toEqual([2]);
    expect(fitting({ query: "v-red-01" })).toEqual([0, 1, 2]);
    expect(fitting({ query: "nothing like it" })).toEqual([]);
  });

  it("filters by level, capability and area together", () => {
    expect(fitting({ levels: ["must"] })).toEqual([0, 2]);
    expect(fitting({ capabilities: ["trailers", "redirects"] })).toEqual([1, 2]);
    expect(fitting({ levels: ["must"], capabilities: ["redirects"] })).toEqual([2]);
    expect(fitting({ areas: ["session/redirect"] })).toEqual([2]);
  });

  it("filters by outcome among the columns that are shown, and no others", () => {
    expect(fitting({ outcomes: ["fail"] })).toEqual([0]);
    expect(fitting({ outcomes: ["fail"], transports: ["undici"] })).toEqual([]);
    expect(fitting({ outcomes: ["known-failure", "not-applicable"] })).toEqual([1, 2]);
  });

  it("counts outcomes, those that are missing too", () => {
    const counts = countOutcomes(data.columns);
    expect([counts["p"], counts["k"], counts["n"], counts["f"], counts[noOutcome]]).toEqual([
      5, 1, 1, 1, 1,
    ]);
    expect(countBad(counts)).toBe(1);
    expect(countOutcomes(data.columns, [2])["p"]).toBe(1);
  });
});

describe("the view", () => {
  it("survives the address, whatever is in it", () => {
    const view = {
      ...plainView,
      page: "capabilities" as const,
      query: "a b&c=d#e",
      outcomes: ["fail"],
      runtimes: ["Node 24", "Chromium 142"],
      by: "transport" as const,
      open: "session/redirect/see-other",
      column: "fetch@node-24",
    };
    expect(readView(writeView(view))).toEqual(view);
  });

  it("is nothing in the address where it is plain", () => {
    expect(writeView(plainView)).toBe("#");
    expect(readView("")).toEqual(plainView);
    expect(readView("#view=elsewhere&by=nothing")).toEqual(plainView);
  });
});

describe("keys in the matrix", () => {
  const at = { row: 5, at: 2, rows: 100, cells: 4 };
  const key = (name: string, ctrlKey = false) => moveBy({ key: name, ctrlKey }, at);

  it("move by a cell, a page, or to an end", () => {
    expect(key("ArrowUp")).toEqual({ row: 4, at: 2 });
    expect(key("ArrowRight")).toEqual({ row: 5, at: 3 });
    expect(key("Home")).toEqual({ row: 5, at: 0 });
    expect(key("End", true)).toEqual({ row: 99, at: 3 });
    expect(key("x")).toBeNull();
  });

  it("never lead out of it", () => {
    expect(key("PageUp")).toEqual({ row: 0, at: 2 });
    expect(moveBy({ key: "ArrowDown", ctrlKey: false }, { ...at, row: 99 })).toEqual({
      row: 99,
      at: 2,
    });
    expect(moveBy({ key: "ArrowLeft", ctrlKey: false }, { ...at, at: 0 })).toEqual({
      row: 5,
      at: 0,
    });
  });
});
