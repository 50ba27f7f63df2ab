/* Request content that is produced while it is sent: how it is framed, paced, and what becomes of one that fails. */

import {
  absent,
  atMost,
  call,
  type Case,
  defineCase,
  expects,
  gate,
  oneOf,
  read,
  readOn,
  refuses,
  respond,
  sequence,
  stopReading,
} from "../../case.ts";
import { brokenOff, iterable, stream } from "./sources.ts";

const streaming = { requestStreaming: "half-duplex" } as const;
const declared = call("POST", "a", () => ({
  body: stream("ab", "cde"),
  headers: { "content-length": "5" },
}));
const refusal = refuses("requestStreaming", "body");
const letters = "abcdefghijklmnopqrstuvwxyz";

/** Cases of `transport/content` about streams. */
export const contentStreamsCases: readonly Case[] = [
  defineCase({
    id: "transport/content/stream-of-unknown-length",
    title: "a ReadableStream is sent chunked, piece by piece, without a content-type",
    level: "must",
    spec: ["RFC 9112 §6.1", "RFC 9112 §7.1"],
    requires: streaming,
    otherwise: refusal,
    origin: [respond(200)],
    perform: call("POST", "a", () => ({ body: stream("ab", "\0\u00FF\r\n", "c") })),
    expect: {
      status: 200,
      arrivals: [
        {
          framing: "chunked",
          content: "ab\0\u00FF\r\nc",
          complete: true,
          fields: {
            "transfer-encoding": ["chunked"],
            "content-length": absent,
            "content-type": absent,
          },
        },
      ],
    },
    hint: "check that the last chunk is sent, and content-length is not",
  }),
  defineCase({
    id: "transport/content/async-iterable",
    title: "an async iterable of bytes and strings is sent chunked, strings in UTF-8",
    level: "must",
    spec: ["RFC 9112 §7.1"],
    requires: streaming,
    otherwise: refusal,
    origin: [respond(200)],
    perform: call("POST", "a", () => ({
      body: iterable("é", new TextEncoder().encode("b"), "", new Uint8Array(0), "c"),
    })),
    expect: {
      status: 200,
      arrivals: [{ framing: "chunked", content: "\u00C3\u00A9bc", complete: true }],
    },
    hint: "check that an empty piece is not sent as the last chunk",
  }),
  defineCase({
    id: "transport/content/function-makes-a-stream",
    title: "a stream made by a function is sent like one that was given",
    level: "must",
    requires: streaming,
    otherwise: refusal,
    origin: [respond(200), respond(200)],
    perform: [
      call("POST", "a", { body: () => stream("a", "b") }),
      call("POST", "a", { body: () => Promise.resolve(iterable("a", "b")) }),
    ],
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: [
        { framing: "chunked", content: "ab" },
        { framing: "chunked", content: "ab" },
      ],
    },
    hint: "check that what the function makes is looked at as if it had been given",
  }),
  defineCase({
    id: "transport/content/empty-stream",
    title: "a stream without pieces is content of no bytes",
    level: "must",
    requires: streaming,
    otherwise: refusal,
    origin: [respond(200)],
    perform: call("POST", "a", () => ({ body: stream() })),
    expect: { status: 200, arrivals: [{ content: "", complete: true }] },
    hint: "check that the request ends although not a piece came",
  }),
  defineCase({
    id: "transport/content/stream-of-declared-length",
    title: "a stream whose length the caller declares is sent with that content-length",
    level: "must",
    spec: ["RFC 9112 §6.2"],
    requires: { ...streaming, streamLength: "declared" },
    otherwise: expects(
      { facts: { sent: oneOf("chunked abcde", "ERR_UNSUPPORTED") }, arrivals: atMost(1) },
      {
        async perform(kit) {
          const { error } = await kit.call(declared);
          const [arrival] = (await kit.origin.ledger()).arrivals;
          kit.note("sent", error?.code ?? `${arrival?.framing} ${arrival?.content}`);
        },
      },
    ),
    origin: [respond(200)],
    perform: declared,
    expect: {
      status: 200,
      arrivals: [
        {
          framing: "length",
          content: "abcde",
          complete: true,
          fields: { "content-length": ["5"], "transfer-encoding": absent },
        },
      ],
    },
    hint: "check the capability `streamLength`",
  }),
  defineCase({
    id: "transport/content/longer-than-declared",
    title: "not a byte beyond the declared length is sent, and the call fails",
    level: "must",
    spec: ["RFC 9112 §6.2"],
    catalogue: ["V-SMG-02", "F-REQ-06"],
    requires: streaming,
    otherwise: refusal,
    origin: [respond(200)],
    async perform(kit) {
      async function* pieces(): AsyncGenerator<string, void> {
        yield "abc";
        await kit.origin.arrived(1);
        yield "de";
        yield "f";
      }
      const options = { body: pieces(), headers: { "content-length": "4" } };
      return kit.call(call("POST", "a", options));
    },
    expect: {
      error: { name: "ContentError", code: "ERR_CONTENT_SOURCE", phase: "write" },
      arrivals: [{ contentLength: atMost(4), complete: false }],
      connections: [{ closed: brokenOff }],
    },
    hint: "check that the connection is closed, not left for the next request",
  }),
  defineCase({
    id: "transport/content/shorter-than-declared",
    title: "content that ends before its declared length must not look complete to the server",
    level: "must",
    spec: ["RFC 9112 §8"],
    catalogue: ["V-SMG-02", "F-REQ-06"],
    requires: streaming,
    otherwise: refusal,
    origin: [respond(200)],
    async perform(kit) {
      async function* pieces(): AsyncGenerator<string, void> {
        yield "abc";
        await kit.origin.arrived(1);
      }
      const options = { body: pieces(), headers: { "content-length": "4" } };
      return kit.call(call("POST", "a", options));
    },
    expect: {
      error: { name: "ContentError", code: "ERR_CONTENT_SOURCE", phase: "write" },
      arrivals: [{ contentLength: atMost(3), complete: false }],
      connections: [{ closed: brokenOff }],
    },
    hint: "check that neither the end of chunks nor padding is sent",
  }),
  defineCase({
    id: "transport/content/source-that-fails",
    title:
      "when the source fails midway, the call fails with its error, and the request stays incomplete",
    level: "must",
    spec: ["RFC 9112 §8"],
    catalogue: ["F-REQ-06"],
    requires: streaming,
    otherwise: refusal,
    origin: [respond(200)],
    async perform(kit) {
      async function* failing(): AsyncGenerator<string, void> {
        yield "abc";
        await kit.origin.arrived(1);
        throw new Error("the disk is gone");
      }
      return kit.call(call("POST", "a", { body: failing() }));
    },
    expect: {
      error: {
        name: "ContentError",
        code: "ERR_CONTENT_SOURCE",
        phase: "write",
        requestSent: "maybe",
        retryable: false,
        cause: "Error: the disk is gone",
      },
      arrivals: [{ complete: false }],
      connections: [{ closed: brokenOff }],
    },
    hint: "check that the last chunk is not sent after a failure",
  }),
  defineCase({
    id: "transport/content/source-that-fails-at-once",
    title: "when the source fails before its first piece, the call fails with its error",
    level: "must",
    catalogue: ["F-REQ-06"],
    requires: streaming,
    otherwise: refusal,
    origin: [respond(200)],
    perform: call("POST", "a", () => ({
      body: new ReadableStream({
        pull() {
          throw new Error("the disk is gone");
        },
      }),
    })),
    expect: {
      error: { code: "ERR_CONTENT_SOURCE", cause: "Error: the disk is gone" },
      arrivals: oneOf(0, 1),
    },
    hint: "check that a request whose source has failed is never completed",
  }),
  defineCase({
    id: "transport/content/pieces-must-be-bytes",
    title: "a piece that is neither bytes nor a string fails the call",
    level: "must",
    catalogue: ["F-REQ-06"],
    requires: streaming,
    otherwise: refusal,
    origin: [respond(200)],
    perform: call("POST", "a", () => ({ body: iterable("a", 5 as unknown as string) })),
    expect: {
      error: { name: "ContentError", code: "ERR_CONTENT_SOURCE" },
      arrivals: oneOf(0, 1),
    },
    hint: "check that numbers are not sent as text or as lengths",
  }),
  defineCase({
    id: "transport/content/one-megabyte-of-a-stream",
    title: "a megabyte of a stream arrives whole and in order",
    level: "must",
    requires: streaming,
    otherwise: refusal,
    origin: [respond(200)],
    perform: call("POST", "a", () => ({
      body: iterable(...Array.from({ length: 64 }, () => letters.repeat(631))),
    })),
    expect: {
      status: 200,
      arrivals: [
        { framing: "chunked", contentLength: 64 * 631 * 26, filler: true, complete: true },
      ],
    },
    hint: "check that the next piece is taken only when the one before is on its way",
  }),
  defineCase({
    id: "transport/content/stream-is-pulled-as-it-is-sent",
    title: "while the server takes nothing, pieces are not pulled without end",
    level: "must",
    spec: ["RFC 9293 §3.8"],
    catalogue: ["F-REQ-04"],
    requires: streaming,
    otherwise: refusal,
    origin: [sequence(stopReading(), gate("go"), readOn(), respond(200))],
    async perform(kit) {
      const piece = new TextEncoder().encode(letters.repeat(2520));
      const all = 512;
      let pulled = 0;
      const exhausted = Promise.withResolvers<void>();
      async function* pieces(): AsyncGenerator<Uint8Array, void> {
        while (pulled < all) {
          pulled++;
          yield piece;
        }
        exhausted.resolve();
      }
      const seen = kit.call(call("POST", "a", { body: pieces() }));
      await kit.origin.arrived(1);
      await kit.neverWithin(300, exhausted.promise, "32 MiB to be taken off a source in one go");
      await kit.origin.open("go");
      return seen;
    },
    expect: {
      status: 200,
      arrivals: [{ contentLength: 512 * 2520 * 26, filler: true, complete: true }],
    },
    hint: "check that back-pressure of the socket reaches the source",
  }),
  defineCase({
    id: "transport/content/stream-flows-while-it-is-made",
    title: "a piece is sent when it is there, without waiting for the next one",
    level: "must",
    spec: ["RFC 9112 §7.1"],
    requires: streaming,
    otherwise: refusal,
    origin: [respond(200)],
    async perform(kit) {
      async function* pieces(): AsyncGenerator<string, void> {
        yield "first";
        await kit.origin.arrived(1);
        yield " second";
      }
      return kit.call(call("POST", "a", { body: pieces() }, read.text));
    },
    expect: { status: 200, arrivals: [{ content: "first second", complete: true }] },
    hint: "check that content is not collected before it is sent",
  }),
];
