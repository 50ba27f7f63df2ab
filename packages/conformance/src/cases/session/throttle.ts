/* The throttle: how fast content goes, what it goes together with, and what is not to be counted against it. */

import {
  aborted,
  absent,
  atMost,
  between,
  call,
  type Case,
  chunk,
  defineCase,
  expects,
  filler,
  head,
  lastChunk,
  oneOf,
  read,
  refuses,
  respond,
  sendFiller,
  sequence,
  stall,
  together,
} from "../../case.ts";

const size = 20_000;
const bytes = filler(size);
const large = (length: number) =>
  sequence(head(200, [["content-length", String(length)]]), sendFiller(length));
const get = (path: string, throttle: unknown, options = {}) =>
  call("GET", path, { throttle, ...options }, read.bytes);
const whole = { status: 200, content: bytes };
// 20 000 bytes at 20 000 a second, of which a moment's worth may go at once.
const inASecond = between(850, 1600);
const uploads = {
  requires: { requestStreaming: "half-duplex" },
  otherwise: refuses("requestStreaming", "throttle.upload"),
} as const;

/** Cases of `session/throttle`. */
export const throttleCases: readonly Case[] = [
  defineCase({
    id: "session/throttle/download",
    title: "response content must come at the rate of throttle.download, whole and in order",
    level: "must",
    origin: [large(size)],
    perform: get("a", { download: 20_000 }),
    expect: { ...whole, after: inASecond },
    exclusive: true,
    hint: "check that content that has come together with its head is throttled as well",
  }),
  defineCase({
    id: "session/throttle/download-in-pieces",
    title: "throttled content must flow in small pieces",
    level: "must",
    origin: [large(size)],
    async perform(kit) {
      let largest = 0;
      const seen = await kit.observe(
        () => kit.session.get("a", { throttle: { download: 20_000 } }),
        async (response) => {
          let total = 0;
          for await (const piece of response) {
            largest = Math.max(largest, piece.byteLength);
            total += piece.byteLength;
          }
          return total;
        },
      );
      kit.note("largest", largest);
      return seen;
    },
    expect: { status: 200, content: size, after: inASecond, facts: { largest: atMost(4000) } },
    exclusive: true,
    hint: "check that large pieces are cut",
  }),
  defineCase({
    id: "session/throttle/download-of-a-session",
    title: "throttle.download of a session must be for all its calls together, in equal parts",
    level: "must",
    session: { throttle: { download: 20_000 } },
    origin: { a: [large(10_000)], b: [large(10_000)] },
    perform: [together(call("GET", "a", {}, read.bytes), call("GET", "b", {}, read.bytes))],
    expect: {
      calls: [
        { status: 200, content: filler(10_000), after: between(600, 1600) },
        { status: 200, content: filler(10_000), after: between(600, 1600) },
      ],
    },
    exclusive: true,
    hint: "check that calls share one pace, and take turns in it",
  }),
  defineCase({
    id: "session/throttle/shared-by-extended-sessions",
    title: "a session made by extend must keep the throttle of its parent as well",
    level: "must",
    session: { throttle: { download: 20_000 } },
    origin: [large(size)],
    async perform(kit) {
      const extended = kit.session.extend({ throttle: { download: 1_000_000 } });
      return kit.observe(() => extended.get("a"), read.bytes);
    },
    expect: { ...whole, after: inASecond },
    exclusive: true,
    hint: "check that paces are added, not replaced",
  }),
  defineCase({
    id: "session/throttle/download-of-a-call",
    title: "throttle.download of a call must hold beside that of its session",
    level: "must",
    session: { throttle: { download: 10_000_000 } },
    origin: { a: [large(size)], b: [large(size)] },
    perform: [together(get("a", { download: 20_000 }), call("GET", "b", {}, read.bytes))],
    expect: {
      calls: [
        { ...whole, after: inASecond },
        { ...whole, after: atMost(600) },
      ],
    },
    exclusive: true,
    hint: "check that each call has a pace of its own beside the common one",
  }),
  defineCase({
    id: "session/throttle/false-switches-off",
    title: "throttle: false must take the session's throttle away for a call",
    level: "must",
    session: { throttle: { download: 1000 } },
    origin: { a: [large(size)], b: [large(size)] },
    perform: [together(get("a", false), get("b", { download: false }))],
    expect: {
      calls: [
        { ...whole, after: atMost(1500) },
        { ...whole, after: atMost(1500) },
      ],
    },
    exclusive: true,
    hint: "check what false means, as a whole and for one direction",
  }),
  defineCase({
    id: "session/throttle/is-no-silence",
    title: "time in which content waits for its turn must not count against timeout.read",
    level: "must",
    origin: [
      sequence(head(200, [["transfer-encoding", "chunked"]]), chunk("0123456789"), lastChunk()),
    ],
    perform: call("GET", "a", { throttle: { download: 5 }, timeout: { read: 100 } }),
    expect: { status: 200, content: "0123456789", after: between(1600, 3000) },
    exclusive: true,
    hint: "check that the clock asks whether something is being held back",
  }),
  defineCase({
    id: "session/throttle/abort",
    title: "an abort must end throttled content at once, its connection included",
    level: "must",
    requires: { responseStreaming: "streamed" },
    // It has come whole before it is handed on slowly.
    otherwise: expects(
      { error: { code: "ERR_ABORTED", cause: "enough" }, after: atMost(1500) },
      { origin: [large(1_000_000)] },
    ),
    // The last octet never comes: some platforms take all that there is.
    origin: [sequence(head(200, [["content-length", "1000001"]]), sendFiller(1_000_000), stall())],
    perform: aborted(
      call("GET", "a", { throttle: { download: 1000 } }, read.pieces),
      "piece",
      "enough",
    ),
    expect: {
      error: { code: "ERR_ABORTED", cause: "enough" },
      after: atMost(1500),
      connections: [{ closed: oneOf("client-fin", "client-reset") }],
    },
    exclusive: true,
    hint: "check that the timer of the throttle is taken off",
  }),
  defineCase({
    id: "session/throttle/abort-of-what-has-come",
    title: "an abort must end throttled content though all of it has come already",
    level: "must",
    origin: [large(5000)],
    perform: aborted(
      call("GET", "a", { throttle: { download: 500 } }, read.pieces),
      "piece",
      "enough",
    ),
    expect: { error: { code: "ERR_ABORTED", cause: "enough" }, after: atMost(1500) },
    exclusive: true,
    hint: "check that the call is not over before its reader has all of it",
  }),
  defineCase({
    id: "session/throttle/timeout-total",
    title: "timeout.total must end throttled content",
    level: "must",
    origin: [large(size)],
    perform: get("a", { download: 1000 }, { timeout: { total: 400 } }),
    expect: { error: { code: "ERR_TIMEOUT_TOTAL" }, after: between(399, 500) },
    exclusive: true,
    hint: "check that the call is not over before its reader has all of it",
  }),
  defineCase({
    id: "session/throttle/holds-the-peer-back",
    title: "a throttled download must not take much more from the peer than it hands on",
    level: "must",
    origin: [large(100_000_000)],
    async perform(kit) {
      const controller = new AbortController();
      const seen = kit.call(get("a", { download: 100_000 }, { signal: controller.signal }));
      await kit.neverWithin(1000, seen, "the throttled content to end");
      const { connections } = await kit.origin.ledger();
      kit.note("sent", connections.at(-1)?.sent);
      controller.abort("enough");
      return seen;
    },
    // What the sockets of both sides hold is megabytes.
    expect: { error: { code: "ERR_ABORTED" }, facts: { sent: atMost(40_000_000) } },
    exclusive: true,
    hint: "check that the transport is paused when much is waiting for its turn",
  }),
  ...(
    [
      ["bytes", () => new Uint8Array(size).fill(120), "length"],
      ["a-blob", () => new Blob(["x".repeat(size)]), "length"],
      [
        "a-stream",
        async function* () {
          yield "x".repeat(size / 2);
          yield "x".repeat(size / 2);
        },
        "chunked",
      ],
    ] as const
  ).map(([name, make, framing]) =>
    defineCase({
      id: `session/throttle/upload-of-${name}`,
      title: "request content must go at the rate of throttle.upload, its framing unchanged",
      level: "must",
      ...uploads,
      // What streams by itself is refused before its throttle is looked at.
      ...(name === "a-stream" && { otherwise: refuses("requestStreaming", "body") }),
      origin: [respond(200, [], "ok")],
      perform: call("POST", "a", () => ({
        body: make(),
        throttle: { upload: 20_000 },
      })),
      expect: {
        status: 200,
        content: "ok",
        after: inASecond,
        // Where pieces of a known length cannot be sent with it, they are chunked: see `streamLength`.
        arrivals: [{ framing: oneOf(framing, "chunked"), contentLength: size, complete: true }],
      },
      exclusive: true,
      hint: "check that content of each kind is cut, and that its length is kept",
    }),
  ),
  defineCase({
    id: "session/throttle/upload-is-no-silence",
    title: "time in which request content waits for its turn must not count against timeout.write",
    level: "must",
    ...uploads,
    origin: [respond(200, [], "ok")],
    perform: call("POST", "a", {
      body: "0123456789",
      throttle: { upload: 5 },
      timeout: { write: 100 },
    }),
    expect: { status: 200, after: between(1600, 3000), arrivals: [{ content: "0123456789" }] },
    exclusive: true,
    hint: "check that the clock stands between the throttle and the transport",
  }),
  defineCase({
    id: "session/throttle/empty",
    title: "a throttle must not change exchanges without content",
    level: "must",
    session: { throttle: { download: 1, upload: 1 } },
    origin: [respond(204), respond(200, [["content-length", "5"]], "")],
    perform: [call("GET", "a"), call("HEAD", "b")],
    expect: {
      calls: [
        { status: 204, content: "" },
        { status: 200, content: "", headers: { "content-length": "5", "x-none": absent } },
      ],
    },
    hint: "check the end of content that has no piece",
  }),
  defineCase({
    id: "session/throttle/wrong",
    title: "a rate that is no whole number above 0 must be refused",
    level: "must",
    origin: [],
    perform: [0, -1, 0.5, NaN, "1"].map((download) => get("a", { download })),
    expect: {
      calls: [0, 1, 2, 3, 4].map(() => ({
        error: { code: "ERR_INVALID_OPTION", requestSent: "no" },
      })),
    },
    hint: "check that the option is looked at",
  }),
];
