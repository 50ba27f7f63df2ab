/* Requests within requests: fields that frame, lengths that lie, content where none is expected, and what fails midway. */

import type { HttpRequest } from "@anyhttp/core";
import {
  atMost,
  call,
  type CallOptions,
  type Case,
  defineCase,
  expects,
  lacking,
  raw,
  refuses,
  respond,
  sequence,
  stall,
  toBytes,
} from "../../case.ts";
import { iterable, stream } from "./sources.ts";

const evil = "GET /evil HTTP/1.1\r\nhost: evil.test\r\n\r\n";

/** Fields that frame the message or the connection, with what a caller might want of them. */
const framing: readonly (readonly [name: string, field: string, value: string])[] = [
  ["transfer-encoding-chunked", "transfer-encoding", "chunked"],
  ["transfer-encoding-identity", "transfer-encoding", "identity"],
  ["transfer-encoding-gzip", "transfer-encoding", "gzip"],
  ["transfer-encoding-gzip-chunked", "transfer-encoding", "gzip, chunked"],
  ["transfer-encoding-chunked-twice", "transfer-encoding", "chunked, chunked"],
  ["transfer-encoding-unknown", "transfer-encoding", "xchunked"],
  ["transfer-encoding-tabbed", "transfer-encoding", "\tchunked"],
  ["transfer-encoding-quoted", "transfer-encoding", '"chunked"'],
  ["transfer-encoding-with-parameter", "transfer-encoding", "chunked;x=1"],
  ["transfer-encoding-empty", "transfer-encoding", ""],
  ["te-trailers", "te", "trailers"],
  ["te-chunked", "te", "chunked"],
  ["te-gzip", "te", "gzip;q=1"],
  ["trailer", "trailer", "x-a"],
  ["connection-close", "connection", "close"],
  ["connection-keep-alive", "connection", "keep-alive"],
  ["connection-upgrade", "connection", "upgrade"],
  ["connection-nominating", "connection", "x-api-key, close"],
  ["connection-nominating-length", "connection", "content-length"],
  ["connection-empty", "connection", ""],
  ["keep-alive", "keep-alive", "timeout=5, max=1000"],
  ["proxy-connection", "proxy-connection", "keep-alive"],
  ["upgrade-websocket", "upgrade", "websocket"],
  ["upgrade-h2c", "upgrade", "h2c"],
  ["http2-settings", "http2-settings", "AAMAAABkAARAAAAAAAIAAAAA"],
  ["expect-continue", "expect", "100-continue"],
  ["expect-other", "expect", "200-ok"],
  ["expect-empty", "expect", ""],
];

const title = (field: string): string =>
  field.replaceAll(/(?:^|-)[a-z]/g, (letter) => letter.toUpperCase());

/** Lengths that content of five bytes does not have. */
const lengths: readonly (readonly [name: string, value: string])[] = [
  ["shorter", "2"],
  ["longer", "6"],
  ["nothing", "0"],
  ["empty", ""],
  ["with-letters", "5abc"],
  ["with-a-sign", "+5"],
  ["negative", "-5"],
  ["twice-with-a-space", "5 5"],
  ["twice-with-a-comma", "5, 5"],
  ["list-of-two", "5,6"],
  ["hexadecimal", "0x5"],
  ["with-a-fraction", "5.0"],
  ["with-an-exponent", "5e0"],
  ["with-an-underscore", "0_5"],
  ["beyond-all-bounds", "18446744073709551621"],
  ["of-a-thousand-digits", "5".repeat(1_000)],
];

const kinds: readonly (readonly [name: string, options: () => CallOptions])[] = [
  ["text", () => ({ body: "hello" })],
  ["bytes", () => ({ body: toBytes("hello") })],
  ["blob", () => ({ body: new Blob(["hello"]) })],
];

const badLength = {
  error: { name: "InvalidRequestError", code: "ERR_INVALID_HEADER", requestSent: "no" },
} as const;

/** Content that looks like what could come behind it. */
const disguised: readonly (readonly [name: string, text: string])[] = [
  ["a-request", evil],
  ["a-last-chunk-and-a-request", `0\r\n\r\n${evil}`],
  ["a-chunk-and-a-request", `\r\n0\r\n\r\n${evil}`],
  ["an-empty-line-and-a-request", `\r\n\r\n${evil}`],
  ["a-field-and-a-request", `content-length: 0\r\n\r\n${evil}`],
  ["a-chunk-size", "ffffffff\r\n"],
];

/** How request content may go wrong midway. */
const midway: readonly (readonly [
  name: string,
  what: string,
  code: string,
  options: (begun: () => Promise<void>) => CallOptions,
])[] = [
  [
    "a-source-that-fails",
    "its source fails",
    "ERR_CONTENT_SOURCE",
    (begun) => ({
      body: (async function* () {
        yield "abc";
        await begun();
        throw new Error("the source broke");
      })(),
    }),
  ],
  [
    "a-source-of-no-bytes",
    "its source yields what is no bytes",
    "ERR_CONTENT_SOURCE",
    (begun) => ({
      body: (async function* () {
        yield "abc";
        await begun();
        yield { toString: () => `0\r\n\r\n${evil}` };
      })(),
    }),
  ],
  [
    "less-than-declared",
    "it is shorter than declared",
    "ERR_CONTENT_SOURCE",
    (begun) => ({
      headers: { "content-length": "10" },
      body: (async function* () {
        yield "abc";
        await begun();
      })(),
    }),
  ],
  [
    "more-than-declared",
    "it is longer than declared, and the rest is a request",
    "ERR_CONTENT_SOURCE",
    (begun) => ({
      headers: { "content-length": "3" },
      body: (async function* () {
        yield "ab";
        await begun();
        yield `c${evil}`;
      })(),
    }),
  ],
  [
    "a-timeout",
    "the call takes too long",
    "ERR_TIMEOUT_TOTAL",
    () => ({
      timeout: 300,
      body: (async function* () {
        yield "abc";
        await new Promise(() => undefined);
      })(),
    }),
  ],
];

/** Cases of `transport/smuggling`. */
export const smugglingCases: readonly Case[] = [
  ...framing.map(([name, field, value]) =>
    defineCase({
      id: `transport/smuggling/field-${name}`,
      title: `the field ${field}: ${value.trim() || "(nothing)"} must be refused, however it is spelt and passed`,
      level: "must",
      spec: ["RFC 9110 §7.6.1", "RFC 9112 §6.1"],
      catalogue: ["V-SMG-01", "V-SMG-03"],
      origin: [],
      async perform(kit) {
        let session = "none";
        try {
          kit.makeSession({ headers: { [title(field)]: value } });
        } catch (error) {
          session = String((error as { code?: unknown }).code);
        }
        kit.note("session", session);
        const rewriting = kit.makeSession({
          middleware: [
            (request: HttpRequest, next: (request: HttpRequest) => Promise<unknown>) => {
              request.headers.set(field, value);
              return next(request);
            },
          ],
        });
        return [
          await kit.call(call("GET", "a", { headers: { [field]: value } })),
          await kit.call(call("HEAD", "a", { headers: [[title(field), value]] })),
          await kit.call(
            call("POST", "a", { headers: { [field.toUpperCase()]: [value, value] }, body: evil }),
          ),
          await kit.call(
            call("POST", "a", () => ({
              headers: new Map([
                ["content-length", "5"],
                [title(field), value],
              ]),
              body: "hello",
            })),
          ),
          await kit.observe(() => rewriting.get("a")),
        ];
      },
      expect: {
        calls: Array.from({ length: 5 }, () => badLength),
        facts: { session: "ERR_INVALID_HEADER" },
        connections: 0,
      },
      hint: "check that fields which frame are the transport's, wherever they come from",
    }),
  ),
  ...lengths.map(([name, value]) =>
    defineCase({
      id: `transport/smuggling/length-${name}`,
      title: `a content-length of ${value.slice(0, 24) || "nothing"} must be refused for content of 5 bytes, whatever its kind`,
      level: "must",
      spec: ["RFC 9110 §8.6", "RFC 9112 §6.2"],
      catalogue: ["V-SMG-02"],
      origin: [],
      async perform(kit) {
        const rewriting = kit.makeSession({
          middleware: [
            (request: HttpRequest, next: (request: HttpRequest) => Promise<unknown>) => {
              request.headers.set("Content-Length", value);
              return next(request);
            },
          ],
        });
        return [
          ...(await Promise.all(
            kinds.map(([, options]) =>
              kit.call(
                call("POST", "a", () => ({ ...options(), headers: { "content-length": value } })),
              ),
            ),
          )),
          await kit.call(call("PUT", "a", { headers: [["CONTENT-LENGTH", value]], json: [1, 2] })),
          await kit.observe(() => rewriting.post("a", { body: "hello" })),
        ];
      },
      expect: { calls: Array.from({ length: 5 }, () => badLength), connections: 0 },
      hint: "check that a length is digits, and that of the content",
    }),
  ),
  ...(["GET", "HEAD", "DELETE", "POST"] as const).map((method) =>
    defineCase({
      id: `transport/smuggling/length-without-content-${method.toLowerCase()}`,
      title: `a content-length for ${method} without content must be refused`,
      level: "must",
      spec: ["RFC 9110 §8.6"],
      catalogue: ["V-SMG-02"],
      origin: [],
      perform: call(method, "a", { headers: { "content-length": "5" } }),
      expect: { ...badLength, connections: 0 },
      hint: "check that a length is that of the content, also if there is none",
    }),
  ),
  defineCase({
    id: "transport/smuggling/length-of-empty-content",
    title: "a content-length for empty content must be refused unless it is 0, and 0 sent once",
    level: "must",
    spec: ["RFC 9110 §8.6"],
    catalogue: ["V-SMG-02"],
    origin: [respond(200)],
    perform: [
      call("POST", "a", { body: "", headers: { "content-length": "5" } }),
      call("POST", "a", { body: "", headers: { "content-length": "0" } }),
    ],
    expect: {
      calls: [badLength, { status: 200 }],
      arrivals: [{ fields: { "content-length": ["0"] }, content: "" }],
    },
    hint: "check that the field is taken out and written anew",
  }),
  ...(
    [
      ["leading-zeros", "00005"],
      ["surrounded-by-space", "\t 5 \t"],
      ["as-it-is", "5"],
    ] as const
  ).map(([name, value]) =>
    defineCase({
      id: `transport/smuggling/right-length-${name}`,
      title: `a content-length that is right (${name}) must be sent once, in its plain form`,
      level: "must",
      spec: ["RFC 9110 §8.6"],
      catalogue: ["V-SMG-02"],
      origin: [respond(200)],
      perform: call("POST", "a", { body: "hello", headers: { "Content-Length": value } }),
      expect: {
        status: 200,
        arrivals: [{ fields: { "content-length": ["5"] }, content: "hello", complete: true }],
      },
      hint: "check that the transport writes the length, and nobody else",
    }),
  ),
  ...disguised.flatMap(([name, text]) =>
    (
      [
        ["bytes", () => toBytes(text)],
        ["blob", () => new Blob([toBytes(text)])],
        ["a-stream", () => stream(text)],
        ["pieces", () => iterable(...(text.match(/[^]/g) ?? []))],
      ] as const
    ).map(([kind, body]) => {
      const streams = kind === "a-stream" || kind === "pieces";
      return defineCase({
        id: `transport/smuggling/content-like-${name}-in-${kind}`,
        title: `content that looks like ${name.replaceAll("-", " ")} (${kind}) must arrive as content`,
        level: "must",
        spec: ["RFC 9112 §6", "RFC 9112 §7.1"],
        catalogue: ["V-SMG-03"],
        ...(streams && {
          requires: { requestStreaming: "half-duplex" as const },
          otherwise: refuses("requestStreaming", "body"),
        }),
        origin: [respond(200), respond(200, [], "next")],
        perform: [call("POST", "a", () => ({ body: body() })), call("GET", "b")],
        expect: {
          calls: [{ status: 200 }, { status: 200, content: "next" }],
          arrivals: [
            { path: "a", content: text, complete: true },
            { path: "b", content: "" },
          ],
        },
        hint: "check that content is framed, and that its frame is written by one hand",
      });
    }),
  ),
  ...(["GET", "HEAD", "DELETE", "OPTIONS"] as const).map((method) =>
    defineCase({
      id: `transport/smuggling/connection-after-content-of-${method.toLowerCase()}`,
      title: `a connection that has carried content of ${method}, which servers may overlook, should carry nothing else`,
      level: "should",
      spec: ["RFC 9110 §9.3.1"],
      catalogue: ["V-SMG-03"],
      requires: { getContent: "sent", connectionPool: "visible" },
      otherwise: expects(
        { calls: [{ status: 200, content: "next" }] },
        { origin: [respond(200, [], "next")], perform: call("GET", "b") },
      ),
      session: { limits: { concurrency: 1 } },
      origin: [respond(200), respond(200, [], "next")],
      perform: [call(method, "a", { body: evil }), call("GET", "b")],
      expect: {
        calls: [{ status: 200 }, { status: 200, content: "next" }],
        arrivals: [
          { method, path: "a", content: evil, framing: "length", connection: 1 },
          { method: "GET", path: "b", content: "", connection: 2 },
        ],
      },
      hint: "check that a server which takes the content for a request answers nobody",
    }),
  ),
  ...midway.map(([name, what, code, options]) =>
    defineCase({
      id: `transport/smuggling/midway-${name}`,
      title: `a request of which ${what} must look incomplete, and leave its connection to no other`,
      level: "must",
      spec: ["RFC 9112 §8", "RFC 9112 §9.5"],
      catalogue: ["V-SMG-02", "F-REQ-06"],
      requires: { requestStreaming: "half-duplex", streamLength: "declared" },
      otherwise: expects({ calls: [{ error: {} }, { status: 200 }], arrivals: atMost(2) }),
      session: { limits: { concurrency: 1 } },
      origin: { a: [stall()], b: [respond(200, [], "next")] },
      async perform(kit) {
        const seen = await kit.call(call("POST", "a", () => options(() => kit.origin.arrived(1))));
        return [seen, await kit.call(call("GET", "b"))];
      },
      expect: {
        calls: [{ error: { code } }, { status: 200, content: "next" }],
        arrivals: [
          { path: "a", content: lacking("evil"), complete: false, connection: 1 },
          { path: "b", content: "", connection: 2 },
        ],
      },
      hint: "check that neither the last chunk nor what is missing is made up",
    }),
  ),
  defineCase({
    id: "transport/smuggling/midway-an-abort",
    title:
      "a request that is aborted while it is sent must look incomplete, and leave its connection to no other",
    level: "must",
    spec: ["RFC 9112 §9.5"],
    catalogue: ["V-SMG-02", "F-REQ-06"],
    requires: { requestStreaming: "half-duplex" },
    otherwise: refuses("requestStreaming", "body"),
    origin: { a: [stall()], b: [respond(200, [], "next")] },
    async perform(kit) {
      const controller = new AbortController();
      const body = (async function* () {
        yield "abc";
        await new Promise(() => undefined);
      })();
      const seen = kit.call(call("POST", "a", { body, signal: controller.signal }));
      await kit.origin.arrived(1);
      controller.abort("enough");
      return [await seen, await kit.call(call("GET", "b"))];
    },
    expect: {
      calls: [{ error: { code: "ERR_ABORTED" } }, { status: 200, content: "next" }],
      arrivals: [
        { path: "a", complete: false },
        { path: "b", content: "", connection: 2 },
      ],
    },
    hint: "check that the connection is closed, and the last chunk not written",
  }),
  defineCase({
    id: "transport/smuggling/chunked-to-http-1-0",
    title: "a connection whose server answers chunked content in HTTP/1.0 must carry nothing else",
    level: "must",
    spec: ["RFC 9112 §9.3", "RFC 9112 §6.1"],
    catalogue: ["V-SMG-03"],
    requires: { requestStreaming: "half-duplex" },
    otherwise: refuses("requestStreaming", "body"),
    session: { limits: { concurrency: 1 } },
    origin: [respond(200, [], "old", { version: "1.0" }), respond(200, [], "next")],
    perform: [call("POST", "a", () => ({ body: iterable("hello") })), call("GET", "b")],
    expect: {
      calls: [
        { status: 200, content: "old" },
        { status: 200, content: "next" },
      ],
      arrivals: [
        { framing: "chunked", content: "hello", connection: 1 },
        { path: "b", connection: 2 },
      ],
    },
    hint: "check that HTTP/1.0 keeps a connection only if it says so",
  }),
  defineCase({
    id: "transport/smuggling/two-responses-at-once",
    title: "a second response behind the first must not become that of the next request",
    level: "must",
    spec: ["RFC 9112 §9.2"],
    catalogue: ["V-SMG-03"],
    session: { limits: { concurrency: 1 } },
    origin: [
      sequence(
        raw(
          "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\noneHTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil",
        ),
      ),
      respond(200, [], "next"),
    ],
    perform: [call("POST", "a", { body: evil }), call("GET", "b")],
    expect: {
      calls: [
        { status: 200, content: "one" },
        { status: 200, content: "next" },
      ],
    },
    hint: "check that a connection with octets that nobody asked for is closed",
  }),
];
