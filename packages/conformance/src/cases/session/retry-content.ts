/* What becomes of request content when a request is sent again: the same bytes, or no second attempt at all. */

import {
  absent,
  afterContent,
  afterHead,
  call,
  type Case,
  type CallOptions,
  defineCase,
  expects,
  filler,
  matching,
  oneOf,
  refused,
  refuses,
  reset,
  respond,
  sequence,
  toBytes,
} from "../../case.ts";
import { iterable, stream } from "../transport/sources.ts";
import { leadingAstray, retry } from "./retry-parts.ts";

const twice = retry(2);
const streams = { requestStreaming: "half-duplex" } as const;

function form(): FormData {
  const data = new FormData();
  data.append("name", "value");
  data.append("file", new Blob([filler(3000)], { type: "text/plain" }), "a.txt");
  return data;
}

/** Content that can be sent as often as needed. */
const replayable: readonly (readonly [name: string, options: () => CallOptions])[] = [
  ["text", () => ({ body: "grüße" })],
  ["bytes", () => ({ body: toBytes(filler(70_000)) })],
  ["blob", () => ({ body: new Blob([filler(70_000)]) })],
  ["json", () => ({ json: { a: [1, "ü"] } })],
  ["form", () => ({ form: { a: "1", b: ["2", "3"] } })],
  ["form-data", () => ({ body: form() })],
  ["multipart", () => ({ multipart: form() })],
];

/** The same, made anew by a function each time. */
const made: readonly (readonly [name: string, options: () => CallOptions])[] = [
  ["a-function-of-a-stream", () => ({ body: () => stream("ab", "cd") })],
  ["a-function-of-an-iterable", () => ({ body: () => iterable("ab", "cd") })],
  [
    "a-function-of-a-stream-with-length",
    () => ({ body: () => stream("ab", "cd"), headers: { "content-length": "4" } }),
  ],
];

const replays = [...replayable, ...made].map(([name, options]) =>
  defineCase({
    id: `session/retry/content-of-${name}-is-the-same`,
    title: "content that can be sent again must be the same in each attempt, byte by byte",
    level: "must",
    catalogue: ["F-RTY-01"],
    ...(made.some(([of]) => of === name) && {
      requires: streams,
      otherwise: refuses("requestStreaming", "body"),
    }),
    origin: [sequence(afterContent(), reset()), respond(503, [], "busy"), respond(200, [], "done")],
    async perform(kit) {
      const again = { ...options(), ...retry(3) };
      const seen = await kit.call(call("PUT", "a", again));
      const { arrivals } = await kit.origin.ledger();
      const facts = arrivals.map((arrival) => {
        const fields = arrival.fields.filter(([field]) => /^(?:content|transfer)-/i.test(field));
        return JSON.stringify([arrival.framing, fields, arrival.content, arrival.complete]);
      });
      kit.note("different", new Set(facts).size);
      kit.note("empty", arrivals.filter(({ contentLength }) => contentLength === 0).length);
      return seen;
    },
    expect: { status: 200, content: "done", arrivals: 3, facts: { different: 1, empty: 0 } },
    hint: "check that content is opened anew for each attempt, and its fields with it",
  }),
);

const oneShot: readonly (readonly [name: string, options: () => CallOptions])[] = [
  ["a-stream", () => ({ body: stream("ab", "cd") })],
  ["an-iterable", () => ({ body: iterable("ab", "cd") })],
];

/** Cases of `session/retry` about content. */
export const retryContentCases: readonly Case[] = [
  ...replays,
  ...oneShot.map(([name, options]) =>
    defineCase({
      id: `session/retry/content-of-${name}-is-sent-once`,
      title: `a request whose content is ${name.replace("-", " ")} that was begun must not be sent again`,
      level: "must",
      catalogue: ["F-RTY-01"],
      requires: streams,
      otherwise: refuses("requestStreaming", "body"),
      origin: [sequence(afterContent(), reset())],
      perform: call("PUT", "a", () => ({ ...options(), ...twice })),
      expect: {
        error: {
          requestSent: "maybe",
          retryable: false,
          attempt: 1,
          message: matching(/not sent again, as its content can be sent only once/),
        },
        arrivals: [{ content: "abcd" }],
      },
      hint: "check that content says when it can no longer be sent from its beginning",
    }),
  ),
  defineCase({
    id: "session/retry/content-half-consumed",
    title:
      "a request whose stream is half consumed must not be sent again, and its source be ended",
    level: "must",
    catalogue: ["F-RTY-01"],
    requires: streams,
    otherwise: refuses("requestStreaming", "body"),
    origin: [afterHead(reset())],
    async perform(kit) {
      const ended = Promise.withResolvers<void>();
      async function* half(): AsyncGenerator<string> {
        try {
          yield "first half";
          for (;;) yield filler(16_384);
        } finally {
          ended.resolve();
        }
      }
      const seen = await kit.call(call("PUT", "a", () => ({ body: half(), ...twice })));
      await kit.within(2000, ended.promise, "the source to be ended");
      return seen;
    },
    expect: {
      error: { requestSent: "maybe", attempt: 1, retryable: false },
      arrivals: [{ complete: false }],
    },
    hint: "check that what was begun is not replayable",
  }),
  defineCase({
    id: "session/retry/content-that-was-not-begun",
    title: "a stream of which nothing has been asked for may be sent by a later attempt",
    level: "must",
    catalogue: ["F-RTY-01"],
    // Where connecting cannot be seen, content may be asked for before.
    requires: { requestStreaming: "half-duplex", connectTimeout: "exact" },
    otherwise: expects(
      { status: 200 },
      { perform: call("POST", "a", { body: "abcd" }), origin: [respond(200)] },
    ),
    doors: { gone: refused() },
    session: { allowOtherOrigins: true },
    origin: [respond(200, [], "done")],
    async perform(kit) {
      const session = kit.makeSession({
        ...twice,
        middleware: [leadingAstray(1, `${kit.urls["gone"]}a`)],
      });
      return kit.observe(() => session.post("a", { body: stream("ab", "cd") }));
    },
    expect: { status: 200, content: "done", arrivals: [{ method: "POST", content: "abcd" }] },
    hint: "check that content is not asked for before there is a connection",
  }),
  defineCase({
    id: "session/retry/a-function-that-fails-the-second-time",
    title: "a function that cannot make its content again must end the call with what it threw",
    level: "must",
    catalogue: ["F-RTY-01"],
    origin: [respond(503)],
    perform: call("PUT", "a", () => {
      let count = 0;
      const body = (): string => {
        if (count++ > 0) throw new RangeError("no more");
        return "once";
      };
      return { body, ...retry(3) };
    }),
    expect: {
      error: { code: "ERR_CONTENT_SOURCE", attempt: 2, cause: "RangeError: no more" },
      arrivals: 1,
    },
    hint: "check that the caller's own error is not retried",
  }),
  defineCase({
    id: "session/retry/a-type-is-not-lost",
    title: "fields of the caller must go with each attempt, once each",
    level: "must",
    catalogue: ["F-RTY-01"],
    origin: [respond(503), respond(200)],
    perform: call("PUT", "a", {
      body: "x",
      headers: { "content-type": "text/x-own", "x-own": "1" },
      ...twice,
    }),
    expect: {
      status: 200,
      arrivals: [1, 2].map(() => ({
        fields: {
          "content-type": ["text/x-own"],
          "x-own": ["1"],
          "idempotency-key": absent,
          "content-length": oneOf("1"),
        },
      })),
    },
    hint: "check that an attempt does not add to the fields of the one before",
  }),
];
