/*
 * The HTML report: one page that needs nothing else, with the matrix of cases and subjects, filters, search, and both
 * witnesses of every cell. Its data is JSON in the page, its looks are in `html/styles/`, its script in `html/client/`.
 */

import { createHash } from "node:crypto";
import { escapeHtml, scriptJson } from "./html/escape.ts";
import { evidenceOf } from "./html/evidence-of.ts";
import { pageData } from "./html/page-data.ts";
import { clientScript } from "./html/script.ts";
import { skeleton } from "./html/skeleton.ts";
import { styles } from "./html/styles.ts";
import type { SuiteRecord } from "./record.ts";

/** The whole page. */
export function toHtml(record: SuiteRecord): string {
  const script = clientScript();
  const { suite, runs, totals } = record;
  const summary = Object.entries(totals)
    .filter(([, total]) => total > 0)
    .map(([outcome, total]) => `${total} ${outcome}`)
    .join(", ");
  const blocks = suite.cases.map(({ id }, index) =>
    block(`evidence-${index}`, evidenceOf(id, runs)),
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy(script, styles))}">
<title>anyhttp conformance: ${escapeHtml(summary)}</title>
<link rel="icon" href="data:,">
<style>${styles}</style>
</head>
<body>
${skeleton(summary)}
${block("data", pageData(record))}
${blocks.join("\n")}
<script>${script}</script>
</body>
</html>
`;
}

/** Data in the page: never run, and nothing in it can end its element. */
function block(id: string, value: unknown): string {
  return `<script type="application/json" id="${id}">${scriptJson(value)}</script>`;
}

/** The page may load nothing, and run and look like nothing but what is written here. */
function policy(script: string, style: string): string {
  const hash = (text: string): string =>
    `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  return `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; img-src data:; base-uri 'none'; form-action 'none'`;
}
