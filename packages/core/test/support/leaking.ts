/*
 * A process that makes a call of each kind, drops what it got, and tells what the leak detector says. Needs --expose-gc.
 */

import { setTimeout as wait } from "node:timers/promises";
import type {
  HttpResponse,
  Middleware,
  MiddlewareFunction,
  ResponseLeak,
} from "../../src/index.ts";
import { type Answer, ScriptedTransport } from "./scripted-transport.ts";
import { Session } from "../../src/index.ts";

/** What the detector said of one kind, and what was left. */
export interface Told {
  readonly leaks: readonly ResponseLeak[];
  readonly active: number;
  readonly cancelled: number;
}

const keep: unknown[] = [];

const pass: MiddlewareFunction = (request, next) => next(request);
const each: Middleware = { scope: "attempt", handle: pass };
const hedge: Middleware = async (request, next) => {
  await next(request);
  return next(request);
};
const open: Answer = { content: "abc\nde", ending: "open" };
const whole: Answer = { content: "abc" };

const steps: Readonly<Record<string, readonly Answer[]>> = {
  redirect: [{ status: 302, headers: { location: "/b" } }, open],
  retry: [{ status: 503 }, open],
  "left-by-middleware": [open, whole],
  read: [whole],
  discarded: [open],
  empty: [{ status: 204 }],
  status: [{ status: 404, content: "no" }],
  failed: [{ error: new Error("own") }],
};

/** Does with a response what this run is about, and lets go of it. */
const treatments: Readonly<Record<string, (response: HttpResponse) => unknown>> = {
  read: (response) => response.text(),
  "left-by-middleware": (response) => response.text(),
  discarded: (response) => response.discard(),
  disposed: (response) => response[Symbol.asyncDispose](),
  held: (response) => keep.push(response),
  stream: (response) => keep.push(response.body),
  iterated: async (response) => {
    const pieces = response[Symbol.asyncIterator]();
    keep.push(pieces);
    await pieces.next();
  },
  lines: async (response) => {
    const lines = response.lines();
    keep.push(lines);
    await lines.next();
  },
};

async function dropsTheResponse(session: Session, kind: string): Promise<void> {
  try {
    const response = await session.get("a?token=secret");
    await treatments[kind]?.(response);
  } catch {
    // Some of these calls have to fail.
  }
}

async function tell(kind: string): Promise<Told> {
  const leaks: ResponseLeak[] = [];
  const transport = new ScriptedTransport(steps[kind] ?? [open]);
  const session = new Session({
    transport,
    baseUrl: "http://origin.test/",
    ...(kind === "middleware" && { middleware: [pass, each] }),
    ...(kind === "left-by-middleware" && { middleware: [hedge] }),
    ...(kind === "retry" && { retry: { attempts: 2, backoff: 1 } }),
    onLeak(leak) {
      leaks.push(leak);
      if (kind === "listener-throws") throw new Error("own");
    },
  });
  const held = keep.length;
  await dropsTheResponse(session, kind);
  // Finalizers run when the collector likes; what is not collected after some rounds is held.
  const rounds = keep.length > held ? 10 : 400;
  for (let round = 0; round < rounds && session.stats.active > 0; round++) {
    (globalThis as { gc?: () => void }).gc?.();
    await wait(5);
  }
  const cancelled = transport.bodies.reduce((sum, body) => sum + body.cancelled, 0);
  return { leaks, active: session.stats.active, cancelled };
}

const told: Record<string, Told> = {};
for (const kind of process.argv.slice(2)) told[kind] = await tell(kind);
process.stdout.write(JSON.stringify(told));
