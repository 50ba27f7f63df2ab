// Runs a command in the place of this one.
import { spawn } from "node:child_process";
import { constants } from "node:os";

/**
 * Resolves to the status with which it ends, or to the one by which a shell would tell of the signal that ended it.
 * Signals are passed on: it has to clear up, and while it does, this process waits.
 */
export function relay(program: string, args: readonly string[]): Promise<number> {
  const child = spawn(program, args, { stdio: "inherit" });
  for (const name of ["SIGHUP", "SIGINT", "SIGTERM"] as const) {
    process.on(name, () => child.kill(name));
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (status, name) => {
      resolve(status ?? 128 + (name ? constants.signals[name] : 0));
    });
  });
}
