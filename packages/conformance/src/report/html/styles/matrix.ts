/*
 * The table of cases and subjects. What passes is quiet, so that what does not can be seen from afar. Rows are grids of
 * equal columns, not table boxes: then the browser lays out only the rows in sight, however many there are. Roles in the
 * markup keep the table a table.
 */

export const matrixStyles = `
.matrix { --column: 124px; width: 100%; padding: 0 var(--side) 64px; }
.matrix.many { --column: 68px; }
body.beside .matrix { --column: 96px; }
body.beside .matrix.many { --column: 46px; }
.matrix, .matrix thead, .matrix tbody { display: block; }
.matrix tr { display: grid; grid-template-columns: minmax(0, 1fr) repeat(var(--subjects), var(--column)); align-items: center; }
.matrix thead { position: sticky; top: var(--toolbar); z-index: 4; background: var(--page); }
.matrix thead tr { align-items: end; padding-bottom: 8px; border-bottom: 1px solid var(--edge); }
.matrix thead th { min-width: 0; padding: 4px 4px 0 8px; font-size: 13px; font-weight: 600; line-height: 1.35; overflow-wrap: anywhere; }
.matrix thead th:first-child { padding-left: 0; color: var(--soft); font-weight: 500; }
.matrix thead small { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-size: 12px; font-weight: 400; }
.matrix tbody tr { border-bottom: 1px solid var(--line); }
.matrix tbody tr:not(.area) { padding: 6px 0 7px; content-visibility: auto; contain-intrinsic-block-size: auto 54px; }
.matrix tbody tr:not(.area):hover { background: var(--raised); }
.matrix tbody th { min-width: 0; padding: 0 20px 0 0; }
.matrix td { min-width: 0; padding: 0 4px 0 0; }
.matrix tr.area { align-items: baseline; padding: 24px 0 7px; }
.area button {
  display: flex; align-items: baseline; gap: 10px; padding: 2px 4px 2px 0; border: 0; background: none; text-align: left;
  font-size: 15px; font-weight: 650;
}
.area button::before {
  content: ""; align-self: center; width: 7px; height: 7px; margin: -3px 3px 0 1px; border: solid var(--soft);
  border-width: 0 1.5px 1.5px 0; transform: rotate(45deg);
}
.area button[aria-expanded="false"]::before { transform: rotate(-45deg); }
.area small { font-weight: 400; font-size: 13px; white-space: nowrap; }
.matrix .folded tr:not(.area) { display: none; }
.matrix .score { padding-left: 8px; font-size: 13px; font-variant-numeric: tabular-nums; color: var(--soft); }
.score:not(.full) { color: var(--ink); font-weight: 650; }
.title { display: block; color: inherit; line-height: 1.4; text-decoration: none; scroll-margin: calc(var(--toolbar) + 70px) 0 24px; }
.title:hover { text-decoration: underline; }
.name { display: block; margin-top: 1px; color: var(--soft); font: 12px/1.4 var(--mono); overflow-wrap: anywhere; }
.level { margin-right: 8px; color: var(--soft); font: 600 11px/1.5 var(--sans); letter-spacing: .04em; text-transform: uppercase; }
.level.probe { color: var(--accent); }
.cell {
  display: flex; align-items: center; gap: 7px; min-height: 32px; padding: 2px 8px; border-radius: 8px; color: var(--tone);
  font-size: 13px; text-decoration: none; scroll-margin: calc(var(--toolbar) + 70px) 0 24px;
}
.cell::before { flex: none; width: 1em; text-align: center; font-weight: 700; }
.cell:not(.pass):not(.not-applicable) { background: var(--tint); font-weight: 600; }
.cell.pass span { color: var(--soft); }
.cell.otherwise.pass span { font-style: italic; }
.cell:hover { background: var(--tint); box-shadow: inset 0 0 0 1px var(--tone); }
.cell:focus-visible { outline-offset: 0; border-radius: 8px; }
.cell[aria-current="true"] { background: var(--tint); box-shadow: inset 0 0 0 2px var(--tone); }
.dimmed .cell { opacity: .45; }
.dimmed .cell:is(:hover, :focus-visible) { opacity: 1; }
.many thead th { font-size: 12px; text-align: center; padding-left: 2px; }
.many thead th:first-child { text-align: left; }
.many thead small { font-size: 11px; white-space: normal; }
.matrix.many .score { padding: 0 4px 0 0; text-align: center; font-size: 12px; }
body.beside .many .score span { display: none; }
body.beside .many thead th span { writing-mode: vertical-rl; transform: rotate(180deg); max-height: 96px; overflow: hidden; text-align: left; line-height: 1.15; }
body.beside .many thead small { white-space: nowrap; }
.matrix.many .cell { justify-content: center; padding: 2px; }
.matrix.many .cell span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
`;
