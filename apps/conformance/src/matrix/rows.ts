/* Makes the rows of the matrix: areas with their counts, and cases with an outcome in each column. */

import type { CaseData, Column } from "../data.ts";
import { h, number } from "../elements.ts";
import { type CaseGroup, countBad, countOutcomes } from "../model.ts";
import { inWords, lookOf, looks } from "../outcomes.ts";

/** A row, before it is an element. */
export type Row =
  | { readonly kind: "area"; readonly group: CaseGroup; readonly folded: boolean }
  | { readonly kind: "case"; readonly index: number; readonly of: CaseData };

/** A column, and whether it is the first of its group. */
export interface ShownColumn {
  readonly column: Column;
  readonly first: boolean;
}

/** How cells are shown: with words, by symbols alone, or (where there is no room) summed up in one. */
export type Density = "words" | "symbols" | "summed";

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
    h("span", { class: "name" }, area),
    h("small", null, size, h("span", { class: "unseen" }, " cases")),
  );
  if (density === "summed") {
    const all = columns.map(({ column }) => column);
    return h("div", { role: "row", class: "row area" }, head, summed(all, cases));
  }
  const cells = columns.map(({ column, first }, index) => {
    const counts = countOutcomes([column], cases);
    const passed = counts["p"] ?? 0;
    const worst = looks.findLast(({ letter }) => (counts[letter] ?? 0) > 0 && letter !== "n");
    const full = passed + (counts["n"] ?? 0) === cases.length;
    const name = full ? "pass" : (worst?.name ?? "none");
    const left = cases.length - passed - (counts["n"] ?? 0);
    const text =
      density === "words" ? `${number(passed)}/${number(cases.length)}` : full ? "" : `${left}`;
    return h(
      "div",
      {
        role: "gridcell",
        class: `score ${name}${first ? " first" : ""}${full ? " full" : ""}`,
        tabindex: -1,
        "data-at": index + 1,
      },
      h("span", { "aria-hidden": "true" }, text),
      h(
        "span",
        { class: "unseen" },
        `${number(passed)} of ${number(cases.length)} passed, ${column.transport} on ${column.runtime}`,
      ),
    );
  });
  return h("div", { role: "row", class: "row area" }, head, cells);
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
