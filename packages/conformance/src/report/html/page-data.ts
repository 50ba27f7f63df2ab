/* Turns the record of a run into the page's matrix; `evidence-of.ts` turns it into what is shown of each cell. */

import { fullCapabilities } from "@anyhttp/core";
import { isBad, outcomes } from "../../run/outcome.ts";
import type { CellRecord, RunRecord, SuiteRecord } from "../record.ts";
import { capabilityTexts } from "./capability-texts.ts";
import type { PageData, PageSubject } from "./client/data.ts";
import { outcomeTexts } from "./outcome-texts.ts";
import { specUrl } from "./spec-links.ts";

/** The matrix. */
export function pageData({ suite, runs, totals, ok }: SuiteRecord): PageData {
  const keys = subjectKeys(runs);
  return {
    revision: suite.revision,
    ok,
    outcomes: outcomes.map((name) => {
      return { name, ...outcomeTexts[name], bad: isBad(name), total: totals[name] };
    }),
    cases: suite.cases.map((of) => {
      return { ...of, spec: of.spec.map((text) => ({ text, url: specUrl(text) })) };
    }),
    subjects: runs.map((run, index) => pageSubject(run, keys[index] ?? "", suite.cases)),
    capabilities: Object.entries(capabilityTexts).map(([name, about]) => {
      return { name, about, best: fullCapabilities[name as keyof typeof fullCapabilities] };
    }),
  };
}

function pageSubject(
  { subject, runtime, ...run }: RunRecord,
  key: string,
  cases: SuiteRecord["suite"]["cases"],
): PageSubject {
  const cells = cases.map(({ id }) => cellOf(run.cells, id));
  return {
    key,
    name: subject.name,
    version: subject.version,
    library: subject.library && `${subject.library.name} ${subject.library.version}`,
    runtime: `${runtime.name} ${runtime.version}`,
    capabilities: { ...run.capabilities },
    problems: run.problems,
    totals: outcomes.map((name) => run.totals[name]),
    outcomes: cells.map(({ outcome }) => outcomes.indexOf(outcome)),
    otherwise: cells.map(({ judged }) => (judged === "otherwise" ? 1 : 0)),
  };
}

/** A name for addresses: the transport, with its runtime and a number only where that is needed to tell it apart. */
function subjectKeys(runs: readonly RunRecord[]): string[] {
  const used = new Set<string>();
  return runs.map(({ subject, runtime }) => {
    const plain = subject.name.replaceAll(/[^\w@.-]+/g, "-");
    const alone = runs.filter((run) => run.subject.name === subject.name).length === 1;
    const name = alone ? plain : `${plain}@${runtime.name}-${runtime.version}`;
    let key = name;
    for (let number = 2; used.has(key); number++) key = `${name}-${number}`;
    used.add(key);
    return key;
  });
}

/** A record without a cell would be a case that was not run, which must not look like anything else. */
export function cellOf(cells: RunRecord["cells"], id: string): CellRecord {
  const cell = cells[id];
  if (!cell) throw new TypeError(`the record has no cell for case ${id}`);
  return cell;
}
