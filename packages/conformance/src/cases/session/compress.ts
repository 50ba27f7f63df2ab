/* Request content in a content coding: each coding over each kind of content, and how it is framed. */

import type { CompressCoding } from "@anyhttp/core";
import {
  absent,
  type ArrivalExpectation,
  call,
  type CallOptions,
  type Case,
  defineCase,
  expects,
  filler,
  fillerBytes,
  notApplicable,
  read,
  refuses,
  respond,
  satisfying,
  toBytes,
} from "../../case.ts";

const text = "The same text, again and again: the same text, again and again.\n";
const codings: readonly CompressCoding[] = ["gzip", "deflate", "br", "zstd"];

/** Content that arrived in a coding, and is this without it. */
const coded = (
  coding: string,
  content: string,
  framing: "length" | "chunked" = "length",
): ArrivalExpectation => ({
  framing,
  complete: true,
  fields: { "content-encoding": coding },
  decoded: { content, length: content.length, filler: false },
});

const form = (): FormData => {
  const data = new FormData();
  data.append("a", text.trim());
  return data;
};
const pieces = async function* (): AsyncGenerator<string> {
  for (const word of text.split(/(?<= )/)) yield await Promise.resolve(word);
};
const stream = (): ReadableStream<Uint8Array> => new Blob([text]).stream();

const whole: readonly (readonly [kind: string, options: () => CallOptions, content: string])[] = [
  ["json", () => ({ json: { text } }), JSON.stringify({ text })],
  ["form", () => ({ form: { text } }), String(new URLSearchParams({ text }))],
  ["text", () => ({ body: text }), text],
  ["bytes", () => ({ body: toBytes(text) }), text],
  ["blob", () => ({ body: new Blob([text]) }), text],
  ["function", () => ({ body: () => Promise.resolve(text) }), text],
];

const wholeCases = codings.flatMap((coding) =>
  whole.map(([kind, options, content]) =>
    defineCase({
      id: `session/compress/${coding}-of-${kind}`,
      title: `content (${kind}) must be sent in ${coding}, with the length that it then has`,
      level: "must",
      spec: ["RFC 9110 §8.4", "RFC 9110 §8.6"],
      requires: { encoders: coding },
      otherwise: refuses("encoders", "compress"),
      origin: [respond(200)],
      perform: call("POST", "a", () => ({ ...options(), compress: coding })),
      expect: { status: 200, arrivals: [coded(coding, content)] },
      hint: "check what the encoder makes of the content, and whether all of it is sent",
    }),
  ),
);

const multipartCases = codings.map((coding) =>
  defineCase({
    id: `session/compress/${coding}-of-multipart`,
    title: `a multipart form must be sent in ${coding}`,
    level: "must",
    spec: ["RFC 9110 §8.4", "RFC 7578"],
    requires: { encoders: coding },
    otherwise: refuses("encoders", "compress"),
    origin: [respond(200)],
    perform: call("POST", "a", () => ({ multipart: form(), compress: coding })),
    expect: {
      status: 200,
      arrivals: [
        {
          framing: "length",
          fields: { "content-encoding": coding },
          decoded: satisfying(
            "a form that holds the text",
            (value) =>
              (value as { content: string } | null)?.content.includes(
                `name="a"\r\n\r\n${text.trim()}\r\n`,
              ) ?? false,
          ),
        },
      ],
    },
    hint: "check that parts are encoded together",
  }),
);

const streamed: readonly (readonly [kind: string, options: () => CallOptions])[] = [
  ["stream", () => ({ body: stream() })],
  ["iterable", () => ({ body: pieces() })],
  ["stream-of-a-function", () => ({ body: stream })],
];

const streamedCases = (["gzip", "deflate"] as const).flatMap((coding) =>
  streamed.map(([kind, options]) =>
    defineCase({
      id: `session/compress/${coding}-of-${kind}`,
      title: `content (${kind}) must be sent in ${coding} while it is produced`,
      level: "must",
      spec: ["RFC 9110 §8.4", "RFC 9112 §7.1"],
      requires: { requestStreaming: "half-duplex", encoders: coding },
      otherwise: refuses("requestStreaming", "body"),
      origin: [respond(200)],
      perform: call("POST", "a", () => ({ ...options(), compress: coding })),
      expect: { status: 200, arrivals: [coded(coding, text, "chunked")] },
      hint: "check that the source is encoded piece by piece, and that the end is flushed",
    }),
  ),
);

const rareCases = (["br", "zstd"] as const).map((coding) =>
  defineCase({
    id: `session/compress/${coding}-of-iterable`,
    title: `an iterable must be sent in ${coding} while it is produced`,
    level: "must",
    spec: ["RFC 9110 §8.4"],
    requires: { requestStreaming: "half-duplex", encoders: coding },
    otherwise: notApplicable("encoders"),
    origin: [respond(200)],
    perform: call("POST", "a", () => ({ body: pieces(), compress: coding })),
    expect: { status: 200, arrivals: [coded(coding, text, "chunked")] },
    hint: "check that the source is encoded piece by piece, and that the end is flushed",
  }),
);

const size = 3_000_000;
const large = { content: filler(262_144), length: size, filler: true };

const largeCases = codings.flatMap((coding) =>
  (
    [
      ["bytes", () => ({ body: fillerBytes(size) })],
      ["blob", () => ({ body: new Blob([fillerBytes(size)]) })],
    ] as const
  ).map(([kind, options]) =>
    defineCase({
      id: `session/compress/${coding}-of-large-${kind}`,
      title: `large content (${kind}) must arrive whole in ${coding}`,
      level: "must",
      spec: ["RFC 9110 §8.4"],
      requires: { encoders: coding },
      otherwise: refuses("encoders", "compress"),
      origin: [respond(200)],
      perform: call("PUT", "a", () => ({ ...options(), compress: coding })),
      expect: {
        status: 200,
        arrivals: [{ fields: { "content-encoding": coding }, decoded: large, complete: true }],
      },
      hint: "check that all pieces go through the encoder, in order",
    }),
  ),
);

/** Cases of `session/compress` about codings and framing. */
export const compressCases: readonly Case[] = [
  ...wholeCases,
  ...multipartCases,
  ...streamedCases,
  ...rareCases,
  ...largeCases,
  defineCase({
    id: "session/compress/large-is-streamed",
    title: "large content must be encoded while it is sent, without a length",
    level: "must",
    spec: ["RFC 9112 §7.1"],
    requires: { requestStreaming: "half-duplex" },
    otherwise: expects({ status: 200, arrivals: [{ framing: "length", decoded: large }] }),
    origin: [respond(200)],
    perform: call("PUT", "a", () => ({ body: fillerBytes(size), compress: "gzip" })),
    expect: {
      status: 200,
      arrivals: [{ framing: "chunked", fields: { "content-length": absent }, decoded: large }],
    },
    hint: "check that only small content is encoded before it is sent",
  }),
  defineCase({
    id: "session/compress/both-ways",
    title: "a coding of the request must have nothing to do with that of the response",
    level: "must",
    spec: ["RFC 9110 §8.4"],
    origin: [
      respond(
        200,
        [["content-encoding", "deflate"]],
        // "abc" in the zlib format.
        "\x78\x9c\x4b\x4c\x4a\x06\x00\x02\x4d\x01\x27",
      ),
    ],
    perform: call("POST", "a", { body: text, compress: "gzip" }, read.text),
    expect: { status: 200, content: "abc", arrivals: [coded("gzip", text)] },
    hint: "check that encoding and decoding are kept apart",
  }),
  defineCase({
    id: "session/compress/content-type-stays",
    title: "a coding must leave the content type what it is",
    level: "must",
    spec: ["RFC 9110 §8.3"],
    origin: [respond(200)],
    perform: call("POST", "a", { json: { text }, compress: "gzip" }),
    expect: {
      status: 200,
      arrivals: [{ fields: { "content-type": "application/json", "content-encoding": "gzip" } }],
    },
    hint: "check which fields the coding changes",
  }),
];
