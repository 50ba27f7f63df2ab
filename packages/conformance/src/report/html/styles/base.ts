/* Colours, type and what holds for the whole page. Text meets WCAG AA in both schemes. */

export const baseStyles = `
:root {
  color-scheme: light dark;
  --page: #fafaf8; --surface: #fff; --raised: #f1f1ed; --line: #e3e3dd; --edge: #c9c9c1;
  --ink: #1c1e21; --soft: #5d6168; --accent: #3451c6; --accent-tint: #eaeefc;
  --pass: #22774a; --pass-tint: #e6f4eb;
  --known-failure: #875a00; --known-failure-tint: #fcf1d8;
  --not-applicable: #63676e; --not-applicable-tint: #eeeeeb;
  --fail: #b3261e; --fail-tint: #fde7e5;
  --setup-error: #a34400; --setup-error-tint: #fdeadb;
  --harness-error: #7b3aa9; --harness-error-tint: #f3e8fb;
  --sans: ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  --side: clamp(16px, 3vw, 40px); --toolbar: 60px; --panel: clamp(440px, 42vw, 780px);
  --shadow: 0 1px 2px rgb(0 0 0 / .05), 0 8px 28px rgb(0 0 0 / .1);
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #111316; --surface: #181b1f; --raised: #21252a; --line: #2a2f35; --edge: #454c55;
    --ink: #e7e9ec; --soft: #9da4ad; --accent: #9db2ff; --accent-tint: #222b49;
    --pass: #6dc993; --pass-tint: #17301f;
    --known-failure: #e5b75f; --known-failure-tint: #352a12;
    --not-applicable: #9aa1aa; --not-applicable-tint: #24282d;
    --fail: #ff938a; --fail-tint: #421d1b;
    --setup-error: #ffb07a; --setup-error-tint: #3b2614;
    --harness-error: #d5adf7; --harness-error-tint: #2f2140;
    --shadow: 0 1px 2px rgb(0 0 0 / .4), 0 12px 36px rgb(0 0 0 / .5);
  }
}
*, ::before, ::after { box-sizing: border-box; }
[hidden] { display: none !important; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: calc(var(--toolbar) + 64px); }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 var(--sans); }
h1, h2, h3, h4, h5, p, ul, ol, dl, dd, fieldset, pre { margin: 0; padding: 0; border: 0; }
ul, ol { list-style: none; }
code, pre, kbd { font-family: var(--mono); font-size: .9em; }
a { color: var(--accent); text-underline-offset: .2em; text-decoration-thickness: 1px; }
button, input { font: inherit; color: inherit; }
button { cursor: pointer; }
table { border-collapse: separate; border-spacing: 0; text-align: left; }
th { font-weight: inherit; }
small { font-size: .85em; color: var(--soft); }
:focus { outline: none; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.quiet { color: var(--soft); }
.unseen {
  position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
.skip { position: absolute; left: var(--side); top: -60px; z-index: 20; padding: 8px 14px; background: var(--surface); }
.skip:focus { top: 8px; }
kbd {
  padding: 0 .4em; border: 1px solid var(--line); border-radius: 4px; background: var(--page); color: var(--soft);
  font-size: 12px;
}
@media (prefers-reduced-motion: no-preference) {
  a, button, summary, .cell { transition: background-color .12s, border-color .12s, opacity .12s; }
}
@media print {
  .toolbar, .detail, .skip { display: none !important; }
}
`;
