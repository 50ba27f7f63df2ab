/* Chunks that are none, what may stand behind their sizes, and trailers (RFC 9112 §7.1; ids `transport/framing/…`). */

import {
  absent,
  type Answer,
  call,
  type Case,
  chunk,
  content,
  defineCase,
  gate,
  head,
  lastChunk,
  oneOf,
  raw,
  repeat,
  respond,
  sequence,
} from "../../case.ts";
import { opaqueContentFailure } from "./degraded.ts";
import { brokenOff } from "./sources.ts";

const phased = { failureDetail: "phased" } as const;
const chunked = head(200, [["transfer-encoding", "chunked"]]);
const never = gate("never");

/** Chunked content that breaks after its first chunk. */
const broken: readonly (readonly [name: string, what: string, rest: Answer])[] = [
  ["chunk-size-negative", "a chunk size with a minus", content("-5\r\nhello\r\n0\r\n\r\n")],
  ["chunk-size-with-a-sign", "a chunk size with a plus", content("+3\r\nabc\r\n0\r\n\r\n")],
  ["chunk-size-of-17-digits", "a chunk size of 17 digits", content("11111111111111111\r\nabc\r\n")],
  ["chunk-size-prefixed", "a chunk size with a prefix", content("0x3\r\nabc\r\n0\r\n\r\n")],
  ["chunk-size-after-a-space", "a chunk size after a space", content(" 3\r\nabc\r\n0\r\n\r\n")],
  ["chunk-with-space-in-its-size", "a chunk size in two", content("1 0\r\nabc\r\n0\r\n\r\n")],
  ["chunk-without-line-break", "a chunk without its line break", content("3\r\nabc0\r\n\r\n")],
  ["chunk-size-before-bare-lf", "a bare LF behind a size", content("3\nabc\r\n0\r\n\r\n")],
  ["chunk-before-bare-lf", "a bare LF behind a chunk", content("3\r\nabc\n0\r\n\r\n")],
  ["chunk-size-before-bare-cr", "a bare CR behind a size", content("3\rabc\r\n0\r\n\r\n")],
  ["chunk-extension-with-lf", "a bare LF in an extension", content("3;a\nb\r\nabc\r\n0\r\n\r\n")],
  ["trailer-with-nul", "NUL in a trailer", content("0\r\nx-a: 1\x002\r\n\r\n")],
  ["trailer-without-colon", "a trailer without a colon", content("0\r\nno colon\r\n\r\n")],
];

/** Bytes without end beside the content. */
const endless: readonly (readonly [name: string, what: string, rest: Answer])[] = [
  [
    "trailer-without-end",
    "a trailer of ten million octets",
    sequence(content("0\r\nx-a: "), repeat("x".repeat(1000), 10_000), content("\r\n\r\n")),
  ],
  [
    "trailers-without-number",
    "a million trailers",
    sequence(content("0\r\n"), repeat("x-a: 1\r\n", 1_000_000), content("\r\n")),
  ],
];

/** Cases of `transport/framing` about chunks. */
export const framingChunkCases: readonly Case[] = [
  ...broken.map(([name, what, rest]) =>
    defineCase({
      id: `transport/framing/${name}`,
      title: `${what} is an error`,
      level: "must",
      spec: ["RFC 9112 §7.1", "RFC 9112 §8"],
      catalogue: ["V-RSP-03"],
      requires: phased,
      otherwise: opaqueContentFailure,
      origin: [sequence(chunked, chunk("abc"), rest, never)],
      perform: call("GET", "a"),
      expect: {
        status: 200,
        error: {
          name: "ProtocolError",
          code: "ERR_PROTOCOL_FRAMING",
          phase: "read",
          requestSent: "yes",
          retryable: false,
        },
        connections: [{ closed: brokenOff }],
      },
      hint: "check that a failure of the parser is not taken for an end of the content",
    }),
  ),
  ...endless.map(([name, what, rest]) =>
    defineCase({
      id: `transport/framing/${name}`,
      title: `${what} must be refused before they have all come`,
      level: "must",
      spec: ["RFC 9112 §7.1.2"],
      catalogue: ["V-RSP-04", "V-DOS-04"],
      requires: phased,
      otherwise: opaqueContentFailure,
      origin: [sequence(chunked, chunk("abc"), rest, never)],
      perform: call("GET", "a"),
      expect: {
        status: 200,
        error: {
          name: "ProtocolError",
          code: oneOf("ERR_PROTOCOL_FRAMING", "ERR_PROTOCOL_HEAD_TOO_LARGE"),
        },
        connections: [{ closed: brokenOff }],
      },
      hint: "check that trailers count against the limit of a head",
    }),
  ),
  defineCase({
    id: "transport/framing/chunk-extensions-without-end",
    title: "a gigabyte of chunk extensions must not be read for a handful of content",
    level: "must",
    spec: ["RFC 9112 §7.1.1"],
    catalogue: ["V-RSP-04"],
    requires: phased,
    otherwise: opaqueContentFailure,
    origin: [
      sequence(
        chunked,
        repeat(`1;${"x".repeat(1_000_000)}\r\na\r\n`, 1000),
        content("0\r\n\r\n"),
        never,
      ),
    ],
    perform: call("GET", "a"),
    expect: {
      status: 200,
      error: {
        name: "ProtocolError",
        code: oneOf("ERR_PROTOCOL_FRAMING", "ERR_PROTOCOL_HEAD_TOO_LARGE"),
      },
      connections: [{ closed: brokenOff }],
    },
    hint: "check that octets which are neither head nor content are counted too",
  }),
  defineCase({
    id: "transport/framing/octets-after-the-last-chunk",
    title: "octets behind the last chunk must not be taken for the next response",
    level: "must",
    spec: ["RFC 9112 §9.2"],
    catalogue: ["V-RSP-03", "V-POOL-01"],
    origin: [
      sequence(
        chunked,
        chunk("abc"),
        content("0\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\npoisoned"),
      ),
      respond(200, [], "sound"),
    ],
    perform: [call("GET", "a"), call("GET", "b")],
    expect: {
      calls: [
        { status: 200, content: "abc" },
        { status: 200, content: "sound" },
      ],
      arrivals: [{ connection: 1 }, { connection: 2 }],
    },
    hint: "check that a connection on which something came unasked is closed",
  }),
  defineCase({
    id: "transport/framing/trailers-that-would-frame",
    title: "trailers named like fields that frame, route or authenticate must do nothing",
    level: "must",
    spec: ["RFC 9110 §6.5.1"],
    catalogue: ["V-RSP-04", "F-BOD-08"],
    origin: [
      sequence(
        head(200, [
          ["transfer-encoding", "chunked"],
          ["trailer", "x-sum"],
        ]),
        chunk("abc"),
        lastChunk([
          ["x-sum", "1"],
          ["host", "elsewhere.test"],
          ["authorization", "Basic eDp5"],
          ["set-cookie", "a=1"],
          ["__proto__", "polluted"],
          ["connection", "x-nothing"],
        ]),
      ),
      respond(200, [], "next"),
    ],
    perform: [call("GET", "a"), call("GET", "b")],
    expect: {
      calls: [
        {
          status: 200,
          content: "abc",
          headers: {
            "x-sum": absent,
            host: absent,
            authorization: absent,
            "set-cookie": absent,
            __proto__: absent,
          },
        },
        { status: 200, content: "next" },
      ],
    },
    hint: "check that trailers are kept apart, in a list rather than an object",
  }),
  ...["transfer-encoding: chunked", "content-length: 1000"].map((line) =>
    defineCase({
      id: `transport/framing/${line.startsWith("t") ? "coding" : "length"}-in-a-trailer`,
      title: `a trailer ${line} must not change how the next response is read`,
      level: "must",
      spec: ["RFC 9110 §6.5.1"],
      catalogue: ["V-RSP-04"],
      origin: [
        sequence(chunked, chunk("abc"), raw(`0\r\n${line}\r\n\r\n`)),
        respond(200, [], "next"),
      ],
      async perform(kit) {
        // To refuse it is as good as to ignore it.
        await kit.call(call("GET", "a"));
        return kit.call(call("GET", "b"));
      },
      expect: { status: 200, content: "next" },
      hint: "check that each response is parsed from a clean state",
    }),
  ),
];
