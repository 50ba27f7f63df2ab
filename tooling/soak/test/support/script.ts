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

/** @param within It is killed if it takes longer, in ms. */
export async function script(
  name: string,
  args: readonly string[],
  within: number,
): Promise<Ended> {
  const file = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  const options = ["--conditions=anyhttp-source", "--expose-gc", file, ...args];
  const child = spawn(process.execPath, options, { stdio: ["ignore", "pipe", "pipe"] });
  const timer = setTimeout(() => child.kill("SIGKILL"), within);
  const [[code], output, errors] = (await Promise.all([
    once(child, "exit"),
    text(child.stdout),
    text(child.stderr),
  ])) as [[number | null], string, string];
  clearTimeout(timer);
  return { code, output, errors };
}
