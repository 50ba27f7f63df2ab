import { describe, expect, it } from "vitest";
import { parsePage, programOf } from "../src/blocks.ts";

const page = (...lines: string[]) => parsePage("page.md", lines.join("\n"));

describe("parsePage", () => {
  it("finds a block with its language, flags and line", () => {
    const { blocks } = page("text", "```ts no-run", "const a = 1;", "```");
    expect(blocks).toMatchObject([{ line: 2, language: "ts", lines: ["const a = 1;"] }]);
    expect(blocks[0]?.flags.has("no-run")).toBe(true);
  });

  it("takes a longer fence around a shorter one as one block, and its links as text", () => {
    const { blocks, links } = page("````md", "```ts", "[a](b.md)", "```", "````");
    expect(blocks).toMatchObject([{ language: "md", lines: ["```ts", "[a](b.md)", "```"] }]);
    expect(links).toEqual([]);
  });

  it("removes the indentation of a block inside a list", () => {
    expect(page("  ```sh", "  npm test", "  ```").blocks[0]?.lines).toEqual(["npm test"]);
  });

  it("finds where links to its headings lead, and none in blocks", () => {
    const { anchors } = page(
      "# May it be `made` again?",
      "### ERR_DNS_FAILED",
      "```sh",
      "# no",
      "```",
    );
    expect([...anchors]).toEqual(["may-it-be-made-again", "err_dns_failed"]);
  });

  it("refuses a block without an end", () => {
    expect(() => page("```ts", "const a = 1;")).toThrow("page.md:1: block without an end");
  });
});

describe("programOf", () => {
  it("keeps the line numbers of the page, through every block that it continues", () => {
    const { blocks } = page("```ts", "const a = 1;", "```", "and", "```ts continues", "a;", "```");
    const last = blocks[1];
    expect(last && programOf(last, blocks).split("\n")).toEqual([
      "",
      "const a = 1;",
      "",
      "",
      "",
      "a;",
      "",
    ]);
  });

  it("refuses a block that continues nothing", () => {
    const { blocks } = page("```ts continues", "a;", "```");
    const [only] = blocks;
    expect(() => only && programOf(only, blocks)).toThrow("page.md:1: continues nothing");
  });
});
