/* Search and filters, which stay at the top of the window. */

export const toolbarStyles = `
.toolbar {
  position: sticky; top: 0; z-index: 6; display: flex; flex-wrap: wrap; align-items: center; gap: 8px;
  padding: 10px var(--side); border-top: 1px solid var(--line); background: var(--page);
}
.search { position: relative; flex: 0 1 380px; min-width: 180px; }
.search input {
  width: 100%; height: 38px; padding: 0 36px 0 14px; border: 1px solid var(--line); border-radius: 10px;
  background: var(--surface); font-size: 15px;
}
.search input::placeholder { color: var(--soft); opacity: 1; }
.search input:hover { border-color: var(--edge); }
.search input:focus-visible { outline-offset: -1px; border-radius: 10px; }
.search kbd { position: absolute; right: 10px; top: 10px; pointer-events: none; }
.search input:not(:placeholder-shown) + kbd, .search input:focus + kbd { display: none; }
.menus { display: flex; gap: 6px; }
.menu { position: relative; }
.menu summary {
  display: flex; align-items: center; gap: 7px; height: 38px; padding: 0 12px; border: 1px solid var(--line);
  border-radius: 10px; background: var(--surface); font-size: 14px; list-style: none; cursor: pointer; user-select: none;
}
.menu summary::-webkit-details-marker { display: none; }
.menu summary::after {
  content: ""; width: 6px; height: 6px; margin: -3px 1px 0 1px; border: solid var(--soft); border-width: 0 1.5px 1.5px 0;
  transform: rotate(45deg);
}
.menu summary:hover, .menu[open] summary { border-color: var(--edge); }
.menu summary:focus-visible { border-radius: 10px; }
.badge:empty { display: none; }
.badge {
  min-width: 18px; padding: 0 5px; border-radius: 9px; background: var(--accent); color: var(--page); font-size: 12px;
  line-height: 18px; text-align: center; font-weight: 600;
}
.menu fieldset {
  position: absolute; top: 44px; left: 0; z-index: 8; min-width: 230px; max-width: min(360px, 92vw);
  max-height: min(60vh, 480px); padding: 6px; overflow-y: auto; border: 1px solid var(--line); border-radius: 12px;
  background: var(--surface); box-shadow: var(--shadow);
}
.menu label {
  display: flex; align-items: center; gap: 10px; padding: 7px 10px; border-radius: 8px; font-size: 14px; cursor: pointer;
}
.menu label:hover { background: var(--raised); }
.menu label span { flex: 1; }
.menu label small { font-variant-numeric: tabular-nums; }
.menu input { width: 16px; height: 16px; margin: 0; accent-color: var(--accent); }
.reset { height: 38px; padding: 0 12px; border: 0; border-radius: 10px; background: none; color: var(--accent); font-size: 14px; }
.reset:hover { background: var(--accent-tint); }
.count { margin-left: auto; color: var(--soft); font-size: 14px; font-variant-numeric: tabular-nums; }
.none { padding: 56px var(--side); text-align: center; color: var(--soft); }
.none button { padding: 0; border: 0; background: none; color: var(--accent); text-decoration: underline; }
`;
