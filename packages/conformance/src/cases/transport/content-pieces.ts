/* Response content piece by piece: lines, web streams, large content, back-pressure, giving up, and limits. */

import {
  atMost,
  call,
  type Case,
  chunk,
  content,
  defineCase,
  expects,
  filler,
  fromBytes,
  gate,
  head,
  lastChunk,
  matching,
  type Observation,
  read,
  respond,
  respondChunked,
  sendFiller,
  sequence,
  utf8,
} from "../../case.ts";
import { brokenOff } from "./sources.ts";

const chunkedHead = head(200, [["transfer-encoding", "chunked"]]);
const fiveMegabytes = 5_000_000;
const large = sequence(
  head(200, [["content-length", String(fiveMegabytes)]]),
  sendFiller(fiveMegabytes),
);

const tooLarge = Array.from({ length: 4 }, () => ({
  status: 200,
  error: {
    name: "ContentError",
    code: "ERR_CONTENT_TOO_LARGE",
    phase: "read",
    retryable: false,
  },
}));

/** Cases of `transport/content` about content that is streamed or large. */
export const contentPiecesCases: readonly Case[] = [
  defineCase({
    id: "transport/content/lines",
    title: "lines end with LF, CRLF or CR, wherever the pieces are cut",
    level: "must",
    origin: [
      respondChunked(200, [], ["a\r", "\nb\n", "\nc\r\rd\r\n", "\r", "\n", "e", "f"]),
      respondChunked(200, [], ["a\n", "b\n"]),
    ],
    perform: [call("GET", "a", {}, read.lines), call("GET", "a", {}, read.lines)],
    expect: {
      calls: [
        { status: 200, content: ["a", "b", "", "c", "", "d", "", "ef"] },
        { status: 200, content: ["a", "b"] },
      ],
    },
    hint: "check that CR and LF in two pieces are one end of line, and the last end opens no line",
  }),
  defineCase({
    id: "transport/content/lines-cut-within-a-character",
    title: "a character that is cut by the end of a piece is read whole",
    level: "must",
    origin: [
      respondChunked(200, [], ["a\xC3", "\xA9b\n\xF0\x9F", "\x91", "\x8D"]),
      respondChunked(
        200,
        [["content-type", "text/plain; charset=utf-16le"]],
        ["a\0\n", "\0\xE9", "\0"],
      ),
    ],
    perform: [call("GET", "a", {}, read.lines), call("GET", "a", {}, read.lines)],
    expect: {
      calls: [
        { status: 200, content: ["aéb", "👍"] },
        { status: 200, content: ["a", "é"] },
      ],
    },
    hint: "check that one decoder is kept for the whole content",
  }),
  defineCase({
    id: "transport/content/lines-come-as-they-are-sent",
    title: "a line is handed over when it has come, before the content has ended",
    level: "must",
    requires: { responseStreaming: "streamed" },
    // Nothing comes before all of it has.
    otherwise: expects(
      { facts: { lines: ["one", "two", true] } },
      { origin: [respondChunked(200, [], ["one\ntw", "o\n"])] },
    ),
    origin: [sequence(chunkedHead, chunk("one\ntw"), gate("go"), chunk("o\n"), lastChunk())],
    async perform(kit) {
      const lines = kit.session.get("a").lines();
      const first = await kit.within(2000, lines.next(), "the first line");
      await kit.origin.open("go");
      const second = await kit.within(2000, lines.next(), "the second line");
      const end = await lines.next();
      kit.note("lines", [first.value, second.value, end.done]);
    },
    expect: { facts: { lines: ["one", "two", true] } },
    hint: "check that content is not collected before it is handed over",
  }),
  defineCase({
    id: "transport/content/ndjson",
    title: "ndjson gives one value a line, blank lines passed over, the last without its end",
    level: "must",
    origin: [respondChunked(200, [], ['{"a":1}\r', "\n\n  \n[1,", "2]\n", utf8('"é"')])],
    perform: call("GET", "a", {}, read.ndjson),
    expect: { status: 200, content: [{ a: 1 }, [1, 2], "é"] },
    hint: "check that the rest behind the last line end is a value too",
  }),
  defineCase({
    id: "transport/content/ndjson-names-the-line",
    title: "a line that is not JSON is a ParseError that names it",
    level: "must",
    catalogue: ["F-BOD-09"],
    origin: [respondChunked(200, [], ["1\n", "{nonsense}\n2\n"])],
    perform: call("GET", "a", {}, read.ndjson),
    expect: {
      status: 200,
      error: { name: "ParseError", code: "ERR_PARSE_JSON", message: matching(/line 2/) },
    },
    hint: "check that lines are counted from 1",
  }),
  defineCase({
    id: "transport/content/web-stream",
    title: "body is a web stream of bytes that ends with the content",
    level: "must",
    origin: [respondChunked(200, [], ["abc", "def"])],
    perform: call("GET", "a", {}, async (response) => {
      const reader = response.body.getReader();
      let all = "";
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        all += fromBytes(next.value);
      }
      return [all, response.bodyUsed];
    }),
    expect: { status: 200, content: ["abcdef", true] },
    hint: "check that the stream closes when the content has ended",
  }),
  defineCase({
    id: "transport/content/five-megabytes",
    title: "five megabytes of content are read whole, as bytes and as pieces",
    level: "must",
    origin: [large, large],
    perform: [
      call("GET", "a", {}, async (response) => {
        return fromBytes(await response.bytes()) === filler(fiveMegabytes);
      }),
      call("GET", "a", {}, async (response) => {
        let all = "";
        for await (const piece of response) all += fromBytes(piece);
        return all === filler(fiveMegabytes);
      }),
    ],
    expect: {
      calls: [
        { status: 200, content: true },
        { status: 200, content: true },
      ],
    },
    hint: "check that no piece is lost, doubled or overwritten after it was handed over",
  }),
  defineCase({
    id: "transport/content/slow-consumer",
    title: "while the caller takes no content, the server cannot send without end",
    level: "must",
    spec: ["RFC 9293 §3.8"],
    catalogue: ["F-BOD-06"],
    origin: [sequence(head(200, [["content-length", "64000000"]]), sendFiller(64_000_000))],
    async perform(kit) {
      const response = await kit.session.get("a");
      const pieces = response[Symbol.asyncIterator]();
      const first = await pieces.next();
      let sent = -1;
      // When the figure has stood still for a while, everything between the two is full.
      for (let still = 0, tries = 0; still < 60 && tries < 2000; tries++) {
        const { connections } = await kit.origin.ledger();
        const now = connections[0]?.sent ?? 0;
        still = now === sent ? still + 1 : 0;
        sent = now;
      }
      kit.note("sent", sent);
      let size = (first.value as Uint8Array | undefined)?.byteLength ?? 0;
      for await (const piece of pieces) size += piece.byteLength;
      kit.note("size", size);
    },
    expect: { facts: { sent: atMost(40_000_000), size: 64_000_000 } },
    hint: "check that pausing reaches the socket, and that nothing is lost by it",
  }),
  defineCase({
    id: "transport/content/discarded-connection-serves-again",
    title:
      "the connection of a response that is discarded serves the next call if the rest was short",
    level: "should",
    spec: ["RFC 9112 §9.3"],
    catalogue: ["V-LK-03"],
    requires: { tls: "configurable" },
    // Where TLS is the runtime's own, so is the pool, and no promise is made about it.
    otherwise: expects({ calls: [{ status: 200 }, { status: 200, content: "b" }] }),
    origin: [respond(200, [], "x".repeat(1000)), respond(200, [], "b")],
    perform: [call("GET", "a", {}, read.discard), call("GET", "b")],
    expect: { calls: [{ status: 200 }, { status: 200, content: "b" }], connections: 1 },
    hint: "check that the rest is read, and not taken for the next response",
  }),
  defineCase({
    id: "transport/content/long-rest-is-not-read",
    title:
      "of a long response that is discarded the rest is not read, and its connection is closed",
    level: "must",
    catalogue: ["V-LK-03", "V-DOS-05"],
    requires: { responseStreaming: "streamed" },
    // Nothing tells how much has come: what bounds the drain is time.
    otherwise: expects({
      calls: [{ status: 200 }, { status: 200, content: "b" }],
      connections: [{ closed: brokenOff }, { requests: 1 }],
    }),
    origin: {
      a: [sequence(head(200, [["content-length", "1000000000"]]), sendFiller(1_000_000_000))],
      b: [respond(200, [], "b")],
    },
    perform: [call("GET", "a", {}, read.discard), call("GET", "b")],
    expect: {
      calls: [{ status: 200 }, { status: 200, content: "b" }],
      connections: [{ sent: atMost(64_000_000), closed: brokenOff }, { requests: 1 }],
    },
    hint: "check that there is a bound to what is drained",
  }),
  defineCase({
    id: "transport/content/leaving-the-loop-gives-up",
    title: "leaving the loop over the pieces gives the rest up and closes the connection",
    level: "must",
    catalogue: ["V-LK-03"],
    requires: { responseStreaming: "streamed" },
    // What has come whole leaves no rest.
    otherwise: expects(
      { status: 200, content: "abc" },
      { origin: [respondChunked(200, [], ["abc"])] },
    ),
    origin: [sequence(chunkedHead, chunk("abc"), gate("never"))],
    perform: call("GET", "a", {}, async (response) => {
      for await (const piece of response) return fromBytes(piece);
      return "nothing";
    }),
    expect: { status: 200, content: "abc", connections: [{ closed: brokenOff }] },
    hint: "check that the iterator's return() reaches the connection",
  }),
  defineCase({
    id: "transport/content/max-response-size",
    title:
      "content beyond maxResponseSize is an error for every reader, and the connection is closed",
    level: "must",
    catalogue: ["V-DOS-02"],
    requires: { tls: "configurable" },
    otherwise: expects({ calls: tooLarge }),
    session: { maxResponseSize: 10 },
    origin: Array.from({ length: 4 }, () =>
      sequence(chunkedHead, chunk("12345"), chunk("678901"), gate("never"), lastChunk()),
    ),
    async perform(kit) {
      // Where content comes whole, its end has to.
      if (kit.capabilities.responseStreaming === "whole") await kit.origin.open("never");
      const seen: Observation[] = [];
      for (const reader of [read.text, read.bytes, read.pieces, read.lines])
        seen.push(await kit.call(call("GET", "a", {}, reader)));
      return seen;
    },
    expect: {
      calls: tooLarge,
      connections: Array.from({ length: 4 }, () => ({ closed: brokenOff })),
    },
    hint: "check that bytes are counted as they come, not when all of them have",
  }),
  defineCase({
    id: "transport/content/max-response-size-is-inclusive",
    title: "content of exactly maxResponseSize is read",
    level: "must",
    session: { maxResponseSize: 10 },
    origin: [respond(200, [], "1234567890"), respond(200, [], "12345678901")],
    perform: [call("GET", "a"), call("GET", "b", { maxResponseSize: false })],
    expect: {
      calls: [
        { status: 200, content: "1234567890" },
        { status: 200, content: "12345678901" },
      ],
    },
    hint: "check the comparison at the limit, and that a call can lift it",
  }),
  defineCase({
    id: "transport/content/pieces-come-as-they-are-sent",
    title: "a piece of content is handed over when it has come",
    level: "must",
    requires: { responseStreaming: "streamed" },
    // Nothing comes before all of it has.
    otherwise: expects(
      { facts: { first: "abcdef", rest: "" } },
      { origin: [sequence(head(200, [["content-length", "6"]]), content("abcdef"))] },
    ),
    origin: [
      sequence(head(200, [["content-length", "6"]]), content("abc"), gate("go"), content("def")),
    ],
    async perform(kit) {
      const response = await kit.within(
        2000,
        kit.session.get("a").then((it) => it),
        "the head",
      );
      const pieces = response[Symbol.asyncIterator]();
      const first = await kit.within(2000, pieces.next(), "the first piece");
      kit.note("first", first.done === true ? "" : fromBytes(first.value));
      await kit.origin.open("go");
      let rest = "";
      for await (const piece of pieces) rest += fromBytes(piece);
      kit.note("rest", rest);
    },
    expect: { facts: { first: "abc", rest: "def" } },
    hint: "check that nothing waits for a buffer to fill",
  }),
];
