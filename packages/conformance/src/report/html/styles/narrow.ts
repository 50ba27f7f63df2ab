/*
 * Narrow windows: the head of a row stands above its cells, which keep their columns, so that any number of subjects
 * fits without scrolling sideways.
 */

export const narrowStyles = `
@media (max-width: 760px) {
  .top { padding-top: 14px; }
  .brand { gap: 8px; }
  .brand nav a { padding: 4px 10px; font-size: 13px; }
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
  .detail { border-left: 0; }
  .menus { order: 3; flex: 1 1 100%; gap: 5px; }
  .menu { position: static; flex: 1 1 auto; }
  .menu summary { justify-content: center; height: 36px; gap: 5px; padding: 0 6px; font-size: 13px; }
  .menu fieldset { top: 100%; left: var(--side); right: var(--side); max-width: none; }
  .menu label { padding: 10px; }
  .count { font-size: 13px; }
  .reset { padding: 0 6px; }

  .matrix tr { grid-template-columns: repeat(var(--subjects), minmax(0, 1fr)); }
  .matrix tr > th:first-child { grid-column: 1 / -1; }
  .matrix thead tr { padding-bottom: 6px; }
  .matrix thead th { padding: 2px 4px 0 5px; font-size: 12px; }
  .matrix thead th:first-child { position: absolute; clip-path: inset(50%); }
  .matrix thead small { font-size: 11px; }
  .matrix tbody tr:not(.area) { padding: 10px 0 5px; contain-intrinsic-block-size: auto 106px; }
  .matrix tbody th { padding: 0 0 4px; }
  .matrix td { padding: 0 2px 0 0; }
  .matrix .score { padding-left: 5px; }
  .cell { gap: 4px; min-height: 36px; padding: 2px 5px; font-size: 12px; }
  .many thead th { padding: 0; }
  .many thead small { white-space: nowrap; }
  .many thead th span { writing-mode: vertical-rl; transform: rotate(180deg); max-height: 92px; overflow: hidden; text-align: left; line-height: 1.15; }
  .many .score span { display: none; }
  .matrix.many .cell { min-height: 34px; padding: 0; }

  .capabilities, .capabilities thead, .capabilities tbody { display: block; }
  .capabilities caption { display: block; max-width: none; padding: 0 0 6px; }
  .capabilities tbody tr { display: grid; }
  .capabilities tbody tr > th { grid-column: 1 / -1; }
  .capabilities thead { position: absolute; clip-path: inset(50%); }
  .capabilities tbody tr { grid-template-columns: repeat(2, minmax(0, 1fr)); padding: 10px 0; border-bottom: 1px solid var(--line); }
  .capabilities tbody > tr > * { padding: 2px 8px 2px 0; border: 0; }
  .capabilities .of { display: block; }
  .capabilities.many td { font-size: 14px; }
}
@media (max-width: 1099.9px) {
  .detail { width: min(100%, 760px); }
  .bar-of-detail { padding-inline: var(--side); }
  #detail-content { padding: 16px var(--side) 0; }
}
@media (min-width: 1100px) and (max-width: 1500px) {
  body.beside .cards { grid-template-columns: repeat(auto-fit, minmax(190px, 1fr)); }
}
`;
