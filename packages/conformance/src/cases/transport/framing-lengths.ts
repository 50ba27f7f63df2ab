/* A content-length that is none (RFC 9112 §6.3): each an error, no length guessed (ids `transport/framing/…`). */

import {
  call,
  type Case,
  content,
  defineCase,
  gate,
  matching,
  oneOf,
  raw,
  repeat,
  respond,
  sequence,
} from "../../case.ts";
import { opaqueHead } from "./degraded.ts";
import { brokenOff } from "./sources.ts";

const never = gate("never");

/** Names and values of lengths that are none. */
const wrong = [
  ["list", "a list of two", "5, 6"],
  ["with-a-sign", "a sign", "+5"],
  ["hexadecimal", "a hexadecimal number", "0x5"],
  ["in-two-words", "two numbers", "5 5"],
  ["with-a-tail", "letters behind the number", "5abc"],
  ["in-other-digits", "digits beyond ASCII", "\u00D9\u00A5"],
  ["fractional", "a fraction", "5.0"],
  ["empty", "no number at all", ""],
] as const;

/** Cases of `transport/framing` about content-length. */
export const framingLengthCases: readonly Case[] = [
  ...wrong.map(([name, what, value]) =>
    defineCase({
      id: `transport/framing/content-length-${name}`,
      title: `a content-length that is ${what} must be treated as an error`,
      level: "must",
      spec: ["RFC 9112 §6.3"],
      catalogue: ["V-RSP-01"],
      requires: { failureDetail: "phased" },
      otherwise: opaqueHead,
      origin: [
        sequence(
          raw(`HTTP/1.1 200 OK\r\ncontent-length: ${value}\r\n\r\n`),
          content("hello!"),
          never,
        ),
      ],
      perform: call("GET", "a"),
      expect: {
        error: {
          name: "ProtocolError",
          code: oneOf("ERR_PROTOCOL_HEAD", "ERR_PROTOCOL_FRAMING"),
          requestSent: "yes",
          retryable: false,
        },
        connections: [{ closed: brokenOff }],
      },
      hint: "check that no length is guessed, and the connection not used again",
    }),
  ),
  defineCase({
    id: "transport/framing/content-length-of-a-million-digits",
    title: "a content-length of a million digits must be treated as an error",
    level: "must",
    spec: ["RFC 9112 §6.3"],
    catalogue: ["V-RSP-01", "V-DOS-03"],
    requires: { failureDetail: "phased" },
    otherwise: opaqueHead,
    origin: [
      sequence(
        raw("HTTP/1.1 200 OK\r\ncontent-length: "),
        repeat("1234567890", 100_000),
        raw("\r\n\r\n"),
        never,
      ),
    ],
    perform: call("GET", "a"),
    expect: {
      error: {
        name: "ProtocolError",
        code: oneOf("ERR_PROTOCOL_HEAD", "ERR_PROTOCOL_FRAMING", "ERR_PROTOCOL_HEAD_TOO_LARGE"),
      },
      connections: [{ closed: brokenOff }],
    },
    hint: "check that the number is refused as soon as it cannot be counted",
  }),
  ...(
    [
      ["in-two-lines", "5\r\ncontent-length: 5"],
      ["in-a-list", "5, 5"],
    ] as const
  ).map(([name, value]) =>
    defineCase({
      id: `transport/framing/content-length-twice-${name}`,
      title: `the same content-length twice (${name}) must be read as one, or refused`,
      level: "must",
      spec: ["RFC 9112 §6.3"],
      catalogue: ["V-RSP-01"],
      origin: [
        sequence(raw(`HTTP/1.1 200 OK\r\ncontent-length: ${value}\r\n\r\n`), content("hello")),
        respond(200, [], "next"),
      ],
      async perform(kit) {
        const { content: got, error } = await kit.call(call("GET", "a"));
        kit.note("got", error ? error.code : got);
        return kit.call(call("GET", "b"));
      },
      expect: {
        status: 200,
        content: "next",
        facts: { got: matching(/^hello$|^ERR_PROTOCOL_(?:HEAD|FRAMING)$|^ERR_NETWORK$/) },
      },
      hint: "check that the content is neither short nor runs into what follows",
    }),
  ),
];
