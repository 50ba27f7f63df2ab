/* Runs properties: with the same examples every time, or with others and more of them if asked to. */

import * as fc from "fast-check";
import { expect } from "vitest";

/** `FC_SEED` makes it another run. The same one by default: what fails is due to what has changed. */
const seed = Number(process.env["FC_SEED"] ?? 1);
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
