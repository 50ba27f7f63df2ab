/* `timeout.total` (DESIGN §5): the whole call, whatever it is busy with; and what every TimeoutError tells. */

import {
  afterContent,
  atLeast,
  between,
  call,
  type Case,
  content,
  defineCase,
  expects,
  filler,
  fillerBytes,
  gate,
  head,
  matching,
  mute,
  oneOf,
  pause,
  read,
  respond,
  sequence,
  stall,
  stopReading,
  trickle,
} from "../../case.ts";
import { followedUnseen } from "./redirect-unseen.ts";

const byClient = oneOf("client-fin", "client-reset");
const total = (limit: number) => ({
  name: "TimeoutError",
  code: "ERR_TIMEOUT_TOTAL",
  phase: "total",
  retryable: false,
  fields: { limit, elapsed: atLeast(limit - 1) },
});
const tenBytes = head(200, [["content-length", "10"]]);

/** Cases of `session/timeout` about `total`. */
export const timeoutTotalCases: readonly Case[] = [
  defineCase({
    id: "session/timeout/total-while-waiting-for-the-head",
    title: "timeout.total must end a call that waits for its response",
    level: "must",
    catalogue: ["F-TMO-02"],
    origin: [stall(), respond(200, [], "next")],
    perform: [call("GET", "a", { timeout: { total: 200 } }), call("GET", "b")],
    expect: {
      calls: [{ error: { ...total(200), requestSent: "maybe" } }, { status: 200, content: "next" }],
      connections: [{ closed: byClient }, {}],
    },
    hint: "check that the deadline fires the signal of the exchange, and that the next call connects anew",
  }),
  defineCase({
    id: "session/timeout/total-is-on-time",
    title: "timeout.total must fire within 50 ms of its limit",
    level: "must",
    catalogue: ["F-TMO-02"],
    origin: [stall()],
    perform: call("GET", "a", { timeout: 300 }),
    expect: {
      error: { ...total(300), fields: { limit: 300, elapsed: between(299, 350) } },
      after: between(299, 350),
    },
    exclusive: true,
    hint: "check that the library's own coarse clocks are out of the way",
  }),
  defineCase({
    id: "session/timeout/a-number-means-total",
    title: "a timeout that is a number must mean total",
    level: "must",
    catalogue: ["F-TMO-02"],
    session: { timeout: 200 },
    origin: [stall()],
    perform: call("GET", "a"),
    expect: { error: total(200) },
    hint: "check how a number is merged",
  }),
  defineCase({
    id: "session/timeout/message-says-what-was-waited-for",
    title: "the message of a timeout must name the request, the limit and the code",
    level: "must",
    catalogue: ["F-TMO-02"],
    origin: [stall()],
    perform: call("GET", "a?page=1", { timeout: 150 }),
    expect: {
      error: { message: matching(/^GET \S+a\?page=1: .*\b150 ms.*\(ERR_TIMEOUT_TOTAL\)/) },
    },
    hint: "check what the message is made of",
  }),
  defineCase({
    id: "session/timeout/total-while-connecting",
    title: "timeout.total must end a call whose TLS handshake hangs",
    level: "must",
    catalogue: ["F-TMO-02"],
    // Where connecting cannot be seen, it cannot be called off either.
    requires: { connectTimeout: "exact" },
    otherwise: expects({ error: total(200), arrivals: [] }),
    doors: { hang: mute("https") },
    origin: [],
    perform: call("GET", "{hang}a", { timeout: { total: 200 } }),
    session: { allowOtherOrigins: true },
    expect: { error: total(200), arrivals: [], connections: [{ door: "hang", closed: byClient }] },
    hint: "check that a connection that is being made is closed",
  }),
  defineCase({
    id: "session/timeout/total-in-the-upload",
    title: "timeout.total must end a call whose content the origin does not take",
    level: "must",
    catalogue: ["F-TMO-02", "F-REQ-04"],
    origin: [sequence(stopReading(), stall())],
    perform: call("POST", "a", () => ({
      body: fillerBytes(32_000_000),
      // A browser copies it first, which takes a while.
      timeout: { total: 1500 },
    })),
    expect: {
      error: { ...total(1500), requestSent: "maybe" },
      arrivals: [{ complete: false }],
    },
    hint: "check that the signal stops the upload",
  }),
  defineCase({
    id: "session/timeout/total-in-the-content",
    title: "timeout.total must end content that is read whole",
    level: "must",
    catalogue: ["F-TMO-02"],
    origin: [sequence(afterContent(), tenBytes, content("12345"), stall())],
    perform: call("GET", "a", { timeout: { total: 300 } }, read.text),
    expect: {
      status: 200,
      error: { ...total(300), requestSent: "yes" },
      connections: [{ closed: byClient }],
    },
    hint: "check that the clock of the call runs until the content has ended",
  }),
  defineCase({
    id: "session/timeout/total-ends-a-stream-that-flows",
    title: "timeout.total must end even content that flows",
    level: "must",
    catalogue: ["F-TMO-02", "F-BOD-04"],
    origin: [
      sequence(
        afterContent(),
        head(200, [["content-length", "1000"]]),
        trickle(filler(1000), { size: 10, every: 30 }),
      ),
    ],
    perform: call("GET", "a", { timeout: { total: 300 } }, read.pieces),
    expect: { status: 200, error: total(300), connections: [{ closed: byClient }] },
    hint: "check that pieces do not move the deadline of the call",
  }),
  defineCase({
    id: "session/timeout/total-in-unread-content",
    title: "timeout.total must give up content that nobody reads",
    level: "must",
    catalogue: ["F-TMO-02"],
    origin: [sequence(afterContent(), tenBytes, content("12345"), stall())],
    async perform(kit) {
      const seen = await kit.call(call("GET", "a", { timeout: { total: 300 } }, read.nothing));
      await kit.origin.closedByClient(1);
      kit.note("stats", kit.session.stats.active);
      return seen;
    },
    expect: { status: 200, connections: [{ closed: byClient }], facts: { stats: 0 } },
    hint: "check that the end of a call reaches content without a reader",
  }),
  defineCase({
    id: "session/timeout/total-covers-redirects",
    exclusive: true,
    title: "timeout.total must count all redirects together",
    level: "must",
    catalogue: ["F-TMO-02"],
    origin: [sequence(afterContent(), pause(150), respond(302, [["location", "b"]])), stall()],
    requires: { redirects: "visible" },
    otherwise: followedUnseen({ error: total(300) }),
    perform: call("GET", "a", { timeout: { total: 300, response: 250, connect: 200 } }),
    expect: { error: total(300) },
    hint: "check that a redirect does not begin the clock of the call anew",
  }),
  defineCase({
    id: "session/timeout/total-in-the-queue",
    title: "timeout.total must end a call that waits for a slot, and nothing of it must be sent",
    level: "must",
    catalogue: ["F-TMO-02"],
    session: { limits: { concurrency: 1 } },
    origin: [sequence(gate("go"), respond(200))],
    async perform(kit) {
      const first = kit.call(call("GET", "a"));
      await kit.origin.arrived(1);
      const second = await kit.call(call("GET", "b", { timeout: { total: 150 } }));
      kit.note("queued", kit.session.stats.queued);
      await kit.origin.open("go");
      return [await first, second];
    },
    expect: {
      calls: [{ status: 200 }, { error: { ...total(150), requestSent: "no" } }],
      arrivals: [{ path: "a" }],
      facts: { queued: 0 },
    },
    hint: "check that a call that has ended leaves the queue",
  }),
  defineCase({
    id: "session/timeout/total-after-the-end",
    title: "a deadline that passes after the end of a call must change nothing",
    level: "must",
    catalogue: ["F-TMO-02"],
    origin: [respond(200, [], "first"), respond(200, [], "second")],
    async perform(kit) {
      const first = await kit.call(call("GET", "a", { timeout: 250 }));
      await kit.neverWithin(400, kit.origin.closedByClient(1), "the connection to be closed");
      return [first, await kit.call(call("GET", "b"))];
    },
    expect: {
      calls: [
        { status: 200, content: "first" },
        { status: 200, content: "second" },
      ],
    },
    hint: "check that the deadline is taken off the clock when the content has ended",
  }),
];
