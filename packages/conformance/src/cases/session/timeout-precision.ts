/*
 * Each limit fires on time, a hundred calls at once included: not before it, and not more than 50 ms after it but for
 * what the event loop was held up meanwhile, which is measured.
 */

import type { Session, TraceEvent } from "@anyhttp/core";
import {
  afterContent,
  always,
  atMost,
  type Case,
  content,
  defineCase,
  type Door,
  filler,
  gate,
  head,
  type Kit,
  notApplicable,
  respond,
  type Script,
  sequence,
  stall,
  stopReading,
  toBytes,
  unaccepting,
} from "../../case.ts";

const limit = 400;
const parallel = 100;
/** Milliseconds by which a limit may be missed. */
const tolerance = 50;

/** Notices how long the event loop is held up at most. */
function watchLoop(): { stop(): number } {
  const every = 5;
  let longest = 0;
  let last = performance.now();
  const look = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last - every);
    last = now;
  };
  const timer = setInterval(look, every);
  return {
    stop() {
      clearInterval(timer);
      look();
      return longest;
    },
  };
}

/** One row of the table of limits. */
interface Row {
  readonly name: string;
  readonly timeout: Readonly<Record<string, number>>;
  /** The event from which the limit runs; the last one of its type counts. `null`: what `call` says. */
  readonly from: TraceEvent["type"] | null;
  /** What fires where connecting cannot be seen. */
  readonly merged?: {
    readonly name: string;
    readonly limit: number;
    readonly from: TraceEvent["type"];
  };
  readonly doors?: Readonly<Record<string, Door>>;
  readonly origin: Script;
  /** Options of the session. */
  readonly session?: object;
  readonly call?: (session: Session, kit: Kit, waits: () => unknown) => Promise<unknown>;
  /** Whether another call has the only slot meanwhile. */
  readonly held?: boolean;
}

const piece = toBytes(filler(16_384));

/** Content without end that says when a piece of it is handed over. */
async function* endless(waits: () => unknown): AsyncGenerator<Uint8Array> {
  for (;;) {
    await Promise.resolve();
    waits();
    yield piece;
  }
}

const rows: readonly Row[] = [
  { name: "total", timeout: { total: limit }, from: "call-begin", origin: [always(stall())] },
  { name: "attempt", timeout: { attempt: limit }, from: "call-begin", origin: [always(stall())] },
  {
    name: "queue",
    timeout: { queue: limit },
    from: "queued",
    origin: [sequence(gate("go"), respond(200))],
    session: { limits: { concurrency: 1 } },
    held: true,
  },
  {
    name: "connect",
    timeout: { connect: limit, response: 200 },
    from: "connecting",
    merged: { name: "response", limit: limit + 200, from: "sent" },
    doors: { full: unaccepting() },
    origin: [],
    session: { allowOtherOrigins: true },
    call: (session, kit) => session.get(`${kit.urls["full"]}a`),
  },
  {
    name: "write",
    timeout: { write: limit },
    from: null,
    origin: [always(stopReading(), stall())],
    call: (session, _, waits) => session.put("a", { body: endless(waits) }),
  },
  {
    name: "response",
    timeout: { connect: 300, response: limit },
    from: "sent",
    merged: { name: "response", limit: limit + 300, from: "sent" },
    origin: [always(stall())],
  },
  {
    name: "read",
    timeout: { read: limit },
    from: "piece",
    origin: [
      always(afterContent(), head(200, [["content-length", "10"]]), content("12345"), stall()),
    ],
  },
];

/** Makes the calls of a row and notes how far off the limit they fired, the worst of them. */
async function measure(row: Row, kit: Kit): Promise<void> {
  const merged = kit.capabilities.connectTimeout === "merged" ? row.merged : undefined;
  const { name, limit: due, from: seen } = merged ?? { ...row, limit };
  // Content that comes whole is read from the head on, and that is there with its first octet.
  const whole = seen === "piece" && kit.capabilities.responseStreaming === "whole";
  const from = whole ? "head" : seen;
  const began = new Map<number, number>();
  const handed = new Map<number, number[]>();
  const wrong = new Set<string>();
  const trace = ({ call, type, time }: TraceEvent): void => {
    if (type === from) began.set(call, time);
  };
  const session = kit.makeSession({ ...row.session, timeout: row.timeout, trace });
  const holder = row.held ? session.get("a", { timeout: { queue: false } }) : null;
  if (holder) await kit.origin.arrived(1);
  const loop = watchLoop();
  const { call = () => session.get("a").text() } = row;
  const ended = await Promise.all(
    Array.from({ length: parallel }, async (_, index) => {
      try {
        const times: number[] = [];
        handed.set(index, times);
        await call(session, kit, () => times.push(performance.now()));
        wrong.add("a response");
      } catch (error) {
        const { code, elapsed } = error as { code?: string; elapsed?: number };
        if (code !== `ERR_TIMEOUT_${name.toUpperCase()}`) wrong.add(code ?? String(error));
        else if (!(Number(elapsed) >= due)) wrong.add(`elapsed ${elapsed}`);
      }
      return performance.now();
    }),
  );
  const stalled = loop.stop();
  if (holder) {
    await kit.origin.open("go");
    (await holder).discard();
  }
  for (const [index, times] of from === null ? handed : []) {
    // A library that is called off may ask for another piece on its way out.
    const last = times.findLast((time) => time < (ended[index] ?? 0) - due / 2);
    if (last !== undefined) began.set(index, last);
  }
  // Calls are numbered in the order in which they are made.
  const starts = [...began].toSorted(([a], [b]) => a - b).map(([, time]) => time);
  if (starts.length !== parallel) wrong.add(`${starts.length} began`);
  const off = ended.map((time, index) => time - (starts[index] ?? 0) - due);
  kit.note("wrong", [...wrong].join(", "));
  kit.note("early", Math.max(0, -Math.min(...off)));
  kit.note("late", Math.max(0, Math.max(...off) - stalled));
}

/** Cases of `session/timeout` about precision. */
export const timeoutPrecisionCases: readonly Case[] = rows.map((row) =>
  defineCase({
    id: `session/timeout/precision-of-${row.name}`,
    title: `timeout.${row.name} must fire within ${tolerance} ms of its limit, a hundred times at once`,
    level: "must",
    catalogue: ["F-TMO-01"],
    ...(row.from === null && {
      requires: { requestStreaming: "half-duplex" },
      otherwise: notApplicable("requestStreaming"),
    }),
    ...(row.doors && { doors: row.doors }),
    origin: row.origin,
    perform: (kit) => measure(row, kit),
    expect: { facts: { wrong: "", early: atMost(1), late: atMost(tolerance) } },
    exclusive: true,
    hint: "check that the clock looks again when a deadline comes that is earlier than all others",
  }),
);
