/* Witnesses in the panel: calls, requests, field lines, bytes and the wire. */

export const evidenceStyles = `
.witness article + article, .witness article + .wide { margin-top: 22px; padding-top: 4px; border-top: 1px dashed var(--line); }
.witness > p, .witness > div > p { margin-top: 10px; font-size: 14px; }
.detail h4 { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 6px; margin-top: 12px; font-size: 14px; font-weight: 600; overflow-wrap: anywhere; }
.detail h4 small { margin-left: auto; font-weight: 400; }
.detail h5, .detail caption { margin-bottom: 4px; color: var(--soft); font-size: 12px; font-weight: 500; text-align: left; }
.detail pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 12.5px; line-height: 1.5; }
.block, .lines { margin-top: 10px; }
.block pre, .error pre {
  max-height: 320px; padding: 8px 12px; overflow-y: auto; border-radius: 8px; background: var(--raised);
}
.escape { display: inline-block; color: var(--accent); opacity: .8; }
.detail dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 2px 16px; margin-top: 10px; font-size: 13px; }
.detail dt { color: var(--soft); }
.detail dd { overflow-wrap: anywhere; white-space: pre-wrap; }
.error { margin-top: 10px; padding: 10px 14px; border: 1px solid var(--line); border-radius: 10px; }
.error p { margin-bottom: 6px; font-size: 14px; }
.error p code { margin-left: 10px; color: var(--soft); }
.lines, .wire, .figures { width: 100%; font-size: 13px; }
.lines th, .lines td { padding: 3px 12px 3px 0; border-top: 1px solid var(--line); vertical-align: top; }
.lines th { width: 32%; font: 12.5px/1.5 var(--mono); color: var(--soft); overflow-wrap: anywhere; }
.lines { table-layout: fixed; }
.wide { overflow-x: auto; }
table.figures { margin-top: 10px; font-variant-numeric: tabular-nums; }
.figures thead th { color: var(--soft); font-size: 12px; }
table.figures th, table.figures td { padding: 4px 14px 4px 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
.warnings { margin-top: 8px; padding: 8px 14px; border-radius: 8px; background: var(--fail-tint); color: var(--fail); font-size: 13px; overflow-wrap: anywhere; }
.wire { margin-top: 10px; table-layout: fixed; }
.wire caption { margin-bottom: 8px; }
.wire thead th { padding-bottom: 4px; color: var(--soft); font-size: 12px; }
.wire th:first-child { width: 62px; padding-right: 12px; text-align: right; font-variant-numeric: tabular-nums; }
.wire th:nth-child(2) { width: 112px; }
.wire tbody th { color: var(--soft); font: 12.5px/1.5 var(--mono); }
.wire tbody th, .wire tbody td { padding-top: 6px; padding-bottom: 6px; border-top: 1px solid var(--line); vertical-align: top; }
.wire td:nth-child(2) { white-space: nowrap; }
.wire td:nth-child(2) small { margin-left: 6px; }
.wire .sign { display: inline-block; width: 1.5em; font-weight: 700; }
.wire .received .sign { color: var(--accent); }
.wire .sent .sign { color: var(--pass); }
.wire td pre { max-height: 360px; overflow-y: auto; }
`;
