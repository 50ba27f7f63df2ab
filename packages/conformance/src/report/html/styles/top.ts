/* The top of the page: brand, verdict, totals and subjects. */

export const topStyles = `
.top { padding: 22px var(--side) 20px; }
.brand { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 8px 24px; }
h1 { font-size: 15px; font-weight: 500; color: var(--soft); letter-spacing: .01em; }
h1 span { color: var(--ink); font-weight: 700; }
.brand nav { display: flex; gap: 2px; padding: 3px; border-radius: 10px; background: var(--raised); }
.brand nav a { padding: 4px 14px; border-radius: 8px; color: var(--soft); font-size: 14px; text-decoration: none; }
.brand nav a:hover { color: var(--ink); }
.brand nav a[aria-current="page"] { background: var(--surface); color: var(--ink); box-shadow: 0 1px 2px rgb(0 0 0 / .12); }
.verdict {
  display: flex; align-items: center; gap: 14px; margin-top: 26px;
  font-size: clamp(24px, 3.4vw, 36px); font-weight: 650; line-height: 1.15; letter-spacing: -.02em; text-wrap: balance;
}
.verdict span {
  flex: none; display: grid; place-items: center; width: 1.25em; height: 1.25em; border-radius: 50%; font-size: .8em;
}
.verdict .holds { background: var(--pass-tint); color: var(--pass); }
.verdict .fails { background: var(--fail-tint); color: var(--fail); }
.scope { margin-top: 6px; color: var(--soft); }
.tiles { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 22px; }
.tile {
  display: flex; align-items: baseline; gap: 7px; padding: 7px 14px 7px 12px; border: 1px solid var(--line);
  border-radius: 999px; background: var(--surface); font-size: 14px;
}
.tile:hover { border-color: var(--edge); }
.tile .symbol { color: var(--tone); font-weight: 700; }
.tile b { font-weight: 650; font-variant-numeric: tabular-nums; }
.tile .word { color: var(--soft); }
.tile[aria-pressed="true"] { background: var(--tint); border-color: var(--tone); }
.tile[aria-pressed="true"] .word { color: var(--tone); }
.tile:focus-visible { border-radius: 999px; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(230px, 1fr)); gap: 12px; margin-top: 16px; }
.card { max-width: 480px; padding: 14px 16px 13px; border: 1px solid var(--line); border-radius: 12px; background: var(--surface); }
.card h3 { display: flex; align-items: baseline; gap: 8px; font-size: 15px; font-weight: 650; }
.card h3 small { font-weight: 400; }
.card p { font-size: 13px; color: var(--soft); }
.card .figures { display: flex; flex-wrap: wrap; gap: 2px 10px; }
.card .figures span { color: var(--tone); font-variant-numeric: tabular-nums; white-space: nowrap; }
.bar { display: flex; gap: 2px; height: 6px; margin: 10px 0 8px; border-radius: 3px; overflow: hidden; background: var(--raised); }
.bar span { flex: 1 1 0; min-width: 4px; background: var(--tone); opacity: .85; }
[data-page="capabilities"] :is(.tiles, .cards, .problems) { display: none; }
.problems { margin-top: 16px; padding: 14px 18px; border: 1px solid var(--fail); border-radius: 12px; background: var(--fail-tint); }
.problems h2 { font-size: 15px; color: var(--fail); }
.problems li { margin-top: 4px; overflow-wrap: anywhere; }
`;
