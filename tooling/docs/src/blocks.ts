// Finds the fenced blocks, the links and the headings of a Markdown page. Knows nothing of what is done with them.

export interface Block {
  page: string;
  /** Line of the opening fence in the page, from 1. */
  line: number;
  /** First word after the fence, for example `ts`. */
  language: string;
  /** Further words, for example `no-run` and `continues`. */
  flags: ReadonlySet<string>;
  lines: readonly string[];
}

interface Link {
  page: string;
  line: number;
  target: string;
}

interface Page {
  page: string;
  blocks: Block[];
  links: Link[];
  /** What links to a heading end in, such as `err_dns_failed`. */
  anchors: ReadonlySet<string>;
}

export function parsePage(page: string, text: string): Page {
  const blocks: Block[] = [];
  const links: Link[] = [];
  const anchors = new Set<string>();
  let open: { fence: string; indent: number; block: Block; lines: string[] } | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    const [, indent = "", fence, info = ""] = /^( *)(`{3,})(.*)$/.exec(line) ?? [];
    if (open !== undefined) {
      if (fence !== undefined && fence.length >= open.fence.length && info.trim() === "") {
        blocks.push(open.block);
        open = undefined;
      } else {
        open.lines.push(line.slice(open.indent));
      }
      continue;
    }
    if (fence !== undefined) {
      const [language = "", ...flags] = info.trim().split(/\s+/);
      const lines: string[] = [];
      const block = { page, line: index + 1, language, flags: new Set(flags), lines };
      open = { fence, indent: indent.length, block, lines };
      continue;
    }
    const [, heading] = /^#{1,6} +(.*)$/.exec(line) ?? [];
    if (heading !== undefined) anchors.add(anchorOf(heading));
    for (const [, target] of line.matchAll(/\]\(([^()\s]+)\)/g)) {
      if (target !== undefined) links.push({ page, line: index + 1, target });
    }
  }
  if (open !== undefined) throw new Error(`${page}:${open.block.line}: block without an end`);
  return { page, blocks, links, anchors };
}

/** As the platforms that show the pages make them: words in lower case, hyphens between, no punctuation. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, "")
    .replaceAll(" ", "-");
}

/**
 * The program that a block stands for: its lines at the same line numbers as in the page, so that an error
 * message points at the page. A block flagged `continues` stands on the blocks before it, back to the first
 * one that does not continue another.
 */
export function programOf(block: Block, blocks: readonly Block[]): string {
  const parts = [block];
  const earlier = blocks
    .filter(
      ({ page, line, language }) => page === block.page && line < block.line && isCode(language),
    )
    .toReversed();
  while (parts[0]?.flags.has("continues") === true) {
    const previous = earlier.shift();
    if (previous === undefined) throw new Error(`${block.page}:${block.line}: continues nothing`);
    parts.unshift(previous);
  }
  const program: string[] = [];
  for (const { line, lines } of parts) {
    while (program.length < line) program.push("");
    program.push(...lines);
  }
  return `${program.join("\n")}\n`;
}

export const isCode = (language: string): boolean => language === "ts" || language === "js";
export const isPython = (language: string): boolean => language === "python";
export const isShell = (language: string): boolean => ["sh", "bash", "console"].includes(language);
