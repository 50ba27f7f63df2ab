/* Chooses cases by glob: `*` is anything within a part of the id, `**` anything; an area stands for all below it. */

import type { Case } from "../case/case.ts";

/** Whether an id fits a glob. */
export function fits(id: string, glob: string): boolean {
  const pattern = glob
    .split(/(\*\*|\*)/)
    .map((part) =>
      part === "**"
        ? ".*"
        : part === "*"
          ? "[^/]*"
          : part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`),
    )
    .join("");
  return new RegExp(`^${pattern}(?:/.*)?$`).test(id);
}

/** The cases that fit any of the globs, all if there are none. `unmatched`: globs that fit no case. */
export function select(
  cases: readonly Case[],
  globs: readonly string[],
): { cases: readonly Case[]; unmatched: readonly string[] } {
  if (globs.length === 0) return { cases, unmatched: [] };
  return {
    cases: cases.filter(({ id }) => globs.some((glob) => fits(id, glob))),
    unmatched: globs.filter((glob) => !cases.some(({ id }) => fits(id, glob))),
  };
}
