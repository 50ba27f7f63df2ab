/* How densely cells are shown follows from the window: with words, by symbols alone, or summed up where there is no room. */

/** How cells are shown. */
export type Density = "words" | "symbols" | "summed";

/** Where rows are laid out as on a phone; the style sheet has the same. */
export const narrow: MediaQueryList = matchMedia("(max-width: 760px)");

/** The least width of a column, and what the names of cases need beside them, in pixels; see `matrix.css`. */
const [least, names] = [18, 190];

/** How so many columns are shown in the window as it is. */
export function densityFor(columns: number): Density {
  if (columns <= 5) return "words";
  // What the margins leave.
  const room = innerWidth * 0.936 - columns * least;
  return narrow.matches || room < names ? "summed" : "symbols";
}
