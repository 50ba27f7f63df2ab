/* `timeout.attempt` (DESIGN §5): one attempt, from the queue to the head of its response, with retry and without. */

import { bearer, type Middleware } from "@anyhttp/core";
import {
  afterContent,
  type Answer,
  atLeast,
  between,
  call,
  type Case,
  content,
  defineCase,
  expects,
  gate,
  head,
  oneOf,
  pause,
  read,
  respond,
  sequence,
  stall,
  trickle,
  filler,
  unaccepting,
} from "../../case.ts";
import { retry } from "./retry-parts.ts";

const byClient = oneOf("client-fin", "client-reset");
const done = respond(200, [], "done");
const late = (ms: number, ...then: readonly Answer[]) =>
  sequence(afterContent(), pause(ms), ...then);
const attempt = (limit: number) => ({
  name: "TimeoutError",
  code: "ERR_TIMEOUT_ATTEMPT",
  phase: "attempt",
  fields: { limit, elapsed: atLeast(limit - 1) },
});

/** Cases of `session/timeout` about `attempt`. */
export const timeoutAttemptCases: readonly Case[] = [
  defineCase({
    id: "session/timeout/attempt-without-retry",
    title:
      "timeout.attempt must end the only attempt within 50 ms of its limit, and close its connection",
    level: "must",
    catalogue: ["F-TMO-01"],
    origin: [stall(), done],
    perform: [call("GET", "a", { timeout: { attempt: 300 } }), call("GET", "b")],
    expect: {
      calls: [
        {
          error: { ...attempt(300), requestSent: "maybe", retryable: true, attempt: 1 },
          after: between(299, 350),
        },
        { status: 200, content: "done" },
      ],
      connections: [{ closed: byClient }, {}],
    },
    exclusive: true,
    hint: "check that the limit does not depend on retry, and that the exchange is called off",
  }),
  defineCase({
    id: "session/timeout/attempt-is-tried-again",
    title: "an attempt that took too long must be followed by another, on another connection",
    level: "must",
    catalogue: ["F-TMO-01", "F-RTY-01"],
    origin: [stall(), stall(), done],
    perform: call("PUT", "a", { body: "content", timeout: { attempt: 500 }, ...retry(3) }),
    expect: {
      status: 200,
      content: "done",
      arrivals: Array.from({ length: 3 }, () => ({ content: "content" })),
      connections: Array.from({ length: 3 }, () => ({ requests: 1 })),
    },
    exclusive: true,
    hint: "check that ERR_TIMEOUT_ATTEMPT is of a passing kind",
  }),
  defineCase({
    id: "session/timeout/attempt-of-each",
    title: "each attempt must have all of timeout.attempt, waits between them not counted",
    level: "must",
    catalogue: ["F-TMO-01"],
    origin: [late(400, respond(503)), late(400, respond(503)), late(400, done)],
    perform: call("GET", "a", { timeout: { attempt: 800 }, ...retry(3, { backoff: () => 900 }) }),
    expect: { status: 200, content: "done", after: atLeast(2900) },
    exclusive: true,
    hint: "check that the clock begins with the attempt and ends with its response",
  }),
  defineCase({
    id: "session/timeout/attempt-all-of-them",
    title: "the last attempt's timeout must say which it was",
    level: "must",
    catalogue: ["F-TMO-01"],
    origin: [stall(), stall()],
    perform: call("GET", "a", { timeout: { attempt: 200 }, ...retry(2) }),
    expect: { error: { ...attempt(200), attempt: 2 }, after: atLeast(398), arrivals: 2 },
    exclusive: true,
    hint: "check that the error is of the last attempt",
  }),
  defineCase({
    id: "session/timeout/attempt-includes-the-queue",
    title: "timeout.attempt must count the wait for a slot, and nothing of it be sent",
    level: "must",
    catalogue: ["F-TMO-01"],
    session: { limits: { perOrigin: 1 } },
    origin: [sequence(gate("go"), done)],
    async perform(kit) {
      const first = kit.call(call("GET", "a"));
      await kit.origin.arrived(1);
      const second = await kit.call(call("GET", "b", { timeout: { attempt: 200 } }));
      kit.note("queued", kit.session.stats.queued);
      await kit.origin.open("go");
      return [await first, second];
    },
    expect: {
      calls: [{ status: 200 }, { error: { ...attempt(200), requestSent: "no" } }],
      arrivals: [{ path: "a" }],
      facts: { queued: 0 },
    },
    hint: "check that an attempt that has ended leaves the queue",
  }),
  defineCase({
    id: "session/timeout/attempt-includes-connecting",
    title: "timeout.attempt must count the making of a connection",
    level: "must",
    catalogue: ["F-TMO-01"],
    requires: { connectTimeout: "exact" },
    otherwise: expects({ error: { ...attempt(300), requestSent: "maybe" } }),
    session: { allowOtherOrigins: true },
    doors: { full: unaccepting() },
    origin: [],
    perform: call("GET", "{full}a", { timeout: { attempt: 300 } }),
    expect: { error: { ...attempt(300), requestSent: "no", retryable: true } },
    hint: "check that the signal ends a connection that is being made",
  }),
  defineCase({
    id: "session/timeout/attempt-includes-all-its-exchanges",
    title: "timeout.attempt must count what an attempt takes to be authenticated",
    level: "must",
    catalogue: ["F-TMO-01"],
    origin: [late(300, respond(401)), stall()],
    async perform(kit) {
      const auth = { ...bearer("t"), answered: () => true };
      const session = kit.makeSession({ auth });
      return kit.observe(() => session.get("a", { timeout: { attempt: 500 } }));
    },
    expect: { error: attempt(500), after: between(499, 760), arrivals: 2 },
    exclusive: true,
    hint: "check that an exchange within an attempt does not begin its clock anew",
  }),
  defineCase({
    id: "session/timeout/attempt-includes-its-middleware",
    title:
      "timeout.attempt must end middleware of the attempt that hangs, and nothing be sent later",
    level: "must",
    catalogue: ["F-TMO-01"],
    origin: [done],
    async perform(kit) {
      const wake = Promise.withResolvers<void>();
      const over = Promise.withResolvers<void>();
      const hanging: Middleware = {
        scope: "attempt",
        async handle(request, next) {
          await wake.promise;
          return next(request).finally(over.resolve);
        },
      };
      const session = kit.makeSession({ middleware: [hanging] });
      const seen = await kit.observe(() => session.get("a", { timeout: { attempt: 200 } }));
      wake.resolve();
      await kit.within(2000, over.promise, "next to settle");
      return [seen, await kit.call(call("GET", "b"))];
    },
    expect: {
      calls: [{ error: { ...attempt(200), requestSent: "no" } }, { status: 200 }],
      arrivals: [{ path: "b" }],
    },
    hint: "check that next sends nothing for an attempt that is over",
  }),
  defineCase({
    id: "session/timeout/attempt-is-over-with-the-head",
    title: "timeout.attempt must not count content that the caller reads",
    level: "must",
    catalogue: ["F-TMO-01"],
    origin: [
      sequence(
        afterContent(),
        head(200, [["content-length", "60"]]),
        trickle(filler(60), { size: 10, every: 200 }),
      ),
    ],
    perform: call("GET", "a", { timeout: { attempt: 500 } }),
    expect: { status: 200, content: filler(60), after: atLeast(990) },
    exclusive: true,
    hint: "check that the clock is taken off when the response is handed over",
  }),
  defineCase({
    id: "session/timeout/attempt-includes-content-that-is-read-inside",
    title: "timeout.attempt must count content that middleware of the attempt reads",
    level: "must",
    catalogue: ["F-TMO-01"],
    origin: [
      sequence(afterContent(), head(200, [["content-length", "10"]]), content("12345"), stall()),
      done,
    ],
    async perform(kit) {
      const reading: Middleware = {
        scope: "attempt",
        async handle(request, next) {
          const response = await next(request);
          await response.text();
          return response;
        },
      };
      const session = kit.makeSession({ middleware: [reading] });
      const seen = await kit.observe(() => session.get("a", { timeout: { attempt: 400 } }));
      return [seen, await kit.call(call("GET", "b"))];
    },
    expect: {
      calls: [{ error: attempt(400) }, { status: 200 }],
      connections: [{ closed: byClient }, {}],
    },
    hint: "check that content under way is broken off with the attempt",
  }),
  defineCase({
    id: "session/timeout/attempt-of-each-hop",
    title: "each hop of a redirect must be an attempt of its own",
    level: "must",
    catalogue: ["F-TMO-01"],
    requires: { redirects: "visible" },
    otherwise: { kind: "not-applicable", capability: "redirects" },
    origin: [late(400, respond(302, [["location", "b"]])), late(400, done)],
    perform: call("GET", "a", { timeout: { attempt: 650 } }, read.text),
    expect: { status: 200, content: "done", after: atLeast(790) },
    exclusive: true,
    hint: "check that redirects stand around attempts",
  }),
];
