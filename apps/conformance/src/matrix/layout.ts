/* Where rows are: their heights are fixed by the style sheet, so that positions follow without looking at any of them. */

import type { Row } from "./rows.ts";

/** Positions of rows, in pixels from the top of the first. */
export class Layout {
  readonly height: number;
  readonly #tops: readonly number[];

  /** `host` has the heights in its variables. */
  constructor(rows: readonly Row[], host: HTMLElement) {
    const style = getComputedStyle(host);
    const height = (name: string): number => Number.parseFloat(style.getPropertyValue(name));
    const [area, one] = [height("--area-height"), height("--case-height")];
    let top = 0;
    this.#tops = rows.map(({ kind }) => {
      const at = top;
      top += kind === "area" ? area : one;
      return at;
    });
    this.height = top;
  }

  /** Where a row begins. */
  top(row: number): number {
    return this.#tops[row] ?? 0;
  }

  /** The last row that begins at or above an offset. */
  rowAt(offset: number): number {
    let [low, high] = [0, this.#tops.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.top(middle) <= offset) low = middle;
      else high = middle - 1;
    }
    return Math.max(low, 0);
  }
}
