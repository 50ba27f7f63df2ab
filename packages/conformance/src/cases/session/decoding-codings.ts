/* Content codings undone (RFC 9110 §8.4): which ones, in which order, and when there is nothing to undo. */

import {
  absent,
  call,
  type Case,
  close,
  containing,
  content,
  defineCase,
  expects,
  type Fields,
  head,
  lacking,
  oneOf,
  present,
  read,
  refuses,
  respond,
  respondChunked,
  sequence,
} from "../../case.ts";
import { coded, emptyGzip, gzipThenBr, text } from "./coded-content.ts";

type Row = readonly [name: string, title: string, value: string, content: string, spec: string];

const rows: readonly Row[] = [
  ["gzip", "gzip content must be decoded", "gzip", coded.gzip, "RFC 9110 §8.4.1.3"],
  ["x-gzip", "x-gzip must mean gzip", "x-gzip", coded.gzip, "RFC 9110 §8.4.1.3"],
  ["case", "codings must be known in any case", "GZip", coded.gzip, "RFC 9110 §8.4.1"],
  ["deflate", "deflate must mean the zlib format", "deflate", coded.zlib, "RFC 9110 §8.4.1.2"],
  [
    "deflate-raw",
    "deflate without the zlib format should be decoded all the same",
    "deflate",
    coded.deflate,
    "RFC 9110 §8.4.1.2",
  ],
  ["br", "br content must be decoded", "br", coded.br, "RFC 7932"],
  ["stacked", "codings must be undone in reverse order", "gzip, br", gzipThenBr, "RFC 9110 §8.4"],
];

const codingCases = rows.map(([name, title, value, sent, spec]) =>
  defineCase({
    id: `session/decoding/${name}`,
    title,
    level: title.includes("should") ? "should" : "must",
    spec: [spec],
    origin: [respond(200, [["content-encoding", value]], sent)],
    perform: call("GET", "a", {}, read.text),
    expect: { status: 200, content: text },
    hint: "check the names of codings, their order, and the decoder behind each",
  }),
);

/** Nothing to decode, whatever the field says. */
const empty: readonly (readonly [name: string, method: string, status: number, fields: Fields])[] =
  [
    ["head", "HEAD", 200, [["content-length", "53"]]],
    ["204", "GET", 204, []],
    ["304", "GET", 304, [["content-length", "53"]]],
    ["no-bytes", "GET", 200, [["content-length", "0"]]],
  ];

const emptyCases = empty.map(([name, method, status, fields]) =>
  defineCase({
    id: `session/decoding/nothing-to-decode-${name}`,
    title: `${name === "no-bytes" ? "content of no bytes" : `a response to ${method} with status ${status}`} must be empty whatever its content-encoding says`,
    level: "must",
    spec: ["RFC 9110 §6.4.1"],
    origin: [respond(status, [["content-encoding", "gzip"], ...fields])],
    perform: call(method, "a", {}, read.text),
    expect: { status, content: "", headers: { "content-encoding": "gzip" } },
    hint: "check that a decoder that got no bytes is not asked for an end",
  }),
);

const refusedCall = {
  error: { name: "UnsupportedError", requestSent: "no", fields: { option: present } },
} as const;

/** Cases of `session/decoding` about codings. */
export const decodingCodingCases: readonly Case[] = [
  ...codingCases,
  ...emptyCases,
  defineCase({
    id: "session/decoding/zstd",
    title: "zstd content must be decoded",
    level: "must",
    catalogue: ["F-BOD-05"],
    spec: ["RFC 8878"],
    // A platform that decodes by itself may know it or hand it over as it came.
    requires: { contentCoding: "raw" },
    otherwise: expects({ status: 200, content: oneOf(text, coded.zstd) }),
    origin: [respond(200, [["content-encoding", "zstd"]], coded.zstd)],
    perform: call("GET", "a", {}, read.bytes),
    expect: { status: 200, content: text },
    hint: "check that the transport offers a decoder for zstd",
  }),
  defineCase({
    id: "session/decoding/chunked",
    title: "content that is encoded and chunked must be unframed first, then decoded",
    level: "must",
    catalogue: ["F-BOD-05"],
    spec: ["RFC 9112 §7.1", "RFC 9110 §8.4"],
    origin: [respondChunked(200, [["content-encoding", "gzip"]], coded.gzip.split(""))],
    perform: call("GET", "a", {}, read.text),
    expect: { status: 200, content: text },
    hint: "check that pieces of a single byte decode as one whole",
  }),
  defineCase({
    id: "session/decoding/identity",
    title: "identity must be no coding",
    level: "must",
    catalogue: ["F-BOD-05"],
    spec: ["RFC 9110 §12.5.3"],
    origin: [respond(200, [["content-encoding", "identity"]], text)],
    perform: call("GET", "a", {}, read.text),
    expect: { status: 200, content: text },
    hint: "check that identity is passed over",
  }),
  defineCase({
    id: "session/decoding/stacked-in-two-lines",
    title: "codings in two field lines must be undone in the reverse order of the lines",
    level: "must",
    catalogue: ["F-BOD-05"],
    spec: ["RFC 9110 §5.3", "RFC 9110 §8.4"],
    origin: [
      respond(
        200,
        [
          ["content-encoding", "gzip"],
          ["content-encoding", "br"],
        ],
        gzipThenBr,
      ),
    ],
    perform: call("GET", "a", {}, read.text),
    expect: { status: 200, content: text },
    hint: "check that all lines of content-encoding are joined",
  }),
  defineCase({
    id: "session/decoding/encoded-emptiness",
    title: "an empty text that is encoded must decode to nothing",
    level: "must",
    catalogue: ["F-BOD-05"],
    spec: ["RFC 1952 §2.3"],
    origin: [respond(200, [["content-encoding", "gzip"]], emptyGzip)],
    perform: call("GET", "a", {}, read.bytes),
    expect: { status: 200, content: "" },
    hint: "check that an end without any piece is an end",
  }),
  defineCase({
    id: "session/decoding/fields-stay",
    title: "the fields of decoded content must be told as they came",
    level: "must",
    catalogue: ["F-BOD-05"],
    spec: ["RFC 9110 §8.4"],
    requires: { contentCoding: "raw" },
    otherwise: expects({ status: 200, content: text }),
    origin: [
      respond(
        200,
        [
          ["content-encoding", "gzip"],
          ["content-length", String(coded.gzip.length)],
        ],
        coded.gzip,
      ),
    ],
    perform: call("GET", "a", {}, read.text),
    expect: {
      status: 200,
      content: text,
      headers: { "content-encoding": "gzip", "content-length": String(coded.gzip.length) },
    },
    hint: "check that decoding leaves the head alone",
  }),
  defineCase({
    id: "session/decoding/error-content",
    title: "the content of an error response must be decoded too",
    level: "must",
    catalogue: ["F-BOD-05"],
    origin: [respond(500, [["content-encoding", "gzip"]], coded.gzip)],
    perform: call("GET", "a", { throwHttpErrors: false }, read.text),
    expect: { status: 500, content: text },
    hint: "check that decoding does not depend on the status",
  }),
  defineCase({
    id: "session/decoding/accept-encoding-is-sent",
    title: "a request should say which codings can be undone",
    level: "should",
    catalogue: ["F-BOD-05"],
    spec: ["RFC 9110 §12.5.3"],
    origin: [respond(200)],
    perform: call("GET", "a"),
    expect: { status: 200, arrivals: [{ fields: { "accept-encoding": containing("gzip") } }] },
    hint: "check that accept-encoding names the decoders of the transport",
  }),
  defineCase({
    id: "session/decoding/accept-encoding-of-the-caller",
    title: "an accept-encoding of the caller must be sent in place of the session's own",
    level: "must",
    catalogue: ["F-BOD-05"],
    spec: ["RFC 9110 §12.5.3"],
    requires: { forbiddenFields: "none" },
    otherwise: refuses("forbiddenFields", 'headers["accept-encoding"]'),
    origin: [respond(200, [["content-encoding", "gzip"]], coded.gzip)],
    perform: call("GET", "a", { headers: { "accept-encoding": "gzip;q=0.5" } }, read.text),
    expect: {
      status: 200,
      content: text,
      arrivals: [{ fields: { "accept-encoding": ["gzip;q=0.5"] } }],
    },
    hint: "check that defaults give way to fields of the same name",
  }),
  defineCase({
    id: "session/decoding/decompress-false-gives-what-came",
    title: "with decompress: false content must be handed over as it came",
    level: "must",
    catalogue: ["F-BOD-05"],
    requires: { contentCoding: "raw" },
    otherwise: refuses("contentCoding", "decompress"),
    origin: [respond(200, [["content-encoding", "gzip"]], coded.gzip)],
    perform: call("GET", "a", { decompress: false }, read.bytes),
    expect: { status: 200, content: coded.gzip, headers: { "content-encoding": "gzip" } },
    hint: "check that the library's own decoding is switched off",
  }),
  defineCase({
    id: "session/decoding/decompress-false-asks-for-none",
    title: "with decompress: false no coding must be asked for, unless the caller does",
    level: "must",
    catalogue: ["F-BOD-05"],
    spec: ["RFC 9110 §12.5.3"],
    requires: { contentCoding: "raw", forbiddenFields: "none" },
    otherwise: expects(
      { calls: [refusedCall, refusedCall, { status: 200 }], arrivals: [{ path: "c" }] },
      { origin: [respond(200)] },
    ),
    session: { decompress: false },
    origin: [respond(200), respond(200), respond(200)],
    perform: [
      call("GET", "a"),
      call("GET", "b", { headers: { "accept-encoding": "br" } }),
      call("GET", "c", { decompress: true }),
    ],
    expect: {
      calls: [{ status: 200 }, { status: 200 }, { status: 200 }],
      arrivals: [
        { fields: { "accept-encoding": lacking("gzip") } },
        { fields: { "accept-encoding": "br" } },
        { fields: { "accept-encoding": containing("gzip") } },
      ],
    },
    hint: "check that accept-encoding follows the option",
  }),
  defineCase({
    id: "session/decoding/unknown-coding",
    title: "a coding that is not known must be an error, not content that cannot be read",
    level: "must",
    catalogue: ["F-BOD-05"],
    spec: ["RFC 9110 §8.4"],
    requires: { contentCoding: "raw" },
    otherwise: expects({ status: 200, content: "abc" }),
    origin: [respond(200, [["content-encoding", "x-unheard-of"]], "abc")],
    perform: call("GET", "a", {}, read.text),
    expect: {
      status: 200,
      error: { name: "ContentError", code: "ERR_CONTENT_DECODE", phase: "read", message: present },
      headers: { "content-encoding": "x-unheard-of", "x-other": absent },
    },
    hint: "check what becomes of a coding without a decoder",
  }),
  defineCase({
    id: "session/decoding/too-many-codings",
    title: "more than five codings must be refused",
    level: "must",
    catalogue: ["V-DOS-01", "F-BOD-05"],
    requires: { contentCoding: "raw" },
    otherwise: expects({ error: { name: present } }),
    origin: [
      respond(200, [["content-encoding", "gzip, gzip, gzip, gzip, gzip, gzip"]], coded.gzip),
    ],
    perform: call("GET", "a", {}, read.text),
    expect: { status: 200, error: { name: "ContentError", code: "ERR_CONTENT_DECODE" } },
    hint: "check that the number of codings is bounded",
  }),
  defineCase({
    id: "session/decoding/too-many-codings-and-a-cut",
    title: "more than five codings must be refused even where the connection breaks behind them",
    level: "must",
    catalogue: ["V-DOS-01", "F-BOD-05"],
    requires: { contentCoding: "raw" },
    otherwise: expects({ error: { name: present } }),
    origin: [
      sequence(
        head(200, [
          ["content-encoding", "gzip, gzip, gzip, gzip, gzip, gzip"],
          ["content-length", "1000"],
        ]),
        content(coded.gzip),
        close(),
      ),
    ],
    perform: call("GET", "a", {}, read.text),
    expect: { status: 200, error: { name: "ContentError", code: "ERR_CONTENT_DECODE" } },
    hint: "check that nobody is left whose error nobody hears: fetch of Node ends the process here",
  }),
];
