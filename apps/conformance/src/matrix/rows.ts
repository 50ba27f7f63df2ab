/* Makes the rows of the matrix: areas with their counts, and cases with an outcome in each column. */

import { type CaseData, type Column, noOutcome } from "../data.ts";
import { h, number } from "../elements.ts";
import { type CaseGroup, countBad, countOutcomes } from "../model.ts";
import { inWords, lookOf, looks } from "../outcomes.ts";
import type { Density } from "./density.ts";

/** A row, before it is an element. */
export type Row =
  | { readonly kind: "area"; readonly group: CaseGroup; readonly folded: boolean }
  | { readonly kind: "case"; readonly index: number; readonly of: CaseData };

/** A column, and whether it is the first of its group. */
export interface ShownColumn {
  readonly column: Column;
  readonly first: boolean;
}

/** Makes the element of a row. Its cells are numbered in `data-at`, from 0, which is the head of the row. */
export function rowElement(
  row: Row,
  columns: readonly ShownColumn[],
  density: Density,
): HTMLElement {
  return row.kind === "area"
    ? areaRow(row.group, row.folded, columns, density)
    : caseRow(row.of, row.index, columns, density);
}

function areaRow(
  { area, cases, total }: CaseGroup,
  folded: boolean,
  columns: readonly ShownColumn[],
  density: Density,
): HTMLElement {
  const size =
    cases.length === total ? number(total) : `${number(cases.length)} of ${number(total)}`;
  const head = h(
    "div",
    {
      role: "rowheader",
      class: "head",
      tabindex: -1,
      "data-at": 0,
      "aria-expanded": String(!folded),
    },
    h("span", { class: "fold", "aria-hidden": "true" }),
    h("span", { class: "name", title: area }, inParts(area)),
    h("small", null, size, h("span", { class: "unseen" }, " cases")),
  );
  if (density === "summed") {
    const all = columns.map(({ column }) => column);
    return h("div", { role: "row", class: "row area" }, head, summed(all, cases));
  }
  const cells = columns.map(({ column, first }, index) =>
    score(column, first, cases, index, density),
  );
  return h("div", { role: "row", class: "row area" }, head, cells);
}

/** A name, which may be broken after the slashes in it. */
function inParts(name: string): (string | HTMLElement)[] {
  const parts = name.split(/(?<=\/)/);
  return parts.flatMap((part, index) => (index > 0 ? [h("wbr"), part] : [part]));
}

/** How an area fares in a column: the number is of cases that were run and did not pass. */
function score(
  column: Column,
  first: boolean,
  cases: readonly number[],
  index: number,
  density: Density,
): HTMLElement {
  const counts = countOutcomes([column], cases);
  const passed = counts["p"] ?? 0;
  const missing = counts[noOutcome] ?? 0;
  const left = cases.length - passed - (counts["n"] ?? 0) - missing;
  const full = left === 0 && missing === 0;
  const worst = looks.findLast(({ letter }) => (counts[letter] ?? 0) > 0 && letter !== "n");
  const name = full ? "pass" : left > 0 ? (worst?.name ?? "none") : "none";
  const none = missing === cases.length;
  const unknown = none
    ? "not run"
    : missing > 0
      ? `${number(passed)} of ${number(cases.length)} passed, ${number(missing)} not run`
      : null;
  const inWord = none ? "not run" : `${number(passed)}/${number(cases.length)}`;
  // A point, as for cases without an outcome, where nothing is wrong with those that have one.
  const inSymbol = full || none ? "" : left > 0 ? `${left}` : "·";
  return h(
    "div",
    {
      role: "gridcell",
      class: `score ${name}${first ? " first" : ""}${full ? " full" : ""}`,
      tabindex: -1,
      "data-at": index + 1,
      title: unknown,
    },
    h("span", { "aria-hidden": "true" }, density === "words" ? inWord : inSymbol),
    h(
      "span",
      { class: "unseen" },
      `${unknown ?? `${number(passed)} of ${number(cases.length)} passed`}, ${column.transport} on ${column.runtime}`,
    ),
  );
}

function caseRow(
  { id, area, title, level }: CaseData,
  index: number,
  columns: readonly ShownColumn[],
  density: Density,
): HTMLElement {
  const head = h(
    "div",
    { role: "rowheader", class: "head", tabindex: -1, "data-at": 0 },
    h("span", { class: "title", title }, title),
    h(
      "span",
      { class: "id" },
      h("span", { class: `level ${level}` }, level),
      id.slice(area.length + 1),
    ),
  );
  const cells =
    density === "summed"
      ? summed(
          columns.map(({ column }) => column),
          [index],
        )
      : columns.map(({ column, first }, at) => {
          const { name, label } = lookOf(column.outcomes[index]);
          return h(
            "div",
            {
              role: "gridcell",
              class: `cell ${name}${first ? " first" : ""}`,
              tabindex: -1,
              "data-at": at + 1,
              "aria-label": `${inWords(name)}, ${column.transport} on ${column.runtime}`,
            },
            density === "words" && h("span", { "aria-hidden": "true" }, label),
          );
        });
  return h("div", { role: "row", class: "row case" }, head, cells);
}

/** One cell for all columns: how many there are of each outcome. */
function summed(columns: readonly Column[], cases: readonly number[]): HTMLElement {
  const counts = countOutcomes(columns, cases);
  const parts = [...looks, lookOf(".")].filter(({ letter }) => (counts[letter] ?? 0) > 0);
  return h(
    "div",
    {
      role: "gridcell",
      class: `sums${countBad(counts) > 0 ? " bad" : ""}`,
      tabindex: -1,
      "data-at": 1,
    },
    parts.map(({ letter, name, symbol }) =>
      h(
        "span",
        { class: `sum ${name}` },
        h("span", { "aria-hidden": "true" }, symbol),
        ` ${number(counts[letter] ?? 0)}`,
        h("span", { class: "unseen" }, ` ${inWords(name)}`),
      ),
    ),
  );
}
