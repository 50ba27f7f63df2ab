/* `timeout.write` (DESIGN §5): a peer that takes nothing of the content ends the call; one that is slow does not. */

import {
  afterContent,
  type Answer,
  atLeast,
  call,
  type CallOptions,
  type Case,
  content,
  defineCase,
  expects,
  filler,
  fillerBytes,
  gate,
  head,
  oneOf,
  pause,
  readOn,
  refuses,
  respond,
  sequence,
  stall,
  stopReading,
} from "../../case.ts";
import { retry } from "./retry-parts.ts";

const byClient = oneOf("client-fin", "client-reset");
const done = respond(200, [], "done");
/** More than all buffers between the two hold. */
const size = 16_000_000;
const large = (): Uint8Array<ArrayBuffer> => fillerBytes(size);
const limits = { connect: 2000, write: 400, response: 2000 };
const write = {
  name: "TimeoutError",
  code: "ERR_TIMEOUT_WRITE",
  phase: "write",
  requestSent: "maybe",
  fields: { limit: 400, elapsed: atLeast(399) },
};

/** Where content in one piece cannot be watched, connecting, writing and waiting have one time together. */
const asOne = expects({
  error: { code: "ERR_TIMEOUT_RESPONSE", fields: { limit: 4400 } },
  after: atLeast(4395),
});
const pieces = { requestStreaming: "half-duplex" } as const;
const cut = { requestStreaming: "half-duplex", streamLength: "declared" } as const;
const needsStreams = refuses("requestStreaming", "body");

/** The content of `large`, in pieces of 100 000 bytes. */
async function* iterated(): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < size; at += 100_000)
    yield await Promise.resolve(large().subarray(at, at + 100_000));
}

const streamed = (): ReadableStream<Uint8Array> => {
  const source = iterated();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = await source.next();
        if (next.done === true) controller.close();
        else controller.enqueue(next.value);
      },
    },
    { highWaterMark: 0 },
  );
};
const declared = { headers: { "content-length": String(size) } };

const whole: readonly (readonly [name: string, options: () => CallOptions])[] = [
  ["bytes", () => ({ body: large() })],
  ["text", () => ({ body: filler(size) })],
  ["blob", () => ({ body: new Blob([large()]) })],
];
const inPieces: readonly (readonly [name: string, options: () => CallOptions])[] = [
  ["stream", () => ({ body: streamed() })],
  ["stream-of-known-length", () => ({ body: streamed(), ...declared })],
  ["iterable", () => ({ body: iterated() })],
];

const silences = [
  ...whole.map((kind) => [...kind, cut, asOne] as const),
  ...inPieces.map((kind) => [...kind, pieces, needsStreams] as const),
].map(([name, options, requires, otherwise]) =>
  defineCase({
    id: `session/timeout/write-of-${name}`,
    title: `timeout.write must end a call when the peer takes no more of its content (${name})`,
    level: "must",
    catalogue: ["F-TMO-01", "F-REQ-04"],
    requires,
    otherwise,
    origin: [sequence(stopReading(), stall())],
    perform: call("PUT", "a", () => ({ ...options(), timeout: limits })),
    expect: {
      error: write,
      arrivals: [{ complete: false }],
    },
    exclusive: true,
    hint: "check that content goes out piece by piece, and that the next is asked for only when one is taken",
  }),
);

/** Reads for a moment, again and again, with gaps shorter than the limit, for longer than the limit in all. */
const nibbling: Answer = sequence(
  ...Array.from({ length: 24 }, () => sequence(stopReading(), pause(60), readOn(), pause(20))),
  afterContent(),
  done,
);

const steady = [
  ["bytes", () => ({ body: large() }), cut, expects({ status: 200 })] as const,
  ["stream", () => ({ body: streamed() }), pieces, needsStreams] as const,
].map(([name, options, requires, otherwise]) =>
  defineCase({
    id: `session/timeout/write-leaves-a-slow-peer-alone-${name}`,
    title: `timeout.write must not end an upload that goes on, however slowly (${name})`,
    level: "must",
    catalogue: ["F-TMO-01"],
    requires,
    otherwise,
    origin: [nibbling],
    perform: call("PUT", "a", () => ({
      ...options(),
      timeout: { connect: 2000, write: 1000, response: 4000 },
    })),
    expect: {
      status: 200,
      content: "done",
      after: atLeast(1900),
      arrivals: [{ complete: true, contentLength: size, filler: true }],
    },
    exclusive: true,
    hint: "check that each piece that is taken moves the clock",
  }),
);

/** Cases of `session/timeout` about `write`. */
export const timeoutWriteCases: readonly Case[] = [
  ...silences,
  ...steady,
  defineCase({
    id: "session/timeout/write-closes-the-connection",
    title: "timeout.write must close the connection, and leave the session as it was",
    level: "must",
    catalogue: ["F-TMO-01", "F-REQ-04"],
    requires: { ...pieces, connectionPool: "visible" },
    otherwise: expects(
      { calls: [{ status: 200 }, { status: 200 }] },
      {
        perform: [call("PUT", "a", { body: "x", timeout: limits }), call("GET", "b")],
        origin: [done, done],
      },
    ),
    origin: [sequence(stopReading(), stall()), done],
    perform: [call("PUT", "a", () => ({ body: iterated(), timeout: limits })), call("GET", "b")],
    expect: {
      calls: [{ error: write }, { status: 200, content: "done" }],
      connections: [{ closed: byClient }, {}],
    },
    exclusive: true,
    hint: "check that the signal destroys the socket, whatever is still to be written to it",
  }),
  defineCase({
    id: "session/timeout/write-leaves-a-slow-source-alone",
    title:
      "timeout.write must not count the time in which the source of the content yields nothing",
    level: "must",
    catalogue: ["F-TMO-01"],
    requires: pieces,
    otherwise: needsStreams,
    origin: [done],
    perform: call("PUT", "a", () => ({
      async *body() {
        for (const piece of ["ab", "cd", "ef"]) {
          // Before the first piece as well, when the connection may be made or not.
          await new Promise((resolve) => setTimeout(resolve, 700));
          yield piece;
        }
        await new Promise((resolve) => setTimeout(resolve, 700));
      },
      timeout: { write: 300 },
    })),
    expect: {
      status: 200,
      after: atLeast(2790),
      arrivals: [{ content: "abcdef", complete: true }],
    },
    exclusive: true,
    hint: "check whose turn it is: the clock stands while a piece is asked for",
  }),
  defineCase({
    id: "session/timeout/write-leaves-a-throttle-alone",
    title: "timeout.write must not count what a throttle holds back",
    level: "must",
    catalogue: ["F-TMO-01"],
    requires: cut,
    otherwise: expects({ status: 200 }, { perform: call("PUT", "a", { body: "x" }) }),
    origin: [done],
    perform: call("PUT", "a", () => ({
      body: large().subarray(0, 30_000),
      throttle: { upload: 15_000 },
      timeout: { write: 300 },
    })),
    expect: { status: 200, after: atLeast(900), arrivals: [{ contentLength: 30_000 }] },
    exclusive: true,
    hint: "check that the clock is around the throttle, not inside",
  }),
  defineCase({
    id: "session/timeout/write-is-over-when-all-is-sent",
    title: "timeout.write must not count the wait for the response",
    level: "must",
    catalogue: ["F-TMO-01"],
    origin: [sequence(afterContent(), pause(700), done)],
    perform: call("PUT", "a", { body: "content", timeout: { write: 300 } }),
    expect: { status: 200, content: "done" },
    exclusive: true,
    hint: "check that the step `sent` ends the phase",
  }),
  defineCase({
    id: "session/timeout/write-counts-no-content",
    title: "timeout.write must not run for a request without content, or with empty content",
    level: "must",
    catalogue: ["F-TMO-01"],
    origin: [
      sequence(afterContent(), pause(700), done),
      sequence(afterContent(), pause(700), done),
    ],
    perform: [
      call("GET", "a", { timeout: { write: 300 } }),
      call("PUT", "b", { body: "", timeout: { write: 300 } }),
    ],
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: [{}, { fields: { "content-length": ["0"] } }],
    },
    exclusive: true,
    hint: "check that nothing is waited for where there is nothing to take",
  }),
  defineCase({
    id: "session/timeout/write-keeps-the-content-as-it-is",
    title: "content and its framing must be the same with timeout.write and without",
    level: "must",
    catalogue: ["F-TMO-01"],
    origin: Array.from({ length: 6 }, () => done),
    async perform(kit) {
      const form = new FormData();
      form.append("file", new Blob([filler(50_000)]), "a");
      const seen = [];
      for (const body of [
        filler(100_000),
        new Blob([filler(100_000)]),
        new URLSearchParams({ a: "1" }),
      ])
        for (const timeout of [{}, { write: 5000 }])
          seen.push(await kit.call(call("PUT", "a", { body, timeout })));
      const { arrivals } = await kit.origin.ledger();
      const told = arrivals.map(({ framing, contentLength, content: text, fields }) => [
        framing,
        contentLength,
        text,
        fields.filter(([name]) => /^(?:content|transfer)-/i.test(name)),
      ]);
      kit.note(
        "same",
        [0, 2, 4].map((i) => JSON.stringify(told[i]) === JSON.stringify(told[i + 1])),
      );
      return seen;
    },
    expect: {
      calls: Array.from({ length: 6 }, () => ({ status: 200 })),
      facts: { same: [true, true, true] },
    },
    hint: "check that what is watched keeps its length",
  }),
  defineCase({
    id: "session/timeout/write-is-tried-again",
    title: "an attempt whose content was not taken must be followed by another, with all of it",
    level: "must",
    catalogue: ["F-TMO-01", "F-RTY-01"],
    requires: cut,
    otherwise: expects(
      { status: 200 },
      { perform: call("PUT", "a", { body: "x" }), origin: [done] },
    ),
    origin: [sequence(stopReading(), stall()), done],
    perform: call("PUT", "a", () => ({ body: large(), timeout: limits, ...retry(2) })),
    expect: {
      status: 200,
      content: "done",
      arrivals: [{ complete: false }, { complete: true, contentLength: size, filler: true }],
    },
    exclusive: true,
    hint: "check that ERR_TIMEOUT_WRITE is of a passing kind",
  }),
  defineCase({
    id: "session/timeout/write-watches-and-passes-on",
    title: "an abort must reach the source of content that timeout.write watches",
    level: "must",
    catalogue: ["F-TMO-01", "F-ABT-01"],
    requires: pieces,
    otherwise: needsStreams,
    origin: [gate("never")],
    async perform(kit) {
      const asked = Promise.withResolvers<void>();
      const ended = Promise.withResolvers<void>();
      const body = new ReadableStream<Uint8Array>(
        {
          pull(controller) {
            asked.resolve();
            controller.enqueue(large().subarray(0, 65_536));
          },
          cancel: () => ended.resolve(),
        },
        { highWaterMark: 0 },
      );
      const options = { body, timeout: { write: 400 } };
      const controller = new AbortController();
      const seen = kit.call(call("PUT", "a", { ...options, signal: controller.signal }));
      await kit.origin.arrived(1);
      await kit.within(2000, asked.promise, "the stream to be asked");
      controller.abort("enough");
      await kit.within(2000, ended.promise, "the stream to be cancelled");
      return seen;
    },
    expect: { error: { code: "ERR_ABORTED" }, arrivals: [{ complete: false }] },
    hint: "check that what watches the content passes the end on",
  }),
  defineCase({
    id: "session/timeout/write-and-an-answer-that-came-early",
    title:
      "timeout.write must be over with the head of a response, though the content is not all sent",
    level: "must",
    catalogue: ["F-TMO-01"],
    requires: pieces,
    otherwise: needsStreams,
    origin: [
      sequence(
        head(413, [["content-length", "10"]]),
        content("12345"),
        pause(700),
        content("67890"),
      ),
    ],
    async perform(kit) {
      const never = new Promise<void>(() => undefined);
      async function* body(): AsyncGenerator<string> {
        yield "first";
        await never;
      }
      return kit.call(
        call("PUT", "a", { body: body(), timeout: { write: 300 }, throwHttpErrors: false }),
      );
    },
    expect: { status: 413, content: "1234567890", arrivals: [{ complete: false }] },
    exclusive: true,
    hint: "check that the clock of the exchange is taken off with the head",
  }),
];
