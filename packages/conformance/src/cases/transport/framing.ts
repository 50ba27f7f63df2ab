/* How the content of a response is delimited (RFC 9112 §6), whatever the pieces in which it comes. */

import {
  absent,
  bytes,
  call,
  type Case,
  chunk,
  close,
  content,
  defineCase,
  expects,
  head,
  lastChunk,
  oneOf,
  present,
  raw,
  read,
  respond,
  respondChunked,
  sequence,
  truncate,
} from "../../case.ts";

const chunked = [["transfer-encoding", "chunked"]] as const;

/** Cases of `transport/framing` about content that is framed as it should be. */
export const framingCases: readonly Case[] = [
  defineCase({
    id: "transport/framing/short-content-is-truncated",
    title: "content that ends before its declared length is an error, not a short success",
    level: "must",
    spec: ["RFC 9112 §8"],
    catalogue: ["F-BOD-01"],
    requires: { failureDetail: "phased" },
    otherwise: expects({ status: 200, error: { name: present } }),
    origin: [truncate(200, 10, "12345")],
    perform: call("GET", "a", {}, read.bytes),
    expect: {
      status: 200,
      error: {
        name: "ContentError",
        code: "ERR_CONTENT_TRUNCATED",
        phase: "read",
        requestSent: "yes",
      },
    },
    hint: "check that the end of the connection is not taken for the end of the content",
  }),
  defineCase({
    id: "transport/framing/content-length",
    title: "content ends after content-length octets, while the connection stays open",
    level: "must",
    spec: ["RFC 9112 §6.2"],
    catalogue: ["F-BOD-08"],
    origin: [respond(200, [], "12345"), respond(200, [["content-length", "0"]])],
    perform: [call("GET", "a"), call("GET", "b")],
    expect: {
      calls: [
        { status: 200, content: "12345", headers: { "content-length": "5" } },
        { status: 200, content: "", headers: { "content-length": "0" } },
      ],
    },
    hint: "check that nobody waits for the connection to close",
  }),
  defineCase({
    id: "transport/framing/chunks-are-joined",
    title: "chunked content arrives whole, whatever the size of its chunks",
    level: "must",
    spec: ["RFC 9112 §7.1"],
    origin: [respondChunked(200, [], [bytes(0), "abc", bytes(255, 0, 13, 10)])],
    perform: call("GET", "a", {}, read.bytes),
    expect: {
      status: 200,
      content: `\0abc${bytes(255, 0, 13, 10)}`,
      headers: { "content-length": absent },
      arrivals: [{ method: "GET", path: "a" }],
    },
    hint: "check that chunk framing is undone byte by byte",
  }),
  defineCase({
    id: "transport/framing/chunk-sizes",
    title: "chunk sizes are hexadecimal in either case, with leading zeros",
    level: "must",
    spec: ["RFC 9112 §7.1"],
    origin: [
      sequence(
        head(200, chunked),
        content(`a\r\n0123456789\r\nA\r\n0123456789\r\n0000b\r\n0123456789!\r\n000\r\n\r\n`),
      ),
    ],
    perform: call("GET", "a"),
    expect: { status: 200, content: "012345678901234567890123456789!" },
    hint: "check that sizes are not read as decimal",
  }),
  defineCase({
    id: "transport/framing/chunk-extensions-are-ignored",
    title: "chunk extensions that are not known must be ignored",
    level: "must",
    spec: ["RFC 9112 §7.1.1"],
    catalogue: ["V-RSP-04"],
    origin: [
      sequence(
        head(200, chunked),
        chunk("abc", ";name"),
        chunk("def", ';name=value;other="quoted; \\" text"'),
        content("0;last=1\r\n\r\n"),
      ),
    ],
    perform: call("GET", "a"),
    expect: { status: 200, content: "abcdef" },
    hint: "check that extensions are neither content nor an error",
  }),
  defineCase({
    id: "transport/framing/chunks-byte-by-byte",
    title: "chunked content is read the same if every octet comes by itself",
    level: "must",
    spec: ["RFC 9112 §7.1"],
    origin: [
      sequence(head(200, chunked), {
        steps: [
          {
            do: "trickle",
            bytes: "3\r\nabc\r\nA;x=y\r\n\r\n0\r\n\r\n123\r\n0\r\nx-a: 1\r\n\r\n",
            size: 1,
            every: 0,
          },
        ],
      }),
    ],
    perform: call("GET", "a"),
    expect: { status: 200, content: "abc\r\n0\r\n\r\n123" },
    hint: "check that content which looks like framing is content",
  }),
  defineCase({
    id: "transport/framing/coding-name-in-any-case",
    title: "the name of the transfer coding is read in any case of letters",
    level: "must",
    spec: ["RFC 9112 §7"],
    origin: [sequence(head(200, [["Transfer-Encoding", "Chunked"]]), chunk("abc"), lastChunk())],
    perform: call("GET", "a"),
    expect: { status: 200, content: "abc" },
    hint: "check that chunk sizes are not handed over as content",
  }),
  defineCase({
    id: "transport/framing/trailers-are-no-headers",
    title: "trailer fields must not be merged into the header fields",
    level: "must",
    spec: ["RFC 9110 §6.5.1"],
    catalogue: ["V-RSP-04"],
    origin: [
      respondChunked(
        200,
        [["x-a", "head"]],
        ["abc"],
        [
          ["x-a", "trailer"],
          ["x-sum", "1"],
          ["set-cookie", "a=1"],
        ],
      ),
      respond(200, [], "next"),
    ],
    perform: [call("GET", "a"), call("GET", "b")],
    expect: {
      calls: [
        {
          status: 200,
          content: "abc",
          headers: { "x-a": ["head"], "x-sum": absent, "set-cookie": absent },
        },
        { status: 200, content: "next" },
      ],
    },
    hint: "check that trailers are kept apart, and frame nothing",
  }),
  defineCase({
    id: "transport/framing/close-delimited",
    title: "content without any framing runs to the end of the connection",
    level: "must",
    spec: ["RFC 9112 §6.3"],
    origin: [
      sequence(
        head(200, [["content-type", "text/plain"]]),
        content("abc"),
        content("def"),
        close(),
      ),
      respond(200, [], "next"),
    ],
    perform: [call("GET", "a"), call("GET", "b")],
    expect: {
      calls: [
        { status: 200, content: "abcdef", headers: { "content-length": absent } },
        { status: 200, content: "next" },
      ],
      connections: 2,
    },
    hint: "check that an orderly end of the connection is a good end here",
  }),
  defineCase({
    id: "transport/framing/close-delimited-and-empty",
    title: "content without any framing may be empty",
    level: "must",
    spec: ["RFC 9112 §6.3"],
    catalogue: ["F-BOD-08"],
    origin: [sequence(head(200), close())],
    perform: call("GET", "a"),
    expect: { status: 200, content: "" },
    hint: "check that a head without content is a whole response once the connection ends",
  }),
  defineCase({
    id: "transport/framing/http-1-0",
    title: "a response of HTTP/1.0 is read, by content-length or to the end of the connection",
    level: "must",
    spec: ["RFC 9110 §2.5", "RFC 9112 §6.3"],
    catalogue: ["F-BOD-08"],
    origin: [
      sequence(head(200, [], { version: "1.0" }), content("abc"), close()),
      sequence(head(200, [["content-length", "3"]], { version: "1.0" }), content("def"), close()),
    ],
    perform: [call("GET", "a"), call("GET", "b")],
    expect: {
      calls: [
        { status: 200, content: "abc" },
        { status: 200, content: "def" },
      ],
      connections: 2,
    },
    hint: "check that the older version is no error",
  }),
  defineCase({
    id: "transport/framing/head-and-content-in-one-piece",
    title: "a whole response that comes in one piece is read like any other",
    level: "must",
    origin: [
      raw("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc"),
      raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\ndef\r\n0\r\n\r\n"),
    ],
    perform: [call("GET", "a"), call("GET", "b")],
    expect: {
      calls: [
        { status: 200, content: "abc" },
        { status: 200, content: "def" },
      ],
    },
    hint: "check that content which has come before anybody listens is kept",
  }),
  defineCase({
    id: "transport/framing/http-version-is-told-rightly",
    title: "the HTTP version of a response is told as it was on the wire, or not at all",
    level: "must",
    spec: ["RFC 9112 §2.3"],
    origin: [
      sequence(head(200, [], { version: "1.0" }), content("abc"), close()),
      respond(200, [], "def"),
    ],
    perform: [call("GET", "a"), call("GET", "b")],
    expect: {
      calls: [
        { status: 200, content: "abc", httpVersion: oneOf("1.0", null) },
        { status: 200, content: "def", httpVersion: oneOf("1.1", null) },
      ],
    },
    hint: "check that the version is not a constant",
  }),
];
