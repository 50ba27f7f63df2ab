/* Responses that break HTTP: each is an error, none a partial success (ids `transport/framing/…`). */

import {
  call,
  type Case,
  chunk,
  content,
  defineCase,
  gate,
  head,
  oneOf,
  type Otherwise,
  expects,
  raw,
  sequence,
} from "../../case.ts";
import { opaqueContentFailure, opaqueHead, readOrRefused } from "./degraded.ts";
import { brokenOff } from "./sources.ts";

const phased = { failureDetail: "phased" } as const;
const protocolError = {
  name: "ProtocolError",
  phase: "response",
  requestSent: "yes",
  retryable: false,
} as const;
const never = gate("never");
const opaque = (count: number): Otherwise =>
  expects({
    calls: Array.from({ length: count }, () => ({ error: { code: "ERR_NETWORK" } })),
  });

/** A case in which each of these heads is refused, and its connection closed. */
function badHeads(
  about: { readonly id: string; readonly title: string; readonly hint: string },
  spec: readonly string[],
  catalogue: readonly string[],
  heads: readonly string[],
): Case {
  return defineCase({
    ...about,
    level: "must",
    spec,
    catalogue,
    requires: phased,
    otherwise: opaque(heads.length),
    // What follows must not be waited for.
    origin: heads.map((text) => sequence(raw(text), never)),
    perform: heads.map(() => call("GET", "a")),
    expect: {
      calls: heads.map(() => ({ error: { ...protocolError, code: "ERR_PROTOCOL_HEAD" } })),
      connections: heads.map(() => ({ closed: brokenOff })),
    },
  });
}

/** A case in which chunked content is broken after its first chunk. */
function badChunks(id: string, title: string, text: string): Case {
  return defineCase({
    id: `transport/framing/${id}`,
    title,
    level: "must",
    spec: ["RFC 9112 §7.1", "RFC 9112 §8"],
    catalogue: ["V-RSP-03"],
    requires: phased,
    otherwise: opaqueContentFailure,
    origin: [
      sequence(head(200, [["transfer-encoding", "chunked"]]), chunk("abc"), content(text), never),
    ],
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
  });
}

/** Cases of `transport/framing` about responses that are no HTTP. */
export const framingBrokenCases: readonly Case[] = [
  badHeads(
    {
      id: "transport/framing/no-http-at-all",
      title: "what is not HTTP is an error",
      hint: "check that the parser's error is told from a lost connection",
    },
    ["RFC 9112 §4"],
    ["F-HDR-05", "V-RSP-08"],
    [
      "SSH-2.0-OpenSSH_9.6\r\n\r\n",
      "<!doctype html><title>hello</title>\r\n\r\n",
      "\x15\x03\x01\x00\x02\x02\x16",
      "\r\n\r\n garbage \r\n\r\n",
    ],
  ),
  badHeads(
    {
      id: "transport/framing/bad-status-line",
      title: "a status line that is malformed is an error",
      hint: "check that version and status are looked at",
    },
    ["RFC 9112 §4"],
    ["V-RSP-08"],
    [
      "HTTP/9.9 200 OK\r\ncontent-length: 0\r\n\r\n",
      "HTTP/1.1 2000 OK\r\ncontent-length: 0\r\n\r\n",
      "HTTP/1.1 20 OK\r\ncontent-length: 0\r\n\r\n",
      "HTTP/1.1 abc OK\r\ncontent-length: 0\r\n\r\n",
      "HTTP 200 OK\r\ncontent-length: 0\r\n\r\n",
    ],
  ),
  badHeads(
    {
      id: "transport/framing/bad-field-line",
      title: "a field line without a colon, with a bad name, or with NUL in it, is an error",
      hint: "check that the parser is in its strict mode",
    },
    ["RFC 9112 §5", "RFC 9112 §5.1", "RFC 9110 §5.5"],
    ["V-RSP-05"],
    [
      "HTTP/1.1 200 OK\r\nno colon here\r\ncontent-length: 0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nx-a : 1\r\ncontent-length: 0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nx(a): 1\r\ncontent-length: 0\r\n\r\n",
      "HTTP/1.1 200 OK\r\n: 1\r\ncontent-length: 0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nx-a: 1\x002\r\ncontent-length: 0\r\n\r\n",
    ],
  ),
  ...(
    [
      ["different", "5\r\ncontent-length: 6"],
      ["negative", "-1"],
      ["worded", "five"],
      ["beyond-counting", "99999999999999999999999"],
    ] as const
  ).map(([name, value]) =>
    defineCase({
      id: `transport/framing/content-length-${name}`,
      title: `a content-length that is invalid (${name}) must be treated as an error`,
      level: "must",
      spec: ["RFC 9112 §6.3"],
      catalogue: ["V-RSP-01"],
      requires: phased,
      otherwise: opaqueHead,
      origin: [
        sequence(
          raw(`HTTP/1.1 200 OK\r\ncontent-length: ${value}\r\n\r\n`),
          content("hello"),
          never,
        ),
      ],
      perform: call("GET", "a"),
      expect: {
        error: {
          name: "ProtocolError",
          code: oneOf("ERR_PROTOCOL_HEAD", "ERR_PROTOCOL_FRAMING"),
          requestSent: "yes",
        },
        connections: [{ closed: brokenOff }],
      },
      hint: "check that no length is guessed, and the connection not used again",
    }),
  ),
  defineCase({
    id: "transport/framing/length-and-chunked",
    title: "content-length beside transfer-encoding ought to be handled as an error",
    level: "should",
    spec: ["RFC 9112 §6.3"],
    catalogue: ["V-RSP-02"],
    requires: phased,
    otherwise: readOrRefused,
    origin: [
      sequence(
        head(200, [
          ["content-length", "3"],
          ["transfer-encoding", "chunked"],
        ]),
        content("3\r\nabc\r\n0\r\n\r\n"),
        never,
      ),
    ],
    perform: call("GET", "a"),
    expect: {
      error: {
        name: "ProtocolError",
        code: oneOf("ERR_PROTOCOL_HEAD", "ERR_PROTOCOL_FRAMING"),
      },
      connections: [{ closed: brokenOff }],
    },
    hint: "check that such a response cannot smuggle another one in",
  }),
  badChunks("chunk-size-malformed", "a chunk size that is no number is an error", "zz\r\nabc\r\n"),
  badChunks("chunk-size-missing", "a chunk without a size is an error", "\r\nabc\r\n0\r\n\r\n"),
  badChunks(
    "chunk-size-beyond-counting",
    "a chunk size that cannot be counted is an error",
    "fffffffffffffffffff\r\nabc\r\n",
  ),
  badChunks(
    "chunk-longer-than-its-size",
    "a chunk that is longer than its size is an error",
    "3\r\nabcdef\r\n0\r\n\r\n",
  ),
  defineCase({
    id: "transport/framing/head-too-large",
    title: "a response head without bounds is an error before it has all come",
    level: "must",
    spec: ["RFC 9112 §5"],
    catalogue: ["V-DOS-03"],
    requires: phased,
    otherwise: readOrRefused,
    origin: [
      sequence(
        raw(`HTTP/1.1 200 OK\r\nx-long: ${"x".repeat(300_000)}\r\ncontent-length: 0\r\n\r\n`),
        never,
      ),
    ],
    perform: call("GET", "a"),
    expect: {
      error: { ...protocolError, code: "ERR_PROTOCOL_HEAD_TOO_LARGE" },
      connections: [{ closed: brokenOff }],
    },
    hint: "check that the head has a limit, and that reaching it has a code of its own",
  }),
];
