/* The suite is tested with wrong transports: each must be caught, by the cases and with the messages it says. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Case } from "../../src/case.ts";
import { allBroken } from "../../src/broken/index.ts";
import type { Broken } from "../../src/broken/broken.ts";
import { allCases } from "../../src/cases/index.ts";
import { startOrigin, type RunningOrigin } from "../../src/origin/start.ts";
import type { CellRecord } from "../../src/report/record.ts";
import { runSuite } from "../../src/run/run-suite.ts";
import { fits } from "../../src/run/select.ts";
import { brokenSubject } from "./broken-subject.ts";

/** How many files share the broken transports; each calls {@link describeCatches} with its part. */
const parts = 4;

let origin: RunningOrigin;

async function run(
  broken: Broken,
  cases: readonly Case[],
  patience = 0.2,
): Promise<[id: string, cell: CellRecord][]> {
  const { runs } = await runSuite({ cases, subjects: [brokenSubject(broken)], origin, patience });
  return Object.entries(runs[0]?.cells ?? {});
}

const says = ({ outcome, failures }: CellRecord, pattern: RegExp): boolean =>
  outcome === "fail" && failures.some((text) => pattern.test(text));

/** The cases that did not fail with the words that they should. */
function misses(nets: readonly [string, RegExp][], cells: readonly [string, CellRecord][]) {
  return cells.flatMap(([id, cell]) => {
    const patterns = nets.filter(([glob]) => fits(id, glob)).map(([, pattern]) => pattern);
    if (patterns.every((pattern) => says(cell, pattern))) return [];
    const { outcome, failures } = cell;
    return [{ id, outcome, failures, wanted: patterns.map(String) }];
  });
}

function useOrigin(): void {
  beforeAll(async () => {
    origin = await startOrigin();
  });
  afterAll(() => origin.close());
}

/**
 * Each broken transport is caught. Most of them make callers wait, so that they are spread over several processes.
 * @param part Which of {@link parts}, from 0.
 */
export function describeCatches(part: number): void {
  useOrigin();
  describe("broken transports", () => {
    for (const broken of allBroken.filter((_, index) => index % parts === part)) {
      const nets = Object.entries(broken.caught);
      const cases = allCases.filter(({ id }) => nets.some(([glob]) => fits(id, glob)));
      if (cases.length === 0) continue;
      it(`${broken.name} is caught`, { timeout: 120_000 }, async () => {
        const missed = misses(nets, await run(broken, cases));
        if (missed.length === 0) return;
        // On a busy machine little patience may end a case before it has come to its point.
        const again = cases.filter((of) => missed.some(({ id }) => id === of.id));
        expect(misses(nets, await run(broken, again, 0.6))).toEqual([]);
      });
    }
  });
}

/** No case is without a broken transport that fails it. */
export function describeCompleteness(): void {
  useOrigin();
  describe("broken transports", () => {
    it("every glob fits a case", () => {
      const globs = allBroken.flatMap(({ caught }) => Object.keys(caught));
      expect(globs.filter((glob) => !allCases.some(({ id }) => fits(id, glob)))).toEqual([]);
    });

    it("every case is failed by one of them", { timeout: 300_000 }, async () => {
      const globs = allBroken.flatMap(({ caught }) => Object.keys(caught));
      let unproven = allCases.filter(({ id }) => !globs.some((glob) => fits(id, glob)));
      for (const broken of allBroken) {
        const { otherwise } = broken;
        if (!otherwise || unproven.length === 0) continue;
        const cells = new Map(await run(broken, unproven));
        unproven = unproven.filter(({ id }) => !says(cells.get(id) as CellRecord, otherwise));
      }
      expect(unproven.map(({ id }) => id)).toEqual([]);
    });
  });
}
