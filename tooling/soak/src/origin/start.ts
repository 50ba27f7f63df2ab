/* Starts the origin, asks it for its numbers, and ends it. */

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Doors, OriginNumbers } from "./main.ts";

export interface Origin extends AsyncDisposable {
  readonly doors: Doors;
  readonly process: ChildProcess;
  numbers(): Promise<OriginNumbers>;
}

export async function startOrigin(): Promise<Origin> {
  // Options of this process, such as a test runner's, are none of the child's.
  const child = fork(new URL("./main.ts", import.meta.url), { execArgv: [] });
  const doors = (await answered(child)) as Doors;
  return {
    doors,
    process: child,
    numbers: () => {
      const numbers = answered(child) as Promise<OriginNumbers>;
      child.send("numbers");
      return numbers;
    },
    async [Symbol.asyncDispose]() {
      const exit = child.exitCode === null ? once(child, "exit") : null;
      if (child.connected) child.disconnect();
      await exit;
    },
  };
}

async function answered(child: ChildProcess): Promise<unknown> {
  const [message] = (await once(child, "message")) as [unknown];
  return message;
}
