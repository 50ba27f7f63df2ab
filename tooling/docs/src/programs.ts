// Compiles and runs the code blocks: one file each, under `temp`, against a loopback origin.
import { spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Block, isPython, programOf } from "./blocks.ts";

/** The host of every example that is run; the origin of the check takes its place. */
const placeholder = "https://api.example.com";
const limit = 30_000;

export interface Program {
  block: Block;
  file: string;
}

/** What came of a run. */
export interface Run {
  /** Why the example is wrong, or undefined. */
  problem: string | undefined;
  printed: string;
}

const home = join(import.meta.dirname, "..");
const folder = join(home, "temp");

export function writePrograms(
  blocks: readonly Block[],
  all: readonly Block[],
  origin: string,
): Program[] {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const programs = blocks.map((block) => {
    const suffix = isPython(block.language) ? "py" : block.language;
    const file = join(folder, `${block.page.replaceAll(/[/\\]/g, "__")}.L${block.line}.${suffix}`);
    writeFileSync(file, programOf(block, all).replaceAll(placeholder, origin));
    return { block, file };
  });
  const options = {
    allowJs: true,
    checkJs: true,
    noUnusedLocals: false,
    noUnusedParameters: false,
  };
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      extends: "../../tsconfig/test.json",
      compilerOptions: options,
      include: ["."],
    }),
  );
  return programs;
}

/** Error lines of the compiler by file name; line numbers are those of the page. */
export async function compilePrograms(): Promise<Map<string, string[]>> {
  const { status, printed, complaints } = await run("tsc", ["-p", folder, "--pretty", "false"]);
  const output = printed + complaints;
  const errors = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const text of output.split("\n")) {
    const [, name] = /([^/\\]+)\(\d+,\d+\): error/.exec(text) ?? [];
    if (name !== undefined) {
      current = errors.get(name) ?? [];
      errors.set(name, current);
    }
    if (text.trim() !== "") current?.push(text.replace(/^.*?temp\//, ""));
  }
  if (status !== 0 && errors.size === 0) throw new Error(`the compiler failed:\n${output}`);
  return errors;
}

/** Runs a program to its end; that it ends by itself is part of the example. */
export async function runProgram({ file, block }: Program): Promise<Run> {
  // Debian's own Python, for which Debian has the libraries.
  const command = isPython(block.language) ? "/usr/bin/python3" : process.execPath;
  const { status, printed, complaints } = await run(command, [file]);
  const problem = status === 0 ? undefined : `exit status ${status}\n${printed}${complaints}`;
  return { problem, printed };
}

interface Ended {
  status: number | string;
  printed: string;
  complaints: string;
}

function run(command: string, args: string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: home, stdio: ["ignore", "pipe", "pipe"] });
    let printed = "";
    let complaints = "";
    let late = false;
    child.stdout.on("data", (chunk: Buffer) => void (printed += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => void (complaints += chunk.toString()));
    const timer = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
    }, limit);
    child.once("error", reject);
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      const status = late ? `none after ${limit} ms` : (code ?? signal ?? "unknown");
      resolve({ status, printed, complaints });
    });
  });
}
