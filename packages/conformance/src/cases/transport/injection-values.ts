/* What could end a field line, by character, by place and by way of passing it: refused before a connection is made. */

import { HttpHeaders } from "@anyhttp/core";
import { call, type Case, defineCase, lacking, matching, respond } from "../../case.ts";

const refused = {
  error: {
    name: "InvalidRequestError",
    code: "ERR_INVALID_HEADER",
    phase: "prepare",
    requestSent: "no",
    retryable: false,
  },
} as const;

/** Texts with a character that no field value can have (RFC 9110 §5.5), or that some client has made one of. */
const characters: readonly (readonly [name: string, what: string, text: string])[] = [
  ["crlf", "CR LF", "1\r\nx-injected: 2"],
  ["crlf-crlf", "an empty line", "1\r\n\r\nGET /evil HTTP/1.1\r\nhost: evil.test\r\n\r\n"],
  ["lf", "LF", "1\nx-injected: 2"],
  ["cr", "CR", "1\rx-injected: 2"],
  ["folding", "obsolete line folding", "1\r\n x-injected: 2"],
  ["nul", "NUL", "1\0x-injected: 2"],
  ["soh", "U+0001", "1\u0001"],
  ["vt", "a vertical tab", "\u000B1"],
  ["ff", "a form feed", "1\f"],
  ["us", "U+001F", "1\u001F1"],
  ["del", "DEL", "1\u007F"],
  ["crlf-above-latin-1", "U+010D U+010A, which end in CR LF", "1\u010D\u010Ax-injected: 2"],
  ["crlf-fullwidth", "characters whose low octets are CR LF", "1\u560D\u560Ax-injected: 2"],
  ["line-separator", "U+2028", "1\u2028x-injected: 2"],
  ["high-surrogate", "half a character", "1\uD83D"],
  ["low-surrogate", "the other half of a character", "\uDC4D1"],
  ["byte-order-mark", "U+FEFF", "\uFEFF1"],
];

/** Ways to pass a field. */
const ways: readonly (readonly [
  name: string,
  what: string,
  headers: (value: string) => unknown,
])[] = [
  ["record", "a record", (value) => ({ "x-a": value })],
  ["array", "an array in a record", (value) => ({ "x-a": ["1", value, "3"] })],
  [
    "pairs",
    "pairs",
    (value) => [
      ["x-b", "1"],
      ["x-a", value],
    ],
  ],
  ["map", "a Map", (value) => new Map([["x-a", value]])],
  [
    "generator",
    "a generator",
    function* (value) {
      yield ["x-a", value];
    },
  ],
];

/** What a class of the platform's, or of another library, may give. */
function impostor(lines: () => Iterator<unknown>): Headers {
  const headers = new Headers();
  Object.defineProperty(headers, Symbol.iterator, { value: lines });
  return headers;
}

/** Values that are no text, and print as something else than they look like. */
const coerced: readonly (readonly [name: string, what: string, value: () => unknown])[] = [
  ["an-object", "an object with toString", () => ({ toString: () => "1\r\nx-injected: 2" })],
  [
    "to-primitive",
    "an object with Symbol.toPrimitive",
    () => ({ [Symbol.toPrimitive]: () => "1\r\nx-injected: 2" }),
  ],
  ["value-of", "an object with valueOf", () => ({ valueOf: () => "1\r\nx-injected: 2" })],
  ["a-string-object", "a String object", (): unknown => Object("1\r\nx-injected: 2")],
  [
    "a-function",
    "a function with toString",
    () => Object.assign(() => "1", { toString: () => "1\r\nx-injected: 2" }),
  ],
  ["a-class", "a class", () => Date],
  ["a-symbol", "a symbol", () => Symbol("1\r\nx-injected: 2")],
  ["a-date", "a Date", () => new Date(0)],
  ["bytes", "bytes", () => new TextEncoder().encode("1\r\nx-injected: 2")],
  ["a-url", "a URL", () => new URL("http://a.test/")],
  ["nested-arrays", "an array in an array", () => [["1\r\nx-injected: 2"]]],
  ["objects-in-arrays", "an object in an array", () => ["1", { toString: () => "2\r\n3" }]],
  [
    "a-proxy",
    "a Proxy of a String",
    () =>
      new Proxy(Object("1") as object, {
        get: (_, key) => (key === "length" ? 1 : () => "1\r\n2"),
      }),
  ],
];

/** Names that are no tokens (RFC 9110 §5.6.2). */
const names: readonly (readonly [name: string, what: string, text: string])[] = [
  ["empty", "an empty name", ""],
  ["space", "a space", "x a"],
  ["leading-space", "a space before it", " x-a"],
  ["trailing-space", "a space behind it", "x-a "],
  ["tab", "a tab", "x-a\t"],
  ["colon", "a colon", "x-a:"],
  ["colon-first", "a colon before it", ":authority"],
  ["crlf", "CR LF", "x-a\r\nx-injected"],
  ["whole-line", "a line of its own", "x-a: 1\r\nx-injected"],
  ["lf", "LF", "x-a\n"],
  ["cr", "CR", "\rx-a"],
  ["nul", "NUL", "x-a\0"],
  ["control", "U+0001", "x\u0001a"],
  ["del", "DEL", "x\u007Fa"],
  ["latin-1", "a letter beyond ASCII", "x-é"],
  ["above-latin-1", "a character whose low octet is a letter", "x-\u0161"],
  ["kelvin", "the Kelvin sign, which is lower-cased to k", "\u212Aey"],
  ["surrogate", "half a character", "x-\uD83D"],
  ["parentheses", "parentheses", "x(a)"],
  ["quotes", "quotes", '"x-a"'],
  ["slash", "a slash", "x/a"],
  ["brackets", "brackets", "x[a]"],
];

/** Reads that differ each time. */
function changing(): () => string {
  let reads = 0;
  return () => (reads++ === 0 ? "1" : "1\r\nx-injected: 2");
}

/** Cases of `transport/injection` about header fields. */
export const injectionValueCases: readonly Case[] = [
  ...characters.flatMap(([name, what, text]) =>
    ways.map(([way, passed, headers]) =>
      defineCase({
        id: `transport/injection/value-with-${name}-in-${way}`,
        title: `a value with ${what} must be refused when it is passed in ${passed}`,
        level: "must",
        spec: ["RFC 9110 §5.5"],
        catalogue: ["V-INJ-01"],
        origin: [],
        perform: call("GET", "a", () => ({ headers: headers(text) })),
        expect: { ...refused, connections: 0 },
        hint: "check that values are looked at on entry, whatever they come in",
      }),
    ),
  ),
  ...names.map(([name, what, text]) =>
    defineCase({
      id: `transport/injection/name-with-${name}`,
      title: `a name with ${what} must be refused, in whatever it comes, with a value and without`,
      level: "must",
      spec: ["RFC 9110 §5.1", "RFC 9110 §5.6.2"],
      catalogue: ["V-INJ-01"],
      origin: [],
      perform: [
        ...ways.slice(2).map(([, , headers]) =>
          call("GET", "a", () => ({
            headers: [...(headers("1") as Iterable<string[]>)].map(([, value]) => [text, value]),
          })),
        ),
        call("GET", "a", { headers: { [text]: "1" } }),
        call("GET", "a", { headers: { [text]: ["1", "2"] } }),
        call("GET", "a", { headers: { [text]: null } }),
        call("GET", "a", () => ({ headers: new Map([[text, "1"]]) })),
      ],
      expect: { calls: Array.from({ length: 7 }, () => refused), connections: 0 },
      hint: "check names as strictly as values",
    }),
  ),
  ...coerced.map(([name, what, value]) =>
    defineCase({
      id: `transport/injection/value-that-is-${name}`,
      title: `a value that is ${what} must be refused, and never made text of`,
      level: "must",
      catalogue: ["V-INJ-01"],
      origin: [],
      perform: [
        call("GET", "a", () => ({ headers: { "x-a": value() } })),
        call("GET", "a", () => ({ headers: [["x-a", value()]] })),
      ],
      expect: { calls: [refused, refused], connections: 0 },
      hint: "check that values are text, numbers or booleans by their type, not by what they print as",
    }),
  ),
  ...(
    [
      ["a-getter", () => Object.defineProperty({}, "x-a", { get: changing(), enumerable: true })],
      [
        "a-proxy-of-a-record",
        () => {
          const read = changing();
          return new Proxy(
            { "x-a": "1" },
            { get: (_, key) => (key === "x-a" ? read() : undefined) },
          );
        },
      ],
      [
        "a-pair",
        () => {
          const pair = ["x-a", "1"];
          Object.defineProperty(pair, 1, { get: changing() });
          return [pair];
        },
      ],
      [
        "a-changing-iterable",
        () => {
          const read = changing();
          return new (class {
            *[Symbol.iterator](): Generator<string[]> {
              yield ["x-a", read()];
            }
          })();
        },
      ],
      [
        "headers-with-an-iterator-of-their-own",
        () => {
          const read = changing();
          return impostor(() => [["x-a", read()]].values());
        },
      ],
    ] as const
  ).map(([name, headers]) =>
    defineCase({
      id: `transport/injection/value-of-${name}-is-read-once`,
      title: `a value (${name}) that is another one each time must be sent as it was checked`,
      level: "must",
      catalogue: ["V-INJ-01"],
      origin: [respond(200)],
      perform: call("GET", "a", () => ({ headers: headers() })),
      expect: {
        status: 200,
        arrivals: [{ fields: { "x-a": "1" }, head: lacking("x-injected") }],
      },
      hint: "check that what is checked is a copy, and what is sent is that copy",
    }),
  ),
  defineCase({
    id: "transport/injection/headers-with-lines-of-their-own",
    title: "what an object that passes for Headers yields must be checked like anything else",
    level: "must",
    catalogue: ["V-INJ-01"],
    origin: [],
    perform: [
      call("GET", "a", () => ({
        headers: impostor(() => [["x-a", "1\r\nx-injected: 2"]].values()),
      })),
      call("GET", "a", () => ({
        headers: new (class extends HttpHeaders {
          override *[Symbol.iterator](): Generator<[string, string], undefined> {
            yield ["x-a", "1\r\nx-injected: 2"];
          }
        })(),
      })),
    ],
    expect: { calls: [refused, refused], connections: 0 },
    hint: "check that nothing is trusted for its class",
  }),
  ...(
    [
      ["set", (headers: HttpHeaders) => void headers.set("x-a", "1\r\nx-injected: 2")],
      ["append", (headers: HttpHeaders) => void headers.append("x-a", "1\nx-injected: 2")],
      ["name", (headers: HttpHeaders) => void headers.set("x-a: 1\r\nx-injected", "2")],
      ["array", (headers: HttpHeaders) => void headers.set("x-a", ["1", "\0"])],
    ] as const
  ).map(([name, change]) =>
    defineCase({
      id: `transport/injection/middleware-${name}`,
      title: `what middleware sets (${name}) must be checked like what a caller passes`,
      level: "must",
      catalogue: ["V-INJ-01"],
      session: () => ({
        middleware: [
          (request: { headers: HttpHeaders }, next: (request: unknown) => unknown) => {
            change(request.headers);
            return next(request);
          },
        ],
      }),
      origin: [],
      perform: call("GET", "a"),
      expect: {
        error: { name: "InvalidRequestError", code: "ERR_INVALID_HEADER", requestSent: "no" },
        connections: 0,
      },
      hint: "check that the headers of a request are checked when they are set",
    }),
  ),
  ...(
    [
      ["value", { authorization: "Bearer hunter2\r\nx: 1" }],
      ["value-without-space", { "x-api-key": "hunter2\n" }],
      ["name", { "authorization: Bearer hunter2": "" }],
      ["name-of-a-cookie", { "cookie: sid=hunter2": "1" }],
      ["kind", { authorization: { token: "hunter2" } }],
      ["pairs", [["authorization: Bearer hunter2"]]],
      ["text", "authorization: Bearer hunter2"],
    ] as const
  ).map(([name, headers]) =>
    defineCase({
      id: `transport/injection/refusal-keeps-the-secret-in-a-${name}`,
      title: `the refusal of a header (${name}) must not repeat the secret that it holds`,
      level: "must",
      catalogue: ["V-INJ-01"],
      origin: [],
      async perform(kit) {
        const seen = await kit.call(call("GET", "a", { headers }));
        const error = seen.error?.error as Error & { toJSON?(): unknown };
        kit.note("shown", `${error.message} ${error.stack} ${JSON.stringify(error)}`);
        return seen;
      },
      expect: { ...refused, connections: 0, facts: { shown: lacking("hunter2") } },
      hint: "check that messages name a header and never show what it holds",
    }),
  ),
  defineCase({
    id: "transport/injection/tab-and-latin-1-are-let-through",
    title: "a value with a tab within, and with letters of Latin-1, must arrive as it is",
    level: "must",
    spec: ["RFC 9110 §5.5"],
    catalogue: ["V-INJ-01"],
    origin: [respond(200)],
    perform: call("GET", "a", { headers: { "x-a": "1\t2", "x-b": "caf\u00e9 \u00ff\u0080" } }),
    expect: {
      status: 200,
      arrivals: [
        { fields: { "x-a": "1\t2", "x-b": "caf\u00e9 \u00ff\u0080" }, head: matching(/\r\n\r\n$/) },
      ],
    },
    hint: "check that no more is refused than cannot be sent",
  }),
];
