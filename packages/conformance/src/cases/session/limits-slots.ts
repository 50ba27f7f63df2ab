/* Slots (`limits`): how many exchanges run at once, who is next, and when a slot is free again. */

import {
  aborted,
  afterContent,
  always,
  atMost,
  between,
  type Call,
  call,
  type Case,
  content,
  defineCase,
  expects,
  filler,
  gate,
  head,
  oneOf,
  plain,
  read,
  refused,
  reset,
  respond,
  type Script,
  sendFiller,
  sequence,
  stall,
  truncate,
} from "../../case.ts";

const one = { limits: { concurrency: 1 } };
const ok = respond(200, [], "ok");
const fine = { status: 200, content: "ok" };
const large = head(200, [["content-length", "50000000"]]);
const flood = sequence(afterContent(), large, sendFiller(50_000_000));

/** Ways in which a call can end: the call after it needs its slot. */
const ends: readonly (readonly [name: string, how: string, first: Call, origin: Script])[] = [
  ["an-error", "an error", call("GET", "a"), [reset(), ok]],
  ["no-connection", "a connection that is refused", call("GET", "{gone}a"), [ok]],
  ["an-abort", "an abort", aborted(call("GET", "a"), "arrived"), [stall(), ok]],
  ["a-timeout", "a timeout", call("GET", "a", { timeout: 150 }), [stall(), ok]],
  ["truncation", "content that breaks off", call("GET", "a"), [truncate(200, 10, "12345"), ok]],
  ["an-error-status", "an error status", call("GET", "a"), [respond(500, [], "broken"), ok]],
  ["discard", "content that is discarded", call("GET", "a", {}, read.discard), [respond(200, [], filler(5000)), ok]],
  ["a-discarded-flood", "a flood that is discarded", call("GET", "a", {}, read.discard), [flood, ok]],
  ["a-discarded-silence", "content that is discarded and never ends", call("GET", "a", {}, read.discard), [sequence(afterContent(), head(200, [["content-length", "10"]]), content("12345"), stall()), ok]],
  ["unread-content", "small content that nobody reads", call("GET", "a", {}, read.nothing), [respond(200, [], "unread"), ok]],
  ["head", "a response to HEAD that nobody reads", call("HEAD", "a", {}, read.nothing), [respond(200, [["content-length", "10"]]), ok]],
  ["no-content", "a 204 that nobody reads", call("DELETE", "a", {}, read.nothing), [respond(204), ok]],
  ["bad-content-source", "request content that fails", call("POST", "a", () => ({ body: () => Promise.reject(new Error("no content")) })), [ok]],
]; // prettier-ignore

const endCases = ends.map(([name, how, first, origin]) =>
  defineCase({
    id: `session/limits/slot-is-free-after-${name}`,
    title: `${how} must free the slot for the next call`,
    level: "must",
    catalogue: ["V-LK-03", "F-POL-02"],
    session: { ...one, allowOtherOrigins: true },
    doors: name === "no-connection" ? { gone: refused() } : {},
    origin,
    async perform(kit) {
      const seen = await kit.call(first);
      kit.note("ended", seen.error === undefined || seen.error.http);
      return kit.call(call("GET", "next"));
    },
    expect: { ...fine, url: "{main}next", facts: { ended: true } },
    hint: "check that each end of an exchange gives its slot back, once",
  }),
);

/** Cases of `session/limits` about slots. */
export const limitSlotCases: readonly Case[] = [
  ...endCases,
  defineCase({
    id: "session/limits/concurrency-one-serialises",
    title: "with limits.concurrency 1 a call must wait until the one before has ended",
    level: "must",
    catalogue: ["F-POL-01"],
    session: one,
    origin: {
      a: [sequence(gate("a"), ok)],
      b: [sequence(gate("b"), ok)],
      c: [ok],
    },
    async perform(kit) {
      const calls = ["a", "b", "c"].map((path) => kit.call(call("GET", path)));
      await kit.origin.arrived(1);
      await kit.neverWithin(100, kit.origin.arrived(2), "a second request");
      await kit.origin.open("a");
      await kit.origin.arrived(2);
      kit.note("arrived", (await kit.origin.ledger()).arrivals.length);
      await kit.origin.open("b");
      return Promise.all(calls);
    },
    expect: { calls: [fine, fine, fine], facts: { arrived: 2 } },
    hint: "check that each exchange takes a slot before it is sent",
  }),
  defineCase({
    id: "session/limits/first-come-first-served",
    title: "calls to one origin must be served in the order in which they were made",
    level: "must",
    catalogue: ["F-POL-01"],
    session: one,
    origin: Array.from({ length: 8 }, () => ok),
    perform: [
      {
        kind: "together",
        calls: Array.from({ length: 8 }, (_, index) => call("GET", String(index))),
      },
    ],
    expect: {
      calls: Array.from({ length: 8 }, () => fine),
      arrivals: Array.from({ length: 8 }, (_, index) => ({ path: String(index) })),
    },
    hint: "check that a slot goes to who has waited longest",
  }),
  defineCase({
    id: "session/limits/per-origin",
    title: "limits.perOrigin must bound one origin and leave others alone",
    level: "must",
    session: { limits: { perOrigin: 1 }, allowOtherOrigins: true },
    doors: { other: plain() },
    origin: { a: [sequence(gate("go"), ok)], b: [ok], c: [ok] },
    async perform(kit) {
      const first = kit.call(call("GET", "a"));
      const second = kit.call(call("GET", "b"));
      await kit.origin.arrived(1);
      const other = await kit.within(5000, kit.call(call("GET", "{other}c")), "the other origin");
      kit.note(
        "arrived",
        (await kit.origin.ledger()).arrivals.map(({ path }) => path),
      );
      await kit.origin.open("go");
      return [await first, await second, other];
    },
    expect: { calls: [fine, fine, fine], facts: { arrived: ["a", "c"] } },
    hint: "check that slots are counted by scheme, host and port",
  }),
  defineCase({
    id: "session/limits/origins-take-turns",
    title: "a busy origin must not keep the others from their turn",
    level: "must",
    session: { ...one, allowOtherOrigins: true },
    doors: { other: plain() },
    origin: { 0: [sequence(gate("go"), ok)], 1: [ok], 2: [ok], 3: [ok], 4: [ok], late: [ok] },
    async perform(kit) {
      const calls = Array.from({ length: 5 }, (_, index) => kit.call(call("GET", String(index))));
      await kit.origin.arrived(1);
      const late = kit.call(call("GET", "{other}late"));
      await kit.origin.open("go");
      const seen = await Promise.all([...calls, late]);
      const { arrivals } = await kit.origin.ledger();
      kit.note(
        "turn",
        arrivals.findIndex(({ path }) => path === "late"),
      );
      return seen;
    },
    expect: { calls: Array.from({ length: 6 }, () => fine), facts: { turn: between(1, 2) } },
    hint: "check that origins are served in turn",
  }),
  defineCase({
    id: "session/limits/unread-content-holds-its-slot",
    title: "content that is still to come must hold its slot until it is given up",
    level: "must",
    session: one,
    requires: { responseStreaming: "streamed" },
    // All of it may have come meanwhile, and leave its connection free.
    otherwise: expects(
      { ...fine, facts: { stats: { active: 1, queued: 1 } } },
      { origin: [flood, ok] },
    ),
    // However fast a platform reads ahead (Chromium takes 50 MB), it does not come to the end.
    origin: [sequence(afterContent(), large, sendFiller(1_000_000), stall()), ok],
    async perform(kit) {
      const response = await kit.within(5000, kit.session.get("a"), "the head");
      const second = kit.call(call("GET", "b"));
      await kit.neverWithin(150, second, "the second call to be served");
      kit.note("stats", { active: kit.session.stats.active, queued: kit.session.stats.queued });
      response.discard();
      return second;
    },
    expect: {
      ...fine,
      facts: { stats: { active: 1, queued: 1 } },
      connections: [{ closed: oneOf("client-fin", "client-reset") }, {}],
    },
    hint: "check that a slot is held as long as its connection is busy",
  }),
  defineCase({
    id: "session/limits/await-using-frees-the-slot",
    title: "the end of an await using block must free the slot of content that was not read",
    level: "must",
    session: one,
    origin: [flood, ok],
    async perform(kit) {
      const response = await kit.within(5000, kit.session.get("a"), "the head");
      // What the end of an `await using` block does.
      await kit.within(2000, response[Symbol.asyncDispose](), "the disposal of the response");
      kit.note("status", response.status);
      return kit.call(call("GET", "b"));
    },
    expect: { ...fine, facts: { status: 200 } },
    hint: "check Symbol.asyncDispose of responses",
  }),
  defineCase({
    id: "session/limits/a-redirect-takes-one-slot",
    title: "a call must not wait for a slot that it holds itself while it is redirected",
    level: "must",
    session: one,
    origin: [respond(302, [["location", "b"]], "moved"), ok],
    perform: call("GET", "a"),
    requires: { redirects: "visible" },
    otherwise: { kind: "expects", expect: fine },
    expect: { ...fine, url: "{main}b" },
    hint: "check that the slot of a redirect is free before the next is asked for",
  }),
  defineCase({
    id: "session/limits/burst",
    title: "200 calls at once through limits.perOrigin 10 must use at most 10 connections",
    level: "must",
    // Which connection a platform takes is its own business.
    requires: { connectionInfo: "exposed" },
    otherwise: expects({
      calls: Array.from({ length: 200 }, () => fine),
      arrivals: between(200, 200),
    }),
    session: { limits: { perOrigin: 10 } },
    origin: [always(ok)],
    perform: [
      {
        kind: "together",
        calls: Array.from({ length: 200 }, (_, index) => call("GET", `${index}`)),
      },
    ],
    expect: {
      calls: Array.from({ length: 200 }, () => fine),
      arrivals: between(200, 200),
      connections: atMost(10),
    },
    hint: "check that a connection is free before its slot is",
  }),
];
