/* Request content that is known whole: each kind, its content-type, and its bytes as they arrive. */

import {
  absent,
  bytes,
  call,
  type Case,
  defineCase,
  fromBytes,
  read,
  respond,
  utf8,
} from "../../case.ts";

const everyByte = bytes(...Array.from({ length: 256 }, (_, i) => i));
const formType = "application/x-www-form-urlencoded;charset=UTF-8";

/** Cases of `transport/content` about kinds that are known whole. */
export const contentKindsCases: readonly Case[] = [
  defineCase({
    id: "transport/content/json",
    title: "json is sent as JSON in UTF-8, and says so",
    level: "must",
    spec: ["RFC 8259 §8.1"],
    origin: [respond(200)],
    perform: call("POST", "a", { json: { b: [1, null, true], a: "é👍\u2028" } }),
    expect: {
      status: 200,
      arrivals: [
        {
          framing: "length",
          content: utf8('{"b":[1,null,true],"a":"é👍\u2028"}'),
          fields: { "content-type": ["application/json"] },
        },
      ],
    },
    hint: "check that members keep their order, and characters are neither escaped nor lost",
  }),
  defineCase({
    id: "transport/content/json-of-falsy-values",
    title: "null, false, 0 and the empty string are JSON values like any other",
    level: "must",
    spec: ["RFC 8259 §2"],
    origin: [respond(200), respond(200), respond(200), respond(200)],
    perform: [null, false, 0, ""].map((json) => call("POST", "a", { json })),
    expect: {
      calls: Array.from({ length: 4 }, () => ({ status: 200 })),
      arrivals: ["null", "false", "0", '""'].map((content) => ({
        content,
        fields: { "content-type": "application/json" },
      })),
    },
    hint: "check that falsy values are not taken for no content",
  }),
  defineCase({
    id: "transport/content/form-of-a-record",
    title: "form sends a record as a form, arrays repeating their name, absent values left out",
    level: "must",
    spec: ["WHATWG URL §5.2"],
    origin: [respond(200)],
    perform: call("POST", "a", {
      form: { name: "Jack & Jill", age: 20, tag: ["a", "b"], none: null, "ü=": "日\n", ok: true },
    }),
    expect: {
      status: 200,
      arrivals: [
        {
          framing: "length",
          content: "name=Jack+%26+Jill&age=20&tag=a&tag=b&%C3%BC%3D=%E6%97%A5%0A&ok=true",
          fields: { "content-type": [formType] },
        },
      ],
    },
    hint: "check that names are encoded like values",
  }),
  defineCase({
    id: "transport/content/form-of-pairs",
    title: "form sends pairs and URLSearchParams in their order, and so does body",
    level: "must",
    spec: ["WHATWG URL §5.2"],
    origin: [respond(200), respond(200), respond(200)],
    perform: [
      call("POST", "a", {
        form: [
          ["b", 1],
          ["a", ""],
          ["b", "3"],
        ],
      }),
      call("POST", "a", () => ({ form: new URLSearchParams("b=1&a=&b=3") })),
      call("POST", "a", () => ({ body: new URLSearchParams("b=1&a=&b=3") })),
    ],
    expect: {
      calls: Array.from({ length: 3 }, () => ({ status: 200 })),
      arrivals: Array.from({ length: 3 }, () => ({
        content: "b=1&a=&b=3",
        fields: { "content-type": formType },
      })),
    },
    hint: "check that pairs are neither sorted nor merged",
  }),
  defineCase({
    id: "transport/content/text",
    title: "a string is sent in UTF-8, and says so; a lone surrogate becomes U+FFFD",
    level: "must",
    spec: ["WHATWG Fetch §6.2"],
    origin: [respond(200)],
    perform: call("POST", "a", { body: "é👍\uD800\r\n\0" }),
    expect: {
      status: 200,
      arrivals: [
        {
          framing: "length",
          content: utf8("é👍\uFFFD\r\n\0"),
          fields: { "content-type": ["text/plain;charset=UTF-8"] },
        },
      ],
    },
    hint: "check that the length is counted in bytes, not in characters",
  }),
  defineCase({
    id: "transport/content/bytes",
    title: "bytes are sent as they are, without a content-type",
    level: "must",
    spec: ["RFC 9110 §8.3"],
    origin: [respond(200), respond(200)],
    perform: [
      call("POST", "a", () => ({ body: Uint8Array.from({ length: 256 }, (_, i) => i) })),
      call("POST", "a", () => ({ body: Uint8Array.from({ length: 256 }, (_, i) => i).buffer })),
    ],
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: Array.from({ length: 2 }, () => ({
        framing: "length" as const,
        content: everyByte,
        fields: { "content-type": absent },
      })),
    },
    hint: "check that bytes never become text on the way, and that no type is made up",
  }),
  defineCase({
    id: "transport/content/views-send-what-they-show",
    title: "a view of a buffer sends what it shows, not the whole buffer",
    level: "must",
    origin: [respond(200), respond(200), respond(200)],
    perform: [
      call("POST", "a", () => ({ body: new TextEncoder().encode("abcdefgh").subarray(2, 5) })),
      call("POST", "a", () => ({
        body: new DataView(new TextEncoder().encode("abcdefgh").buffer, 3, 4),
      })),
      call("POST", "a", () => ({
        body: new Uint16Array(new TextEncoder().encode("abcdefgh").buffer, 2, 2),
      })),
    ],
    expect: {
      calls: Array.from({ length: 3 }, () => ({ status: 200 })),
      arrivals: [{ content: "cde" }, { content: "defg" }, { content: "cdef" }],
    },
    hint: "check that offset and length of views are kept, in bytes",
  }),
  defineCase({
    id: "transport/content/blob",
    title: "a Blob is sent with its type, and a slice of one sends the slice",
    level: "must",
    origin: [respond(200), respond(200), respond(200)],
    perform: [
      call("PUT", "a", () => ({ body: new Blob(["é", "b"], { type: "image/x-own" }) })),
      call("PUT", "a", () => ({ body: new Blob(["ab"]) })),
      call("PUT", "a", () => ({ body: new Blob(["abcdefgh"]).slice(2, 5, "text/x-part") })),
    ],
    expect: {
      calls: Array.from({ length: 3 }, () => ({ status: 200 })),
      arrivals: [
        { framing: "length", content: utf8("éb"), fields: { "content-type": ["image/x-own"] } },
        { framing: "length", content: "ab", fields: { "content-type": absent } },
        { framing: "length", content: "cde", fields: { "content-type": ["text/x-part"] } },
      ],
    },
    hint: "check that the size of the Blob is sent as content-length",
  }),
  defineCase({
    id: "transport/content/function",
    title: "a function given as body is called, and what it makes is sent",
    level: "must",
    origin: [respond(200), respond(200), respond(200)],
    perform: [
      call("POST", "a", { body: () => "text" }),
      call("POST", "a", { body: () => Promise.resolve(new TextEncoder().encode("bytes")) }),
      call("POST", "a", { body: () => new Blob(["blob"]) }),
    ],
    expect: {
      calls: Array.from({ length: 3 }, () => ({ status: 200 })),
      arrivals: [{ content: "text" }, { content: "bytes" }, { content: "blob" }],
    },
    hint: "check that promises of content are awaited",
  }),
  defineCase({
    id: "transport/content/empty",
    title: "content of zero bytes is sent as content-length: 0",
    level: "must",
    spec: ["RFC 9110 §8.6"],
    origin: [respond(200), respond(200), respond(200)],
    perform: [
      call("POST", "a", { body: "" }),
      call("PATCH", "a", () => ({ body: new Uint8Array(0) })),
      call("PUT", "a", () => ({ body: new Blob([]) })),
    ],
    expect: {
      calls: Array.from({ length: 3 }, () => ({ status: 200 })),
      arrivals: Array.from({ length: 3 }, () => ({
        content: "",
        fields: { "content-length": ["0"], "transfer-encoding": absent },
      })),
    },
    hint: "check that no content at all and content of no bytes are told apart",
  }),
  defineCase({
    id: "transport/content/null-is-no-content",
    title: "a body of null or undefined is no content",
    level: "must",
    origin: [respond(200), respond(200)],
    perform: [call("DELETE", "a", { body: null }), call("DELETE", "a", { body: undefined })],
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: [
        { framing: "none", fields: { "content-type": absent } },
        { framing: "none", fields: { "content-type": absent } },
      ],
    },
    hint: "check that null is not sent as a word",
  }),
  defineCase({
    id: "transport/content/type-of-the-caller-wins",
    title:
      "a content-type of the caller replaces the one that follows from the content, and is sent once",
    level: "must",
    session: { headers: { "x-a": "1" } },
    origin: [respond(200), respond(200), respond(200)],
    perform: [
      call("POST", "a", { json: 1, headers: { "Content-Type": "application/problem+json" } }),
      call("POST", "a", { form: { a: 1 }, headers: { "content-type": "text/x-form" } }),
      call("POST", "a", () => ({
        body: new Blob(["b"], { type: "image/png" }),
        headers: { "content-type": "image/x-own" },
      })),
    ],
    expect: {
      calls: Array.from({ length: 3 }, () => ({ status: 200 })),
      arrivals: [
        { content: "1", fields: { "content-type": ["application/problem+json"] } },
        { content: "a=1", fields: { "content-type": ["text/x-form"] } },
        { content: "b", fields: { "content-type": ["image/x-own"] } },
      ],
    },
    hint: "check that the library does not add a type of its own",
  }),
  defineCase({
    id: "transport/content/known-length-may-be-said",
    title: "a content-length of the caller that is right is sent, once",
    level: "must",
    spec: ["RFC 9110 §8.6"],
    origin: [respond(200)],
    perform: call("POST", "a", { body: "abc", headers: { "content-length": 3 } }, read.text),
    expect: {
      status: 200,
      arrivals: [{ framing: "length", content: "abc", fields: { "content-length": ["3"] } }],
    },
    hint: "check that the field is written by one side alone",
  }),
  defineCase({
    id: "transport/content/one-megabyte-of-bytes",
    title: "a megabyte of content arrives whole, of bytes and of a Blob",
    level: "must",
    origin: [respond(200), respond(200)],
    async perform(kit) {
      const octets = new TextEncoder().encode("abcdefghijklmnopqrstuvwxyz".repeat(40_330));
      return [
        await kit.call(call("POST", "a", { body: octets })),
        await kit.call(call("POST", "a", { body: new Blob([octets.subarray(0, 26), octets]) })),
      ];
    },
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: [
        { framing: "length", contentLength: 1_048_580, filler: true, complete: true },
        { framing: "length", contentLength: 1_048_606, filler: true, complete: true },
      ],
    },
    hint: "check that back-pressure while sending loses nothing",
  }),
  defineCase({
    id: "transport/content/bytes-are-not-changed-by-sending",
    title: "the bytes of the caller are neither changed nor taken away by sending them",
    level: "must",
    origin: [respond(200), respond(200)],
    async perform(kit) {
      const octets = new TextEncoder().encode("abc");
      const seen = [
        await kit.call(call("POST", "a", { body: octets })),
        await kit.call(call("POST", "a", { body: octets })),
      ];
      kit.note("after", fromBytes(octets));
      return seen;
    },
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: [{ content: "abc" }, { content: "abc" }],
      facts: { after: "abc" },
    },
    hint: "check that buffers of the caller are not transferred",
  }),
];
