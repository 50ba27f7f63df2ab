/* Runs properties: each says its seed, so that it can be repeated, and runs longer if asked to. */

import * as fc from "fast-check";
import { expect } from "vitest";

/** `FC_SEED` repeats a run; otherwise each process has a seed of its own. */
const seed = Number(process.env["FC_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
/** `ANYHTTP_RUNS` multiplies the number of runs. */
const longer = Number(process.env["ANYHTTP_RUNS"] ?? 1);

/** Options of a test that runs a property. */
export const patience: { readonly timeout: number } = { timeout: 20_000 * Math.max(1, longer) };

/** Checks that a property holds in so many runs, or so many times more. */
export async function holds<T>(
  runs: number,
  property: fc.IAsyncProperty<T> | fc.IProperty<T>,
): Promise<void> {
  const numRuns = Math.ceil(runs * longer);
  const { currentTestName = "" } = expect.getState();
  process.stdout.write(`${currentTestName}: ${numRuns} runs, FC_SEED=${seed}\n`);
  await fc.assert(property as fc.IAsyncProperty<T>, { seed, numRuns });
}
