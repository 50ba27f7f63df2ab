/* Anything that callers, a server and time may do to a session, in any order, and what has to be left of it: nothing. */

import { getEventListeners } from "node:events";
import * as fc from "fast-check";
import { vi } from "vitest";
import {
  bearer,
  type CookieJar,
  httpError,
  isHttpError,
  type Middleware,
  type RequestOptions,
  Session,
  type SessionOptions,
  tokenRefresh,
} from "../../src/index.ts";
import { type Answer, ScriptedTransport } from "./scripted-transport.ts";
import { turns } from "./session.ts";

const origins = ["http://a.test", "http://b.test"];

/** `fc.record` of which any part may be missing. */
const some = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<Partial<T>> =>
  fc.record(model, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>;

const ms = fc.constantFrom(5, 40, 200, 2000);

const answers: fc.Arbitrary<Answer> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ content: fc.array(fc.constantFrom("", "a", "bc".repeat(50))) }),
  },
  fc.constant({ content: "late", after: Promise.resolve() }),
  fc.constant({ content: "rest", ending: "open" as const }),
  fc.constant({ content: "half", ending: httpError("ERR_CONTENT_TRUNCATED") }),
  fc.record({
    status: fc.constantFrom(401, 404, 429, 500, 503),
    headers: fc.constantFrom({}, { "retry-after": "1" }, { "x-ratelimit-remaining": "0" }),
    content: fc.constantFrom("", "sorry"),
  }),
  fc
    .constantFrom("/next", `${origins[1]}/away`, "ftp://a.test/")
    .map((location) => ({ status: 307, headers: { location } })),
  fc
    .constantFrom("ERR_DISCONNECTED_IDLE" as const, "ERR_CONNECT_REFUSED" as const)
    .map((code) => ({ error: httpError(code) })),
  fc.constant({ error: new Error("of the library's own") }),
  fc
    .constantFrom("nowhere" as const, "connecting" as const, "connected" as const, "sent" as const)
    .map((hang) => ({ hang })),
);

const timeouts = some({ total: ms, attempt: ms, queue: ms, write: ms, read: ms, response: ms });
const throttles = some({ download: fc.constantFrom(50, 5000), upload: fc.constantFrom(50, 5000) });

/** Asks twice, takes what comes first, and gives the other up. */
const hedged: Middleware = async (request, next) => {
  const both = [next(request), next(request)] as const;
  const first = await Promise.any(both).catch(() => both[0]);
  for (const one of both)
    one.then(
      (other) => other !== first && other.discard(),
      () => undefined,
    );
  return first;
};

/** Asks once more when the call is over. */
const late: Middleware = async (request, next) => {
  soon(
    () =>
      void next(request).then(
        (response) => response.discard(),
        () => undefined,
      ),
    30,
  );
  return next(request);
};

const slow: Middleware = {
  scope: "attempt",
  handle: async (request, next) => next(await later(5, request)),
};

const failing: Middleware = async (request, next) => {
  await next(request);
  throw new Error("of the middleware's own");
};

const sessions = some<Omit<SessionOptions, "transport">>({
  limits: some({
    concurrency: fc.integer({ min: 1, max: 3 }),
    perOrigin: fc.integer({ min: 1, max: 2 }),
    queue: fc.nat(5),
  }),
  rateLimit: fc.boolean().chain((remote) =>
    fc.record({
      requests: fc.constantFrom(1, 100),
      learn: fc.boolean(),
      store: fc.constantFrom(
        undefined,
        ...(remote
          ? [
              { take: () => later(3, 0), block: () => undefined },
              { take: () => later(3, 4), block: () => undefined },
              { take: () => Promise.reject(new Error("down")), block: () => undefined },
            ]
          : []),
      ),
    }),
  ),
  throttle: throttles,
  middleware: fc.subarray([hedged, late, slow, failing]),
  cookies: fc.constantFrom<false | CookieJar>(false, {
    cookiesFor: () => later(2, "a=b"),
    store: () => later(2, undefined),
  }),
  retry: fc.record({ attempts: fc.constantFrom(1, 3), backoff: fc.constantFrom(1, 30) }),
  auth: fc.oneof(
    fc.constant(bearer("token", { origin: origins[0] })),
    fc
      .constantFrom(7, 200)
      .map((wait) =>
        tokenRefresh({ origin: origins[0], timeout: 50, refresh: () => later(wait, "token") }),
      ),
  ),
});

/** What becomes of the response. */
const uses = fc.constantFrom("text", "leave", "first", "discard", "stream");
const contents = fc.constantFrom("none", "bytes", "source", "made", "broken");

/** One call, when it is made, and when it is aborted. */
export interface Plan {
  readonly method: string;
  readonly origin: string;
  readonly options: RequestOptions;
  readonly content: string;
  readonly use: string;
  readonly at: number;
  readonly abort: number | null;
}

const plans: fc.Arbitrary<Plan> = fc.record({
  method: fc.constantFrom("GET", "PUT", "POST"),
  origin: fc.constantFrom(...origins),
  options: some<RequestOptions>({
    timeout: timeouts,
    throttle: throttles,
    priority: fc.nat(2),
    throwHttpErrors: fc.boolean(),
    retry: fc.constant(false as const),
  }),
  content: contents,
  use: uses,
  at: fc.nat(60),
  abort: fc.option(fc.nat(120)),
});

/** All that happens to one session. */
export interface Script {
  readonly answers: readonly Answer[];
  readonly session: Partial<Omit<SessionOptions, "transport">>;
  readonly plans: readonly Plan[];
  readonly close: number | null;
  readonly force: number;
}

export const scripts: fc.Arbitrary<Script> = fc.record({
  answers: fc.array(answers, { minLength: 1, maxLength: 12 }),
  session: sessions,
  plans: fc.array(plans, { minLength: 1, maxLength: 12 }),
  close: fc.option(fc.nat(200)),
  force: fc.oneof(fc.integer({ min: 50, max: 300 }), fc.integer({ min: 300, max: 5000 })),
});

/** What is left of a session when everything is over. */
interface Left {
  /** Calls that have not settled, and those that settled with what is no error of the tree. */
  readonly open: number;
  readonly foreign: unknown[];
  readonly stats: unknown;
  readonly timers: number;
  readonly pending: number;
  readonly listeners: number;
  /** How often each source of content was given up or came to its end, of those that were begun. */
  readonly sources: number[];
  readonly closed: number;
}

/** Plays a script; the platform's timers have to be faked. */
export async function play({ answers: steps, session: given, plans: calls, close, force }: Script) {
  const transport = new ScriptedTransport([...steps, { content: "at last" }]);
  const session = new Session({ transport, ...given });
  const sources: { ends: number; begun: boolean }[] = [];
  const signals: AbortSignal[] = [];
  const foreign: unknown[] = [];
  let open = 0;
  let closed = 0;
  const watched = async (promise: PromiseLike<unknown>): Promise<void> => {
    open++;
    try {
      await promise;
    } catch (error) {
      if (!isHttpError(error)) foreign.push(error);
      else if (!error.request) foreign.push(error);
    } finally {
      open--;
    }
  };
  const begin = ({ method, origin, options, content, use, abort }: Plan): void => {
    const controller = new AbortController();
    signals.push(controller.signal);
    if (abort !== null) soon(() => controller.abort(), abort);
    const body = contentOf(content, sources);
    const { signal } = controller;
    void watched(used(session.request(method, `${origin}/x`, { ...options, signal, body }), use));
  };
  for (const plan of calls) soon(() => begin(plan), plan.at);
  const stop = async (how: { force?: boolean }): Promise<void> => {
    await session.close(how);
    closed++;
  };
  if (close !== null) soon(() => void stop({}), close);
  soon(() => void stop({ force: true }), force);

  for (let passed = 0; passed < force; passed += 10) {
    // Nothing happens most of the time.
    await turns(passed < 300 ? 3 : 1);
    vi.advanceTimersByTime(passed < 300 ? 10 : 100);
    if (passed >= 300) passed += 90;
  }
  await turns(10);
  const timers = vi.getTimerCount() - own;
  // What waits outside the session, and the clock's last look, which the longest of all default timeouts has set.
  for (const passed of [1000, 1000, 400_000]) {
    vi.advanceTimersByTime(passed);
    await turns(3);
  }
  const left: Left = {
    open,
    foreign,
    stats: session.stats,
    // The clock has one, which keeps no process alive, until it finds that there is nothing to wait for.
    timers: Math.max(0, timers - 1) + vi.getTimerCount(),
    pending: transport.pending,
    listeners: signals.flatMap((signal) => getEventListeners(signal, "abort")).length,
    sources: sources.filter(({ begun }) => begun).map(({ ends }) => ends),
    closed: closed - (close === null ? 0 : 1),
  };
  return left;
}

async function used(call: ReturnType<Session["get"]>, use: string): Promise<unknown> {
  if (use === "text") return call.text();
  const response = await call;
  if (use === "discard") response.discard();
  if (use === "stream") return response.body.getReader().read();
  if (use === "first") for await (const piece of response) return piece;
  return undefined;
}

function contentOf(kind: string, sources: { ends: number; begun: boolean }[]) {
  const source = (): AsyncIterable<string> => {
    const seen = { ends: 0, begun: false };
    sources.push(seen);
    let left = 3;
    const end = (): Promise<{ done: true; value: undefined }> => {
      seen.ends++;
      return Promise.resolve({ done: true, value: undefined });
    };
    return {
      [Symbol.asyncIterator]: () => ({
        next() {
          seen.begun = true;
          if (left-- > 0) return later(left, { done: false, value: "piece".repeat(9) });
          if (kind !== "broken") return end();
          seen.ends++;
          return Promise.reject(new Error("the source is broken"));
        },
        return: end,
      }),
    };
  };
  if (kind === "none") return null;
  if (kind === "bytes") return "bytes".repeat(20);
  return kind === "made" ? () => later(2, source()) : source();
}

/** Timers of the script that have not fired. */
let own = 0;

function soon(act: () => void, wait: number): void {
  own++;
  setTimeout(() => {
    own--;
    act();
  }, wait);
}

function later<T>(wait: number, value: T): Promise<T> {
  return new Promise((resolve) => soon(() => resolve(value), wait));
}
