/* The matrix as data: which columns are shown in which order, which cases fit the filters, and how many of what there are. */

import { isBadLetter, outcomeNames } from "./outcomes.ts";
import { type CaseData, type Column, type MatrixData, noOutcome, outcomeLetters } from "./data.ts";
import type { View } from "./view.ts";

/** Columns that stand under one heading. */
export interface ColumnGroup {
  readonly title: string;
  readonly columns: readonly Column[];
}

/** Cases of one area that fit. */
export interface CaseGroup {
  readonly area: string;
  /** Indices of cases. */
  readonly cases: readonly number[];
  /** How many cases the area has in all. */
  readonly total: number;
}

/** How many there are of each outcome, by letter. */
export type Counts = Readonly<Record<string, number>>;

/** The matrix; columns may be added while it is shown. */
export class Model {
  readonly data: MatrixData;
  readonly areas: ReadonlyMap<string, readonly number[]>;
  #here: Column | null = null;
  readonly #words: readonly string[];
  readonly #index: ReadonlyMap<string, number>;

  constructor(data: MatrixData) {
    this.data = data;
    this.#words = data.cases.map(wordsOf);
    this.#index = new Map(data.cases.map(({ id }, index) => [id, index]));
    this.areas = Map.groupBy(data.cases.keys(), (index) => data.cases[index]?.area ?? "");
  }

  /** All columns; what was run in this browser comes first. */
  get columns(): readonly Column[] {
    return this.#here ? [this.#here, ...this.data.columns] : this.data.columns;
  }

  /** The column of what was run in this browser. */
  get here(): Column | null {
    return this.#here;
  }
  set here(column: Column | null) {
    this.#here = column;
  }

  /** Index of a case. */
  indexOf(id: string): number {
    return this.#index.get(id) ?? -1;
  }

  /** The columns that are shown, grouped. */
  groups({ transports, runtimes, by }: View): ColumnGroup[] {
    const shown = this.columns.filter(
      ({ transport, runtime }) =>
        (transports.length === 0 || transports.includes(transport)) &&
        (runtimes.length === 0 || runtimes.includes(runtime)),
    );
    const groups = Map.groupBy(shown, (column) => column[by]);
    return Array.from(groups, ([title, columns]) => ({ title, columns }));
  }

  /** Whether it is the filters that leave no column, so that no row would say anything. */
  isColumnless(view: View): boolean {
    return this.columns.length > 0 && this.groups(view).length === 0;
  }

  /** The cases that fit, by area; none where the filters leave no column. */
  fitting(view: View, columns: readonly Column[]): CaseGroup[] {
    if (this.isColumnless(view)) return [];
    const { outcomes, areas, levels, capabilities } = view;
    const words = view.query.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = outcomes.map((name) => outcomeLetters[outcomeNames.indexOf(name)] ?? noOutcome);
    const fits = (index: number): boolean => {
      const of = this.data.cases[index];
      const text = this.#words[index] ?? "";
      return (
        of !== undefined &&
        words.every((word) => text.includes(word)) &&
        (levels.length === 0 || levels.includes(of.level)) &&
        (capabilities.length === 0 ||
          of.capabilities.some((name) => capabilities.includes(name))) &&
        (wanted.length === 0 ||
          columns.some((column) => wanted.includes(column.outcomes[index] ?? "")))
      );
    };
    return Array.from(this.areas, ([area, all]) => ({
      area,
      cases: areas.length === 0 || areas.includes(area) ? all.filter(fits) : [],
      total: all.length,
    })).filter(({ cases }) => cases.length > 0);
  }
}

/** What the search looks at. */
function wordsOf({ id, title, spec, catalogue }: CaseData): string {
  return [id, title, ...spec, ...catalogue].join(" ").toLowerCase();
}

/** Counts the outcomes of columns, of all cases or of some. */
export function countOutcomes(columns: readonly Column[], cases?: readonly number[]): Counts {
  const counts: Record<string, number> = { [noOutcome]: 0 };
  for (const letter of outcomeLetters) counts[letter] = 0;
  for (const { outcomes } of columns) {
    for (const letter of cases ? cases.map((index) => outcomes[index] ?? noOutcome) : outcomes)
      counts[letter] = (counts[letter] ?? 0) + 1;
  }
  return counts;
}

/** How many outcomes are bad. */
export function countBad(counts: Counts): number {
  return Object.entries(counts).reduce(
    (sum, [letter, count]) => sum + (isBadLetter(letter) ? count : 0),
    0,
  );
}
