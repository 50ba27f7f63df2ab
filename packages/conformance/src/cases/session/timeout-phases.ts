/* The limits of phases (DESIGN §5): each ends its own silence, is named in the error, and leaves what flows alone. */

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
  gate,
  head,
  type Kit,
  mute,
  oneOf,
  pause,
  read,
  respond,
  sendFiller,
  sequence,
  stall,
  trickle,
  unaccepting,
} from "../../case.ts";

const byClient = oneOf("client-fin", "client-reset");
const tenBytes = head(200, [["content-length", "10"]]);
const other = { allowOtherOrigins: true };
const timeout = (phase: string, limit: number) => ({
  name: "TimeoutError",
  code: `ERR_TIMEOUT_${phase.toUpperCase()}`,
  phase,
  fields: { limit, elapsed: atLeast(limit - 1) },
});

/** Makes a call whose content is read as far as its first piece. */
async function readAPiece(kit: Kit) {
  const called = kit.session.get("a", { timeout: { read: 400 } });
  const response = await kit.within(5000, called, "the head");
  const pieces = response[Symbol.asyncIterator]();
  const first = await kit.within(5000, pieces.next(), "a piece");
  return { response, pieces, size: first.done === true ? 0 : first.value.byteLength };
}

/** Cases of `session/timeout` about phases. */
export const timeoutPhaseCases: readonly Case[] = [
  defineCase({
    id: "session/timeout/response-fires-on-time",
    title: "timeout.response must fire within 50 ms of its limit when no head comes",
    level: "must",
    catalogue: ["F-TMO-01", "F-HDR-02"],
    requires: { connectTimeout: "exact" },
    otherwise: expects({
      error: { ...timeout("response", 400), requestSent: "maybe" },
      after: between(399, 450),
    }),
    origin: [stall()],
    perform: call("GET", "a", { timeout: { connect: 100, response: 300 } }),
    expect: {
      error: { ...timeout("response", 300), requestSent: "maybe" },
      after: between(295, 360),
      connections: [{ closed: byClient }],
    },
    exclusive: true,
    hint: "check that the step `sent` is told, and that the library's own clocks are out of the way",
  }),
  defineCase({
    id: "session/timeout/response-begins-when-the-request-is-sent",
    title: "timeout.response must not count the time in which content is sent",
    level: "must",
    catalogue: ["F-TMO-01", "F-HDR-02"],
    requires: { connectTimeout: "exact", requestStreaming: "half-duplex" },
    otherwise: expects({ status: 200 }, { perform: call("GET", "a") }),
    origin: [respond(200, [], "ok")],
    async perform(kit) {
      const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const body = async function* (): AsyncGenerator<string> {
        yield "slow";
        first.resolve();
        await second.promise;
        yield "ly";
      };
      const seen = kit.call(call("POST", "a", { body: body(), timeout: { response: 200 } }));
      await kit.within(5000, first.promise, "the content to be asked for");
      await kit.neverWithin(400, seen, "the call to settle while its content is sent");
      second.resolve();
      return seen;
    },
    expect: { status: 200, content: "ok", arrivals: [{ content: "slowly", complete: true }] },
    hint: "check that the step `sent` is told after the last byte, not the first",
  }),
  defineCase({
    id: "session/timeout/response-is-over-with-the-head",
    title: "timeout.response must not count the time in which content comes",
    level: "must",
    catalogue: ["F-TMO-01", "F-HDR-02"],
    origin: [sequence(afterContent(), tenBytes, content("12345"), pause(400), content("67890"))],
    perform: call("GET", "a", { timeout: { connect: 100, response: 200 } }, read.text),
    expect: { status: 200, content: "1234567890" },
    hint: "check that the clock is taken off when the head has come",
  }),
  defineCase({
    id: "session/timeout/response-runs-anew-for-each-redirect",
    exclusive: true,
    title: "timeout.response must begin anew with each exchange",
    level: "must",
    catalogue: ["F-TMO-01", "F-HDR-02"],
    requires: { redirects: "visible" },
    otherwise: expects(
      { status: 200 },
      { origin: [respond(302, [["location", "b"]]), respond(200)] },
    ),
    origin: [
      sequence(afterContent(), pause(400), respond(302, [["location", "b"]])),
      sequence(afterContent(), pause(400), respond(200)),
    ],
    perform: call("GET", "a", { timeout: { connect: 100, response: 600 } }),
    expect: { status: 200 },
    hint: "check that each exchange has a clock of its own",
  }),
  defineCase({
    id: "session/timeout/connect-not-accepted",
    title: "timeout.connect must end a connection that nobody accepts",
    level: "must",
    catalogue: ["F-TMO-01", "F-CON-03"],
    requires: { connectTimeout: "exact" },
    otherwise: expects({ error: { ...timeout("response", 500), requestSent: "maybe" } }),
    session: other,
    doors: { full: unaccepting() },
    origin: [],
    perform: call("GET", "{full}a", { timeout: { connect: 300, response: 200 } }),
    expect: {
      error: { ...timeout("connect", 300), requestSent: "no", retryable: true },
      after: between(299, 360),
    },
    exclusive: true,
    hint: "check that the step `connecting` is told, and that the signal destroys the socket",
  }),
  defineCase({
    id: "session/timeout/connect-includes-the-handshake",
    title: "timeout.connect must end a TLS handshake that hangs",
    level: "must",
    catalogue: ["F-TMO-01", "F-CON-04"],
    requires: { connectTimeout: "exact" },
    otherwise: expects({ error: timeout("response", 500) }),
    session: other,
    doors: { hang: mute("https") },
    origin: [],
    perform: call("GET", "{hang}a", { timeout: { connect: 300, response: 200 } }),
    expect: {
      error: { ...timeout("connect", 300), requestSent: "no" },
      connections: [{ door: "hang", closed: byClient }],
    },
    hint: "check that the connection counts as made when TLS is done, not TCP",
  }),
  defineCase({
    id: "session/timeout/connect-is-over-with-the-connection",
    title: "timeout.connect must not count the time after the connection was made",
    level: "must",
    catalogue: ["F-TMO-01"],
    requires: { connectTimeout: "exact" },
    otherwise: expects(
      { status: 200, content: "ok" },
      { perform: call("GET", "a", { timeout: { connect: 200, response: 5000 } }) },
    ),
    origin: [sequence(afterContent(), pause(400), respond(200, [], "ok"))],
    perform: call("GET", "a", { timeout: { connect: 200 } }),
    expect: { status: 200, content: "ok" },
    hint: "check that `connected` is told",
  }),
  defineCase({
    id: "session/timeout/connect-passes-at-once-on-a-reused-connection",
    title: "timeout.connect must not run when a connection is reused",
    level: "must",
    catalogue: ["F-TMO-01"],
    requires: { connectTimeout: "exact" },
    otherwise: expects(
      { calls: [{ status: 200 }, { status: 200 }] },
      {
        perform: [call("GET", "a"), call("GET", "b")],
      },
    ),
    origin: [respond(200), sequence(afterContent(), pause(400), respond(200))],
    perform: [call("GET", "a"), call("GET", "b", { timeout: { connect: 200 } })],
    expect: { calls: [{ status: 200 }, { status: 200 }], connections: 1 },
    hint: "check that `connected` is told for reused connections too",
  }),
  defineCase({
    id: "session/timeout/queue",
    title: "timeout.queue must end the wait for a slot, and nothing must be sent",
    level: "must",
    catalogue: ["F-TMO-01"],
    session: { limits: { perOrigin: 1 } },
    origin: [sequence(gate("go"), respond(200)), respond(200)],
    async perform(kit) {
      const first = kit.call(call("GET", "a"));
      await kit.origin.arrived(1);
      const second = await kit.call(call("GET", "b", { timeout: { queue: 200 } }));
      await kit.origin.open("go");
      return [await first, second, await kit.call(call("GET", "c"))];
    },
    expect: {
      calls: [
        { status: 200 },
        { error: { ...timeout("queue", 200), requestSent: "no", retryable: true } },
        { status: 200 },
      ],
      arrivals: [{ path: "a" }, { path: "c" }],
    },
    hint: "check that a call that has ended leaves the queue",
  }),
  defineCase({
    id: "session/timeout/read-ends-a-silence",
    title: "timeout.read must end a silence in the middle of content, within 50 ms of its limit",
    level: "must",
    catalogue: ["F-TMO-01", "F-BOD-04"],
    origin: [sequence(afterContent(), tenBytes, content("12345"), stall()), respond(200)],
    perform: [call("GET", "a", { timeout: { read: 300 } }, read.text), call("GET", "b")],
    expect: {
      calls: [
        {
          status: 200,
          error: { ...timeout("read", 300), requestSent: "yes", retryable: true },
          after: between(299, 380),
        },
        { status: 200 },
      ],
      connections: [{ closed: byClient }, {}],
    },
    exclusive: true,
    hint: "check that the clock is armed again after each piece",
  }),
  defineCase({
    id: "session/timeout/read-ends-a-silence-after-the-head",
    title: "timeout.read must end a silence before the first piece of content",
    level: "must",
    catalogue: ["F-TMO-01", "F-BOD-04"],
    requires: { responseStreaming: "streamed" },
    // The head is there with the first octet.
    otherwise: expects(
      { status: 200, error: timeout("read", 200), connections: [{ closed: byClient }] },
      { origin: [sequence(afterContent(), tenBytes, content("1"), stall())] },
    ),
    origin: [sequence(afterContent(), tenBytes, stall())],
    perform: call("GET", "a", { timeout: { read: 200 } }, read.pieces),
    expect: { status: 200, error: timeout("read", 200), connections: [{ closed: byClient }] },
    hint: "check that the clock begins when content is first asked for",
  }),
  defineCase({
    id: "session/timeout/read-leaves-a-trickle-alone",
    exclusive: true,
    title: "timeout.read must not end content that flows, however slowly",
    level: "must",
    catalogue: ["F-TMO-01", "F-BOD-04"],
    origin: [
      sequence(
        afterContent(),
        head(200, [["content-length", "120"]]),
        trickle(filler(120), { size: 10, every: 60 }),
      ),
    ],
    perform: call("GET", "a", { timeout: { read: 400 } }, read.text),
    expect: { status: 200, content: filler(120) },
    hint: "check that each piece moves the clock",
  }),
  defineCase({
    id: "session/timeout/read-begins-with-the-reader",
    title: "timeout.read must not count the time before somebody reads",
    level: "must",
    catalogue: ["F-TMO-01", "F-BOD-04"],
    origin: [sequence(afterContent(), tenBytes, content("12345"), gate("rest"), content("67890"))],
    async perform(kit) {
      const options = { timeout: { read: 150 } };
      const response = await kit.within(5000, kit.session.get("a", options), "the head");
      await kit.neverWithin(400, response.trailers, "the content to end while nobody reads");
      await kit.origin.open("rest");
      kit.note("content", await kit.within(5000, response.text(), "the content"));
    },
    expect: { facts: { content: "1234567890" } },
    hint: "check that the clock begins when content is first asked for",
  }),
  defineCase({
    id: "session/timeout/read-does-not-count-back-pressure",
    exclusive: true,
    title: "timeout.read must not count the time in which the reader takes nothing",
    level: "must",
    catalogue: ["F-TMO-01", "F-BOD-04"],
    requires: { responseStreaming: "streamed" },
    // Nothing holds it up; what has come waits for its reader all the same.
    otherwise: expects(
      { facts: { size: 8_000_000 } },
      {
        async perform(kit) {
          const { pieces, size: begun } = await readAPiece(kit);
          let size = begun;
          await new Promise((resolve) => setTimeout(resolve, 1200));
          for await (const piece of pieces) size += piece.byteLength;
          kit.note("size", size);
        },
      },
    ),
    origin: [
      sequence(afterContent(), head(200, [["content-length", "8000000"]]), sendFiller(8_000_000)),
    ],
    async perform(kit) {
      const { response, pieces, size: begun } = await readAPiece(kit);
      let size = begun;
      await kit.neverWithin(1200, response.trailers, "the content to end while nobody reads on");
      const rest = (async () => {
        for await (const piece of pieces) size += piece.byteLength;
      })();
      await kit.within(8000, rest, "the rest of the content");
      kit.note("size", size);
    },
    expect: { facts: { size: 8_000_000 } },
    hint: "check that the clock stands still while the transport is paused",
  }),
];
