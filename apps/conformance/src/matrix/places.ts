/* Cells by their places: the row as the matrix numbers it, and the cell within it, of which the first is its head. */

/** The cell of a row at a place. */
export function cellAt(row: HTMLElement, at: number): HTMLElement | null {
  return row.querySelector(`[data-at="${at}"]`);
}

/** Where in the matrix something happened. */
export function placeOf({ target }: Event): { readonly row: number; readonly at: number } | null {
  const cell = target instanceof Element ? target.closest<HTMLElement>("[data-at]") : null;
  const row = cell?.closest<HTMLElement>("[data-row]");
  if (!cell || !row) return null;
  return { row: Number(row.dataset["row"]), at: Number(cell.dataset["at"]) };
}
