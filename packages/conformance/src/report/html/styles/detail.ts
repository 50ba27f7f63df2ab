/* The panel of one cell: beside the matrix on wide windows, over it on narrow ones. */

export const detailStyles = `
.detail {
  position: fixed; inset: 0 0 0 auto; z-index: 10; width: var(--panel); height: 100vh; height: 100dvh; max-width: none;
  max-height: none; margin: 0; padding: 0 0 48px; overflow-y: auto; overscroll-behavior: contain; border: 0;
  border-left: 1px solid var(--line); background: var(--surface); color: var(--ink);
}
.detail::backdrop { background: rgb(0 0 0 / .4); }
body.beside { padding-right: var(--panel); }
.bar-of-detail {
  position: sticky; top: 0; z-index: 2; display: flex; align-items: center; gap: 6px; padding: 10px 20px;
  border-bottom: 1px solid var(--line); background: var(--surface);
}
.bar-of-detail button { width: 36px; height: 36px; padding: 0; border: 1px solid var(--line); border-radius: 10px; background: none; }
.bar-of-detail button:hover:enabled { background: var(--raised); }
.bar-of-detail button:disabled { opacity: .35; cursor: default; }
.bar-of-detail #detail-close { margin-left: auto; }
.keys { margin-left: 8px; color: var(--soft); font-size: 12px; }
#detail-content { padding: 20px 24px 0; }
.detail .id { color: var(--soft); font: 13px/1.5 var(--mono); overflow-wrap: anywhere; }
.detail h2 { margin-top: 4px; font-size: 21px; line-height: 1.3; font-weight: 650; letter-spacing: -.01em; text-wrap: pretty; }
.detail h2:focus-visible { outline: none; }
.facts { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 14px; margin-top: 10px; font-size: 14px; }
.facts .level { margin: 0; }
.switcher { display: flex; flex-wrap: wrap; gap: 6px; margin-top: 18px; }
.switcher a {
  padding: 5px 12px; border: 1px solid var(--line); border-radius: 10px; color: var(--ink); font-size: 14px; line-height: 1.35;
  text-decoration: none;
}
.switcher a > span:first-child { color: var(--tone); font-weight: 700; }
.switcher small { display: block; font-size: 12px; }
.switcher a:hover { border-color: var(--edge); }
.switcher a[aria-current="true"] { border-color: var(--tone); background: var(--tint); box-shadow: inset 0 0 0 1px var(--tone); }
.judgement { margin-top: 14px; padding: 14px 18px; border-radius: 12px; background: var(--tint); }
.judgement h3 { display: flex; align-items: baseline; gap: 6px; color: var(--tone); font-size: 16px; }
.judgement h3 small { margin-left: auto; font-weight: 400; }
.judgement p, .judgement ul { margin-top: 6px; }
.failures li { padding: 8px 12px; border-left: 3px solid var(--tone); background: var(--surface); font: 13px/1.5 var(--mono); overflow-wrap: anywhere; white-space: pre-wrap; }
.failures li + li { margin-top: 6px; }
.hint { color: var(--soft); font-size: 14px; }
.witness + .hint { margin-top: 24px; }
.judgement .hint { color: inherit; }
.witness { margin-top: 30px; }
.witness > h3 { padding-bottom: 6px; border-bottom: 1px solid var(--edge); font-size: 16px; font-weight: 650; }
`;
