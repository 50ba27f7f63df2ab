/* One soak: an origin, a client, samples of both every few seconds, and the end of both. */

import { type ChildProcess, fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { ClientNumbers, ClientResult, Task } from "./client/main.ts";
import type { OriginNumbers } from "./origin/main.ts";
import { type Origin, startOrigin } from "./origin/start.ts";
import type { TransportName } from "./transports.ts";

export interface Plan {
  readonly transport: TransportName;
  readonly minutes: number;
  readonly concurrency: number;
  readonly seed: number;
}

/** Both sides at one moment. */
export interface Sample extends ClientNumbers {
  /** Since the start, in seconds. */
  readonly at: number;
  readonly originSockets: number;
}

export interface Run {
  readonly plan: Plan;
  readonly seconds: number;
  readonly samples: readonly Sample[];
  readonly result: ClientResult;
  /** As the origin counts them: redirects and what is sent again included. */
  readonly requests: number;
  /** Open at the origin once the client has gone. */
  readonly left: number;
  /** How the client ended; `null` if it had to be killed. */
  readonly exitCode: number | null;
}

/** How long a client that has said its last may take to end, and the origin to notice; in ms. */
const farewell = 5_000;

export async function run(plan: Plan, tick: (sample: Sample) => void): Promise<Run> {
  await using origin = await startOrigin();
  const { doors } = origin;
  pin(origin.process, 1);
  const task: Task = { ...plan, doors };
  const client = fork(new URL("./client/main.ts", import.meta.url), [JSON.stringify(task)], {
    execArgv: ["--expose-gc"],
  });
  pin(client, 0);
  const exit = once(client, "exit");
  const started = performance.now();
  const end = started + plan.minutes * 60_000;
  const interval = Math.min(3_000, Math.max(500, plan.minutes * 1_000));
  const samples: Sample[] = [];
  while (performance.now() < end) {
    await Promise.race([sleep(Math.min(interval, end - performance.now())), exit]);
    const numbers = (await asked(client, "numbers", exit)) as ClientNumbers;
    const { sockets: originSockets } = await origin.numbers();
    const sample = { at: (performance.now() - started) / 1000, ...numbers, originSockets };
    samples.push(sample);
    tick(sample);
  }
  const seconds = (performance.now() - started) / 1000;
  const result = (await asked(client, "stop", exit)) as ClientResult;
  const ended = await Promise.race([exit, sleep(farewell, null)]);
  if (!ended) client.kill("SIGKILL");
  const { requests, sockets: left } = await emptied(origin);
  const [exitCode] = (ended ?? [null]) as [number | null];
  return { plan, seconds, samples, result, requests, left, exitCode };
}

/** The origin's numbers once its connections have gone, which it may take a while to see. */
async function emptied(origin: Origin): Promise<OriginNumbers> {
  const patient = performance.now() + farewell;
  for (;;) {
    const numbers = await origin.numbers();
    if (numbers.sockets === 0 || performance.now() > patient) return numbers;
    await sleep(50);
  }
}

/** Sends a message and waits for the answer. @throws if the client dies over it. */
async function asked(
  client: ChildProcess,
  message: string,
  exit: Promise<unknown[]>,
): Promise<unknown> {
  const answer = once(client, "message") as Promise<[unknown]>;
  if (client.connected) client.send(message);
  const died = exit.then(([code]) => {
    throw new Error(`the client ended before its time, with ${String(code)}`);
  });
  const [numbers] = await Promise.race([answer, died]);
  return numbers;
}

/** Client and origin on a core each, where the system can do it. */
function pin({ pid }: ChildProcess, core: number): void {
  spawnSync("taskset", ["-acp", String(core), String(pid)], { stdio: "ignore" });
}
