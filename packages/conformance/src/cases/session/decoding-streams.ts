/* Encoded content as a stream: decoded while it comes, and given up when its reader leaves. */

import {
  afterContent,
  call,
  type Case,
  chunk,
  close,
  content,
  defineCase,
  expects,
  gate,
  head,
  lastChunk,
  oneOf,
  type Reader,
  respond,
  respondChunked,
  sequence,
  stall,
} from "../../case.ts";
import { coded, text, twoPieces } from "./coded-content.ts";

const [first, second] = twoPieces;
const gzip = ["content-encoding", "gzip"] as const;

/** Reads one piece, then leaves the loop. */
const onePiece: Reader = async (response) => {
  for await (const piece of response) return new TextDecoder().decode(piece);
  return "no piece";
};

/** Cases of `session/decoding` about streams. */
export const decodingStreamCases: readonly Case[] = [
  defineCase({
    id: "session/decoding/piece-by-piece",
    title: "what can be decoded must be handed over before the rest has come",
    level: "must",
    catalogue: ["F-BOD-05"],
    requires: { responseStreaming: "streamed" },
    // Nothing comes before all of it has.
    otherwise: expects(
      { status: 200, content: "first\nsecond\n" },
      { origin: [respondChunked(200, [gzip], [first, second])] },
    ),
    origin: [
      sequence(
        afterContent(),
        head(200, [gzip, ["transfer-encoding", "chunked"]]),
        chunk(first),
        gate("rest"),
        chunk(second),
        lastChunk(),
      ),
    ],
    async perform(kit) {
      const reader: Reader = async (response) => {
        const decoder = new TextDecoder();
        let all = "";
        for await (const piece of response) {
          all += decoder.decode(piece, { stream: true });
          if (all === "first\n") await kit.origin.open("rest");
        }
        return all;
      };
      return kit.call(call("GET", "a", {}, reader));
    },
    expect: { status: 200, content: "first\nsecond\n" },
    hint: "check that the decoder hands over what it has after each piece",
  }),
  defineCase({
    id: "session/decoding/leaving-a-stream-gives-up-the-rest",
    title: "leaving a decoded stream early must close the connection whose rest is still to come",
    level: "must",
    catalogue: ["F-BOD-05"],
    requires: { responseStreaming: "streamed" },
    // What has come whole leaves no rest.
    otherwise: expects(
      {
        calls: [
          { status: 200, content: "first\nsecond\n" },
          { status: 200, content: "next" },
        ],
      },
      { origin: [respondChunked(200, [gzip], [first, second]), respond(200, [], "next")] },
    ),
    origin: [
      sequence(
        afterContent(),
        head(200, [gzip, ["transfer-encoding", "chunked"]]),
        chunk(first),
        stall(),
      ),
      respond(200, [], "next"),
    ],
    perform: [call("GET", "a", {}, onePiece), call("GET", "b")],
    expect: {
      calls: [
        { status: 200, content: "first\n" },
        { status: 200, content: "next" },
      ],
      connections: [{ closed: oneOf("client-fin", "client-reset") }, {}],
    },
    hint: "check that giving up goes through the decoder to the connection",
  }),
  defineCase({
    id: "session/decoding/cut-connection-is-truncation",
    title: "encoded content whose connection is lost must be an error",
    level: "must",
    catalogue: ["F-BOD-05"],
    spec: ["RFC 9112 §8"],
    origin: [
      sequence(
        afterContent(),
        head(200, [gzip, ["content-length", "53"]]),
        content(coded.gzip.slice(0, 30)),
        close(),
      ),
    ],
    perform: call("GET", "a"),
    expect: { status: 200, error: { name: oneOf("ContentError", "ConnectionError") } },
    hint: "check that the failure of the content comes through the decoder",
  }),
  defineCase({
    id: "session/decoding/lines",
    title: "lines of encoded content must be told as they come",
    level: "must",
    catalogue: ["F-BOD-05"],
    origin: [respondChunked(200, [gzip], [first, second])],
    perform: call("GET", "a", {}, "lines"),
    expect: { status: 200, content: ["first", "second"] },
    hint: "check that lines are made of decoded content",
  }),
  defineCase({
    id: "session/decoding/web-stream",
    title: "the web stream of encoded content must hold it decoded",
    level: "must",
    catalogue: ["F-BOD-05"],
    origin: [respond(200, [gzip], coded.gzip)],
    perform: call("GET", "a", {}, async ({ body }) => new Response(body).text()),
    expect: { status: 200, content: text },
    hint: "check that body is made of the decoded pieces",
  }),
];
