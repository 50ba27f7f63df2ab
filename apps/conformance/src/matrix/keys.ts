/* Where keys lead in the matrix, which is one stop of the Tab key (the grid pattern of ARIA). */

/** Where the focus is, and how far it can go. */
export interface Place {
  readonly row: number;
  readonly at: number;
  readonly rows: number;
  readonly cells: number;
}

/** The cell that a key leads to; `null` if the key is none that moves. */
export function moveBy(
  { key, ctrlKey }: { readonly key: string; readonly ctrlKey: boolean },
  { row, at, rows, cells }: Place,
): { readonly row: number; readonly at: number } | null {
  const page = 12;
  switch (key) {
    case "ArrowUp":
      return within({ row: row - 1, at }, rows, cells);
    case "ArrowDown":
      return within({ row: row + 1, at }, rows, cells);
    case "ArrowLeft":
      return within({ row, at: at - 1 }, rows, cells);
    case "ArrowRight":
      return within({ row, at: at + 1 }, rows, cells);
    case "PageUp":
      return within({ row: row - page, at }, rows, cells);
    case "PageDown":
      return within({ row: row + page, at }, rows, cells);
    case "Home":
      return within({ row: ctrlKey ? 0 : row, at: 0 }, rows, cells);
    case "End":
      return within({ row: ctrlKey ? rows - 1 : row, at: cells - 1 }, rows, cells);
    default:
      return null;
  }
}

function within(
  { row, at }: { readonly row: number; readonly at: number },
  rows: number,
  cells: number,
): { readonly row: number; readonly at: number } {
  const bound = (value: number, last: number): number => Math.max(0, Math.min(value, last));
  return { row: bound(row, rows - 1), at: bound(at, cells - 1) };
}
