/* Transfer codings that leave the end of content in doubt (RFC 9112 §6.1; ids `transport/framing/…`). */

import {
  call,
  type Case,
  close,
  content,
  defineCase,
  expects,
  gate,
  head,
  matching,
  oneOf,
  raw,
  respond,
  sequence,
} from "../../case.ts";
import { brokenOff } from "./sources.ts";

const refusedFor = oneOf("ERR_PROTOCOL_HEAD", "ERR_PROTOCOL_FRAMING", "ERR_NETWORK");
const framed = "3\r\nabc\r\n0\r\n\r\n";

const doubtful = [
  ["unknown", "a coding that nobody knows", "xchunked"],
  ["not-last", "chunked before another coding", "chunked, identity"],
  ["after-identity", "chunked after a coding that does not exist any more", "identity, chunked"],
  ["after-gzip", "a coding that was not asked for", "gzip, chunked"],
  ["twice", "chunked twice", "chunked, chunked"],
  ["twice-in-two-lines", "chunked twice, line by line", "chunked\r\ntransfer-encoding: chunked"],
  ["identity", "identity alone", "identity"],
  ["gzip", "gzip alone", "gzip"],
] as const;

/** Cases of `transport/framing` about transfer codings. */
export const framingCodingCases: readonly Case[] = [
  ...doubtful.map(([name, what, value]) =>
    defineCase({
      id: `transport/framing/coding-${name}`,
      title: `${what} must not have its framing handed over as content`,
      level: "must",
      spec: ["RFC 9112 §6.1", "RFC 9112 §7"],
      catalogue: ["V-RSP-02"],
      requires: { failureDetail: "phased", tls: "configurable" },
      // A pool of the runtime's own takes such a response for whole, and keeps its connection.
      otherwise: expects({ error: { code: refusedFor } }),
      origin: [
        sequence(
          raw(`HTTP/1.1 200 OK\r\ntransfer-encoding: ${value}\r\n\r\n`),
          content(framed),
          gate("never"),
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
      hint: "check that every transfer coding but a single chunked is refused",
    }),
  ),
  defineCase({
    id: "transport/framing/coding-folded",
    title: "a folded transfer-encoding must be understood, or the response refused",
    level: "must",
    spec: ["RFC 9112 §5.2"],
    catalogue: ["V-RSP-02"],
    origin: [
      sequence(
        raw("HTTP/1.1 200 OK\r\ntransfer-encoding:\r\n chunked\r\n\r\n"),
        content(framed),
        close(),
      ),
    ],
    async perform(kit) {
      const { content: got, error } = await kit.call(call("GET", "a"));
      kit.note("got", error ? error.code : got);
    },
    expect: { facts: { got: matching(/^abc$|^ERR_PROTOCOL_(?:HEAD|FRAMING)$|^ERR_NETWORK$/) } },
    hint: "check that chunk framing is never content",
  }),
  defineCase({
    id: "transport/framing/coding-in-http-1-0",
    title: "chunks in a response of HTTP/1.0 must be undone or refused, and end the connection",
    level: "must",
    spec: ["RFC 9112 §6.1"],
    catalogue: ["V-RSP-02"],
    origin: [
      sequence(
        head(
          200,
          [
            ["transfer-encoding", "chunked"],
            ["connection", "keep-alive"],
          ],
          { version: "1.0" },
        ),
        content(framed),
        gate("never"),
      ),
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
      facts: { got: matching(/^abc$|^ERR_PROTOCOL_(?:HEAD|FRAMING)$|^ERR_NETWORK$/) },
      arrivals: [{ connection: 1 }, { connection: 2 }],
    },
    hint: "check that such a response is taken for one whose framing is faulty",
  }),
  defineCase({
    id: "transport/framing/coding-on-204",
    title: "a 204 response has no content, although it says that it is chunked",
    level: "must",
    spec: ["RFC 9112 §6.1", "RFC 9112 §6.3"],
    catalogue: ["V-RSP-02", "V-RSP-06"],
    origin: [head(204, [["transfer-encoding", "chunked"]]), respond(200, [], "next")],
    async perform(kit) {
      const { status, content: got, error } = await kit.call(call("GET", "a"));
      kit.note("got", error ? error.code : [status, got].join());
      return kit.call(call("GET", "b"));
    },
    expect: {
      status: 200,
      content: "next",
      facts: { got: matching(/^204,$|^ERR_PROTOCOL_(?:HEAD|FRAMING)$|^ERR_NETWORK$/) },
    },
    hint: "check that the status decides before the fields do",
  }),
  defineCase({
    id: "transport/framing/length-before-chunked-is-no-next-response",
    title: "what a content-length beside chunked would hide must not be the next response",
    level: "must",
    spec: ["RFC 9112 §6.3"],
    catalogue: ["V-RSP-02", "V-POOL-01"],
    origin: [
      sequence(
        raw("HTTP/1.1 200 OK\r\ncontent-length: 13\r\ntransfer-encoding: chunked\r\n\r\n"),
        content(`${framed}HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\npoisoned`),
        gate("never"),
      ),
      respond(200, [], "sound"),
    ],
    async perform(kit) {
      const { content: got, error } = await kit.call(call("GET", "a"));
      kit.note("got", error ? error.code : got);
      return kit.call(call("GET", "b"));
    },
    expect: {
      status: 200,
      content: "sound",
      facts: { got: matching(/^abc$|^ERR_PROTOCOL_(?:HEAD|FRAMING)$|^ERR_NETWORK$/) },
      arrivals: [{ connection: 1 }, { connection: 2 }],
    },
    hint: "check that the connection is closed whatever of the two was believed",
  }),
];
