/* The table of cases and subjects. What passes is quiet, so that what does not can be seen from afar. */

export const matrixStyles = `
.matrix { width: 100%; table-layout: fixed; padding: 0 var(--side) 64px; }
.matrix thead th {
  position: sticky; top: var(--toolbar); z-index: 4; width: 124px; padding: 6px 8px 8px; border-bottom: 1px solid var(--edge);
  background: var(--page); font-size: 13px; font-weight: 600; vertical-align: bottom; overflow-wrap: anywhere;
}
.matrix thead th:first-child { width: auto; color: var(--soft); font-weight: 500; }
.matrix thead small { display: block; font-size: 12px; font-weight: 400; }
.matrix th:first-child { padding-left: 0; }
.matrix .area > * { padding-top: 22px; padding-bottom: 6px; border-bottom: 1px solid var(--line); }
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
.folded tr:not(.area) { display: none; }
.score { padding-left: 8px; font-size: 13px; font-variant-numeric: tabular-nums; color: var(--soft); vertical-align: bottom; }
.score:not(.full) { color: var(--ink); font-weight: 650; }
.matrix tr:not(.area) > th { padding: 7px 16px 8px 0; border-bottom: 1px solid var(--line); }
.matrix td { padding: 4px 4px 4px 0; border-bottom: 1px solid var(--line); }
.matrix tbody tr:not(.area):hover > * { background: var(--raised); }
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
.dimmed .cell { opacity: .3; }
.dimmed .cell:is(:hover, :focus-visible) { opacity: 1; }
.many thead th { width: 66px; padding-right: 4px; font-size: 12px; }
.many thead small { font-size: 11px; }
.many .score { padding-left: 4px; font-size: 12px; }
.many thead th { padding-left: 4px; }
.matrix.many .cell { justify-content: center; padding: 2px; }
.matrix.many .cell span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
`;
