/* Field lines of responses (RFC 9110 §5): what the caller sees of what came. */

import {
  absent,
  call,
  type Case,
  content,
  defineCase,
  expects,
  matching,
  pause,
  raw,
  read,
  respond,
  sequence,
} from "../../case.ts";

/** A head written out, and no content. */
const rawHead = (...lines: readonly string[]): ReturnType<typeof raw> =>
  raw(["HTTP/1.1 200 OK", ...lines, "content-length: 0", "", ""].join("\r\n"));

const manyFields = Array.from({ length: 500 }, (_, i) => [`x-f${i}`, `v${i}`] as const);

/** Cases of `transport/fields` about responses. */
export const fieldsReceivedCases: readonly Case[] = [
  defineCase({
    id: "transport/fields/response-order-case-and-duplicates",
    title: "field lines of a response are handed over in order, apart, and as they are spelt",
    level: "must",
    spec: ["RFC 9110 §5.2", "RFC 9110 §5.3"],
    requires: { fieldLines: "raw" },
    otherwise: expects({
      status: 200,
      fieldLines: [
        ["content-length", "0"],
        ["x-a", "2"],
        ["x-b", "1, 4"],
        ["x-mixed", "3"],
      ],
    }),
    origin: [rawHead("x-b: 1", "x-a: 2", "X-MiXed: 3", "X-B: 4")],
    perform: call("GET", "a"),
    expect: {
      status: 200,
      fieldLines: [
        ["x-b", "1"],
        ["x-a", "2"],
        ["X-MiXed", "3"],
        ["X-B", "4"],
        ["content-length", "0"],
      ],
    },
    hint: "check that the raw list of the library is used, not its record",
  }),
  defineCase({
    id: "transport/fields/get-joins-and-get-all-parts",
    title: "get joins the lines of a field with a comma, getAll keeps them apart, both in any case",
    level: "must",
    spec: ["RFC 9110 §5.2"],
    requires: { fieldLines: "raw" },
    otherwise: expects({
      status: 200,
      content: { get: "1, 2", all: ["1, 2"], has: [true, false], none: null },
    }),
    origin: [respond(200, [["x-a", "1"], ["X-A", "2"]])], // prettier-ignore
    perform: call("GET", "a", {}, async (response) => {
      const { headers } = response;
      await response.text();
      return {
        get: headers.get("X-a"),
        all: headers.getAll("x-A"),
        has: [headers.has("X-A"), headers.has("x-b")],
        none: headers.get("x-b"),
      };
    }),
    expect: {
      status: 200,
      content: { get: "1, 2", all: ["1", "2"], has: [true, false], none: null },
    },
    hint: "check how several lines of one name are kept",
  }),
  defineCase({
    id: "transport/fields/set-cookie-lines-stay-apart",
    title: "set-cookie lines must not be joined, because their values hold commas",
    level: "must",
    spec: ["RFC 9110 §5.3", "RFC 6265 §3"],
    requires: { setCookie: "visible" },
    otherwise: expects({ status: 200, headers: { "set-cookie": absent } }),
    origin: [
      respond(200, [
        ["Set-Cookie", "a=1; Expires=Wed, 09 Jun 2100 10:18:14 GMT"],
        ["set-cookie", "b=2; Path=/"],
        ["x-a", "1"],
        ["SET-COOKIE", "c=3"],
      ]),
    ],
    perform: call("GET", "a", {}, async (response) => {
      await response.text();
      return [response.headers.getSetCookie().length, { ...response.cookies }];
    }),
    expect: {
      status: 200,
      headers: {
        "set-cookie": ["a=1; Expires=Wed, 09 Jun 2100 10:18:14 GMT", "b=2; Path=/", "c=3"],
      },
      content: [3, { a: "1", b: "2", c: "3" }],
    },
    hint: "check that set-cookie is not read through a record of joined values",
  }),
  defineCase({
    id: "transport/fields/empty-response-value",
    title: "a field of a response with an empty value is there, and empty",
    level: "must",
    spec: ["RFC 9110 §5.5"],
    origin: [rawHead("x-empty:", "x-blank:  \t ")],
    perform: call("GET", "a"),
    expect: { status: 200, headers: { "x-empty": [""], "x-blank": [""], "x-none": absent } },
    hint: "check that empty values are not taken for absent ones",
  }),
  defineCase({
    id: "transport/fields/response-space-is-trimmed",
    title: "white space around a value must be excluded from it; white space within is kept",
    level: "must",
    spec: ["RFC 9112 §5.1"],
    origin: [rawHead("x-a: \t  a \t b  c \t ", "x-b:tight")],
    perform: call("GET", "a"),
    expect: { status: 200, headers: { "x-a": "a \t b  c", "x-b": "tight" } },
    hint: "check that values are trimmed at both ends",
  }),
  defineCase({
    id: "transport/fields/response-obs-text-is-latin-1",
    title: "octets above 0x7F in a value are handed over as one character each",
    level: "must",
    spec: ["RFC 9110 §5.5"],
    catalogue: ["V-RSP-05"],
    origin: [rawHead("x-a: caf\u00E9 \u00FF\u0080", "x-utf-8: \u00C3\u00A9")],
    perform: call("GET", "a"),
    expect: {
      status: 200,
      headers: { "x-a": "caf\u00E9 \u00FF\u0080", "x-utf-8": "\u00C3\u00A9" },
    },
    hint: "check that heads are read as Latin-1, not as UTF-8",
  }),
  defineCase({
    id: "transport/fields/folded-line-is-one-value",
    title: "a folded field line is read as one value, or else the response is refused",
    level: "must",
    spec: ["RFC 9112 §5.2"],
    catalogue: ["V-RSP-05"],
    requires: { failureDetail: "phased" },
    otherwise: expects({
      facts: { value: matching(/^one[ \t]+two[ \t]+three$|^ERR_NETWORK$/) },
    }),
    origin: [rawHead("x-a: one", " two", "\tthree", "x-b: 1")],
    async perform(kit) {
      const { headers = [], error } = await kit.call(call("GET", "a"));
      const values = headers.filter(([name]) => name.toLowerCase() === "x-a");
      kit.note("value", error ? error.code : values.map(([, value]) => value).join("|"));
    },
    expect: {
      facts: { value: matching(/^one[ \t]+two[ \t]+three$|^ERR_PROTOCOL_HEAD$/) },
    },
    hint: "check that the second half is neither lost nor a field of its own, and holds no line break",
  }),
  defineCase({
    id: "transport/fields/many-response-fields",
    title: "five hundred fields of a response are all handed over",
    level: "must",
    catalogue: ["V-DOS-03"],
    origin: [respond(200, manyFields)],
    perform: call("GET", "a", {}, async (response) => {
      await response.text();
      return manyFields.filter(([name, value]) => response.headers.get(name) === value).length;
    }),
    expect: { status: 200, content: 500 },
    hint: "check that fields are never dropped in silence beyond a number of them",
  }),
  defineCase({
    id: "transport/fields/long-response-value",
    title: "a value of 8,000 octets is handed over whole",
    level: "must",
    origin: [respond(200, [["x-long", "0123456789".repeat(800)]], "ok")],
    perform: call("GET", "a"),
    expect: { status: 200, content: "ok", headers: { "x-long": "0123456789".repeat(800) } },
    hint: "check the limit on response heads",
  }),
  defineCase({
    id: "transport/fields/any-token-names-a-field",
    title: "names of response fields may hold every character that tokens allow",
    level: "must",
    spec: ["RFC 9110 §5.1", "RFC 9110 §5.6.2"],
    origin: [rawHead("x!#$%&'*+.^_`|~9: 1", "1: 2")],
    perform: call("GET", "a"),
    expect: { status: 200, headers: { "x!#$%&'*+.^_`|~9": "1", "1": "2" } },
    hint: "check that no name is refused that a token allows",
  }),
  defineCase({
    id: "transport/fields/head-may-come-byte-by-byte",
    title: "a head is read the same whatever the pieces in which it comes",
    level: "must",
    origin: [
      {
        steps: [
          {
            do: "trickle",
            bytes: "HTTP/1.1 200 OK\r\nx-a: one\r\nx-b:  two\r\ncontent-length: 2\r\n\r\nok",
            size: 1,
            every: 0,
          },
        ],
      },
    ],
    perform: call("GET", "a"),
    expect: {
      status: 200,
      content: "ok",
      headers: { "x-a": "one", "x-b": "two" },
    },
    hint: "check that names and values are collected across pieces",
  }),
  defineCase({
    id: "transport/fields/reason-phrase",
    title: "the reason phrase is handed over as it is, and may be empty or missing",
    level: "should",
    spec: ["RFC 9112 §4"],
    origin: [
      respond(200, [], "", { reason: "Very Fine, Thanks" }),
      respond(200, [], "", { reason: "" }),
      sequence(raw("HTTP/1.1 299\r\ncontent-length: 2\r\n\r\n"), content("ok")),
    ],
    perform: [call("GET", "a"), call("GET", "a"), call("GET", "a", {}, read.text)],
    expect: {
      calls: [
        { status: 200, statusText: "Very Fine, Thanks" },
        { status: 200, statusText: "" },
        { status: 299, ok: true, statusText: "", content: "ok" },
      ],
    },
    hint: "check that no phrase is made up from the status",
  }),
  defineCase({
    id: "transport/fields/reason-phrase-may-come-in-pieces",
    title: "a reason phrase is handed over whole, whatever the pieces in which it comes",
    level: "should",
    spec: ["RFC 9112 §4"],
    // Time enough for the first piece to be read by itself, on a busy machine as well.
    origin: [
      sequence(raw("HTTP/1.1 200 Very "), pause(100), raw("Fine\r\ncontent-length: 0\r\n\r\n")),
    ],
    perform: call("GET", "a"),
    expect: { status: 200, statusText: "Very Fine" },
    hint: "check that the pieces of the phrase are joined",
  }),
  defineCase({
    id: "transport/fields/response-names-like-object-members",
    title: "fields of a response named like members of objects are fields like any other",
    level: "must",
    catalogue: ["V-PP-01"],
    origin: [rawHead("__proto__: p", "constructor: c", "toString: t")],
    perform: call("GET", "a", {}, async (response) => {
      await response.text();
      return ["__proto__", "constructor", "tostring"].map((name) => response.headers.get(name));
    }),
    expect: { status: 200, content: ["p", "c", "t"] },
    hint: "check that fields are not kept in objects with a prototype",
  }),
];
