/* Closing a session: no more calls, those under way end, and all connections are closed when `close()` resolves. */

import {
  afterContent,
  call,
  type Case,
  content,
  defineCase,
  expects,
  gate,
  head,
  lacking,
  oneOf,
  read,
  respond,
  sendFiller,
  sequence,
  stall,
} from "../../case.ts";

const ok = respond(200, [], "ok");
const fine = { status: 200, content: "ok" };
const closed = {
  error: { name: "SessionClosedError", code: "ERR_SESSION_CLOSED", phase: "prepare" },
} as const;
const byClient = oneOf("client-fin", "client-reset");
/** Where the runtime owns the connections, there is nothing that a session could close. */
const owns = { tls: "configurable" } as const;

/** Cases of `session/closing`. */
export const closingCases: readonly Case[] = [
  defineCase({
    id: "session/closing/no-call-after-close",
    title: "a call on a closed session must reject, and nothing of it must be sent",
    level: "must",
    catalogue: ["F-LIF-01"],
    origin: [ok],
    async perform(kit) {
      const before = await kit.call(call("GET", "a"));
      await kit.within(5000, kit.session.close(), "close()");
      return [before, await kit.call(call("GET", "b"))];
    },
    expect: {
      calls: [fine, { error: { ...closed.error, requestSent: "no", retryable: false } }],
      arrivals: [{ path: "a" }],
    },
    hint: "check that a closed session refuses calls",
  }),
  defineCase({
    id: "session/closing/no-call-while-closing",
    title: "a call must be refused as soon as close() was called",
    level: "must",
    catalogue: ["F-LIF-01"],
    origin: [sequence(gate("go"), ok)],
    async perform(kit) {
      const first = kit.call(call("GET", "a"));
      await kit.origin.arrived(1);
      const closing = kit.session.close();
      const second = await kit.within(1000, kit.call(call("GET", "b")), "the refusal");
      await kit.origin.open("go");
      const seen = [await first, second];
      await kit.within(5000, closing, "close()");
      return seen;
    },
    expect: { calls: [fine, closed], arrivals: [{ path: "a" }] },
    hint: "check that the session is closed before anything is awaited",
  }),
  defineCase({
    id: "session/closing/waits-for-calls",
    title: "close() must wait for calls under way and for those in the queue",
    level: "must",
    catalogue: ["F-LIF-01"],
    session: { limits: { concurrency: 1 } },
    origin: [sequence(gate("go"), ok), ok],
    async perform(kit) {
      const calls = [kit.call(call("GET", "a")), kit.call(call("GET", "b"))];
      await kit.origin.arrived(1);
      const closing = kit.session.close();
      await kit.neverWithin(150, closing, "close() to resolve while calls are under way");
      await kit.origin.open("go");
      const seen = await Promise.all(calls);
      await kit.within(5000, closing, "close()");
      return seen;
    },
    expect: { calls: [fine, fine], arrivals: 2 },
    hint: "check that calls are counted until their content has ended",
  }),
  defineCase({
    id: "session/closing/waits-for-a-reader",
    title: "close() must wait for content that somebody reads",
    level: "must",
    catalogue: ["F-LIF-01"],
    origin: [
      sequence(
        afterContent(),
        head(200, [["content-length", "10"]]),
        content("12345"),
        gate("rest"),
        content("67890"),
      ),
    ],
    async perform(kit) {
      const response = await kit.within(5000, kit.session.get("a"), "the head");
      const text = response.text();
      void text.catch(() => undefined);
      const closing = kit.session.close();
      await kit.neverWithin(150, closing, "close() to resolve while content is read");
      await kit.origin.open("rest");
      kit.note("text", await kit.within(5000, text, "the content"));
      await kit.within(5000, closing, "close()");
    },
    expect: { facts: { text: "1234567890" } },
    hint: "check that content with a reader is left alone",
  }),
  defineCase({
    id: "session/closing/gives-up-unread-content",
    title: "close() must give up content that nobody has begun to read",
    level: "must",
    catalogue: ["F-LIF-01"],
    origin: [
      sequence(afterContent(), head(200, [["content-length", "50000000"]]), sendFiller(50_000_000)),
    ],
    async perform(kit) {
      const response = await kit.within(5000, kit.session.get("a"), "the head");
      await kit.within(2000, kit.session.close(), "close()");
      await kit.origin.closedByClient(1);
      const again = () => Promise.resolve(response) as ReturnType<typeof kit.session.get>;
      return kit.observe(again, read.text);
    },
    expect: {
      status: 200,
      error: { name: "SessionClosedError", code: "ERR_SESSION_CLOSED" },
      connections: [{ closed: byClient }],
    },
    hint: "check that a response without a reader does not hold a session up",
  }),
  defineCase({
    id: "session/closing/idempotent",
    title: "close() must resolve however often it is called",
    level: "must",
    catalogue: ["F-LIF-01"],
    origin: [ok],
    async perform(kit) {
      const seen = await kit.call(call("GET", "a"));
      const twice = Promise.all([kit.session.close(), kit.session.close()]);
      await kit.within(5000, twice, "close() called twice");
      await kit.within(5000, kit.session.close(), "close() called again");
      return seen;
    },
    expect: fine,
    hint: "check that the transport's close is called once, or bears more",
  }),
  defineCase({
    id: "session/closing/unused",
    title: "a session that was never used must close",
    level: "must",
    catalogue: ["F-LIF-01"],
    origin: [ok],
    async perform(kit) {
      const unused = kit.makeSession();
      await kit.within(1000, unused.close(), "close() of an unused session");
      return kit.call(call("GET", "a"));
    },
    expect: fine,
    hint: "check that close() does not wait for what never was",
  }),
  defineCase({
    id: "session/closing/closes-idle-connections",
    title: "all idle connections must be closed when close() has resolved",
    level: "must",
    catalogue: ["F-LIF-01"],
    requires: owns,
    otherwise: expects(
      { calls: [fine, fine, fine] },
      {
        perform: { kind: "together", calls: ["a", "b", "c"].map((path) => call("GET", path)) },
        origin: { a: [ok], b: [ok], c: [ok] },
      },
    ),
    origin: {
      a: [sequence(gate("go"), ok)],
      b: [sequence(gate("go"), ok)],
      c: [sequence(gate("go"), ok)],
    },
    async perform(kit) {
      const calls = ["a", "b", "c"].map((path) => kit.call(call("GET", path)));
      await kit.origin.arrived(3);
      await kit.origin.open("go");
      const seen = await Promise.all(calls);
      await kit.within(2000, kit.session.close(), "close()");
      await kit.origin.closedByClient(3);
      return seen;
    },
    expect: {
      calls: [fine, fine, fine],
      connections: [{ closed: byClient }, { closed: byClient }, { closed: byClient }],
    },
    hint: "check that the pool is closed, and that its end is waited for",
  }),
  defineCase({
    id: "session/closing/force-ends-calls",
    title: "close({ force: true }) must end calls in each phase at once",
    level: "must",
    session: { limits: { concurrency: 2 } },
    origin: {
      head: [stall()],
      body: [
        sequence(afterContent(), head(200, [["content-length", "10"]]), content("12345"), stall()),
      ],
    },
    async perform(kit) {
      const calls = ["head", "body", "queued"].map((path) => kit.call(call("GET", path)));
      await kit.origin.arrived(2);
      await kit.within(2000, kit.session.close({ force: true }), "close() by force");
      return kit.within(1000, Promise.all(calls), "all calls to settle");
    },
    expect: {
      calls: Array.from({ length: 3 }, () => ({
        error: { name: "SessionClosedError", code: "ERR_SESSION_CLOSED" },
      })),
      arrivals: [{ path: "head" }, { path: "body" }],
      connections: [{ closed: byClient }, { closed: byClient }],
    },
    hint: "check that force reaches queued calls, calls without a head, and content",
  }),
  defineCase({
    id: "session/closing/force-after-close",
    title: "close({ force: true }) must end calls that an earlier close() waits for",
    level: "must",
    origin: [stall()],
    async perform(kit) {
      const seen = kit.call(call("GET", "a"));
      await kit.origin.arrived(1);
      const closing = kit.session.close();
      await kit.neverWithin(100, closing, "close() to resolve while a call is under way");
      await kit.within(2000, kit.session.close({ force: true }), "close() by force");
      await kit.within(1000, closing, "the first close()");
      return seen;
    },
    expect: { error: { code: "ERR_SESSION_CLOSED" }, connections: [{ closed: byClient }] },
    hint: "check that force is looked at on each call of close()",
  }),
  defineCase({
    id: "session/closing/await-using",
    title: "the end of an await using block must close the session",
    level: "must",
    catalogue: ["F-LIF-01"],
    origin: [ok],
    async perform(kit) {
      const session = kit.makeSession();
      const seen = await kit.observe(() => session.get("a"));
      // What the end of an `await using` block does.
      await kit.within(2000, session[Symbol.asyncDispose](), "the disposal of the session");
      return [seen, await kit.observe(() => session.get("b"))];
    },
    expect: { calls: [fine, closed], arrivals: [{ path: "a" }] },
    hint: "check Symbol.asyncDispose of sessions",
  }),
  defineCase({
    id: "session/closing/extended-leaves-its-parent",
    title: "closing an extended session must leave the session that it was made of usable",
    level: "must",
    catalogue: ["F-LIF-01"],
    origin: [ok, ok],
    async perform(kit) {
      const extended = kit.session.extend({});
      const first = await kit.observe(() => extended.get("a"));
      await kit.within(2000, extended.close(), "close() of the extended session");
      return [first, await kit.observe(() => extended.get("b")), await kit.call(call("GET", "c"))];
    },
    expect: { calls: [fine, closed, fine], connections: [{ closed: lacking("client") }] },
    requires: { connectionInfo: "exposed" },
    otherwise: expects({ calls: [fine, closed, fine] }),
    hint: "check that only the session that made the transport's owner closes it",
  }),
  defineCase({
    id: "session/closing/parent-ends-extended-sessions",
    title: "closing a session must close all that were made of it",
    level: "must",
    catalogue: ["F-LIF-01"],
    origin: [ok],
    async perform(kit) {
      const extended = kit.session.extend({}).extend({});
      const first = await kit.observe(() => extended.get("a"));
      await kit.within(2000, kit.session.close(), "close()");
      return [first, await kit.observe(() => extended.get("b"))];
    },
    expect: { calls: [fine, closed], arrivals: [{ path: "a" }] },
    hint: "check that extended sessions look at what they share",
  }),
];
