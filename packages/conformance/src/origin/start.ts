/* Starts the origin in a child process, for everything that runs on Node. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setPriority } from "node:os";
import { fileURLToPath } from "node:url";

/** An origin that runs. */
export interface RunningOrigin extends AsyncDisposable {
  /** Of its control plane. */
  readonly url: string;
  /** The authority of its certificates, in PEM. */
  readonly ca: string;
  /** Stops it. Resolves when the process has ended. */
  close(): Promise<void>;
}

interface Refable {
  unref(): void;
}

/**
 * Starts an origin. It ends with this process at the latest.
 * @param priority As `os.setPriority` has it: above 0, others go first.
 */
export async function startOrigin(priority = 0): Promise<RunningOrigin> {
  // `main.ts` when this is run from its sources, `main.js` when it was built.
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const main = fileURLToPath(new URL(`main.${extension}`, import.meta.url));
  const child = spawn(process.execPath, [main], { stdio: ["pipe", "pipe", "inherit"] });
  if (priority !== 0 && child.pid !== undefined) setPriority(child.pid, priority);
  const exited = once(child, "exit");
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([
    once(lines, "line").then(([line]) => line as string),
    exited.then(() => {
      throw new Error("the origin ended before it was ready");
    }),
  ]);
  const { url, ca } = JSON.parse(first) as { url: string; ca: string };
  // An origin that nobody closes must not keep this process: it ends when this process does.
  const handles = [child, child.stdin, child.stdout] as unknown as readonly Refable[];
  for (const handle of handles) handle.unref();
  const close = async (): Promise<void> => {
    child.ref();
    child.stdin.end();
    await exited;
  };
  return { url, ca, close, [Symbol.asyncDispose]: close };
}
