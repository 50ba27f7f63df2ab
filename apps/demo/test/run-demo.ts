// Runs the demo from its sources as a child process in a pipe, the way a script would.
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { join } from "node:path";

const main = join(import.meta.dirname, "../src/main.ts");
const { CI: _, FORCE_COLOR: __, ...environment } = process.env;

/** How a run ended. */
export interface Ended {
  readonly status: number | null;
  readonly out: Buffer;
  readonly err: string;
}

/** What surrounds a run. */
export interface Surroundings {
  /** Standard input. */
  readonly input?: string | undefined;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Starts the demo. */
export function startDemo(
  args: readonly string[],
  { cwd, env }: Surroundings = {},
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, ["--conditions=anyhttp-source", main, ...args], {
    cwd,
    env: { ...environment, ...env },
  });
}

/** Runs the demo to its end. */
export function runDemo(args: readonly string[], surroundings: Surroundings = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = startDemo(args, surroundings);
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (piece: Buffer) => out.push(piece));
    child.stderr.on("data", (piece: Buffer) => err.push(piece));
    child.once("error", reject);
    child.once("close", (status) =>
      resolve({ status, out: Buffer.concat(out), err: Buffer.concat(err).toString() }),
    );
    child.stdin.end(surroundings.input ?? "");
  });
}
