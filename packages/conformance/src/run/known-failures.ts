/* Keeps lists of known failures honest: entries run, and one that is stale, unmatched or doubled is a problem. */

import type { Case } from "../case/case.ts";
import type { CellRecord, RunRecord } from "../report/record.ts";
import type { Outcome } from "./outcome.ts";
import type { Runtime } from "./runtime.ts";
import type { KnownFailure, Subject } from "./subject.ts";

/** The entries that are about a runtime. */
export function knownIn(
  list: readonly KnownFailure[],
  { name, version }: Runtime,
): readonly KnownFailure[] {
  const major = `${name}-${version.split(".")[0]}`;
  return list.filter(
    ({ runtimes }) => !runtimes || runtimes.includes(name) || runtimes.includes(major),
  );
}

/** Turns the failure of a listed case into a known one. */
export function applyKnownFailures(of: Case, subject: Subject, cell: CellRecord): CellRecord {
  const known = subject.knownFailures.find((entry) => entry.case === of.id);
  if (!known) return cell;
  return { ...cell, known, outcome: cell.outcome === "fail" ? "known-failure" : cell.outcome };
}

/** A run with what is wrong with the list of its subject, given what became of its cases. */
export function withListProblems(
  run: RunRecord,
  list: readonly KnownFailure[],
  all: readonly Case[],
): RunRecord {
  const problems = problemsOf(knownIn(list, run.runtime), all, run.cells);
  return problems.length > 0 ? { ...run, problems: [...problems, ...run.problems] } : run;
}

/** Whether an entry says that a case fails, and it did not. */
export function isStale(
  { sometimes = false }: KnownFailure,
  outcome: Outcome | undefined,
): boolean {
  return (outcome === "pass" && !sometimes) || outcome === "not-applicable";
}

function problemsOf(
  list: readonly KnownFailure[],
  all: readonly Case[],
  cells: RunRecord["cells"],
): string[] {
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const entry of list) {
    const { case: id, reason, upstream } = entry;
    if (seen.has(id)) problems.push(`known failure ${id} is listed twice`);
    seen.add(id);
    if (!all.some((of) => of.id === id)) problems.push(`known failure ${id} matches no case`);
    if (!reason) problems.push(`known failure ${id} has no reason`);
    if (!/^https?:\/\//.test(upstream)) problems.push(`known failure ${id} has no upstream link`);
    const outcome = cells[id]?.outcome;
    if (isStale(entry, outcome))
      problems.push(`known failure ${id} is stale: the outcome is ${outcome}. Remove the entry`);
  }
  return problems;
}
