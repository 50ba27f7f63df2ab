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

/** FNV-1a over what cases say, save the text of functions, which a bundler changes: short, and the same everywhere. */
function revisionOf(cases: readonly Case[]): string {
  const text = JSON.stringify(cases, (_key, value: unknown) => {
    return typeof value === "function" || typeof value === "bigint" ? typeof value : value;
  });
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
