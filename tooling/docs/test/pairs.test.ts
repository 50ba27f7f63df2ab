import { describe, expect, it } from "vitest";
import { parsePage } from "../src/blocks.ts";
import { judgePairs } from "../src/pairs.ts";

const { blocks } = parsePage(
  "page.md",
  ["```python before", "a", "```", "```ts", "x", "```", "```ts after", "b", "```"].join("\n"),
);
const [before, , after] = blocks;

function judged(one: string | undefined, other: string): string[] {
  const runs = new Map();
  if (one !== undefined) runs.set(before, { problem: undefined, printed: one });
  runs.set(after, { problem: undefined, printed: other });
  return [...judgePairs(blocks, runs).values()];
}

describe("judgePairs", () => {
  it("is content with two that print the same", () => {
    expect(judged("200\n", "200\n")).toEqual([]);
  });

  it("finds two that print different things", () => {
    expect(judged("200\n", "201\n")).toEqual([expect.stringContaining("does not print")]);
  });

  it("takes silence for no proof", () => {
    expect(judged("", "")).toEqual([expect.stringContaining("prints nothing")]);
  });

  it("compares nothing where one was not run", () => {
    expect(judged(undefined, "200\n")).toEqual([]);
  });

  it("finds blocks that are alone", () => {
    const alone = parsePage("page.md", "```ts after\na\n```\n```ts before\na\n```").blocks;
    expect([...judgePairs(alone, new Map()).values()]).toEqual([
      "nothing comes before it",
      "nothing comes after it",
    ]);
  });
});
