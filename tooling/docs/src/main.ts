// Keeps the documentation true: every code block compiles and runs, every command and every link exists.
//   ts, js            compiled, and run against a loopback origin in place of https://api.example.com
//   ts no-run         compiled only
//   ts continues      stands on the blocks before it
//   ts before, after  one after the other: both are run, and print the same
//   python            run with `--python` only, as it takes Debian's python3-aiohttp
//   sh                its commands name scripts and files that exist; a few are run
// What docs/errors.md says of each code has to be what follows from core, and CONFORMANCE.md what follows from the
// committed results; `--write` writes both.
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { parseArgs } from "node:util";
import { conformancePage } from "../../../apps/conformance/tools/conformance-page.ts";
import { Tally } from "../../check/src/tally.ts";
import { type Block, isCode, isPython, isShell, parsePage } from "./blocks.ts";
import { withErrorCodes } from "./error-page.ts";
import { startOrigin } from "./origin.ts";
import { judgePairs } from "./pairs.ts";
import { compilePrograms, type Run, runProgram, writePrograms } from "./programs.ts";
import { judgeCommand } from "./shell.ts";

const root = join(import.meta.dirname, "../../..");
const { values } = parseArgs({
  options: {
    json: { type: "string" },
    page: { type: "string" },
    python: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
  },
});
const tally = new Tally();

function record(page: string, line: number, what: string, problem: string | undefined): void {
  tally.count(`${page}:${line} ${what}`, problem);
  if (problem === undefined) return;
  console.log(`  failed ${page}:${line} ${what}\n${problem.trimEnd().replaceAll(/^/gm, "      ")}`);
}

const required = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CONFORMANCE.md"];
for (const page of required) {
  record(page, 1, "page", existsSync(join(root, page)) ? undefined : "the page is missing");
}
/** Pages that follow from something else. */
const derived = [
  { page: "docs/errors.md", from: "core", due: withErrorCodes },
  { page: "CONFORMANCE.md", from: "conformance-results", due: () => conformancePage() },
];
for (const { page, from, due } of derived) {
  const file = join(root, page);
  const written = existsSync(file) ? readFileSync(file, "utf8") : "";
  const right = due(written);
  if (values.write) writeFileSync(file, right);
  else {
    const differs = `differs from ${from}: pnpm run docs --write`;
    record(page, 1, "content", right === written ? undefined : differs);
  }
}

const pages = globSync([...required, "docs/**/*.md", "{packages,apps}/*/README.md"], { cwd: root })
  .filter((page) => values.page === undefined || page === values.page)
  .toSorted();
const parsed = pages.map((page) => parsePage(page, readFileSync(join(root, page), "utf8")));
const blocks = parsed.flatMap((page) => page.blocks);

for (const { page, line, target } of parsed.flatMap(({ links }) => links)) {
  if (/^[a-z]+:/.test(target)) continue;
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? page : relative(root, join(root, dirname(page), path));
  const there = parsed.find((other) => other.page === file);
  const found = existsSync(join(root, file)) && (!anchor || !there || there.anchors.has(anchor));
  record(page, line, "link", found ? undefined : `${target} does not exist`);
}

for (const block of blocks.filter(({ language }) => isShell(language))) {
  for (const [index, text] of block.lines.entries()) {
    const command = text
      .replace(/^\$ /, "")
      .replace(/\s+#.*$/, "")
      .trim();
    if (command === "" || command.startsWith("#")) continue;
    record(block.page, block.line + index + 1, command, judgeCommand(command, root));
  }
}

const code = blocks.filter(
  ({ language }) => isCode(language) || (values.python && isPython(language)),
);
const left = blocks.filter(({ language }) => isPython(language)).length;
if (code.length === 0) record("documentation", 1, "examples", "there is none");
const origin = await startOrigin();
try {
  const programs = writePrograms(code, blocks, origin.url);
  const errors = code.length > 0 ? await compilePrograms() : new Map<string, string[]>();
  const runs = new Map<Block, Run>();
  for (const program of programs) {
    const { page, line, flags } = program.block;
    const wrong = errors.get(basename(program.file));
    const run = wrong || flags.has("no-run") ? undefined : await runProgram(program);
    if (run) runs.set(program.block, run);
    record(page, line, "example", wrong?.join("\n") ?? run?.problem);
  }
  const pairs = judgePairs(blocks, runs);
  for (const block of blocks.filter(({ flags }) => flags.has("after") || flags.has("before")))
    record(block.page, block.line, "example side by side", pairs.get(block));
} finally {
  origin.close();
}

if (left > 0 && !values.python)
  console.log(`  ${left} examples in Python are left to the wider check`);
console.log(
  `  ${pages.length} pages, ${code.length} examples: ${tally.passed} passed, ${tally.failed} failed`,
);
tally.report(values.json);
