// Keeps the documentation true: every code block compiles and runs, every command and every link exists.
//   ts, js            compiled, and run against a loopback origin in place of https://api.example.com
//   ts no-run         compiled only
//   ts continues      stands on the blocks before it
//   sh                its commands name scripts and files that exist; a few are run
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { isCode, isShell, parsePage } from "./blocks.ts";
import { startOrigin } from "./origin.ts";
import { compilePrograms, runProgram, writePrograms } from "./programs.ts";
import { judgeCommand } from "./shell.ts";

const root = join(import.meta.dirname, "../../..");
const { values } = parseArgs({ options: { json: { type: "string" } } });
const tally = { passed: 0, failed: 0 };

function record(page: string, line: number, what: string, problem: string | undefined): void {
  tally[problem === undefined ? "passed" : "failed"] += 1;
  if (problem === undefined) return;
  console.log(`  failed ${page}:${line} ${what}\n${problem.trimEnd().replaceAll(/^/gm, "      ")}`);
}

const required = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"];
for (const page of required) {
  record(page, 1, "page", existsSync(join(root, page)) ? undefined : "the page is missing");
}
const pages = globSync([...required, "docs/**/*.md", "packages/*/README.md"], {
  cwd: root,
}).toSorted();
const parsed = pages.map((page) => parsePage(page, readFileSync(join(root, page), "utf8")));
const blocks = parsed.flatMap((page) => page.blocks);

for (const { page, line, target } of parsed.flatMap(({ links }) => links)) {
  if (/^([a-z]+:|#)/.test(target)) continue;
  const file = join(root, dirname(page), target.replace(/#.*$/, ""));
  record(page, line, "link", existsSync(file) ? undefined : `${target} does not exist`);
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

const code = blocks.filter(({ language }) => isCode(language));
if (code.length === 0) record("documentation", 1, "examples", "there is none");
const origin = await startOrigin();
try {
  const programs = writePrograms(code, blocks, origin.url);
  const errors = code.length > 0 ? await compilePrograms() : new Map<string, string[]>();
  for (const program of programs) {
    const { page, line, flags } = program.block;
    const wrong = errors.get(basename(program.file));
    const runs = wrong === undefined && !flags.has("no-run");
    record(
      page,
      line,
      "example",
      wrong?.join("\n") ?? (runs ? await runProgram(program) : undefined),
    );
  }
} finally {
  origin.close();
}

console.log(
  `  ${pages.length} pages, ${code.length} examples: ${tally.passed} passed, ${tally.failed} failed`,
);
if (values.json !== undefined) {
  mkdirSync(dirname(values.json), { recursive: true });
  writeFileSync(values.json, `${JSON.stringify(tally, null, 2)}\n`);
}
if (tally.failed > 0) process.exitCode = 1;
