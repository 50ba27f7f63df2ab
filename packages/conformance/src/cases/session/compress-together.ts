/* Request content in a content coding, together with what else may be said of a call and may happen to it. */

import type { CompressCoding, MiddlewareFunction } from "@anyhttp/core";
import {
  aborted,
  absent,
  atMost,
  type ArrivalExpectation,
  call,
  type Case,
  defineCase,
  expects,
  notApplicable,
  plain,
  read,
  refuses,
  respond,
  sequence,
  stall,
  stopReading,
  toBytes,
} from "../../case.ts";

const text = "The same text, again and again: the same text, again and again.\n";
const compress: CompressCoding = "gzip";
const isCoded = {
  fields: { "content-encoding": "gzip" },
  decoded: { content: text, length: text.length, filler: false },
} satisfies ArrivalExpectation;
const isPlain = {
  fields: { "content-encoding": absent },
  content: text,
} satisfies ArrivalExpectation;
const to = (status: number, place: string) => respond(status, [["location", place]]);
const streams = { requestStreaming: "half-duplex" } as const;
const visible = { redirects: "visible" } as const;

/** Content that no coding makes smaller. */
function noise(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let seed = 1;
  for (let i = 0; i < size; i++) {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    bytes[i] = seed;
  }
  return bytes;
}

const own = (
  [
    ["content-encoding", "br"],
    ["content-length", String(text.length)],
  ] as const
).flatMap(([name, value]) => [
  defineCase({
    id: `session/compress/refuses-own-${name}`,
    title: `compress must be refused together with the caller's own ${name}`,
    level: "must",
    spec: ["RFC 9110 §8.4", "RFC 9110 §8.6"],
    requires: { forbiddenFields: "none" },
    otherwise: expects({ error: { requestSent: "no" }, arrivals: [] }),
    origin: [],
    perform: call("POST", "a", { body: text, compress, headers: { [name]: value } }),
    expect: { error: { code: "ERR_INVALID_OPTION", requestSent: "no" }, arrivals: [] },
    hint: "check that what the two say cannot both be true is found before anything is sent",
  }),
  defineCase({
    id: `session/compress/default-stands-back-for-own-${name}`,
    title: `a session's compress must leave a call alone whose own ${name} says what its content is`,
    level: "must",
    spec: ["RFC 9110 §8.4", "RFC 9110 §8.6"],
    requires: { forbiddenFields: "none" },
    otherwise: notApplicable("forbiddenFields"),
    session: { compress },
    origin: [respond(200)],
    perform: call("POST", "a", { body: text, headers: { [name]: value } }),
    expect: {
      status: 200,
      arrivals: [{ content: text, fields: { "content-encoding": absent, [name]: value } }],
    },
    hint: "check that content which is coded already is not coded again",
  }),
]);

const redirects = (
  [
    [307, "PUT", isCoded],
    [308, "POST", isCoded],
    [303, "POST", { method: "GET", framing: "none", fields: { "content-encoding": absent } }],
    [301, "POST", { method: "GET", framing: "none", fields: { "content-encoding": absent } }],
  ] as const
).map(([status, method, second]) =>
  defineCase({
    id: `session/compress/redirect-${status}`,
    title:
      second === isCoded
        ? `content must be sent in its coding again after ${status}`
        : `a coding must go together with its content after ${status}`,
    level: "must",
    spec: ["RFC 9110 §15.4"],
    requires: visible,
    otherwise: expects({ status: 200, arrivals: 2 }),
    origin: [to(status, "b"), respond(200)],
    perform: call(method, "a", { body: text, compress }),
    expect: { status: 200, arrivals: [{ ...isCoded, method }, second] },
    hint: "check that each hop has the fields of the content that it has",
  }),
);

/** Cases of `session/compress` about what goes together. */
export const compressTogetherCases: readonly Case[] = [
  ...own,
  ...redirects,
  defineCase({
    id: "session/compress/redirect-to-another-origin",
    title: "content must be sent in its coding to another origin as well",
    level: "must",
    spec: ["RFC 9110 §15.4"],
    requires: visible,
    otherwise: notApplicable("redirects"),
    doors: { other: plain() },
    origin: [to(307, "{other}b"), respond(200)],
    perform: call("POST", "a", { body: text, compress }),
    expect: { status: 200, arrivals: [isCoded, { ...isCoded, door: "other" }] },
    hint: "check that content-encoding follows the content",
  }),
  defineCase({
    id: "session/compress/default-of-a-session",
    title: "compress of a session must hold for its calls, each of which may override it",
    level: "must",
    session: { compress },
    origin: [respond(200), respond(200), respond(200)],
    perform: [
      call("POST", "a", { body: text }),
      call("POST", "b", { body: text, compress: false }),
      call("POST", "c", { body: text, compress: "deflate" }),
    ],
    expect: {
      calls: [{ status: 200 }, { status: 200 }, { status: 200 }],
      arrivals: [isCoded, isPlain, { ...isCoded, fields: { "content-encoding": "deflate" } }],
    },
    hint: "check how the option merges",
  }),
  defineCase({
    id: "session/compress/nothing-to-compress",
    title: "a request without content, and one whose content is empty, must have no coding",
    level: "must",
    spec: ["RFC 9110 §8.4"],
    session: { compress },
    origin: [respond(200), respond(200), respond(200)],
    perform: [
      call("GET", "a"),
      call("POST", "b", { body: "" }),
      call("POST", "c", () => ({ body: () => new Blob([]), compress: "gzip" })),
    ],
    expect: {
      calls: [{ status: 200 }, { status: 200 }, { status: 200 }],
      arrivals: Array.from({ length: 3 }, () => ({
        contentLength: 0,
        fields: { "content-encoding": absent },
      })),
    },
    hint: "check that a coding of nothing, which has bytes, is not made",
  }),
  defineCase({
    id: "session/compress/unknown-coding",
    title: "a coding that compress does not know must be refused",
    level: "must",
    origin: [],
    perform: [
      call("POST", "a", { body: text, compress: "lzma" }),
      call("POST", "a", { body: text, compress: true }),
    ],
    expect: {
      calls: Array.from({ length: 2 }, () => ({
        error: { code: "ERR_INVALID_OPTION", requestSent: "no" },
      })),
      arrivals: [],
    },
    hint: "check that the option is one of its four values",
  }),
  defineCase({
    id: "session/compress/middleware-has-coded-it",
    title: "content that middleware has coded, and says so, must not be coded again",
    level: "must",
    spec: ["RFC 9110 §8.4"],
    origin: [respond(200)],
    perform: (kit) => {
      const session = kit.makeSession({
        compress,
        middleware: [
          ((request, next) => {
            request.headers.set("content-encoding", "x-own");
            return next(request);
          }) satisfies MiddlewareFunction,
        ],
      });
      return kit.observe(() => session.post("a", { body: text }));
    },
    expect: {
      status: 200,
      arrivals: [{ content: text, fields: { "content-encoding": "x-own" } }],
    },
    hint: "check that the fields are looked at when the request is sent",
  }),
  defineCase({
    id: "session/compress/retry",
    title: "content must be sent in its coding with each attempt",
    level: "must",
    session: { retry: { attempts: 3, backoff: 1 } },
    origin: [respond(503), respond(503), respond(200)],
    perform: call("PUT", "a", { body: text, compress }),
    expect: { status: 200, arrivals: [isCoded, isCoded, isCoded] },
    hint: "check that each attempt has an encoder of its own",
  }),
  defineCase({
    id: "session/compress/retry-of-a-function",
    title: "what a function makes must be coded anew with each attempt",
    level: "must",
    requires: streams,
    otherwise: refuses("requestStreaming", "body"),
    session: { retry: { attempts: 2, backoff: 1 } },
    origin: [respond(503), respond(200)],
    perform: call("PUT", "a", { body: () => new Blob([text]).stream(), compress }),
    expect: { status: 200, arrivals: [isCoded, isCoded] },
    hint: "check that each attempt has content and an encoder of its own",
  }),
  defineCase({
    id: "session/compress/source-fails",
    title:
      "a source that fails must fail the call with its error as cause, and not end the request",
    level: "must",
    catalogue: ["F-REQ-04"],
    requires: streams,
    otherwise: refuses("requestStreaming", "body"),
    origin: [stall()],
    async perform(kit) {
      const failure = new Error("the source's own");
      async function* source(): AsyncGenerator<Uint8Array> {
        yield noise(200_000);
        await kit.origin.arrived();
        throw failure;
      }
      const seen = await kit.observe(() => kit.session.post("a", { body: source(), compress }));
      kit.note("same", (seen.error?.error as Error | undefined)?.cause === failure);
      return seen;
    },
    expect: {
      error: { code: "ERR_CONTENT_SOURCE" },
      arrivals: [{ complete: false }],
      facts: { same: true },
    },
    hint: "check that the error goes through the encoder as it is",
  }),
  defineCase({
    id: "session/compress/abort",
    title: "an abort must end the encoder and its source",
    level: "must",
    requires: streams,
    otherwise: refuses("requestStreaming", "body"),
    origin: [sequence(stopReading(), stall())],
    async perform(kit) {
      const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
      const { promise: ended, resolve } = Promise.withResolvers<string>();
      async function* source(): AsyncGenerator<Uint8Array> {
        ask();
        try {
          for (;;) yield await Promise.resolve(noise(65_536));
        } finally {
          resolve("ended");
        }
      }
      const controller = new AbortController();
      const seeing = kit.observe(() =>
        kit.session.post("a", { body: source(), compress, signal: controller.signal }),
      );
      await kit.origin.arrived();
      await kit.within(2_000, asked, "the source to be asked");
      controller.abort();
      kit.note("source", await kit.within(2_000, ended, "the source to be ended"));
      return seeing;
    },
    expect: {
      error: { code: "ERR_ABORTED" },
      arrivals: [{ complete: false }],
      facts: { source: "ended" },
    },
    hint: "check that the encoder passes return() on",
  }),
  defineCase({
    id: "session/compress/abort-at-once",
    title: "an abort while content is being coded must leave nothing to be sent",
    level: "must",
    origin: [],
    perform: aborted(
      call("POST", "a", () => ({ body: noise(1_000_000), compress })),
      "called",
    ),
    expect: { error: { code: "ERR_ABORTED" }, arrivals: [] },
    hint: "check that who asked for it is looked for again once it is coded",
  }),
  defineCase({
    id: "session/compress/abort-of-a-silent-source",
    title: "an abort while small content is coded must end its source, even a silent one",
    level: "must",
    requires: streams,
    otherwise: refuses("requestStreaming", "multipart"),
    origin: [],
    async perform(kit) {
      const { promise: ended, resolve } = Promise.withResolvers<string>();
      const { promise: asked, resolve: wasAsked } = Promise.withResolvers<void>();
      const content = new ReadableStream<Uint8Array>(
        {
          pull() {
            wasAsked();
            return new Promise(() => undefined);
          },
          cancel: () => resolve("ended"),
        },
        { highWaterMark: 0 },
      );
      const controller = new AbortController();
      const seeing = kit.observe(() =>
        kit.session.post("a", {
          // Its length is known, so that it is coded before it is sent.
          multipart: [{ name: "a", content: () => content, length: 100 }],
          compress,
          signal: controller.signal,
        }),
      );
      await kit.within(2_000, asked, "the source to be asked");
      controller.abort();
      kit.note("source", await kit.within(2_000, ended, "the source to be ended"));
      return seeing;
    },
    expect: { error: { code: "ERR_ABORTED" }, arrivals: [], facts: { source: "ended" } },
    hint: "check that an abort ends the encoder before the transport has any content",
  }),
  defineCase({
    id: "session/compress/write-timeout",
    title: "timeout.write must see whether coded content is taken",
    level: "must",
    catalogue: ["F-TMO-01"],
    requires: streams,
    otherwise: notApplicable("requestStreaming"),
    origin: [sequence(stopReading(), stall())],
    perform: call("PUT", "a", () => ({
      body: noise(24_000_000),
      compress,
      timeout: { write: 400, connect: 2_000, response: 2_000 },
    })),
    expect: { error: { code: "ERR_TIMEOUT_WRITE" }, arrivals: [{ complete: false }] },
    exclusive: true,
    hint: "check that the clock stands behind the encoder",
  }),
  defineCase({
    id: "session/compress/throttle",
    title: "throttle.upload must count bytes in their coding",
    level: "must",
    requires: streams,
    otherwise: refuses("requestStreaming", "throttle.upload"),
    origin: [respond(200)],
    // 60 KB would take three seconds; coded they are a few hundred bytes.
    perform: call("PUT", "a", () => ({
      body: toBytes("a".repeat(60_000)),
      compress,
      throttle: { upload: 20_000 },
    })),
    expect: { status: 200, after: atMost(1_500) },
    exclusive: true,
    hint: "check that the throttle stands behind the encoder",
  }),
  defineCase({
    id: "session/compress/expect-continue",
    title: "coded content must be held back as well until the server asks for it",
    level: "must",
    spec: ["RFC 9110 §10.1.1"],
    requires: { expectContinue: "waits" },
    otherwise: notApplicable("expectContinue"),
    origin: [respond(200)],
    perform: call("POST", "a", { body: text, compress, expectContinue: 200 }),
    expect: { status: 200, arrivals: [isCoded] },
    hint: "check the order of what is done with content",
  }),
  defineCase({
    id: "session/compress/refusal-comes-first",
    title: "a coding without an encoder must be refused before the content is asked for",
    level: "must",
    requires: { encoders: "zstd" },
    otherwise: refuses("encoders", "compress"),
    origin: [respond(200)],
    perform: call("POST", "a", { body: () => text, compress: "zstd" }, read.text),
    expect: { status: 200, arrivals: [{ fields: { "content-encoding": "zstd" } }] },
    hint: "check what encoders the transport declares",
  }),
  defineCase({
    id: "session/compress/connection-is-reused",
    title: "a connection must serve again after coded content",
    level: "must",
    origin: [respond(200), respond(200)],
    perform: [
      call("POST", "a", { body: text, compress }),
      call("POST", "b", () => ({ body: new Blob([text]), compress })),
    ],
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: [isCoded, isCoded],
      connections: 1,
    },
    hint: "check that the end of the content is the end of the request",
  }),
  defineCase({
    id: "session/compress/error-response",
    title: "a server that does not take the coding must be heard",
    level: "must",
    spec: ["RFC 9110 §15.5.16", "RFC 7694 §3"],
    origin: [respond(415, [["accept-encoding", "identity"]], "no gzip here")],
    perform: call("POST", "a", { body: text, compress, throwHttpErrors: false }),
    expect: { status: 415, content: "no gzip here", headers: { "accept-encoding": "identity" } },
    hint: "check that a refusal is a response like any other",
  }),
];
