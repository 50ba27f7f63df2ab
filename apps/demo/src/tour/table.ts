// Draws the comparison: one row a station, one column a transport.
import { stripVTControlCharacters } from "node:util";
import { duration } from "../format.ts";
import { bad, good, quiet, strong } from "../screen/style.ts";
import type { Cell, Row } from "./compare.ts";

/** The table, then what differs, as lines. */
export function drawTable(rows: readonly Row[]): string[] {
  const subjects = rows[0]?.cells.map(({ subject }) => strong(subject)) ?? [];
  const table = [
    ["", ...subjects, strong("alike?")],
    ...rows.map((row) => [row.station, ...row.cells.map(draw), verdict(row)]),
  ];
  const widths = table[0]?.map((_, column) =>
    Math.max(...table.map((cells) => visible(cells[column] ?? ""))),
  );
  const lines = table.map((cells) =>
    cells
      .map((cell, column) => cell + " ".repeat((widths?.[column] ?? 0) - visible(cell)))
      .join("  ")
      .trimEnd(),
  );
  const notes = rows.flatMap(({ station, notes: texts }) =>
    texts.map((text) => `${bad("✗")} ${station}: ${text}`),
  );
  return notes.length === 0 ? lines : [...lines, "", ...notes];
}

function draw({ state, ms }: Cell): string {
  if (state === "alike") return `${good("✓")} ${quiet(duration(ms))}`;
  return bad(`✗ ${state}`);
}

function verdict({ alike, says }: Row): string {
  return alike ? `${good("yes")} ${quiet(says)}` : bad("no");
}

function visible(text: string): number {
  return stripVTControlCharacters(text).length;
}
