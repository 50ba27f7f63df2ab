/* Heads that one parser or another misreads, as generated tests have found (ids `transport/…`). */

import {
  call,
  type Case,
  close,
  defineCase,
  matching,
  raw,
  respond,
  sequence,
  trickle,
} from "../../case.ts";
import { opaqueFailure } from "./degraded.ts";

const phased = { failureDetail: "phased" } as const;

/** Heads that break off so early that little can be compared with what a head begins with. */
const scraps: readonly (readonly [name: string, what: string, text: string])[] = [
  ["one-octet", "one octet", "x"],
  ["four-octets", "four octets", "nope"],
  ["a-line-break", "a line break", "\r\n"],
  ["two-line-breaks", "two line breaks", "\n\n"],
];

/** Cases about heads that are misread. */
export const misreadCases: readonly Case[] = [
  defineCase({
    id: "transport/fields/octet-a0-is-no-white-space",
    title: "the octet A0, with which letters of UTF-8 end, must stay at the end of a value",
    level: "must",
    spec: ["RFC 9110 §5.5", "RFC 9110 §5.6.3"],
    origin: [
      respond(200, [
        ["x-letter", "voil\xc3\xa0"],
        ["x-letter-and-space", "voil\xc3\xa0 \t"],
        ["x-alone", "\xa0"],
      ]),
    ],
    perform: call("GET", "a"),
    expect: {
      status: 200,
      headers: {
        "x-letter": "voil\xc3\xa0",
        "x-letter-and-space": "voil\xc3\xa0",
        "x-alone": "\xa0",
      },
    },
    hint: "check that values are trimmed of space and tab alone, not by String.trim",
  }),
  defineCase({
    id: "transport/fields/reason-beyond-ascii",
    title: "octets beyond ASCII in a reason phrase must do it no harm",
    level: "must",
    spec: ["RFC 9112 §4"],
    origin: [respond(200, [], "a", { reason: "Tr\xe8s bien" }), respond(200, [], "b")],
    perform: [call("GET", "a"), call("GET", "b")],
    expect: {
      calls: [
        { status: 200, statusText: matching(/^Tr.s bien$/), content: "a" },
        { status: 200, statusText: "OK", content: "b" },
      ],
    },
    hint: "check that a reason phrase is not taken for UTF-8 that has to be valid",
  }),
  ...(
    [
      ["space", "5 "],
      ["spaces-and-tabs", " \t 5 \t "],
    ] as const
  ).map(([name, value]) =>
    defineCase({
      id: `transport/framing/content-length-before-${name}`,
      title: `white space (${name}) around a content-length is no part of it`,
      level: "must",
      spec: ["RFC 9110 §5.5", "RFC 9112 §5.1"],
      origin: [
        raw(`HTTP/1.1 200 OK\r\ncontent-length:${value}\r\n\r\nhello`),
        respond(200, [], "next"),
      ],
      perform: [call("GET", "a"), call("GET", "b")],
      expect: {
        calls: [
          { status: 200, content: "hello", headers: { "content-length": "5" } },
          { status: 200, content: "next" },
        ],
      },
      hint: "check that content is not counted against digits that were none",
    }),
  ),
  defineCase({
    id: "transport/framing/chunked-before-a-tab",
    title: "a tab behind chunked must not turn chunks into content",
    level: "must",
    spec: ["RFC 9110 §5.5", "RFC 9112 §7.1"],
    catalogue: ["V-RSP-02"],
    origin: [
      sequence(
        raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\t\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
        close(),
      ),
    ],
    async perform(kit) {
      const seen = await kit.call(call("GET", "a"));
      kit.note("came", seen.error ? seen.error.code : seen.content);
    },
    // White space there is allowed; parsers that cannot bear it have to refuse it.
    expect: { facts: { came: matching(/^(hello|ERR_PROTOCOL_HEAD|ERR_NETWORK)$/) } },
    hint: "check what the parser makes of white space behind the coding",
  }),
  defineCase({
    id: "transport/heads/two-crs-behind-the-reason",
    title: "a status line that ends in CR CR must be refused",
    level: "must",
    spec: ["RFC 9112 §2.2", "RFC 9112 §4"],
    catalogue: ["V-RSP-05"],
    requires: phased,
    otherwise: opaqueFailure,
    origin: [sequence(raw("HTTP/1.1 200 OK\r\rx-a: 1\r\ncontent-length: 2\r\n\r\nok"), close())],
    perform: call("GET", "a"),
    expect: { error: { name: "ProtocolError", code: "ERR_PROTOCOL_HEAD" } },
    hint: "check that a bare CR ends no line",
  }),
  ...scraps.map(([name, what, text]) =>
    defineCase({
      id: `transport/heads/nothing-but-${name}`,
      title: `${what} and the end of the connection must be one failure of one call`,
      level: "must",
      spec: ["RFC 9112 §4", "RFC 9112 §8"],
      catalogue: ["F-HDR-05", "F-HDR-01"],
      origin: [sequence(raw(text), close())],
      perform: call("POST", "a"),
      expect: {
        error: { code: matching(/^ERR_PROTOCOL_HEAD$|^ERR_DISCONNECTED$|^ERR_NETWORK$/) },
      },
      hint: "check that whoever looks at a head before its parser bears few octets",
    }),
  ),
  defineCase({
    id: "transport/heads/line-break-before-the-head",
    title: "a line break that comes before a head, and alone, must be passed over or refused",
    level: "must",
    spec: ["RFC 9112 §2.2"],
    catalogue: ["F-HDR-05"],
    origin: [
      trickle("\r\nHTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok", {
        size: 2,
        every: 1,
      }),
    ],
    async perform(kit) {
      const { content, error } = await kit.call(call("POST", "a"));
      kit.note("got", error ? error.code : content);
    },
    expect: { facts: { got: matching(/^ok$|^ERR_PROTOCOL_HEAD$|^ERR_NETWORK$/) } },
    hint: "check that whoever looks at a head before its parser bears few octets",
  }),
];
