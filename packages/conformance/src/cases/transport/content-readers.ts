/* What the readers of a response make of its content. */

import { contentDisposition } from "@anyhttp/core";
import {
  bytes,
  call,
  type Case,
  defineCase,
  matching,
  read,
  respond,
  respondChunked,
  respondJson,
  utf8,
} from "../../case.ts";

const everyByte = bytes(...Array.from({ length: 256 }, (_, i) => i));
const typed = (type: string, text: string): ReturnType<typeof respond> =>
  respond(200, [["content-type", type]], text);

/** Cases of `transport/content` about reading responses whole. */
export const contentReadersCases: readonly Case[] = [
  defineCase({
    id: "transport/content/read-text",
    title: "text is UTF-8 unless the content type says otherwise, without its byte order mark",
    level: "must",
    spec: ["WHATWG Encoding §4.1", "RFC 9110 §8.3.2"],
    origin: [
      respond(200, [], utf8("\uFEFFé👍\r\n")),
      typed("text/plain", utf8("é")),
      respond(200, [], "a\u00FFb"),
    ],
    perform: [call("GET", "a"), call("GET", "a"), call("GET", "a")],
    expect: {
      calls: [
        { status: 200, content: "é👍\r\n" },
        { status: 200, content: "é" },
        { status: 200, content: "a\uFFFDb" },
      ],
    },
    hint: "check that octets that are no UTF-8 become U+FFFD, and line ends are left alone",
  }),
  defineCase({
    id: "transport/content/read-text-in-its-charset",
    title:
      "text is decoded in the charset of the content type; one that is unknown counts for nothing",
    level: "must",
    spec: ["RFC 9110 §8.3.2", "WHATWG Encoding §4.2"],
    origin: [
      typed("text/plain; charset=ISO-8859-1", "caf\u00E9"),
      typed('text/plain; format=flowed; CHARSET="utf-16le"', bytes(0x61, 0, 0xe9, 0)),
      typed("text/plain;charset=shift_jis", bytes(0x93, 0xfa)),
      typed("text/plain; charset=unheard-of", utf8("é")),
      typed('text/plain; title="; charset=ISO-8859-1"; charset=utf-8', utf8("é")),
    ],
    perform: Array.from({ length: 5 }, () => call("GET", "a")),
    expect: {
      calls: [
        { status: 200, content: "café" },
        { status: 200, content: "aé" },
        { status: 200, content: "日" },
        { status: 200, content: "é" },
        { status: 200, content: "é" },
      ],
    },
    hint: "check that the parameter is found in any case, quoted or not",
  }),
  defineCase({
    id: "transport/content/read-bytes",
    title: "bytes, arrayBuffer, blob and the pieces give every octet as it came",
    level: "must",
    origin: Array.from({ length: 4 }, () => typed("text/plain; charset=utf-16", everyByte)),
    perform: [read.bytes, read.arrayBuffer, read.blob, read.pieces].map((reader) =>
      call("GET", "a", {}, reader),
    ),
    expect: { calls: Array.from({ length: 4 }, () => ({ status: 200, content: everyByte })) },
    hint: "check that content never becomes text on the way",
  }),
  defineCase({
    id: "transport/content/read-array-buffer-is-exact",
    title: "arrayBuffer gives a buffer of the content's own length",
    level: "must",
    origin: [respond(200, [], "abc"), respondChunked(200, [], ["ab", "c"])],
    perform: Array.from({ length: 2 }, () =>
      call("GET", "a", {}, async (response) => (await response.arrayBuffer()).byteLength),
    ),
    expect: {
      calls: [
        { status: 200, content: 3 },
        { status: 200, content: 3 },
      ],
    },
    hint: "check that no buffer of a pool is handed out",
  }),
  defineCase({
    id: "transport/content/read-bytes-are-plain",
    title: "bytes and pieces are plain Uint8Arrays, not of a class of the platform's own",
    level: "must",
    origin: [respond(200, [], "abc"), respond(200, [], "abc")],
    perform: [
      call("GET", "a", {}, async (response) => String(await response.bytes())),
      call("GET", "a", {}, async (response) => {
        let all = "";
        for await (const piece of response) all += String(piece);
        return all;
      }),
    ],
    expect: {
      calls: [
        { status: 200, content: "97,98,99" },
        { status: 200, content: "97,98,99" },
      ],
    },
    hint: "check that a Buffer is not handed over: its toString and slice do other things",
  }),
  defineCase({
    id: "transport/content/read-blob-has-the-type",
    title: "a blob has the content type of the response",
    level: "must",
    origin: [typed("image/x-own", "abc")],
    perform: call("GET", "a", {}, async (response) => {
      const blob = await response.blob();
      return [blob.type, blob.size];
    }),
    expect: { status: 200, content: ["image/x-own", 3] },
    hint: "check that the type is taken from the head",
  }),
  defineCase({
    id: "transport/content/read-json",
    title:
      "json is read as UTF-8 whatever the content type says, with or without a byte order mark",
    level: "must",
    spec: ["RFC 8259 §8.1"],
    origin: [
      respondJson({ a: ["é", null, 1.5] }),
      typed("text/html; charset=iso-8859-1", utf8('"é"')),
      respond(200, [], utf8("\uFEFF 0 \n")),
    ],
    perform: Array.from({ length: 3 }, () => call("GET", "a", {}, read.json)),
    expect: {
      calls: [
        { status: 200, content: { a: ["é", null, 1.5] } },
        { status: 200, content: "é" },
        { status: 200, content: 0 },
      ],
    },
    hint: "check that charset is not applied to JSON",
  }),
  defineCase({
    id: "transport/content/read-json-that-is-none",
    title: "content that is not JSON, none at all included, is a ParseError",
    level: "must",
    catalogue: ["F-BOD-09"],
    origin: [typed("application/json", "<html>"), respond(200), respond(204)],
    perform: Array.from({ length: 3 }, () => call("GET", "a", {}, read.json)),
    expect: {
      calls: [
        {
          status: 200,
          error: {
            name: "ParseError",
            code: "ERR_PARSE_JSON",
            phase: "parse",
            requestSent: "yes",
            retryable: false,
            cause: matching(/^SyntaxError/),
          },
        },
        { status: 200, error: { code: "ERR_PARSE_JSON", message: matching(/empty/) } },
        { status: 204, error: { code: "ERR_PARSE_JSON", message: matching(/empty/) } },
      ],
    },
    hint: "check that the error of JSON.parse is the cause, not the error",
  }),
  defineCase({
    id: "transport/content/read-json-with-proto",
    title: "a member named __proto__ in JSON is data like any other",
    level: "must",
    catalogue: ["V-PP-01"],
    origin: [respond(200, [], '{"__proto__": {"polluted": 1}}')],
    perform: call("GET", "a", {}, async (response) => {
      const value = await response.json<object>();
      return [
        Object.keys(value),
        "polluted" in {},
        Object.getPrototypeOf(value) === Object.prototype,
      ];
    }),
    expect: { status: 200, content: [["__proto__"], false, true] },
    hint: "check that nothing is assigned by names that come from data",
  }),
  defineCase({
    id: "transport/content/read-form",
    title: "formData reads urlencoded and multipart content",
    level: "must",
    spec: ["RFC 7578 §4", "WHATWG URL §5.1"],
    origin: [
      typed("application/x-www-form-urlencoded", "a=1&b=x+y%C3%A9&a="),
      typed(
        'multipart/form-data; boundary="b"',
        '--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n' +
          '--b\r\ncontent-disposition: form-data; name="f"; filename="n.txt"\r\n' +
          "content-type: text/x\r\n\r\nline\r\n\r\n--b--\r\n",
      ),
    ],
    perform: Array.from({ length: 2 }, () => call("GET", "a", {}, read.formData)),
    expect: {
      calls: [
        {
          status: 200,
          content: [
            ["a", "1"],
            ["b", "x yé"],
            ["a", ""],
          ],
        },
        {
          status: 200,
          content: [
            ["a", "1"],
            ["f", { name: "n.txt", type: "text/x", content: "line\r\n" }],
          ],
        },
      ],
    },
    hint: "check that the content type is passed to the parser as it came",
  }),
  defineCase({
    id: "transport/content/read-disposition",
    title:
      "the name that content is to be saved under is that of content-disposition, in any coding, without directories",
    level: "must",
    spec: ["RFC 6266 §4.3", "RFC 8187 §3.2"],
    origin: [
      ...[
        'attachment; filename="plain; name.txt"',
        "attachment; filename=euro.txt; filename*=UTF-8''%e2%82%ac.txt",
        `Attachment; FileName="${utf8("€.txt")}"`,
        'attachment; filename="../../etc/caf\u00E9"',
        "inline",
      ].map((value) => respond(200, [["content-disposition", value]], "x")),
      respond(200, [], "x"),
    ],
    perform: Array.from({ length: 6 }, () =>
      call("GET", "a", {}, async (response) => {
        await response.text();
        const found = contentDisposition(response);
        return found && [found.type, found.filename];
      }),
    ),
    expect: {
      calls: [
        ["attachment", "plain; name.txt"],
        ["attachment", "€.txt"],
        ["attachment", "€.txt"],
        ["attachment", "café"],
        ["inline", null],
        null,
      ].map((content) => ({ status: 200, content })),
    },
    hint: "check that octets of fields are handed over as they came",
  }),
  defineCase({
    id: "transport/content/read-form-that-is-none",
    title: "formData of content that is no form is a ParseError",
    level: "must",
    catalogue: ["F-BOD-09"],
    origin: [
      typed("application/json", "{}"),
      typed("multipart/form-data", "--b--"),
      typed("multipart/form-data; boundary=b", "no parts at all"),
    ],
    perform: Array.from({ length: 3 }, () => call("GET", "a", {}, read.formData)),
    expect: {
      calls: Array.from({ length: 3 }, () => ({
        status: 200,
        error: { name: "ParseError", code: "ERR_PARSE_FORM", phase: "parse" },
      })),
    },
    hint: "check that the parser's own error does not escape",
  }),
  defineCase({
    id: "transport/content/read-nothing",
    title: "content of no bytes reads as an empty text, no bytes, no pieces and no lines",
    level: "must",
    origin: Array.from({ length: 5 }, () => respond(200)),
    perform: [read.text, read.bytes, read.blob, read.pieces, read.lines].map((reader) =>
      call("GET", "a", {}, reader),
    ),
    expect: {
      calls: [
        { status: 200, content: "" },
        { status: 200, content: "" },
        { status: 200, content: "" },
        { status: 200, content: "" },
        { status: 200, content: [] },
      ],
    },
    hint: "check that an end without pieces is an end",
  }),
  defineCase({
    id: "transport/content/read-twice",
    title: "content can be read once; a second reader of any kind is refused",
    level: "must",
    origin: [respond(200, [], "{}")],
    perform: call("GET", "a", {}, async (response) => {
      const before = response.bodyUsed;
      await response.text();
      const codes: unknown[] = [before, response.bodyUsed];
      for (const again of [
        () => response.text(),
        () => response.json(),
        () => response.bytes(),
        () => response.lines().next(),
      ]) {
        codes.push(
          await again().then(String, (error: unknown) => (error as { code: string }).code),
        );
      }
      return codes;
    }),
    expect: {
      status: 200,
      content: [
        false,
        true,
        "ERR_CONTENT_USED",
        "ERR_CONTENT_USED",
        "ERR_CONTENT_USED",
        "ERR_CONTENT_USED",
      ],
    },
    hint: "check that no reader gives an empty content for one that is used",
  }),
];
