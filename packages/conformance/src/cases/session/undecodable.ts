/* Content that cannot be made sense of, and caps in every mode (ids `session/undecodable/…`, `session/caps/…`). */

import {
  bytes,
  call,
  type Case,
  chunk,
  close,
  content,
  defineCase,
  expects,
  filler,
  head,
  lastChunk,
  oneOf,
  pause,
  read,
  type Reader,
  respond,
  respondChunked,
  type Script,
  sequence,
  utf8,
} from "../../case.ts";

const json = (text: string) => respond(200, [["content-type", "application/json"]], text);
const parse = {
  name: "ParseError",
  code: "ERR_PARSE_JSON",
  phase: "parse",
  retryable: false,
} as const;
const tooLarge = { name: "ContentError", code: "ERR_CONTENT_TOO_LARGE" } as const;
const cap = 1000;
const big = filler(5000);

/** Ways for content to come. */
const ways: readonly (readonly [name: string, what: string, origin: Script])[] = [
  ["without-framing", "content to the end of the connection", [sequence(head(200), content(big), close())]],
  ["in-chunks", "chunks", [respondChunked(200, [], [big.slice(0, 500), big.slice(500)])]],
  ["in-one-byte-chunks", "chunks of an octet", [sequence(head(200, [["transfer-encoding", "chunked"]]), ...Array.from({ length: 1200 }, () => chunk("x")), lastChunk())]],
  ["after-a-redirect", "content behind a redirect", [respond(302, [["location", "b"]]), respond(200, [], big)]],
]; // prettier-ignore

/** Cases of `session/undecodable` and `session/caps`. */
export const undecodableCases: readonly Case[] = [
  ...(
    [
      ["cut", '{"a": [1, 2'],
      ["empty", ""],
      ["nan", '{"a": NaN}'],
      ["not-json", "<html></html>"],
      ["in-utf-16", "\xff\xfe{\0}\0"],
      ["two-values", "{}{}"],
    ] as const
  ).map(([name, text]) =>
    defineCase({
      id: `session/undecodable/json-${name}`,
      title: `JSON that is none (${name}) is a ParseError, and leaves the connection to the next call`,
      level: "must",
      catalogue: ["F-BOD-09"],
      origin: [json(text), respond(200, [], "next")],
      perform: [call("GET", "a", {}, read.json), call("GET", "b")],
      expect: {
        calls: [
          { status: 200, error: parse },
          { status: 200, content: "next" },
        ],
      },
      hint: "check that the failure is the parser's, not the connection's",
    }),
  ),
  defineCase({
    id: "session/undecodable/json-of-204",
    title: "JSON of a 204 is a ParseError or nothing, never a hang",
    level: "must",
    catalogue: ["F-BOD-09"],
    origin: [respond(204), respond(200, [], "next")],
    async perform(kit) {
      const { error, content: got } = await kit.call(call("GET", "a", {}, read.json));
      kit.note("got", error ? error.code : got);
      return kit.call(call("GET", "b"));
    },
    expect: { status: 200, content: "next", facts: { got: oneOf("ERR_PARSE_JSON", undefined) } },
    hint: "check what json() makes of no content",
  }),
  defineCase({
    id: "session/undecodable/json-behind-a-mark",
    title: "a byte order mark before JSON must be passed over",
    level: "must",
    spec: ["RFC 8259 §8.1"],
    catalogue: ["F-BOD-09"],
    origin: [json("\xef\xbb\xbf[1]")],
    perform: call("GET", "a", {}, read.json),
    expect: { status: 200, content: [1] },
    hint: "check that the mark is taken off before parsing",
  }),
  defineCase({
    id: "session/undecodable/text-that-is-no-utf-8",
    title: "octets that are no UTF-8 must be replaced in text, not lost",
    level: "must",
    catalogue: ["F-BOD-09"],
    origin: [respond(200, [], `a\xff\xfeb${utf8("é")}`), respond(200, [], "a\xc3")],
    perform: [call("GET", "a"), call("GET", "b")],
    expect: {
      calls: [
        { status: 200, content: "a\uFFFD\uFFFDbé" },
        { status: 200, content: "a\uFFFD" },
      ],
    },
    hint: "check that the decoder is not fatal, and flushed at the end",
  }),
  defineCase({
    id: "session/undecodable/text-in-an-unknown-charset",
    title: "a charset that nobody knows must not fail the text",
    level: "must",
    catalogue: ["F-BOD-09"],
    origin: [respond(200, [["content-type", "text/plain; charset=nonsense"]], "abc")],
    perform: call("GET", "a"),
    expect: { status: 200, content: "abc" },
    hint: "check that UTF-8 is what remains",
  }),
  ...ways.flatMap(([name, what, origin]) =>
    ([read.text, read.bytes, read.json, read.pieces] as readonly Reader[]).map((reader) =>
      defineCase({
        id: `session/caps/${name}-read-by-${String(reader)}`,
        title: `maxResponseSize must end ${what} for the reader ${String(reader)}`,
        level: "must",
        catalogue: ["V-DOS-02"],
        origin,
        perform: call("GET", "a", { maxResponseSize: cap }, reader),
        expect: { status: 200, error: tooLarge },
        hint: "check that octets are counted as they come, in every mode",
      }),
    ),
  ),
  defineCase({
    id: "session/caps/a-length-that-lies",
    title: "maxResponseSize must count what comes, whatever content-length says",
    level: "must",
    catalogue: ["V-DOS-02"],
    // Some platforms tell of nothing that came together with the end.
    requires: { responseStreaming: "streamed" },
    // Content that does not become whole is none.
    otherwise: expects({
      status: 200,
      error: { name: "ContentError", code: "ERR_CONTENT_TRUNCATED" },
    }),
    origin: [
      sequence(head(200, [["content-length", "999999999999"]]), content(big), pause(200), close()),
    ],
    perform: call("GET", "a", { maxResponseSize: cap }),
    expect: { status: 200, error: tooLarge },
    hint: "check that nothing is allocated by what is declared",
  }),
  defineCase({
    id: "session/caps/redirect-and-head-are-not-decoded",
    title: "coded content of a redirect or of a response to HEAD must not be decoded",
    level: "must",
    catalogue: ["V-DOS-01", "V-DOS-05"],
    origin: [
      respond(302, [["location", "b"], ["content-encoding", "gzip"]], "nonsense"), // prettier-ignore
      respond(200, [], "ok"),
      respond(200, [["content-encoding", "gzip"], ["content-length", "33"]]), // prettier-ignore
    ],
    perform: [call("GET", "a"), call("HEAD", "c")],
    expect: {
      calls: [
        { status: 200, content: "ok" },
        { status: 200, content: "" },
      ],
    },
    hint: "check that only content which somebody reads is decoded",
  }),
  defineCase({
    id: "session/caps/gzip-of-many-empty-members",
    title: "thousands of empty gzip members must be read as nothing, or refused",
    level: "must",
    catalogue: ["V-DOS-01"],
    origin: [
      respond(200, [["content-encoding", "gzip"]], bytes(31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0).repeat(20_000)),
      respond(200, [], "next"),
    ], // prettier-ignore
    async perform(kit) {
      const { error, content: got } = await kit.call(call("GET", "a"));
      kit.note("got", error ? error.code : got);
      return kit.call(call("GET", "b"));
    },
    expect: {
      status: 200,
      content: "next",
      facts: { got: oneOf("", "ERR_CONTENT_DECODE", "ERR_NETWORK") },
    },
    hint: "check that members are read in a loop, not one inside the other",
  }),
];
