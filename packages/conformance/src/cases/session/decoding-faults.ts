/* Encoded content that is broken: an error wherever it breaks, never a short success; and bounds on what it becomes. */

import {
  atMost,
  base64,
  call,
  type Case,
  defineCase,
  expects,
  fromBytes,
  type Kit,
  oneOf,
  type Otherwise,
  present,
  read,
  type Reader,
  refuses,
  respond,
} from "../../case.ts";
import { brBomb, coded, gzipBomb, members, text } from "./coded-content.ts";

type Custom = Extract<Reader, (...args: never[]) => unknown>;

/** Makes a call and notes what can be said of its content where the platform decodes, by rules of its own. */
async function leniently(kit: Kit, reader: Custom): Promise<void> {
  const { content, error } = await kit.call(
    call("GET", "a", {}, async (response) => {
      try {
        return await reader(response);
      } catch {
        return "an error";
      }
    }),
  );
  // Where content comes whole, it fails before there is a head.
  if (kit.capabilities.responseStreaming === "streamed")
    kit.check(!error, "the head is there, whatever becomes of the content");
  kit.note("came", error ? "an error" : content);
}
const aPart: Custom = async (response) =>
  text.startsWith(await response.text()) ? "a part" : "something else";
const came = { came: oneOf("a part", "an error") };
const lenient: Otherwise = expects({ facts: came }, { perform: (kit) => leniently(kit, aPart) });

/** The same, where a coding that the platform does not know stays: its field says so. */
const leftAlone = (content: string): Otherwise =>
  expects(
    { facts: { came: oneOf("a part", "an error", "as it came") } },
    {
      perform: (kit) =>
        leniently(kit, async (response) => {
          const bytes = await response.bytes();
          if (fromBytes(bytes) === content) return "as it came";
          return text.startsWith(new TextDecoder().decode(bytes)) ? "a part" : "something else";
        }),
    },
  );

const { gzip, zlib, deflate, br, zstd } = coded;

/** The first 30 bytes of the text in gzip, whole in br. */
const brOfCutGzip = base64("iw6AH4sIAAAAAAAAAwvJSFUoTsxNVShJrSjRUUhMT8zMAw==");

const broken: readonly (readonly [name: string, what: string, coding: string, content: string])[] =
  [
    ["gzip-cut-in-its-header", "gzip that ends in its header", "gzip", gzip.slice(0, 7)],
    ["gzip-cut-after-its-header", "gzip that ends after its header", "gzip", gzip.slice(0, 10)],
    ["gzip-cut-in-its-data", "gzip that ends in its data", "gzip", gzip.slice(0, 30)],
    ["gzip-cut-before-its-check", "gzip that lacks its check", "gzip", gzip.slice(0, -8)],
    ["gzip-cut-in-its-check", "gzip that ends in its check", "gzip", gzip.slice(0, -2)],
    ["gzip-corrupt", "gzip with a wrong byte in its data", "gzip", replaced(gzip, 20, "\u00ff")],
    ["gzip-wrong-check", "gzip whose check does not fit", "gzip", replaced(gzip, -6, "\u0000")],
    ["gzip-wrong-length", "gzip whose length does not fit", "gzip", replaced(gzip, -3, "\u0001")],
    ["gzip-trailing-garbage", "gzip with bytes after its end", "gzip", `${gzip}garbage`],
    ["gzip-not-at-all", "text that says it is gzip", "gzip", "no gzip at all"],
    ["deflate-cut", "deflate that is cut", "deflate", zlib.slice(0, 25)],
    [
      "deflate-wrong-check",
      "deflate whose check does not fit",
      "deflate",
      replaced(zlib, -1, "\0"),
    ],
    ["br-cut", "br that is cut", "br", br.slice(0, 20)],
    ["br-trailing-garbage", "br with bytes after its end", "br", `${br}garbage`],
    ["zstd-cut", "zstd that is cut", "zstd", zstd.slice(0, 30)],
    [
      "gzip-cut-in-its-second-member",
      "gzip whose second member ends early",
      "gzip",
      members.slice(0, -4),
    ],
    ["deflate-trailing-garbage", "deflate with bytes after its end", "deflate", `${zlib}garbage`],
    [
      "deflate-raw-cut",
      "deflate without the zlib format that is cut",
      "deflate",
      deflate.slice(0, 20),
    ],
    ["zstd-trailing-garbage", "zstd with bytes after its end", "zstd", `${zstd}garbage`],
    ["inner-coding-cut", "stacked codings of which the inner one is cut", "gzip, br", brOfCutGzip],
  ];

const brokenCases = broken.map(([name, what, coding, content]) =>
  defineCase({
    id: `session/decoding/${name}`,
    title: `${what} must be an error even though its framing is whole`,
    level: "must",
    spec: ["RFC 9110 §8.4"],
    requires: { contentCoding: "raw" },
    otherwise: leftAlone(content),
    origin: [respond(200, [["content-encoding", coding]], content)],
    perform: call("GET", "a", {}, read.text),
    expect: {
      status: 200,
      error: {
        name: "ContentError",
        code: "ERR_CONTENT_DECODE",
        phase: "read",
        requestSent: "yes",
      },
    },
    hint: "check that the decoder is strict at its end, and that its end is waited for",
  }),
);

/** Cases of `session/decoding` about broken content and its size. */
export const decodingFaultCases: readonly Case[] = [
  ...brokenCases,
  defineCase({
    id: "session/decoding/gzip-members",
    title: "gzip of several members must decode to all of them joined",
    level: "must",
    catalogue: ["V-DOS-01", "F-BOD-05"],
    spec: ["RFC 1952 §2.2"],
    requires: { contentCoding: "raw" },
    otherwise: lenient,
    origin: [respond(200, [["content-encoding", "gzip"]], members)],
    perform: call("GET", "a", {}, read.text),
    expect: { status: 200, content: text },
    hint: "check that the end of a member is not taken for the end of the content",
  }),
  defineCase({
    id: "session/decoding/zstd-frames",
    title: "zstd of several frames must decode to all of them joined",
    level: "must",
    catalogue: ["F-BOD-05"],
    spec: ["RFC 8878 §3.1"],
    requires: { contentCoding: "raw" },
    otherwise: expects({ status: 200 }),
    origin: [respond(200, [["content-encoding", "zstd"]], zstd + zstd)],
    perform: call("GET", "a", {}, read.bytes),
    expect: { status: 200, content: text + text },
    hint: "check that the end of a frame is not taken for the end of the content",
  }),
  ...(
    [
      ["deflate", "deflate", zlib],
      ["deflate-raw", "deflate", deflate],
      ["br", "br", br],
      ["zstd", "zstd", zstd],
      ["unknown", "x-own", "whatever"],
    ] as const
  ).map(([name, coding, content]) =>
    defineCase({
      id: `session/decoding/decompress-false-passes-${name}`,
      title: `with decompress: false content in ${name} must be handed over as it came`,
      level: "must",
      requires: { contentCoding: "raw" },
      otherwise: refuses("contentCoding", "decompress"),
      origin: [respond(200, [["content-encoding", coding]], content)],
      perform: call("GET", "a", { decompress: false }, read.bytes),
      expect: { status: 200, content, headers: { "content-encoding": coding } },
      hint: "check that nothing decodes on the way",
    }),
  ),
  defineCase({
    id: "session/decoding/broken-frees-its-slot",
    title: "content that cannot be decoded must free its place for the next call",
    level: "must",
    catalogue: ["F-BOD-05"],
    requires: { contentCoding: "raw" },
    otherwise: expects(
      { status: 200, content: "next", facts: came },
      {
        async perform(kit) {
          await leniently(kit, aPart);
          return kit.call(call("GET", "b"));
        },
      },
    ),
    session: { limits: { concurrency: 1 } },
    origin: [respond(200, [["content-encoding", "gzip"]], "no gzip"), respond(200, [], "next")],
    perform: [call("GET", "a"), call("GET", "b")],
    expect: {
      calls: [{ error: { code: "ERR_CONTENT_DECODE" } }, { status: 200, content: "next" }],
    },
    hint: "check that an error of the decoder gives the connection up",
  }),
  ...(
    [
      ["br", "br", brBomb],
      ["stacked-gzip", "gzip, gzip", gzipBomb],
    ] as const
  ).map(([name, coding, content]) =>
    defineCase({
      id: `session/decoding/${name}-bomb-is-bounded`,
      title: `${name} content that decodes to more than maxResponseSize must be an error`,
      level: "must",
      origin: [respond(200, [["content-encoding", coding]], content), respond(200, [], "next")],
      perform: [
        call("GET", "a", { maxResponseSize: 1_000_000 }, read.bytes),
        call("GET", "b", {}, read.text),
      ],
      expect: {
        calls: [
          {
            status: 200,
            error: { name: "ContentError", code: "ERR_CONTENT_TOO_LARGE", message: present },
          },
          { status: 200, content: "next" },
        ],
      },
      hint: "check that the limit counts decoded bytes while they are decoded",
    }),
  ),
  defineCase({
    id: "session/decoding/bomb-is-bounded-piece-by-piece",
    title: "maxResponseSize must bound decoded content that is read piece by piece",
    level: "must",
    catalogue: ["V-DOS-01", "F-BOD-05"],
    origin: [respond(200, [["content-encoding", "br"]], brBomb)],
    async perform(kit) {
      let size = 0;
      const count: Reader = async (response) => {
        for await (const piece of response) size += piece.byteLength;
      };
      const seen = await kit.call(call("GET", "a", { maxResponseSize: 1_000_000 }, count));
      kit.note("size", size);
      return seen;
    },
    expect: {
      status: 200,
      error: { code: "ERR_CONTENT_TOO_LARGE" },
      facts: { size: atMost(1_000_000) },
    },
    hint: "check that pieces beyond the limit are not handed over",
  }),
  defineCase({
    id: "session/decoding/decompress-false-passes-what-is-broken",
    title: "with decompress: false broken content must be handed over as it came",
    level: "must",
    catalogue: ["F-BOD-05"],
    requires: { contentCoding: "raw" },
    otherwise: refuses("contentCoding", "decompress"),
    origin: [respond(200, [["content-encoding", "gzip"]], gzip.slice(0, 30))],
    perform: call("GET", "a", { decompress: false }, read.bytes),
    expect: { status: 200, content: gzip.slice(0, 30) },
    hint: "check that nothing decodes on the way",
  }),
];

/** A byte string with one byte replaced; a negative place counts from the end. */
function replaced(content: string, at: number, byte: string): string {
  const place = at < 0 ? content.length + at : at;
  return content.slice(0, place) + byte + content.slice(place + 1);
}
