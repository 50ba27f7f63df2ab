/* Whole responses: any content, in any codings, framed in each way that HTTP/1 knows. */

import * as fc from "fast-check";
import * as zlib from "node:zlib";
import { type Line, lines, pairs, render } from "./heads.ts";

const encoders: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: (bytes) => zlib.gzipSync(bytes),
  deflate: (bytes) => zlib.deflateSync(bytes),
  br: (bytes) =>
    zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 3 } }),
  zstd: (bytes) => zlib.zstdCompressSync(bytes),
};

/** Content that is short or long, dense or not; often none at all. */
const contents = fc
  .record({
    piece: fc.uint8Array({ maxLength: 200 }),
    times: fc.constantFrom(0, 1, 1, 1, 3, 400),
  })
  .map(({ piece, times }) => Buffer.concat(Array.from({ length: times }, () => piece)));

const token = fc.stringMatching(/^[a-zA-Z0-9!#$%&'*+.^_`|~-]{1,8}$/);
const extension = fc
  .tuple(
    token,
    fc.oneof(
      fc.constant(""),
      token.map((value) => `=${value}`),
      fc.stringMatching(/^[ -!#-[\]-~]{0,8}$/).map((value) => `="${value}"`),
    ),
  )
  .map(([name, value]) => `;${name}${value}`);

/** How content is delimited (RFC 9112 §6). */
type Framing =
  | { readonly kind: "length" }
  | { readonly kind: "close" }
  | {
      readonly kind: "chunked";
      readonly sizes: readonly number[];
      readonly extensions: readonly string[];
      readonly trailers: readonly Line[];
    };

const framings: fc.Arbitrary<Framing> = fc.oneof(
  fc.constant({ kind: "length" } as const),
  fc.constant({ kind: "close" } as const),
  fc.record({
    kind: fc.constant("chunked" as const),
    sizes: fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 5 }),
    extensions: fc.array(fc.oneof(fc.constant(""), extension), { minLength: 1, maxLength: 3 }),
    trailers: lines.map((all) => all.slice(0, 8)),
  }),
);

/** A response, as the origin means it. */
export interface Framed {
  readonly version: "1.0" | "1.1";
  /** How many interim responses come first. */
  readonly interim: number;
  readonly fields: readonly Line[];
  readonly content: Buffer;
  readonly codings: readonly string[];
  readonly framing: Framing;
}

/** Any response. */
export const framed: fc.Arbitrary<Framed> = fc
  .record({
    version: fc.constantFrom("1.1" as const, "1.1" as const, "1.0" as const),
    interim: fc.constantFrom(0, 0, 0, 1, 2),
    fields: lines.map((all) => all.slice(0, 6)),
    content: contents,
    codings: fc.array(fc.constantFrom(...Object.keys(encoders)), { maxLength: 3 }),
    framing: framings,
  })
  // HTTP/1.0 knows neither chunks nor interim responses (RFC 9112 §6.1, RFC 9110 §15.2).
  .map((made) => (made.framing.kind === "chunked" ? { ...made, version: "1.1" as const } : made))
  .map((made) => (made.version === "1.0" ? { ...made, interim: 0 } : made));

/** The trailer fields of a response. */
export function trailersOf({ framing }: Framed): [string, string][] {
  return framing.kind === "chunked" ? pairs(framing.trailers) : [];
}

/** The field lines of its head. */
export function fieldsOf({ fields, codings, framing }: Framed, length: number): [string, string][] {
  return [
    ...pairs(fields),
    ...codings.map((coding): [string, string] => ["Content-Encoding", coding]),
    ...(framing.kind === "length" ? [["content-length", String(length)] as [string, string]] : []),
    ...(framing.kind === "chunked" ? [["Transfer-Encoding", "chunked"] as [string, string]] : []),
  ];
}

/** Its content with the codings applied. */
export function encoded({ content, codings }: Framed): Buffer {
  return codings.reduce((bytes, coding) => encoders[coding]?.(bytes) ?? bytes, content);
}

/** Its octets. */
export function octets(made: Framed): Buffer {
  const { version, interim, fields, framing } = made;
  const content = encoded(made);
  const framingLines = fieldsOf({ ...made, fields: [] }, content.length)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("");
  const early = "HTTP/1.1 103 Early Hints\r\nlink: </a.css>; rel=preload\r\n\r\n".repeat(interim);
  const head = `${early}HTTP/${version} 200 OK\r\n${render(fields)}${framingLines}\r\n`;
  const body = framing.kind === "chunked" ? chunked(content, framing) : content;
  return Buffer.concat([Buffer.from(head, "latin1"), body]);
}

function chunked(
  content: Buffer,
  { sizes, extensions, trailers }: Extract<Framing, { kind: "chunked" }>,
): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (let count = 0; at < content.length; count++) {
    const size = Math.min(sizes[count % sizes.length] ?? 1, content.length - at);
    const line = `${size.toString(16)}${extensions[count % extensions.length]}\r\n`;
    parts.push(Buffer.from(line), content.subarray(at, at + size), Buffer.from("\r\n"));
    at += size;
  }
  const end = `0${extensions[0]}\r\n${render(trailers)}\r\n`;
  return Buffer.concat([...parts, Buffer.from(end, "latin1")]);
}
