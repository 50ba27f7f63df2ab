// Judges each public package by what `pnpm pack` would send to the registry: publint on its contents, attw on
// its types, size-limit on its weight, api-extractor on core's public interface.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs, stripVTControlCharacters } from "node:util";
import { publicPackages } from "./public-packages.ts";
import { green, red } from "./style.ts";
import { Tally } from "./tally.ts";
// @ts-expect-error -- a configuration in plain JavaScript
import { goals } from "../../../.size-limit.mjs";

const { values } = parseArgs({ options: { json: { type: "string" } } });
const tally = new Tally();

function record(subject: string, check: string, problem: string | undefined, detail = ""): void {
  tally.count(`${subject}: ${check}`, problem);
  const mark = problem === undefined ? green("ok") : red("failed");
  console.log(`  ${mark} ${subject}: ${check}${detail && ` (${detail})`}`);
  if (problem !== undefined) console.log(problem.trimEnd().replaceAll(/^/gm, "      "));
}

/** Runs a tool; what it printed is the problem when it fails. */
function tool(cwd: string, command: string, ...args: string[]): string | undefined {
  const run = spawnSync(command, args, { cwd, encoding: "utf8", env: process.env });
  if (run.error) return run.error.message;
  return run.status === 0 ? undefined : stripVTControlCharacters(`${run.stdout}${run.stderr}`);
}

function checkTarball(folder: string, name: string, destination: string): void {
  const before = new Set(readdirSync(destination));
  const problem = tool(folder, "pnpm", "pack", "--pack-destination", destination);
  const tarball = readdirSync(destination).find((file) => !before.has(file));
  if (problem !== undefined || tarball === undefined) {
    record(name, "pack", problem ?? "no tarball was made");
    return;
  }
  const path = join(destination, tarball);
  // `workspace:` and `catalog:` mean something in this repository alone.
  const manifest = spawnSync("tar", ["-xzOf", path, "package/package.json"], { encoding: "utf8" });
  const left = /.*"(?:workspace|catalog):.*/.exec(manifest.stdout)?.[0];
  record(name, "manifest", manifest.status === 0 ? left : manifest.stderr);
  record(name, "contents", tool(folder, "publint", "run", path, "--strict"));
  record(name, "types", tool(folder, "attw", path, "--profile", "esm-only", "--format", "ascii"));
}

function checkSizes(): void {
  const run = spawnSync("size-limit", ["--json"], { encoding: "utf8" });
  let sizes: { name: string; passed: boolean; size: number; sizeLimit?: number }[];
  try {
    sizes = JSON.parse(run.stdout) as typeof sizes;
  } catch {
    record("workspace", "size", `${run.stdout}${run.stderr}`);
    return;
  }
  for (const { name, passed, size, sizeLimit } of sizes) {
    const goal = (goals as Readonly<Record<string, number>>)[name] ?? Infinity;
    const unmet = size > goal ? `; the goal of ${goal} is NOT met` : "";
    const detail = `${size} of at most ${sizeLimit} bytes, minified and gzipped${unmet}`;
    record(name, "size", passed ? undefined : "too large", detail);
  }
}

const destination = mkdtempSync(join(tmpdir(), "anyhttp-pack-"));
try {
  for (const { folder, name, dependencies } of publicPackages()) {
    checkTarball(folder, name, destination);
    if (name !== "@anyhttp/core") continue;
    const count = Object.keys(dependencies ?? {}).length;
    record(name, "no dependencies", count === 0 ? undefined : `${count} found`);
    const problem = tool(folder, "api-extractor", "run");
    record(
      name,
      "public interface is the one reviewed",
      problem && `${problem}\nTo accept it: pnpm api`,
    );
  }
  checkSizes();
} finally {
  rmSync(destination, { recursive: true, force: true });
}

tally.report(values.json);
