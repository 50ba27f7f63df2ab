/* Aborting a call, at instants that the origin or the caller names: what the caller gets, and what the origin sees. */

import {
  aborted,
  afterContent,
  call,
  type Case,
  content,
  defineCase,
  expects,
  filler,
  fillerBytes,
  gate,
  head,
  mute,
  oneOf,
  read,
  respond,
  sendFiller,
  sequence,
  stall,
  stopReading,
} from "../../case.ts";
import { followedUnseen } from "./redirect-unseen.ts";

const byClient = oneOf("client-fin", "client-reset");
const error = { name: "AbortError", code: "ERR_ABORTED", cause: "enough", retryable: false };
const tenBytes = head(200, [["content-length", "10"]]);
const next = respond(200, [], "next");
const thenNext = { status: 200, content: "next" };

/** Cases of `session/abort` by phase. */
export const abortCases: readonly Case[] = [
  defineCase({
    id: "session/abort/before-the-call",
    title: "a call whose signal has fired already must reject, and nothing of it must be sent",
    level: "must",
    catalogue: ["F-ABT-01"],
    origin: [next],
    perform: [aborted(call("GET", "a"), "before", "enough"), call("GET", "b")],
    expect: {
      calls: [{ error: { ...error, requestSent: "no", phase: "prepare" } }, thenNext],
      arrivals: [{ path: "b" }],
    },
    hint: "check that the signal is looked at before a slot is taken",
  }),
  defineCase({
    id: "session/abort/right-after-the-call",
    title: "an abort in the tick of the call must reject it",
    level: "must",
    catalogue: ["F-ABT-01"],
    // Whether the request has left by then is a race that nobody has to win.
    origin: { b: [next] },
    perform: [aborted(call("GET", "{hang}a"), "called", "enough"), call("GET", "b")],
    doors: { hang: mute("http") },
    session: { allowOtherOrigins: true },
    expect: { calls: [{ error }, thenNext], arrivals: [{ path: "b" }] },
    hint: "check that the signal is listened to before anything is awaited",
  }),
  defineCase({
    id: "session/abort/while-connecting",
    title: "an abort while the TLS handshake hangs must reject and close the connection",
    level: "must",
    catalogue: ["F-ABT-01"],
    // Where connecting cannot be seen, it cannot be called off either.
    requires: { connectTimeout: "exact" },
    otherwise: expects({ error, arrivals: [] }),
    doors: { hang: mute("https") },
    session: { allowOtherOrigins: true },
    origin: [],
    perform: aborted(call("GET", "{hang}a"), "connected", "enough"),
    expect: {
      error: { ...error, requestSent: "no", phase: "connect" },
      connections: [{ door: "hang", closed: byClient }],
    },
    hint: "check that a connection that is being made is closed",
  }),
  defineCase({
    id: "session/abort/while-waiting-for-the-head",
    title:
      "an abort while the head is awaited must reject with the reason and close the connection",
    level: "must",
    catalogue: ["F-ABT-01"],
    origin: [stall(), next],
    perform: [aborted(call("GET", "a"), "arrived", "enough"), call("GET", "b")],
    expect: {
      calls: [{ error: { ...error, requestSent: "maybe" } }, thenNext],
      connections: [{ closed: byClient }, {}],
    },
    hint: "check that the signal is passed to the library, or the socket destroyed",
  }),
  defineCase({
    id: "session/abort/in-the-upload",
    title: "an abort while content is sent must reject and close the connection",
    level: "must",
    catalogue: ["F-ABT-01"],
    origin: [sequence(stopReading(), stall())],
    async perform(kit) {
      const options = () => ({ body: fillerBytes(32_000_000) });
      const seen = await kit.call(aborted(call("POST", "a", options), "arrived", "enough"));
      kit.note("active", kit.session.stats.active);
      return seen;
    },
    expect: {
      error: { ...error, requestSent: "maybe" },
      arrivals: [{ complete: false }],
      facts: { active: 0 },
    },
    hint: "check that the signal stops the upload",
  }),
  defineCase({
    id: "session/abort/stops-the-source-of-content",
    title: "an abort while content is made must stop the source by its return",
    level: "must",
    catalogue: ["F-ABT-01"],
    requires: { requestStreaming: "half-duplex" },
    otherwise: { kind: "refuses", capability: "requestStreaming", option: "body" },
    origin: [stall()],
    async perform(kit) {
      const asked = Promise.withResolvers<void>();
      const stopped = Promise.withResolvers<void>();
      const controller = new AbortController();
      const source = async function* (): AsyncGenerator<string> {
        asked.resolve();
        try {
          for (;;) yield filler(1000);
        } finally {
          stopped.resolve();
        }
      };
      const seen = kit.call(call("POST", "a", { body: source(), signal: controller.signal }));
      if (kit.capabilities.requestStreaming === "none") return seen;
      await kit.origin.arrived(1);
      await kit.within(5000, asked.promise, "the source of the content to be asked");
      controller.abort("enough");
      await kit.within(5000, stopped.promise, "the source of the content to be stopped");
      return seen;
    },
    expect: { error, arrivals: [{ complete: false }] },
    hint: "check that the iterator of the source is returned when the exchange ends early",
  }),
  defineCase({
    id: "session/abort/with-the-head",
    title: "an abort when the head has come must fail the content and close the connection",
    level: "must",
    catalogue: ["F-ABT-01"],
    origin: [sequence(afterContent(), tenBytes, content("12345"), stall()), next],
    perform: [aborted(call("GET", "a", {}, read.text), "head", "enough"), call("GET", "b")],
    expect: {
      calls: [{ status: 200, error: { ...error, requestSent: "yes" } }, thenNext],
      connections: [{ closed: byClient }, {}],
    },
    hint: "check that the signal stays connected until the content has ended",
  }),
  defineCase({
    id: "session/abort/while-content-is-read-whole",
    title: "an abort while content is read whole must reject the reader and close the connection",
    level: "must",
    catalogue: ["F-ABT-01"],
    origin: [sequence(afterContent(), tenBytes, content("12345"), stall())],
    async perform(kit) {
      const controller = new AbortController();
      const response = await kit.within(
        5000,
        kit.session.get("a", { signal: controller.signal }),
        "the head",
      );
      const seen = kit.observe(
        () => Promise.resolve(response) as ReturnType<typeof kit.session.get>,
      );
      await kit.neverWithin(50, seen, "the content to end");
      controller.abort("enough");
      return kit.within(1000, seen, "the reader to be told of the abort");
    },
    expect: {
      status: 200,
      error: { ...error, phase: "read", requestSent: "yes" },
      connections: [{ closed: byClient }],
    },
    hint: "check that the end of a call reaches a reader that waits",
  }),
  defineCase({
    id: "session/abort/in-the-stream",
    title: "an abort between two pieces must fail the stream and close the connection",
    level: "must",
    catalogue: ["F-ABT-01"],
    requires: { responseStreaming: "streamed" },
    // No piece comes before all have: the abort is behind the head.
    otherwise: expects(
      { status: 200, error, connections: [{ closed: byClient }] },
      {
        origin: [
          sequence(
            afterContent(),
            head(200, [["content-length", "50000000"]]),
            sendFiller(1000),
            stall(),
          ),
        ],
        perform: aborted(call("GET", "a", {}, read.pieces), "head", "enough"),
      },
    ),
    // The last octet never comes: some platforms take all that there is.
    origin: [
      sequence(
        afterContent(),
        head(200, [["content-length", "50000001"]]),
        sendFiller(50_000_000),
        stall(),
      ),
    ],
    perform: aborted(call("GET", "a", {}, read.pieces), "piece", "enough"),
    expect: { status: 200, error, connections: [{ closed: byClient }] },
    hint: "check that pieces that wait for the reader do not hide the abort",
  }),
  defineCase({
    id: "session/abort/unread-content",
    title: "an abort must give up content that nobody reads",
    level: "must",
    catalogue: ["F-ABT-01"],
    origin: [sequence(afterContent(), tenBytes, content("12345"), stall())],
    async perform(kit) {
      const seen = await kit.call(aborted(call("GET", "a", {}, read.nothing), "head", "enough"));
      await kit.origin.closedByClient(1);
      kit.note("active", kit.session.stats.active);
      return seen;
    },
    expect: { status: 200, connections: [{ closed: byClient }], facts: { active: 0 } },
    hint: "check that the end of a call reaches content without a reader",
  }),
  defineCase({
    id: "session/abort/in-the-second-hop",
    title: "an abort after a redirect must end the request that followed it",
    level: "must",
    catalogue: ["F-ABT-01"],
    requires: { redirects: "visible" },
    otherwise: followedUnseen({ error }),
    origin: [respond(302, [["location", "b"]]), stall()],
    async perform(kit) {
      const controller = new AbortController();
      const seen = kit.call(call("GET", "a", { signal: controller.signal }));
      await kit.origin.arrived(2);
      controller.abort("enough");
      return kit.within(1000, seen, "the call to settle");
    },
    expect: { error, arrivals: [{ path: "a" }, { path: "b" }] },
    hint: "check that each exchange of a call hears its signal",
  }),
  defineCase({
    id: "session/abort/while-queued",
    title: "an abort in the queue must reject at once, and nothing of the call must be sent",
    level: "must",
    catalogue: ["F-ABT-01"],
    session: { limits: { concurrency: 1 } },
    origin: [sequence(gate("go"), respond(200)), next],
    async perform(kit) {
      const controller = new AbortController();
      const first = kit.call(call("GET", "a"));
      await kit.origin.arrived(1);
      const second = kit.call(call("GET", "b", { signal: controller.signal }));
      const third = kit.call(call("GET", "c"));
      controller.abort("enough");
      const stopped = await kit.within(1000, second, "the queued call to settle");
      await kit.origin.open("go");
      return [await first, stopped, await third];
    },
    expect: {
      calls: [
        { status: 200 },
        { error: { ...error, phase: "queue", requestSent: "no" } },
        thenNext,
      ],
      arrivals: [{ path: "a" }, { path: "c" }],
    },
    hint: "check that a call that has ended leaves the queue",
  }),
  defineCase({
    id: "session/abort/one-of-two-calls",
    title: "an abort of one of two calls must leave the other alone",
    level: "must",
    catalogue: ["F-ABT-01"],
    origin: {
      a: [sequence(gate("go"), respond(200))],
      b: [sequence(gate("go"), respond(200, [], "b"))],
    },
    async perform(kit) {
      const controller = new AbortController();
      const first = kit.call(call("GET", "a", { signal: controller.signal }));
      const second = kit.call(call("GET", "b", {}, read.text));
      await kit.origin.arrived(2);
      controller.abort("enough");
      const stopped = await kit.within(1000, first, "the aborted call to settle");
      await kit.origin.closedByClient(1);
      await kit.origin.open("go");
      return [stopped, await second];
    },
    expect: { calls: [{ error }, { status: 200, content: "b" }] },
    hint: "check that each exchange has a signal of its own",
  }),
];
