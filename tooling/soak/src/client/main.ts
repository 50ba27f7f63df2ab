/* The client in a process of its own: drives the calls, answers with its numbers, and ends by itself after `stop`. */

import { Session } from "@anyhttp/core";
import { getEventListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Doors } from "../origin/main.ts";
import { isTransportName, makeTransport } from "../transports.ts";
import { Drive, type Unexpected } from "./drive.ts";
import { openSockets } from "./sockets.ts";

/** What the client is told once. */
export interface Task {
  readonly transport: string;
  readonly doors: Doors;
  readonly concurrency: number;
  readonly seed: number;
}

/** What the client tells of itself, in bytes and counts. */
export interface ClientNumbers {
  readonly calls: number;
  readonly inFlight: number;
  readonly rss: number;
  readonly heap: number;
  readonly external: number;
  readonly sockets: number;
}

/** What the client tells in the end. */
export interface ClientResult extends ClientNumbers {
  readonly outcomes: Readonly<Record<string, number>>;
  readonly unexpected: number;
  readonly examples: readonly Unexpected[];
  /** Kinds of calls that never settled. */
  readonly hung: readonly string[];
  /** Listeners left on the signal that all the calls shared. */
  readonly listeners: number;
  /** What would have kept the process alive after close(), the channel to its parent aside. */
  readonly resources: readonly string[];
}

/** How long calls may take to settle after the last was made, and connections to be closed; in ms. */
const patience = 15_000;

const task = JSON.parse(process.argv[2] ?? "{}") as Task;
if (!isTransportName(task.transport)) throw new Error(`there is no transport ${task.transport}`);
const transport = await makeTransport(task.transport);
const drive = new Drive(transport.capabilities.contentCoding !== "raw");
process.on("unhandledRejection", (error) => drive.note("unhandled rejection", error));
process.on("uncaughtException", (error) => drive.note("uncaught exception", error));
process.on("warning", (warning) => drive.note("process warning", warning));

const session = new Session({
  transport,
  // Above every limit that a kind sets: it ends what nothing else has ended.
  timeout: { total: 10_000 },
  // Below the calls in flight, so that some always wait.
  limits: { perOrigin: Math.max(1, Math.ceil(task.concurrency * 0.8)) },
});
const lasting = new AbortController().signal;
process.on("message", (message) => {
  if (message === "stop") void finish();
  else process.send?.(numbers());
});
process.on("disconnect", () => {
  // The parent has gone before its time.
  if (!finished) process.exit(1);
});
let finished = false;
const driven = drive.run({ session, doors: task.doors, lasting }, task.concurrency, task.seed);

async function finish(): Promise<void> {
  drive.stop();
  await Promise.race([driven, sleep(patience, undefined, { ref: false })]);
  const hung = drive.pending;
  await Promise.race([session.close(), sleep(patience, undefined, { ref: false })]);
  // The platform's own pool is nobody's to close; it lets go of idle connections after some seconds.
  const end = performance.now() + patience;
  while (openSockets() > 0 && performance.now() < end) await sleep(50);
  const { outcomes, unexpected, examples } = drive;
  const listeners = getEventListeners(lasting, "abort").length;
  const resources = process.getActiveResourcesInfo().filter((name) => name !== "PipeWrap");
  const result: ClientResult = {
    ...numbers(),
    ...{ outcomes, unexpected, examples, hung, listeners, resources },
  };
  finished = true;
  process.send?.(result, undefined, undefined, () => process.disconnect());
}

function numbers(): ClientNumbers {
  globalThis.gc?.();
  const { rss, heapUsed: heap, external } = process.memoryUsage();
  const { calls, inFlight } = drive;
  return { calls, inFlight, rss, heap, external, sockets: openSockets() };
}
