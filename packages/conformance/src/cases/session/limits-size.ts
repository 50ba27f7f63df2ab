/* `maxResponseSize`: how much content may come, whole and piece by piece. */

import {
  afterContent,
  atMost,
  call,
  type Case,
  defineCase,
  expects,
  filler,
  head,
  oneOf,
  read,
  type Reader,
  respond,
  sendFiller,
  sequence,
} from "../../case.ts";

const byClient = oneOf("client-fin", "client-reset");
const tooLarge = {
  name: "ContentError",
  code: "ERR_CONTENT_TOO_LARGE",
  phase: "read",
  requestSent: "yes",
  retryable: false,
} as const;
const flood = sequence(
  afterContent(),
  head(200, [["content-length", "50000000"]]),
  sendFiller(50_000_000),
);

/** Cases of `session/limits` about size. */
export const limitSizeCases: readonly Case[] = [
  defineCase({
    id: "session/limits/size-is-exact",
    title: "content of maxResponseSize bytes must be read, and one byte more be an error",
    level: "must",
    catalogue: ["V-DOS-02"],
    origin: [respond(200, [], filler(1000)), respond(200, [], filler(1001))],
    perform: [
      call("GET", "a", { maxResponseSize: 1000 }),
      call("GET", "b", { maxResponseSize: 1000 }),
    ],
    expect: {
      calls: [
        { status: 200, content: filler(1000) },
        { status: 200, error: tooLarge },
      ],
    },
    hint: "check the comparison with maxResponseSize for being off by one",
  }),
  defineCase({
    id: "session/limits/size-closes-the-connection",
    title: "content beyond maxResponseSize must be given up, and its slot be free",
    level: "must",
    catalogue: ["V-DOS-02"],
    session: { limits: { concurrency: 1 }, maxResponseSize: 100_000 },
    requires: { responseStreaming: "streamed" },
    // What comes whole has come before it is too much.
    otherwise: expects({
      calls: [
        { status: 200, error: tooLarge },
        { status: 200, content: "next" },
      ],
    }),
    origin: [flood, respond(200, [], "next")],
    perform: [call("GET", "a", {}, read.bytes), call("GET", "b")],
    expect: {
      calls: [
        { status: 200, error: tooLarge },
        { status: 200, content: "next" },
      ],
      connections: [{ closed: byClient }, {}],
    },
    hint: "check that the connection is closed when the limit is passed",
  }),
  defineCase({
    id: "session/limits/size-piece-by-piece",
    title: "no piece beyond maxResponseSize must be handed over",
    level: "must",
    catalogue: ["V-DOS-02"],
    requires: { responseStreaming: "streamed" },
    otherwise: expects({ status: 200, error: tooLarge, facts: { size: 0 } }),
    origin: [flood],
    async perform(kit) {
      let size = 0;
      const count: Reader = async (response) => {
        for await (const piece of response) size += piece.byteLength;
      };
      const seen = await kit.call(call("GET", "a", { maxResponseSize: 100_000 }, count));
      kit.note("size", size);
      return seen;
    },
    expect: {
      status: 200,
      error: tooLarge,
      facts: { size: atMost(100_000) },
      connections: [{ closed: byClient }],
    },
    hint: "check that streamed content is counted",
  }),
  defineCase({
    id: "session/limits/size-zero-and-false",
    title: "maxResponseSize 0 must allow no content, and false any",
    level: "must",
    catalogue: ["V-DOS-02"],
    session: { maxResponseSize: 0 },
    origin: [respond(204), respond(200, [], "a"), respond(200, [], filler(100_000))],
    perform: [call("GET", "a"), call("GET", "b"), call("GET", "c", { maxResponseSize: false })],
    expect: {
      calls: [
        { status: 204, content: "" },
        { status: 200, error: tooLarge },
        { status: 200, content: filler(100_000) },
      ],
    },
    hint: "check that 0 is not taken for nothing said",
  }),
];
