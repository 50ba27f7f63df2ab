/* Retries with all else that a call may do: redirects, credentials, middleware, traces, dead connections. */

import {
  bearer,
  type HttpResponse,
  type Middleware,
  tokenRefresh,
  type TraceEvent,
} from "@anyhttp/core";
import {
  afterContent,
  call,
  type Case,
  close,
  defineCase,
  reset,
  respond,
  sequence,
} from "../../case.ts";
import { retry } from "./retry-parts.ts";

const busy = respond(503, [], "busy");
const done = respond(200, [], "done");
const lost = sequence(afterContent(), reset());
const denied = respond(401, [["www-authenticate", "Bearer"]], "denied");
const moved = respond(307, [["location", "b"]], "moved");
const visible = {
  requires: { redirects: "visible" },
  otherwise: { kind: "not-applicable", capability: "redirects" },
} as const;

/** Adds a field, and notes that it was called. */
const marking = (name: string, scope: "call" | "attempt", log: string[]): Middleware => ({
  scope,
  async handle(request, next) {
    log.push(name);
    request.headers.append(`x-${name}`, "1");
    return next(request);
  },
});

/** Cases of `session/retry` together with other features. */
export const retryTogetherCases: readonly Case[] = [
  defineCase({
    id: "session/retry/each-hop-of-a-redirect",
    title: "each hop of a redirect must have its own attempts, with the same content",
    level: "must",
    catalogue: ["F-RTY-01"],
    ...visible,
    origin: [busy, moved, busy, done],
    perform: call("PUT", "a", { body: "content", ...retry(2) }, async (response: HttpResponse) => [
      response.history.length,
      response.attempts.map(({ status }) => status),
      await response.text(),
    ]),
    expect: {
      content: [1, [503], "done"],
      arrivals: ["a", "a", "b", "b"].map((path) => ({ path, content: "content" })),
    },
    hint: "check that redirects stand around retries",
  }),
  defineCase({
    id: "session/retry/a-redirect-is-no-failure",
    title: "a redirect that fails must not be tried again",
    level: "must",
    catalogue: ["F-RTY-01"],
    ...visible,
    origin: [respond(302, [["location", "http://["]])],
    perform: call("GET", "a", retry(3)),
    expect: { error: { code: "ERR_REDIRECT_LOCATION" }, arrivals: 1 },
    hint: "check which errors are of a passing kind",
  }),
  defineCase({
    id: "session/retry/credentials-of-each-attempt",
    title: "each attempt must be authenticated, with the token of its time",
    level: "must",
    catalogue: ["F-RTY-04"],
    origin: [lost, busy, done],
    async perform(kit) {
      let count = 0;
      const session = kit.makeSession({ auth: bearer(() => `t${++count}`), ...retry(3) });
      return kit.observe(() => session.get("a"));
    },
    expect: {
      status: 200,
      arrivals: ["t1", "t2", "t3"].map((token) => ({
        fields: { authorization: [`Bearer ${token}`] },
      })),
    },
    hint: "check that credentials stand inside retries",
  }),
  defineCase({
    id: "session/retry/a-hundred-refusals-and-one-refresh",
    title:
      "a hundred calls that are refused at once must wait for one new token, and each be sent once more",
    level: "must",
    catalogue: ["F-RTY-04"],
    origin: {
      ...Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`p${i}`, [denied, done]])),
    },
    async perform(kit) {
      let count = 0;
      const token = Promise.withResolvers<string>();
      const session = kit.makeSession({
        ...retry(3),
        limits: { concurrency: 10 },
        auth: tokenRefresh({
          token: "t0",
          refresh() {
            count++;
            return token.promise;
          },
        }),
      });
      const calls = Array.from({ length: 100 }, (_, i) => kit.observe(() => session.get(`p${i}`)));
      await kit.origin.completed(100);
      token.resolve("t1");
      const seen = await Promise.all(calls);
      kit.note("refreshes", count);
      kit.note("done", seen.filter(({ content }) => content === "done").length);
    },
    expect: { facts: { refreshes: 1, done: 100 }, arrivals: 200 },
    hint: "check that a 401 is answered once, and that whoever waits holds no slot",
  }),
  defineCase({
    id: "session/retry/a-refused-token-and-a-busy-server",
    title: "attempts must be no more than were said, each with one answer to a 401 at most",
    level: "must",
    catalogue: ["F-RTY-04"],
    origin: [denied, busy, denied, busy],
    async perform(kit) {
      let count = 0;
      let valid = "t0";
      const session = kit.makeSession({
        ...retry(2),
        auth: tokenRefresh({ token: valid, refresh: () => (valid = `t${++count}`) }),
      });
      return kit.observe(() => session.get("a"));
    },
    expect: {
      error: { code: "ERR_STATUS", fields: { status: 503 } },
      arrivals: ["t0", "t1", "t1", "t2"].map((token) => ({
        fields: { authorization: [`Bearer ${token}`] },
      })),
    },
    hint: "check that a 401 is no failure to retry by itself",
  }),
  defineCase({
    id: "session/retry/a-refresh-that-fails-is-not-retried",
    title:
      "a token that cannot be refreshed must end the call, and not be asked for by each attempt",
    level: "must",
    catalogue: ["F-RTY-04"],
    origin: [],
    async perform(kit) {
      let count = 0;
      const session = kit.makeSession({
        ...retry(3),
        auth: tokenRefresh({
          refresh: () => {
            count++;
            throw new RangeError("no token");
          },
        }),
      });
      const seen = await kit.observe(() => session.get("a"));
      kit.note("refreshes", count);
      return seen;
    },
    expect: { error: { code: "ERR_AUTH", attempt: 1 }, facts: { refreshes: 1 }, arrivals: 0 },
    hint: "check which errors are of a passing kind",
  }),
  defineCase({
    id: "session/retry/middleware-of-both-scopes",
    title:
      "middleware of the call must be called once, and that of the attempt for each, with the same fields",
    level: "must",
    catalogue: ["F-RTY-01"],
    origin: [lost, busy, done],
    async perform(kit) {
      const log: string[] = [];
      const session = kit.makeSession({
        ...retry(3),
        middleware: [marking("inner", "attempt", log), marking("outer", "call", log)],
      });
      const seen = await kit.observe(() => session.get("a"));
      kit.note("called", log);
      return seen;
    },
    expect: {
      status: 200,
      arrivals: [1, 2, 3].map(() => ({ fields: { "x-outer": ["1"], "x-inner": ["1"] } })),
      facts: { called: ["outer", "inner", "inner", "inner"] },
    },
    hint: "check that what middleware adds to one attempt is not there for the next",
  }),
  defineCase({
    id: "session/retry/middleware-that-fails-an-attempt",
    title: "what middleware of an attempt throws must end the call, unless it is a passing failure",
    level: "must",
    catalogue: ["F-RTY-01"],
    origin: [],
    async perform(kit) {
      let count = 0;
      const session = kit.makeSession({
        ...retry(3),
        middleware: [
          {
            scope: "attempt",
            handle() {
              count++;
              throw new RangeError("out of range");
            },
          } satisfies Middleware,
        ],
      });
      const seen = await kit.observe(() => session.get("a"));
      kit.note("called", count);
      return seen;
    },
    expect: {
      error: { code: "ERR_MIDDLEWARE", cause: "RangeError: out of range" },
      facts: { called: 1 },
      arrivals: 0,
    },
    hint: "check that a bug is not repeated",
  }),
  defineCase({
    id: "session/retry/is-told",
    title: "retries must be told to who traces the call, and what stands against another",
    level: "must",
    catalogue: ["F-RTY-01", "F-RTY-02"],
    origin: [lost, busy, busy, busy, busy],
    async perform(kit) {
      const events: unknown[] = [];
      const trace = (event: TraceEvent): void => {
        if (event.type === "retry")
          events.push([event.attempt, event.delay, event.status, event.error?.name]);
        if (event.type === "no-retry") events.push([event.attempt, event.why]);
      };
      const session = kit.makeSession({ trace, ...retry(3), throwHttpErrors: false });
      const response = await kit.within(5000, session.get("a"), "the response");
      response.discard();
      kit.note(
        "attempts",
        response.attempts.map(({ status, error }) => status ?? error?.name),
      );
      await kit.observe(() => session.post("b", { body: "x" }));
      const patient = retry(2, { backoff: () => 60_000, maxDelay: 70_000 });
      await kit.observe(() => session.get("c", { ...patient, timeout: 9000 }));
      kit.note("events", events);
    },
    requires: { failureDetail: "phased" },
    otherwise: { kind: "not-applicable", capability: "failureDetail" },
    expect: {
      facts: {
        attempts: ["DisconnectedError", 503],
        events: [
          [1, 0, null, "DisconnectedError"],
          [2, 0, 503, undefined],
          [3, "attempts"],
          [1, "method"],
          [1, "deadline"],
        ],
      },
    },
    hint: "check the events `retry` and `no-retry`",
  }),
  defineCase({
    id: "session/retry/a-dead-connection-is-no-attempt",
    title:
      "a request on a kept-alive connection that had died must be sent again without costing an attempt",
    level: "must",
    catalogue: ["F-RTY-01"],
    requires: { failureDetail: "phased", connectionInfo: "exposed" },
    otherwise: { kind: "not-applicable", capability: "connectionInfo" },
    origin: [respond(200, [], "first"), close(), busy, done],
    perform: [
      call("GET", "a"),
      call("GET", "b", retry(2), async (response: HttpResponse) => [
        response.attempts.map(({ status }) => status),
        await response.text(),
      ]),
    ],
    expect: {
      calls: [{ content: "first" }, { content: [[503], "done"] }],
      arrivals: [{ path: "a" }, { path: "b" }, { path: "b" }, { path: "b" }],
    },
    hint: "check that the repetition of RFC 9110 §9.2.2 is the exchange's own, and free",
  }),
  defineCase({
    id: "session/retry/false-leaves-a-dead-connection-dead",
    title: "retry: false must not send again on a connection that had died, either",
    level: "must",
    catalogue: ["F-RTY-01"],
    requires: { failureDetail: "phased", connectionInfo: "exposed" },
    otherwise: { kind: "not-applicable", capability: "connectionInfo" },
    origin: [respond(200, [], "first"), close()],
    perform: [call("GET", "a"), call("GET", "b", { retry: false })],
    expect: {
      calls: [{ content: "first" }, { error: { code: "ERR_DISCONNECTED_IDLE", retryable: true } }],
      arrivals: 2,
    },
    hint: "check that the option reaches the exchange",
  }),
  defineCase({
    id: "session/retry/framing-of-content-sent-again",
    title:
      "content of a declared length must keep its framing when it is sent again on a new connection",
    level: "must",
    catalogue: ["F-RTY-01"],
    requires: {
      failureDetail: "phased",
      connectionInfo: "exposed",
      requestStreaming: "half-duplex",
    },
    otherwise: { kind: "not-applicable", capability: "connectionInfo" },
    origin: [respond(200, [], "first"), close(), done],
    perform: [
      call("GET", "a"),
      call("PUT", "b", {
        headers: { "content-length": "4" },
        body: () => new Blob(["abcd"]).stream(),
      }),
    ],
    expect: {
      calls: [{ content: "first" }, { content: "done" }],
      arrivals: [
        { path: "a" },
        { path: "b" },
        { path: "b", framing: "length", content: "abcd", fields: { "content-length": ["4"] } },
      ],
    },
    hint: "check that the declared length is taken from the request, not from what was sent before",
  }),
];
