// What starts an order in a runtime, and the processes that this takes.
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { Situation } from "@anyhttp/conformance";
import { atEnd } from "../../../../packages/conformance/src/cli/at-end.ts";

export interface Work extends Situation {
  /** The runner and the transport, as one file. */
  bundle: string;
  /** The authority of the origin, as a file. */
  caFile: string;
  /** An empty folder, removed afterwards. */
  scratch: string;
}

/** Resolves when the runtime has ended, with the last that it said. */
export type Launcher = (work: Work) => Promise<string>;

/** Where the runtimes are installed. */
export const modules = join(import.meta.dirname, "../../../runtimes/node_modules");

export interface Child {
  process: ChildProcess;
  ended: Promise<string>;
  said: () => string;
}

/** Starts a process that ends with the job, together with all that it has started itself. */
export function start(
  { signal, started }: Pick<Work, "signal" | "started">,
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Child {
  const child = spawn(program, args, {
    detached: true,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  started(child.pid);
  let text = "";
  const collect = (piece: Buffer): void => void (text = (text + piece.toString()).slice(-3000));
  child.stdout?.on("data", collect);
  child.stderr?.on("data", collect);
  const kill = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  };
  // Processes in groups of their own hear nothing of the terminal's interrupt.
  const stop = atEnd(kill);
  signal.addEventListener("abort", stop);
  const said = (): string => text.trim();
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, name) => {
      stop();
      resolve(`status ${code ?? name}. ${said()}`);
    });
  });
  return { process: child, ended, said };
}
