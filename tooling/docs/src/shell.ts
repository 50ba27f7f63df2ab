// Judges the command lines of `sh` blocks. Few are run; the others must at least name what exists.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Commands that are run as they stand: quick, without network, and harmless to the working tree. */
const runnable: readonly RegExp[] = [/^pnpm conformance --list\b/, /^pnpm demo --help$/];

/** Commands of others, which an example may show and nobody runs here. */
const foreign: readonly RegExp[] = [
  /^(git|cd|mkdir|export) /,
  /^(npm|pnpm|yarn|bun) (install|i|add|ci)\b/,
  /^deno add /,
  /^(pnpm|npx) (changeset|vitest|exec)\b/,
];

/** Why the line is wrong, or undefined. */
export function judgeCommand(written: string, root: string): string | undefined {
  // Variables that are set for one command.
  const line = written.replace(/^(?:[A-Z_]+=\S+ )+/, "");
  if (runnable.some((pattern) => pattern.test(line))) return runCommand(line, root);
  if (foreign.some((pattern) => pattern.test(line))) return undefined;
  const [, tool, script = ""] = /^(npm|pnpm) (?:run )?(\S+)/.exec(line) ?? [];
  if (tool !== undefined) return hasScript(script, root) ? undefined : `no script "${script}"`;
  const [, bin] = /^npx (?:--\S+ )*(\S+)/.exec(line) ?? [];
  if (bin !== undefined)
    return hasBin(bin, root) ? undefined : `no package has the command "${bin}"`;
  const [, file] = /^(?:node |bash |\.\/)(?:--\S+ )*(\S+)/.exec(line) ?? [];
  if (file !== undefined) return existsSync(join(root, file)) ? undefined : `no file ${file}`;
  return "a command that nobody can verify: name a script, or add it to tooling/docs/src/shell.ts";
}

function runCommand(line: string, root: string): string | undefined {
  const run = spawnSync("sh", ["-c", line], { cwd: root, encoding: "utf8", timeout: 60_000 });
  return run.status === 0 ? undefined : `exit status ${run.status}\n${run.stdout}${run.stderr}`;
}

interface Manifest {
  scripts?: Record<string, string>;
  bin?: Record<string, string>;
}

const manifest = (path: string): Manifest => JSON.parse(readFileSync(path, "utf8")) as Manifest;

const hasScript = (name: string, root: string): boolean =>
  manifest(join(root, "package.json")).scripts?.[name] !== undefined;

const hasBin = (name: string, root: string): boolean =>
  manifest(join(root, "packages/conformance/package.json")).bin?.[name] !== undefined;
