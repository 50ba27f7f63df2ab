/*
 * Narrow windows: the head of a row stands above its cells, which keep their columns, so that any number of subjects
 * fits without scrolling sideways. Roles in the markup keep the table a table.
 */

export const narrowStyles = `
@media (max-width: 760px) {
  .top { padding-top: 14px; }
  .verdict { margin-top: 18px; gap: 10px; }
  .tiles { gap: 6px; margin-top: 16px; }
  .tile { padding: 6px 12px 6px 10px; font-size: 13px; }
  .cards { grid-template-columns: 1fr 1fr; gap: 8px; }
  .card { padding: 10px 12px; border-radius: 10px; }
  .card > p:first-of-type { display: none; }
  .bar { margin: 6px 0; }
  .toolbar { gap: 6px; padding-block: 8px; }
  .search { flex: 1 1 60%; min-width: 0; }
  .search input { height: 42px; font-size: 16px; }
  .search kbd, .keys { display: none; }
  .menus { order: 3; flex: 1 1 100%; gap: 5px; }
  .menu { position: static; flex: 1 1 auto; }
  .menu summary { justify-content: center; height: 36px; gap: 5px; padding: 0 6px; font-size: 13px; }
  .menu fieldset { top: 100%; left: var(--side); right: var(--side); max-width: none; }
  .menu label { padding: 10px; }
  .count { font-size: 13px; }
  .reset { padding: 0 6px; }

  .matrix, .matrix thead, .matrix tbody, .capabilities, .capabilities thead, .capabilities tbody { display: block; }
  .matrix tr, .capabilities tbody tr { display: grid; grid-template-columns: repeat(var(--subjects), minmax(0, 1fr)); }
  .matrix tr > th:first-child, .capabilities tbody tr > th { grid-column: 1 / -1; }
  .matrix thead { position: sticky; top: var(--toolbar); z-index: 4; background: var(--page); }
  .matrix thead tr { border-bottom: 1px solid var(--edge); }
  .matrix thead th { position: static; width: auto !important; padding: 6px 4px; border: 0; font-size: 12px; }
  .matrix thead th:first-child { position: absolute; clip-path: inset(50%); }
  .matrix thead small { font-size: 11px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .matrix tr:not(.area) { border-bottom: 1px solid var(--line); padding: 9px 0 5px; content-visibility: auto; contain-intrinsic-block-size: auto 92px; }
  .matrix tr:not(.area) > th, .matrix td { border: 0; padding-top: 0; }
  .matrix tr:not(.area) > th { padding-right: 0; }
  .matrix .area > * { padding-top: 0; border: 0; }
  .matrix .area { padding-top: 20px; border-bottom: 1px solid var(--line); }
  .matrix td { padding: 2px 2px 2px 0; }
  .matrix .score { padding-left: 5px; }
  .cell { gap: 4px; min-height: 38px; padding: 2px 5px; font-size: 12px; }
  .many thead th span { writing-mode: vertical-rl; transform: rotate(180deg); max-height: 92px; overflow: hidden; line-height: 1.1; }
  .many thead tr { align-items: end; }
  .many .score { justify-self: center; padding: 0 !important; font-size: 11px; }
  .matrix.many .cell { min-height: 34px; padding: 0; }

  .capabilities thead { position: absolute; clip-path: inset(50%); }
  .capabilities tbody tr { grid-template-columns: repeat(2, minmax(0, 1fr)); padding: 10px 0; border-bottom: 1px solid var(--line); }
  .capabilities tbody > tr > * { padding: 2px 8px 2px 0; border: 0; }
  .capabilities .of { display: block; }
  .capabilities.many td { font-size: 14px; }
}
@media (max-width: 1099.9px) {
  .detail { width: min(100%, 760px); }
  #detail-content { padding: 16px var(--side) 0; }
}
@media (min-width: 1100px) and (max-width: 1500px) {
  body.beside .cards { grid-template-columns: repeat(auto-fill, minmax(190px, 1fr)); }
}
`;
