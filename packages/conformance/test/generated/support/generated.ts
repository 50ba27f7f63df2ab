/* Runs properties: with the same examples every time, or with others and more of them if asked to. */

import * as fc from "fast-check";
import { expect } from "vitest";

/** `FC_SEED` makes it another run. The same one by default: what fails is due to what has changed. */
const seed = Number(process.env["FC_SEED"] ?? 1);
/** `ANYHTTP_RUNS` multiplies the number of runs. */
const longer = Number(process.env["ANYHTTP_RUNS"] ?? 1);
/** The most that a property may take, in milliseconds. The search for a smaller example ends with it. */
const most = 30_000 * Math.max(1, longer);

/** Options of a test that runs a property. */
export const patience: { readonly timeout: number } = { timeout: most + 20_000 };

/** Checks that a property holds in so many runs, or so many times more. */
export async function holds<T>(
  runs: number,
  property: fc.IAsyncProperty<T> | fc.IProperty<T>,
): Promise<void> {
  const numRuns = Math.ceil(runs * longer);
  const { currentTestName = "" } = expect.getState();
  process.stdout.write(`${currentTestName}: ${numRuns} runs, FC_SEED=${seed}\n`);
  const limit = { interruptAfterTimeLimit: most, markInterruptAsFailure: true };
  await fc.assert(property as fc.IAsyncProperty<T>, { seed, numRuns, ...limit });
}

/** Places at which bytes are cut, for {@link cutAt}: a few, or all of the first hundreds. */
export const cuts: fc.Arbitrary<readonly number[]> = fc.oneof(
  { weight: 3, arbitrary: fc.array(fc.nat(1_000_000), { maxLength: 12 }) },
  { weight: 1, arbitrary: fc.constant(Array.from({ length: 400 }, (_, place) => place)) },
);

/** Bytes in slices, none of them empty; a place beyond the end counts from the start again. */
export function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const inside = new Set(places.map((place) => place % bytes.length));
  const ends = [...inside, bytes.length].toSorted((a, b) => a - b);
  return ends
    .map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
    .filter((slice) => slice.length > 0);
}
