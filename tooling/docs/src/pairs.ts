// Examples side by side: a block flagged `before` and the block flagged `after` that follows it do the same with
// different libraries, so they have to print the same.
import type { Block } from "./blocks.ts";
import type { Run } from "./programs.ts";

/** What a block prints, as far as it was run. */
export type Runs = ReadonlyMap<Block, Run>;

/** Why the blocks of a page are not pairs, or do not print the same; by the block that is wrong. */
export function judgePairs(blocks: readonly Block[], runs: Runs): Map<Block, string> {
  const wrong = new Map<Block, string>();
  let before: Block | undefined;
  for (const block of blocks) {
    if (block.flags.has("before")) {
      if (before) wrong.set(before, "nothing comes after it");
      before = block;
    } else if (block.flags.has("after")) {
      if (before?.page === block.page) compare(before, block, runs, wrong);
      else wrong.set(block, "nothing comes before it");
      before = undefined;
    }
  }
  if (before) wrong.set(before, "nothing comes after it");
  return wrong;
}

function compare(before: Block, after: Block, runs: Runs, wrong: Map<Block, string>): void {
  const one = runs.get(before);
  const other = runs.get(after);
  // What failed by itself has been told.
  if (!one || !other || one.problem !== undefined || other.problem !== undefined) return;
  if (one.printed.trim() === "")
    wrong.set(before, "prints nothing, so there is nothing to compare");
  else if (one.printed !== other.printed)
    wrong.set(
      after,
      `does not print what the other prints\nbefore: ${one.printed}after:  ${other.printed}`,
    );
}
