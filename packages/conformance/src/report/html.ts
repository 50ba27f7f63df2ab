/* The HTML report: one self-contained page of a whole run. */

import type { SuiteRecord } from "./record.ts";

/** Makes the page of a record. */
export function toHtml(record: SuiteRecord): string {
  const data = JSON.stringify(record).replaceAll("<", String.raw`\u003c`);
  return `<!doctype html><meta charset="utf-8"><title>anyhttp conformance</title><script type="application/json">${data}</script>`;
}
