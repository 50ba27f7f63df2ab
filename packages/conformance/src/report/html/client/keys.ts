/* Arrow keys in the matrix: it is one stop of the Tab key, and the arrows move within it (the grid pattern of ARIA). */

import type { Context } from "./start.ts";

/** Makes the matrix move with the arrow keys. */
export function keys({ dom }: Context): void {
  const table = dom.byId("matrix");
  let stop: HTMLElement | null = null;

  function rows(): HTMLTableRowElement[] {
    return [
      ...table.querySelectorAll<HTMLTableRowElement>("tbody:not([hidden]) > tr:not([hidden])"),
    ].filter(
      (row) => row.classList.contains("area") || !row.parentElement?.classList.contains("folded"),
    );
  }

  function inCell(row: HTMLTableRowElement | undefined, column: number): HTMLElement | null {
    return row?.cells[column]?.querySelector<HTMLElement>("a, button") ?? null;
  }

  function stay(at: HTMLElement | null): void {
    if (!at) return;
    if (stop) stop.tabIndex = -1;
    stop = at;
    stop.tabIndex = 0;
  }

  /** Goes on in a direction until a row has something in the column. */
  function reach(
    all: readonly HTMLTableRowElement[],
    from: number,
    step: number,
    column: number,
  ): HTMLElement | null {
    const towards = step < 0 ? -1 : 1;
    let index = Math.min(Math.max(from + step, 0), all.length - 1);
    for (; index >= 0 && index < all.length; index += towards) {
      const found = inCell(all[index], column);
      if (found) return found;
    }
    return null;
  }

  table.addEventListener("focusin", ({ target }) => {
    if (target instanceof HTMLElement && target.matches("a, button")) stay(target);
  });
  table.addEventListener("keydown", (event) => {
    const cell =
      event.target instanceof Element ? event.target.closest<HTMLTableCellElement>("td, th") : null;
    const row = cell?.closest("tr");
    if (!cell || !row || event.altKey || event.metaKey) return;
    const all = rows();
    const at = all.indexOf(row);
    const column = cell.cellIndex;
    const far = event.ctrlKey ? all.length : 0;
    const moves: Readonly<Record<string, () => HTMLElement | null>> = {
      ArrowUp: () => reach(all, at, -1, column),
      ArrowDown: () => reach(all, at, 1, column),
      ArrowLeft: () => inCell(row, column - 1),
      ArrowRight: () => inCell(row, column + 1),
      PageUp: () => reach(all, at, -10, column),
      PageDown: () => reach(all, at, 10, column),
      Home: () => (far ? inCell(all[0], 0) : inCell(row, 0)),
      End: () =>
        far ? inCell(all.at(-1), row.cells.length - 1) : inCell(row, row.cells.length - 1),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move()?.focus();
  });

  // The fragment of the address is the view's, so the link must not set it.
  dom.byId("skip").addEventListener("click", (event) => {
    event.preventDefault();
    stop?.focus();
  });
  // The one stop of the Tab key must be visible, whatever the filters hide and the columns become.
  function ensure(): void {
    if (!stop?.isConnected || stop.closest("[hidden]")) stay(inCell(rows()[0], 0));
  }
  new MutationObserver(ensure).observe(table, {
    childList: true,
    subtree: true,
    attributeFilter: ["hidden"],
  });
  ensure();
}
