/* The peer goes away, with FIN or RST, in each phase of a response (RFC 9112 §8). */

import {
  type Answer,
  call,
  type Case,
  chunk,
  close,
  content,
  cut,
  defineCase,
  head,
  lastChunk,
  raw,
  read,
  reset,
  secure,
  sequence,
} from "../../case.ts";
import { lostSomehow, opaqueContentFailure } from "./degraded.ts";

const phased = { failureDetail: "phased" } as const;
const endings = [
  ["fin", "the end of the connection", close()],
  ["rst", "a reset of the connection", reset()],
] as const;
const length = (count: number): Answer => head(200, [["content-length", String(count)]]);
const chunked = head(200, [["transfer-encoding", "chunked"]]);

/** Before the head is complete. */
const inTheHead = [
  ["before-any-byte", "before any byte of the response", "", "maybe"],
  ["in-the-status-line", "in the status line", "HTTP/1.1 20", "yes"],
  ["after-the-status-line", "after the status line", "HTTP/1.1 200 OK\r\n", "yes"],
  ["in-a-field-name", "in a field name", "HTTP/1.1 200 OK\r\ncontent-le", "yes"],
  ["in-a-field-value", "in a field value", "HTTP/1.1 200 OK\r\nx-a: 1\r\nx-b: 2", "yes"],
  [
    "before-the-empty-line",
    "before the empty line",
    "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n",
    "yes",
  ],
] as const;

/** Before the content is complete. */
const inTheContent: readonly (readonly [name: string, where: string, Answer])[] = [
  ["before-the-content", "before the first octet of declared content", length(10)],
  ["in-the-content", "within declared content", sequence(length(10), content("12345"))],
  ["before-the-first-chunk", "before the first chunk", chunked],
  ["in-a-chunk-size", "in a chunk size", sequence(chunked, chunk("abc"), content("1"))],
  ["in-a-chunk", "within a chunk", sequence(chunked, chunk("abc"), content("a\r\nabcd"))],
  ["before-the-last-chunk", "before the last chunk", sequence(chunked, chunk("abc"))],
  [
    "in-the-trailers",
    "within the trailer section",
    sequence(chunked, chunk("abc"), content("0\r\nx-a: 1")),
  ],
];

const heads: readonly Case[] = inTheHead.flatMap(([name, where, text, sent]) =>
  endings.map(([ending, what, end]) =>
    defineCase({
      id: `transport/truncation/${ending}-${name}`,
      title: `${what} ${where} is a lost connection`,
      level: "must",
      spec: ["RFC 9112 §8"],
      catalogue: [text === "" ? "F-CON-02" : "F-HDR-01"],
      // Whether a byte of the response had come is a fact about the connection.
      requires: { ...phased, connectionInfo: "exposed" },
      otherwise: lostSomehow,
      origin: [text === "" ? end : sequence(raw(text), end)],
      perform: call("POST", "a"),
      expect: {
        error: {
          name: "DisconnectedError",
          code: "ERR_DISCONNECTED",
          phase: "response",
          requestSent: sent,
          retryable: false,
        },
        connections: 1,
      },
      hint: "check that what has come of a head is no response, and POST is not sent again",
    }),
  ),
);

const contents: readonly Case[] = inTheContent.flatMap(([name, where, answer]) =>
  endings.map(([ending, what, end]) =>
    defineCase({
      id: `transport/truncation/${ending}-${name}`,
      title: `${what} ${where} must be treated as incomplete content`,
      level: "must",
      spec: ["RFC 9112 §8"],
      catalogue: [name.includes("chunk") || name.includes("trailer") ? "F-BOD-02" : "F-BOD-01"],
      requires: phased,
      otherwise: opaqueContentFailure,
      origin: [sequence(answer, end)],
      perform: call("GET", "a"),
      expect: {
        status: 200,
        error: {
          name: "ContentError",
          code: "ERR_CONTENT_TRUNCATED",
          phase: "read",
          requestSent: "yes",
          retryable: true,
        },
        connections: 1,
      },
      hint: "check that the end of the connection is not taken for the end of the content",
    }),
  ),
);

/** Cases of `transport/truncation` about the response. */
export const truncationCases: readonly Case[] = [
  ...heads,
  ...contents,
  defineCase({
    id: "transport/truncation/rst-in-close-delimited-content",
    title: "a reset within content that runs to the end of the connection must not end it well",
    level: "must",
    spec: ["RFC 9112 §8"],
    catalogue: ["F-BOD-03"],
    requires: phased,
    otherwise: opaqueContentFailure,
    origin: [sequence(head(200), content("abc"), reset())],
    perform: call("GET", "a"),
    expect: {
      status: 200,
      error: { name: "ContentError", code: "ERR_CONTENT_TRUNCATED", phase: "read" },
    },
    hint: "check that FIN and RST are told apart",
  }),
  ...(
    [
      ["tls-cut-before-the-first-octet", "before the first octet of", head(200), "1.3"],
      ["tls-cut-in-the-content", "within", sequence(head(200), content("abc")), "1.3"],
      [
        "tls-cut-in-http-1-0-content",
        "within HTTP/1.0",
        sequence(head(200, [], { version: "1.0" }), content("abc")),
        "1.3",
      ],
      ["tls-1-2-cut-before-the-first-octet", "before the first octet of", head(200), "1.2"],
      ["tls-1-2-cut-in-the-content", "within", sequence(head(200), content("abc")), "1.2"],
    ] as const
  ).map(([name, where, answer, version]) =>
    defineCase({
      id: `transport/truncation/${name}`,
      title: `the end of a TLS ${version} connection without close_notify ${where} content that runs to its end must be treated as incomplete`,
      level: "must",
      spec: [
        "RFC 9112 §8",
        "RFC 9112 §9.8",
        version === "1.2" ? "RFC 5246 §7.2.1" : "RFC 8446 §6.1",
      ],
      catalogue: ["F-BOD-03"],
      requires: phased,
      otherwise: opaqueContentFailure,
      doors: { main: secure("good", { maxVersion: `TLSv${version}` }) },
      origin: [sequence(answer, cut())],
      perform: call("GET", "a"),
      expect: {
        status: 200,
        error: {
          name: "ContentError",
          code: "ERR_CONTENT_TRUNCATED",
          phase: "read",
          requestSent: "yes",
          retryable: true,
        },
      },
      hint: "check that a FIN, which anybody on the way can send, is told from close_notify",
    }),
  ),
  ...(["1.2", "1.3"] as const).map((version) =>
    defineCase({
      id: `transport/truncation/tls${version === "1.2" ? "-1-2" : ""}-goodbye-ends-the-content`,
      title: `close_notify must end content that runs to the end of a TLS ${version} connection`,
      level: "must",
      spec: ["RFC 9112 §6.3", "RFC 9112 §9.8"],
      catalogue: ["F-BOD-03"],
      doors: { main: secure("good", { maxVersion: `TLSv${version}` }) },
      origin: [sequence(head(200), content("abc"), close())],
      perform: call("GET", "a"),
      expect: { status: 200, content: "abc" },
      hint: "check that no end of a TLS connection is taken for a truncation",
    }),
  ),
  ...(
    [
      ["length", "declared", "content-length", "5", content("whole")],
      ["chunks", "chunked", "transfer-encoding", "chunked", sequence(chunk("whole"), lastChunk())],
    ] as const
  ).map(([name, framing, field, value, answer]) =>
    defineCase({
      id: `transport/truncation/tls-cut-behind-${name}`,
      title: `the end of a TLS connection without close_notify behind ${framing} content must not break it`,
      level: "must",
      spec: ["RFC 9112 §9.8"],
      catalogue: ["F-BOD-03"],
      doors: { main: secure() },
      origin: [
        sequence(
          head(200, [
            [field, value],
            ["connection", "close"],
          ]),
          answer,
          cut(),
        ),
      ],
      perform: call("GET", "a"),
      expect: { status: 200, content: "whole" },
      hint: "check that only content which nothing else ends needs close_notify",
    }),
  ),
  ...([read.bytes, read.json, read.pieces, read.lines, read.ndjson, read.formData] as const).map(
    (reader) =>
      defineCase({
        id: `transport/truncation/seen-by-${reader.toLowerCase()}`,
        title: `content that breaks off is an error for the reader ${reader} too, whatever has come`,
        level: "must",
        spec: ["RFC 9112 §8"],
        catalogue: ["F-BOD-01"],
        requires: phased,
        otherwise: opaqueContentFailure,
        origin: [
          sequence(
            head(200, [
              ["content-length", "100"],
              ["content-type", "application/x-www-form-urlencoded"],
            ]),
            content("1\n"),
            close(),
          ),
        ],
        perform: call("GET", "a", {}, reader),
        expect: { status: 200, error: { name: "ContentError", code: "ERR_CONTENT_TRUNCATED" } },
        hint: "check that each reader passes the failure on, even if what came looks whole",
      }),
  ),
  defineCase({
    id: "transport/truncation/web-stream-errors",
    title: "content that breaks off errors the web stream with the same error",
    level: "must",
    catalogue: ["F-BOD-02"],
    requires: phased,
    otherwise: opaqueContentFailure,
    origin: [sequence(chunked, chunk("abc"), close())],
    perform: call("GET", "a", {}, async (response) => {
      const reader = response.body.getReader();
      while (!(await reader.read()).done);
      return "an end";
    }),
    expect: { status: 200, error: { name: "ContentError", code: "ERR_CONTENT_TRUNCATED" } },
    hint: "check that the stream is not closed instead",
  }),
  defineCase({
    id: "transport/truncation/connection-cut-in-coded-content",
    title: "when the connection ends within compressed content, the connection is what failed",
    level: "must",
    spec: ["RFC 9112 §8"],
    catalogue: ["F-BOD-01", "F-BOD-05"],
    requires: { failureDetail: "phased", contentCoding: "raw" },
    otherwise: opaqueContentFailure,
    origin: [
      sequence(
        head(200, [
          ["content-encoding", "gzip"],
          ["content-length", "100"],
        ]),
        content("\x1F\x8B\x08\0\0\0\0\0\0\x03"),
        close(),
      ),
    ],
    perform: call("GET", "a"),
    expect: { status: 200, error: { name: "ContentError", code: "ERR_CONTENT_TRUNCATED" } },
    hint: "check that the decoder's complaint does not come first",
  }),
  defineCase({
    id: "transport/truncation/next-call-is-not-harmed",
    title: "after a response that broke off the next call has a connection of its own",
    level: "must",
    catalogue: ["F-POL-02"],
    requires: phased,
    otherwise: {
      kind: "expects",
      expect: {
        calls: [
          { status: 200, error: {} },
          { status: 200, content: "whole" },
        ],
      },
    },
    origin: [
      sequence(length(10), content("123"), close()),
      sequence(chunked, chunk("whole"), lastChunk()),
    ],
    perform: [call("GET", "a"), call("GET", "b")],
    expect: {
      calls: [
        { status: 200, error: { code: "ERR_CONTENT_TRUNCATED" } },
        { status: 200, content: "whole" },
      ],
      arrivals: [{ connection: 1 }, { connection: 2 }],
    },
    hint: "check that a broken connection leaves the pool, and its slot is free",
  }),
];
