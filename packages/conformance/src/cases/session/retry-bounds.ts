/* What ends retries: the caller, the deadline, the budget, whoever has the last word. */

import type { HttpError, TraceEvent } from "@anyhttp/core";
import {
  always,
  absent,
  atMost,
  call,
  type Case,
  defineCase,
  matching,
  respond,
  satisfying,
  stall,
} from "../../case.ts";
import { retry } from "./retry-parts.ts";

const busy = respond(503, [], "busy");
const done = respond(200, [], "done");
const isBusy = { code: "ERR_STATUS", fields: { status: 503 } };
/** Longer than any case may take. */
const endless = () => 30_000;

/** Resolves when a retry is announced; `trace` is for the call that it is of. */
function announced(): {
  readonly promise: Promise<void>;
  readonly trace: (event: TraceEvent) => void;
} {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { promise, trace: ({ type }) => type === "retry" && resolve() };
}

/** What an error says of the attempts before it. */
const before = (error: unknown): unknown =>
  (error as HttpError).attempts.map(({ status, error: failed }) => status ?? failed?.code);

/** Cases of `session/retry` about its bounds. */
export const retryBoundCases: readonly Case[] = [
  defineCase({
    id: "session/retry/abort-interrupts-the-wait",
    title: "an abort must end the wait for the next attempt at once, and say what had failed",
    level: "must",
    catalogue: ["F-RTY-02", "F-ABT-01"],
    origin: [busy],
    async perform(kit) {
      const { promise, trace } = announced();
      const session = kit.makeSession({ ...retry(3, { backoff: endless }), trace });
      const controller = new AbortController();
      const { signal } = controller;
      const seen = kit.observe(() => session.get("a", { signal }));
      await kit.within(5000, promise, "a retry to be announced");
      controller.abort("enough");
      const result = await kit.within(2000, seen, "the call to end");
      kit.note("before", before(result.error?.error));
      return result;
    },
    expect: {
      error: { code: "ERR_ABORTED", cause: "enough", attempt: 1, requestSent: "yes" },
      facts: { before: [503] },
      arrivals: 1,
    },
    hint: "check that the timer of the wait is ended by the end of the call",
  }),
  defineCase({
    id: "session/retry/close-interrupts-the-wait",
    title: "a session that is closed by force must not wait for the next attempt of a call",
    level: "must",
    catalogue: ["F-RTY-02"],
    origin: [busy],
    async perform(kit) {
      const { promise, trace } = announced();
      const session = kit.makeSession({ ...retry(3, { backoff: endless }), trace });
      const seen = kit.observe(() => session.get("a"));
      await kit.within(5000, promise, "a retry to be announced");
      await kit.within(2000, session.close({ force: true }), "close({ force: true })");
      return seen;
    },
    expect: { error: { code: "ERR_SESSION_CLOSED", attempt: 1 }, arrivals: 1 },
    hint: "check that force reaches calls between their exchanges",
  }),
  defineCase({
    id: "session/retry/no-wait-beyond-the-deadline",
    title: "what failed must be given at once if the wait would last beyond timeout.total",
    level: "must",
    catalogue: ["F-RTY-02", "F-TMO-02"],
    origin: [respond(503, [["retry-after", "20"]], "busy")],
    perform: call("GET", "a", { ...retry(3), timeout: 8000 }),
    expect: { error: isBusy, after: atMost(5000), arrivals: 1 },
    hint: "check that the wait is compared with what is left of the call",
  }),
  defineCase({
    id: "session/retry/deadline-of-all-attempts",
    title: "timeout.total must count all attempts and waits together, and tell what had failed",
    level: "must",
    catalogue: ["F-RTY-02", "F-TMO-02"],
    origin: [busy, busy, stall()],
    async perform(kit) {
      const options = { ...retry(9, { backoff: () => 100 }), timeout: 900 };
      const seen = await kit.call(call("GET", "a", options));
      kit.note("before", before(seen.error?.error));
      return seen;
    },
    expect: {
      error: {
        code: "ERR_TIMEOUT_TOTAL",
        fields: { limit: 900 },
        attempt: 3,
        requestSent: "yes",
        retryable: false,
      },
      facts: { before: [503, 503] },
      arrivals: 3,
    },
    exclusive: true,
    hint: "check that an attempt does not begin the clock of the call anew",
  }),
  defineCase({
    id: "session/retry/deadline-in-the-wait-of-others",
    title: "timeout.total must count redirects, attempts, waits, the queue and content together",
    level: "must",
    catalogue: ["F-TMO-02"],
    requires: { redirects: "visible" },
    otherwise: { kind: "not-applicable", capability: "redirects" },
    session: { limits: { concurrency: 1 } },
    origin: [
      busy,
      respond(302, [["location", "b"]]),
      busy,
      respond(302, [["location", "c"]]),
      stall(),
    ],
    perform: call("GET", "a", { ...retry(2, { backoff: () => 100 }), timeout: 900 }),
    expect: { error: { code: "ERR_TIMEOUT_TOTAL", fields: { limit: 900 } }, arrivals: 5 },
    exclusive: true,
    hint: "check that neither a hop nor an attempt begins the clock of the call anew",
  }),
  defineCase({
    id: "session/retry/budget-of-an-origin",
    title:
      "an origin that fails must get no more retries than its budget has, and successes refill it",
    level: "must",
    catalogue: ["F-RTY-04"],
    origin: {
      bad: Array.from({ length: 13 }, () => busy),
      good: [done, done],
    },
    async perform(kit) {
      const session = kit.makeSession({
        ...retry(2, { budget: { capacity: 4, refill: 0.5 } }),
        throwHttpErrors: false,
      });
      const failing = async (count: number): Promise<void> => {
        for (let i = 0; i < count; i++) await kit.observe(() => session.get("bad"));
      };
      // Four have a retry, and two have none.
      await failing(6);
      await kit.observe(() => session.get("good"));
      await kit.observe(() => session.get("good"));
      // One retry has been earned.
      await failing(2);
    },
    expect: { arrivals: 15 },
    hint: "check that tokens are spent and earned by origin",
  }),
  defineCase({
    id: "session/retry/budget-of-extended-sessions",
    title: "sessions that share a transport must share the budget of an origin",
    level: "must",
    catalogue: ["F-RTY-04"],
    origin: [busy, busy, busy, busy, busy],
    async perform(kit) {
      const budget = { capacity: 2 };
      const session = kit.makeSession({ ...retry(2, { budget }), throwHttpErrors: false });
      const child = session.extend({ headers: { "x-a": "1" } });
      for (const each of [session, child, child]) await kit.observe(() => each.get("a"));
    },
    expect: { arrivals: 5 },
    hint: "check that the budget belongs to the engine, not to the session",
  }),
  defineCase({
    id: "session/retry/layers-multiply-no-further-than-said",
    title: "attempts of the session within retries of a middleware must be their product at most",
    level: "must",
    catalogue: ["F-RTY-04"],
    origin: Array.from({ length: 6 }, () => busy),
    session: () => ({
      ...retry(3),
      middleware: [
        async (request: never, next: (request: never) => Promise<{ discard: () => void }>) => {
          (await next(request)).discard();
          return next(request);
        },
      ],
    }),
    perform: call("GET", "a"),
    expect: { error: isBusy, arrivals: 6 },
    hint: "check that nothing below retries again",
  }),
  defineCase({
    id: "session/retry/false-means-once",
    title: "retry: false must send a request once, whatever the session says",
    level: "must",
    catalogue: ["F-RTY-01"],
    session: retry(3),
    origin: [busy, busy, busy, done],
    perform: [
      call("GET", "a", { retry: false }),
      call("GET", "b", { retry: { attempts: 1 } }),
      call("GET", "c"),
    ],
    expect: {
      calls: [{ error: { ...isBusy, attempt: 1 } }, { error: isBusy }, { status: 200 }],
      arrivals: [{ path: "a" }, { path: "b" }, { path: "c" }, { path: "c" }],
    },
    hint: "check how the options of a call are laid over those of the session",
  }),
  defineCase({
    id: "session/retry/off-unless-asked-for",
    title: "nothing must be tried again without the option",
    level: "must",
    catalogue: ["F-RTY-01"],
    origin: [busy],
    perform: call("GET", "a"),
    expect: { error: isBusy, arrivals: 1 },
    hint: "check the default, and that the library below retries nothing",
  }),
  defineCase({
    id: "session/retry/should-retry-has-the-last-word",
    title:
      "shouldRetry must decide on method, status and code, and undefined leave it to the rules",
    level: "must",
    catalogue: ["F-RTY-01", "F-RTY-02"],
    origin: [
      respond(404),
      done,
      busy,
      busy,
      done,
      respond(404),
      // A promise of it will do.
      respond(409),
      done,
    ],
    perform: [
      call("GET", "a", retry(3, { shouldRetry: () => true })),
      call("GET", "b", retry(3, { shouldRetry: () => false })),
      call("GET", "c", retry(3, { shouldRetry: () => undefined })),
      call("GET", "d", retry(3, { shouldRetry: () => undefined })),
      call("POST", "e", {
        body: "x",
        ...retry(3, {
          shouldRetry: (failure: { response: { status: number }; attempt: number }) =>
            Promise.resolve(failure.response.status === 409 && failure.attempt === 1),
        }),
      }),
    ],
    expect: {
      calls: [
        { status: 200 },
        { error: isBusy },
        { status: 200 },
        { error: { code: "ERR_STATUS", fields: { status: 404 } } },
        { status: 200 },
      ],
      arrivals: [
        ...["a", "a", "b", "c", "c", "d"].map((path) => ({ path })),
        { path: "e", content: "x" },
        { path: "e", content: "x" },
      ],
    },
    hint: "check the order in which it is asked",
  }),
  defineCase({
    id: "session/retry/should-retry-that-throws",
    title: "what shouldRetry throws must end the call, its slot and its connection free",
    level: "must",
    catalogue: ["F-RTY-02"],
    session: { limits: { concurrency: 1 } },
    origin: [busy, done],
    perform: [
      call("GET", "a", {
        ...retry(3, {
          shouldRetry: () => {
            throw new RangeError("undecided");
          },
        }),
      }),
      call("GET", "b"),
    ],
    expect: {
      calls: [
        { error: { code: "ERR_MIDDLEWARE", cause: "RangeError: undecided" } },
        { status: 200, content: "done" },
      ],
    },
    hint: "check that the response that nobody gets is given up",
  }),
  defineCase({
    id: "session/retry/idempotency-key",
    title: "a POST must be sent again with an idempotency-key, the same for all attempts",
    level: "must",
    catalogue: ["F-RTY-01"],
    session: { retry: { idempotencyKey: true } },
    origin: [busy, busy, done, busy, done, done],
    perform: [
      call("POST", "a", { body: "x", ...retry(3) }),
      call("POST", "b", { body: "x", headers: { "idempotency-key": '"own"' }, ...retry(3) }),
      call("GET", "c", retry(3)),
    ],
    expect: {
      calls: [{ status: 200 }, { status: 200 }, { status: 200 }],
      arrivals: (() => {
        let key: unknown;
        const same = satisfying("the key of the first attempt", (value) => value === key);
        const fresh = satisfying("a key in quotes", (value) => {
          key = value;
          return matching(/^"[\da-f-]{36}"$/).matches(value);
        });
        return [
          ...[fresh, same, same, '"own"', '"own"'].map((expected) => ({
            content: "x",
            fields: { "idempotency-key": expected },
          })),
          { fields: { "idempotency-key": absent } },
        ];
      })(),
    },
    hint: "check that the key is made before the first attempt",
  }),
  defineCase({
    id: "session/retry/methods-statuses-and-errors-said",
    title: "methods, statuses and errors must replace the defaults",
    level: "must",
    catalogue: ["F-RTY-01"],
    session: retry(2, { methods: ["post"], statuses: [418], errors: [] }),
    origin: [respond(418), done, respond(418), busy],
    perform: [call("POST", "a", { body: "x" }), call("GET", "b"), call("POST", "c", { body: "x" })],
    expect: {
      calls: [
        { status: 200 },
        { error: { code: "ERR_STATUS", fields: { status: 418 } } },
        { error: isBusy },
      ],
    },
    hint: "check that lists are replaced, not merged",
  }),
  defineCase({
    id: "session/retry/attempts-without-end-have-an-end",
    title: "attempts: Infinity must be ended by the budget and by the deadline",
    level: "must",
    catalogue: ["F-RTY-04"],
    origin: [always(busy)],
    perform: [
      call("GET", "a", retry(Infinity, { budget: { capacity: 7 } })),
      call("GET", "b", { ...retry(Infinity, { backoff: () => 50, budget: false }), timeout: 500 }),
    ],
    expect: {
      calls: [
        { error: isBusy },
        { error: { code: satisfying("an end", (code) => /STATUS|TOTAL/.test(String(code))) } },
      ],
      arrivals: satisfying(
        "from 9 to 19 requests",
        (count) => Number(count) >= 9 && Number(count) <= 19,
      ),
    },
    exclusive: true,
    hint: "check that something always ends the loop",
  }),
];
