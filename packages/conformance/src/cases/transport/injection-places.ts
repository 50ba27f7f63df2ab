/* Everything but header fields that stands in the head of a request, and could split it: method, target, host, credentials. */

import type { HttpRequest } from "@anyhttp/core";
import {
  call,
  type CallOptions,
  type Case,
  defineCase,
  expects,
  lacking,
  matching,
  oneOf,
  respond,
} from "../../case.ts";

const prepare = {
  name: "InvalidRequestError",
  phase: "prepare",
  requestSent: "no",
  retryable: false,
} as const;

type Row = readonly [name: string, what: string, value: unknown];

const methods: readonly Row[] = [
  ["a-request-of-its-own", "a whole request", "GET / HTTP/1.1\r\nx: 1\r\n\r\nGET"],
  ["crlf", "CR LF", "GET\r\n"],
  ["lf", "LF", "GET\nx-injected: 1"],
  ["cr", "CR", "\rGET"],
  ["nul", "NUL", "GET\0"],
  ["space", "a space", "GET /evil"],
  ["trailing-space", "a space behind it", "GET "],
  ["leading-space", "a space before it", " GET"],
  ["tab", "a tab", "GET\t"],
  ["del", "DEL", "GET\u007F"],
  ["latin-1", "a letter beyond ASCII", "G\u00c9T"],
  ["above-latin-1", "characters whose low octets are CR LF", "GET\u010D\u010A"],
  ["dotless-i", "a letter that is upper-cased to I", "opt\u0131ons"],
  ["surrogate", "half a character", "GET\uD83D"],
  ["slash", "a slash", "GET/"],
  ["colon", "a colon", "GET:"],
  ["nothing", "nothing in it", ""],
  ["an-object", "an object with toString", { toString: () => "GET" }],
  ["an-array", "an array", ["GET"]],
  ["a-string-object", "a String object", Object("GET")],
  ["a-function", "a function", () => "GET"],
  ["a-number", "a number", 5],
];

const hosts: readonly Row[] = [
  ["space", "a space", "http://a test/"],
  ["space-and-line", "a line of its own", "http://127.0.0.1 HTTP/1.1\r\nx: 1/"],
  ["nul", "NUL", "http://a\0.test/"],
  ["encoded-crlf", "CR LF, percent-encoded", "http://a%0d%0a.test/"],
  ["encoded-space", "a space, percent-encoded", "http://a%20.test/"],
  ["encoded-nul", "NUL, percent-encoded", "http://a%00.test/"],
  ["encoded-slash", "a slash, percent-encoded", "http://a%2f.test/"],
  ["encoded-at", "an at sign, percent-encoded", "http://a%40.test/"],
  ["control", "U+0001", "http://a\u0001.test/"],
  ["del", "DEL", "http://a\u007F.test/"],
  ["angle-brackets", "angle brackets", "http://<a>.test/"],
  ["caret", "a caret", "http://a^.test/"],
  ["bar", "a bar", "http://a|.test/"],
  ["fullwidth-slash", "a character that is mapped to a slash", "http://a\uFF0F.test/"],
  ["account-of", "a character that is mapped to a/c", "http://a\u2100.test/"],
  ["fullwidth-question-mark", "a character that is mapped to ?", "http://a\uFF1F.test/"],
  ["surrogate", "half a character", "http://a\uD83D.test/"],
  ["port-of-text", "a port that is none", "http://a.test:80x/"],
  ["port-and-line", "a line behind the port", "http://a.test:80\r\nx-injected: 1/"],
  ["port-too-large", "a port beyond 65535", "http://a.test:65536/"],
  ["broken-brackets", "an address without its end", "http://[::1/"],
  ["zone", "an address with a zone", "http://[::1%25lo\r\n]/"],
  ["nothing", "nothing in it", "http:///"],
  ["userinfo", "credentials with a line of their own", "http://u:p\r\nx: 1@127.0.0.1/"],
  ["encoded-userinfo", "credentials with an encoded line", "http://u%0d%0ax:1@127.0.0.1/"],
];

const hostFields: readonly Row[] = [
  ["space", "a space", "a test"],
  ["line", "a line of its own", "a.test\r\nx-injected: 1"],
  ["path", "a path", "a.test/b"],
  ["backslash", "a backslash", "a.test\\b"],
  ["query", "a query", "a.test?b"],
  ["fragment", "a fragment", "a.test#b"],
  ["userinfo", "userinfo", "u@a.test"],
  ["list", "two hosts", "a.test, b.test"],
  ["port-of-text", "a port that is none", "a.test:http"],
  ["two-ports", "two ports", "a.test:1:2"],
  ["scheme", "a scheme", "http://a.test"],
  ["tab", "a tab", "a\t.test"],
  ["latin-1", "a letter beyond ASCII", "caf\u00e9.test"],
  ["broken-brackets", "an address without its end", "[::1"],
  ["nothing", "nothing in it", ""],
];

/** Texts that the URL parser encodes or leaves out (WHATWG URL §4.4), and that must never get to the wire as they are. */
const raw: readonly (readonly [name: string, what: string, text: string])[] = [
  ["a-request-line", "the rest of a request", " HTTP/1.1\r\nx-injected: 1\r\n\r\nGET /evil"],
  ["crlf", "CR LF", "\r\nx-injected: 1"],
  ["lf", "LF", "\nx-injected: 1"],
  ["cr", "CR", "\rx-injected: 1"],
  ["tab", "a tab and a space", "\t x"],
  ["space", "a space", " x"],
  ["nul", "NUL", "\0x"],
  ["control", "a control", "\u0001\u000b\u001fx"],
  ["del", "DEL", "\u007fx"],
  ["above-latin-1", "characters whose low octets are CR LF", "\u010D\u010Ax-injected: 1"],
  ["fullwidth", "characters whose low octets are CR LF and space", "\u560D\u560A\u5620x"],
  ["surrogate", "half a character", "\uD83Dx"],
  ["encoded-crlf", "CR LF, percent-encoded", "%0d%0ax-injected:%201"],
];

const places: readonly (readonly [
  name: string,
  what: string,
  url: (text: string) => string,
  options: (text: string) => CallOptions,
])[] = [
  ["path", "the path", (text) => `a/${text}y`, () => ({})],
  ["query", "the query", (text) => `a?b${text}y`, () => ({})],
  [
    "params",
    "params, name and value",
    () => "a",
    (text) => ({ params: { [`n${text}`]: `v${text}` } }),
  ],
];

const cookies: readonly Row[] = [
  ["crlf", "CR LF", "1\r\nx-injected: 2"],
  ["lf", "LF", "1\nx-injected: 2"],
  ["nul", "NUL", "1\0"],
  ["semicolon", "another cookie", "1; admin=1"],
  ["comma", "a comma", "1, admin=1"],
  ["space", "a space", "1 2"],
  ["quote", "a quote", '"1'],
  ["backslash", "a backslash", "1\\"],
  ["above-latin-1", "characters whose low octets are CR LF", "1\u010D\u010A"],
  ["an-object", "an object with toString", { toString: () => "1" }],
];

/** What comes out of the session's own plugs, which may be anybody's. */
const plugged: readonly Row[] = [
  ["crlf", "CR LF", "a=1\r\nx-injected: 2"],
  ["lf", "LF", "a=1\nx-injected: 2"],
  ["nul", "NUL", "a=1\0"],
  ["above-latin-1", "characters whose low octets are CR LF", "a=1\u010D\u010Ax-injected: 2"],
  ["an-object", "an object with toString", { toString: () => "a=1\r\nx-injected: 2" }],
  ["a-number", "a number", 5],
];

const codes = ["ERR_INVALID_HEADER", "ERR_AUTH", "ERR_COOKIES", "ERR_MIDDLEWARE"] as const;
const closedSet = oneOf(...codes);

/** Cases of `transport/injection` about what is no header field. */
export const injectionPlaceCases: readonly Case[] = [
  ...methods.map(([name, what, value]) =>
    defineCase({
      id: `transport/injection/method-with-${name}`,
      title: `a method with ${what} must be refused, from a caller and from middleware`,
      level: "must",
      spec: ["RFC 9110 §9.1", "RFC 9110 §5.6.2"],
      catalogue: ["V-INJ-02"],
      origin: [],
      async perform(kit) {
        const rewriting = kit.makeSession({
          middleware: [
            (request: HttpRequest, next: (request: HttpRequest) => Promise<unknown>) =>
              next(request.with({ method: value as string })),
          ],
        });
        return [
          await kit.call(call(value as string, "a")),
          await kit.call(call(value as string, "a", { body: "x" })),
          await kit.observe(() => rewriting.get("a")),
        ];
      },
      expect: {
        calls: [
          { error: { ...prepare, code: "ERR_INVALID_METHOD" } },
          { error: { ...prepare, code: "ERR_INVALID_METHOD" } },
          { error: { name: "InvalidRequestError", code: "ERR_INVALID_METHOD", requestSent: "no" } },
        ],
        connections: 0,
      },
      hint: "check that only tokens are methods",
    }),
  ),
  ...hosts.map(([name, what, value]) =>
    defineCase({
      id: `transport/injection/host-with-${name}`,
      title: `a URL whose host has ${what} must be refused, as URL, as baseUrl and from middleware`,
      level: "must",
      spec: ["WHATWG URL §3.5", "RFC 9112 §3.2"],
      catalogue: ["V-INJ-02"],
      origin: [],
      async perform(kit) {
        const free = kit.makeSession({ baseUrl: undefined });
        const rewriting = kit.makeSession({
          allowOtherOrigins: true,
          middleware: [
            (request: HttpRequest, next: (request: HttpRequest) => Promise<unknown>) =>
              next(request.with({ url: value as string })),
          ],
        });
        let base = "none";
        try {
          kit.makeSession({ baseUrl: value });
        } catch (error) {
          base = String((error as { code?: unknown }).code);
        }
        kit.note("base", base);
        return [
          await kit.observe(() => free.get(value as string)),
          await kit.observe(() => rewriting.get("a")),
        ];
      },
      expect: {
        calls: [
          { error: { ...prepare, code: "ERR_INVALID_URL" } },
          { error: { name: "InvalidRequestError", code: "ERR_INVALID_URL", requestSent: "no" } },
        ],
        facts: { base: "ERR_INVALID_URL" },
        connections: 0,
      },
      hint: "check that hosts are those of the URL parser, and that credentials are refused",
    }),
  ),
  ...hostFields.map(([name, what, value]) =>
    defineCase({
      id: `transport/injection/host-field-with-${name}`,
      title: `a host field with ${what} must be refused`,
      level: "must",
      spec: ["RFC 9110 §7.2", "RFC 9112 §3.2"],
      catalogue: ["V-INJ-02"],
      origin: [],
      perform: [
        call("GET", "a", { headers: { host: value } }),
        call("GET", "a", { headers: [["Host", value]] }),
      ],
      expect: {
        calls: [
          { error: { ...prepare, code: "ERR_INVALID_HEADER" } },
          { error: { ...prepare, code: "ERR_INVALID_HEADER" } },
        ],
        connections: 0,
      },
      hint: "check that a host field holds a host, and perhaps a port",
    }),
  ),
  ...raw.flatMap(([name, what, text]) =>
    places.map(([place, where, url, options]) =>
      defineCase({
        id: `transport/injection/${place}-with-${name}`,
        title: `${what} in ${where} must not get to the wire as it is`,
        level: "must",
        spec: ["WHATWG URL §4.4", "RFC 9112 §3.2"],
        catalogue: ["V-INJ-02"],
        origin: [respond(200)],
        perform: call("GET", url(text), options(text)),
        expect: {
          status: 200,
          arrivals: [
            {
              method: "GET",
              target: matching(/^[!-~]+$/),
              head: lacking("\nx-injected"),
            },
          ],
        },
        hint: "check that the target is what the URL parser has made of it",
      }),
    ),
  ),
  ...cookies.map(([name, what, value]) =>
    defineCase({
      id: `transport/injection/cookie-with-${name}`,
      title: `a cookie of a call with ${what} must be refused, in its value and in its name`,
      level: "must",
      spec: ["RFC 6265 §4.1.1"],
      catalogue: ["V-INJ-01", "V-INJ-02"],
      origin: [],
      perform: [
        call("GET", "a", { cookies: { sid: value } }),
        ...(typeof value === "string" ? [call("GET", "a", { cookies: { [value]: "1" } })] : []),
      ],
      expect: {
        calls: Array.from({ length: typeof value === "string" ? 2 : 1 }, () => ({
          error: { ...prepare, code: "ERR_INVALID_OPTION" },
        })),
        connections: 0,
      },
      hint: "check that a cookie is no more than one, and no less",
    }),
  ),
  ...plugged.flatMap(([name, what, value]) => [
    defineCase({
      id: `transport/injection/authorization-with-${name}`,
      title: `what an authenticator gives must be refused if it has ${what}`,
      level: "must",
      catalogue: ["V-INJ-01"],
      origin: [],
      perform: call("GET", "a", () => ({
        auth: { origin: null, authorize: () => value, answered: () => false },
      })),
      expect: { error: { code: closedSet, requestSent: "no" }, connections: 0 },
      hint: "check that credentials are looked at like any other field",
    }),
    defineCase({
      id: `transport/injection/jar-with-${name}`,
      title: `what a jar gives must be refused if it has ${what}`,
      level: "must",
      catalogue: ["V-INJ-01"],
      requires: { cookies: "manual", setCookie: "visible" },
      // What is wrong with it may be seen before it is seen that there is no use for it.
      otherwise: expects({
        error: { code: oneOf(...codes, "ERR_UNSUPPORTED"), requestSent: "no" },
        connections: 0,
      }),
      session: () => ({
        cookies: { cookiesFor: () => value, store: () => undefined },
      }),
      origin: [],
      perform: call("GET", "a"),
      expect: { error: { code: closedSet, requestSent: "no" }, connections: 0 },
      hint: "check that what a jar says is looked at like any other field",
    }),
  ]),
  ...raw
    .filter(([, , text]) => /^[\t\x20-\x7e\x80-\xff]*$/.test(text))
    .map(([name, what, text]) =>
      defineCase({
        id: `transport/injection/location-with-${name}`,
        title: `${what} in the location of a redirect must not get to the wire as it is`,
        level: "must",
        spec: ["RFC 9110 §10.2.2"],
        catalogue: ["V-INJ-02"],
        requires: { redirects: "visible" },
        otherwise: { kind: "not-applicable", capability: "redirects" },
        origin: [respond(302, [["location", `b${text}y`]]), respond(200)],
        perform: call("GET", "a"),
        expect: {
          status: 200,
          arrivals: [
            { path: "a" },
            { target: matching(/^[!-~]+$/), head: lacking("\nx-injected") },
          ],
        },
        hint: "check that a location goes through the URL parser like any URL",
      }),
    ),
];
