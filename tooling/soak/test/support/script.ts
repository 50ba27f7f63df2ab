/* Runs a script of this folder in a process of its own, on the sources, and waits for it to end by itself. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

/** How a script ended. */
export interface Ended {
  /** `null`: it had to be killed. */
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** @param within It is killed if it takes longer from when it has said something to its end, in ms. */
export async function script(
  name: string,
  args: readonly string[],
  within: number,
): Promise<Ended> {
  const file = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  const options = ["--conditions=anyhttp-source", "--expose-gc", file, ...args];
  const child = spawn(process.execPath, options, { stdio: ["ignore", "pipe", "pipe"] });
  const kill = (): void => void child.kill("SIGKILL");
  // Starting it may take long on a busy machine, which says nothing of how it ends.
  const guard = setTimeout(kill, 120_000);
  let timer: NodeJS.Timeout | undefined;
  let output = "";
  child.stdout.on("data", (piece: Buffer) => {
    output += piece.toString();
    timer ??= setTimeout(kill, within);
  });
  const [[code], errors] = (await Promise.all([once(child, "close"), text(child.stderr)])) as [
    [number | null],
    string,
  ];
  clearTimeout(guard);
  clearTimeout(timer);
  return { code, output, errors };
}
