/* Makes the record of a whole run out of the runs of its subjects. */

import type { Case } from "../case/case.ts";
import { count, isBad } from "../run/outcome.ts";
import type { CaseRecord, RunRecord, SuiteRecord } from "./record.ts";

/** The record of runs; `all` are the cases that exist, of which `cases` were run. */
export function suiteRecord(
  cases: readonly Case[],
  all: readonly Case[],
  runs: readonly RunRecord[],
): SuiteRecord {
  const outcomes = runs.flatMap(({ cells }) => Object.values(cells).map(({ outcome }) => outcome));
  return {
    suite: { revision: revisionOf(all), cases: cases.map(caseRecord) },
    runs,
    totals: count(outcomes),
    ok: !outcomes.some(isBad) && runs.every(({ problems }) => problems.length === 0),
  };
}

function caseRecord(of: Case): CaseRecord {
  const { id, area, title, level, spec = [], catalogue = [], requires = {}, hint } = of;
  return {
    id,
    area,
    title,
    level,
    spec,
    catalogue,
    requires,
    hint,
  };
}

/**
 * FNV-1a over what cases say, save the text of functions, which a bundler changes: short, and the same everywhere. Of
 * texts that are megabytes of the same, samples are enough.
 */
function revisionOf(cases: readonly Case[]): string {
  const text = JSON.stringify(cases, (_key, value: unknown) => {
    if (typeof value === "string" && value.length > longText) return samples(value);
    return typeof value === "function" || typeof value === "bigint" ? typeof value : value;
  });
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}

const longText = 16_384;

/** How long a text is, how it begins and ends, and what is in it here and there. */
function samples(text: string): string {
  let between = "";
  // Not a multiple of a length in which such texts repeat themselves.
  for (let at = 0; at < text.length; at += 997) between += text[at];
  return `${text.length} ${text.slice(0, 1024)} ${between} ${text.slice(-1024)}`;
}
