/* From what a caller writes as URL to what is asked for, where the writer may be an attacker (ids `session/urls/…`). */

import { absent, call, type Case, defineCase, plain, respond } from "../../case.ts";
import { followedUnseen } from "./redirect-unseen.ts";

const refused = {
  error: {
    name: "InvalidRequestError",
    code: "ERR_INVALID_URL",
    requestSent: "no",
    retryable: false,
  },
} as const;

/** Spellings of a URL on another origin; URL parsers take all of them. */
const leaving: readonly (readonly [name: string, url: string])[] = [
  ["absolute", "{other}x"],
  ["protocol-relative", "//{other.host}{other.path}x"],
  ["slash-and-backslash", "/\\{other.host}{other.path}x"],
  ["backslash-and-slash", "\\/{other.host}{other.path}x"],
  ["two-backslashes", "\\\\{other.host}{other.path}x"],
  ["three-slashes", "///{other.host}{other.path}x"],
  ["space-first", "  {other}x"],
  ["line-break-first", "\r\n//{other.host}{other.path}x"],
  ["tab-within-the-slashes", "/\t/{other.host}{other.path}x"],
  ["line-break-within-the-scheme", "ht\ntp://{other.host}{other.path}x"],
  ["control-first", "\u0001//{other.host}{other.path}x"],
  ["scheme-in-upper-case", "HTTP://{other.host}{other.path}x"],
  ["scheme-and-backslashes", "http:\\\\{other.host}{other.path}x"],
  ["scheme-and-three-slashes", "http:///{other.host}{other.path}x"],
]; // prettier-ignore

/** URLs that look as if they led elsewhere, and do not. */
const staying: readonly (readonly [name: string, url: string, target: string])[] = [
  ["scheme-without-slashes", "http:x", "{main.path}v1/x"],
  ["scheme-and-one-slash", "HTTP:/x", "/x"],
  ["encoded-slashes", "%2f%2f{other.host}/x", "{main.path}v1/%2f%2f{other.host}/x"],
  ["encoded-backslashes", "%5c%5c{other.host}/x", "{main.path}v1/%5c%5c{other.host}/x"],
  ["dot-and-slashes", ".//{other.host}/x", "{main.path}v1//{other.host}/x"],
  ["slashes-within", "x//{other.host}/y", "{main.path}v1/x//{other.host}/y"],
  ["at-sign", "@{other.host}/x", "{main.path}v1/@{other.host}/x"],
  ["colon-behind-a-dot", "./x:y", "{main.path}v1/x:y"],
  ["url-in-the-query", "?next=//{other.host}/x", "{main.path}v1/?next=//{other.host}/x"],
  ["url-in-the-fragment", "x#//{other.host}/x", "{main.path}v1/x"],
];

/** Dot segments of a literal URL are resolved; what is encoded stays data. */
const segments: readonly (readonly [name: string, url: string, target: string])[] = [
  ["two-up", "../../admin", "{main.path}admin"],
  ["more-up-than-there-is", "../../../../../../../../admin", "/admin"],
  ["encoded-dots", "%2e%2e/%2E%2E/admin", "{main.path}admin"],
  ["dots-by-backslash", "..\\..\\admin", "{main.path}admin"],
  ["dots-and-encoded-slash", "..%2fadmin", "{main.path}v1/x/..%2fadmin"],
  ["dots-and-encoded-backslash", "..%5cadmin", "{main.path}v1/x/..%5cadmin"],
  ["dots-and-parameter", "..;/admin", "{main.path}v1/x/..;/admin"],
  ["three-dots", ".../admin", "{main.path}v1/x/.../admin"],
  ["path-parameter", "a;x=1/b;y", "{main.path}v1/x/a;x=1/b;y"],
  ["nul", "a%00b", "{main.path}v1/x/a%00b"],
  ["raw-nul", "a\u0000b", "{main.path}v1/x/a%00b"],
  ["lone-surrogate", "a\ud800b", "{main.path}v1/x/a%EF%BF%BDb"],
];

/** Values of params that would mean something if they were not encoded. */
const values: readonly (readonly [name: string, value: unknown, query: string])[] = [
  ["ampersand", "a&b=c", "v=a%26b%3Dc"],
  ["fragment", "a#b", "v=a%23b"],
  ["question-mark", "?a", "v=%3Fa"],
  ["line-break", "a\r\nx-injected: 1\r\n\r\n", "v=a%0D%0Ax-injected%3A+1%0D%0A%0D%0A"],
  ["nul", "a\u0000b", "v=a%00b"],
  ["percent", "%2e%2e/%00", "v=%252e%252e%2F%2500"],
  ["lone-surrogate", "a\udc00b", "v=a%EF%BF%BDb"],
  ["slashes", "../../admin", "v=..%2F..%2Fadmin"],
  ["plus-and-space", "a+b c", "v=a%2Bb+c"],
];

/** Cases of `session/urls`. */
export const urlCases: readonly Case[] = [
  ...leaving.map(([name, url]) =>
    defineCase({
      id: `session/urls/leaves-by-${name}`,
      title: `with a baseUrl, ${JSON.stringify(url)} must be refused before anything is sent`,
      level: "must",
      spec: ["WHATWG URL §4.4", "RFC 3986 §5"],
      catalogue: ["V-URL-01"],
      doors: { other: plain() },
      session: { baseUrl: "{main}v1/", headers: { authorization: "Bearer secret" } },
      origin: [],
      perform: call("GET", url),
      expect: { ...refused, connections: 0 },
      hint: "check that origins of resolved URLs are compared, not beginnings of texts",
    }),
  ),
  ...leaving.map(([name, url]) =>
    defineCase({
      id: `session/urls/allowed-by-${name}`,
      title: `with allowOtherOrigins, ${JSON.stringify(url)} must take nothing of the base along`,
      level: "must",
      catalogue: ["V-URL-01"],
      doors: { other: plain() },
      session: {
        baseUrl: "{main}v1/",
        allowOtherOrigins: true,
        headers: { authorization: "Bearer secret", "x-api-key": "secret" },
        params: { key: "secret" },
      },
      origin: [respond(200)],
      perform: call("GET", url, { headers: { "x-own": "1" } }),
      expect: {
        status: 200,
        arrivals: [
          {
            door: "other",
            path: "x",
            fields: { authorization: absent, "x-api-key": absent, "x-own": "1" },
          },
        ],
      },
      hint: "check that what belongs to the base is left out by origin",
    }),
  ),
  ...staying.map(([name, url, target]) =>
    defineCase({
      id: `session/urls/stays-with-${name}`,
      title: `with a baseUrl, ${JSON.stringify(url)} must be resolved within its origin`,
      level: "must",
      spec: ["WHATWG URL §4.4"],
      catalogue: ["V-URL-01"],
      doors: { other: plain() },
      session: { baseUrl: "{main}v1/" },
      origin: [respond(200)],
      perform: call("GET", url),
      expect: { status: 200, arrivals: [{ door: "main", target }] },
      hint: "check that URLs are resolved as URLs, and nothing in them is decoded",
    }),
  ),
  ...segments.map(([name, url, target]) =>
    defineCase({
      id: `session/urls/path-with-${name}`,
      title: `the path ${JSON.stringify(url)} must be resolved as a URL and sent as it is then`,
      level: "must",
      spec: ["WHATWG URL §4.4", "RFC 3986 §5.2.4"],
      catalogue: ["V-URL-03"],
      session: { baseUrl: "{main}v1/x/" },
      origin: [respond(200)],
      perform: call("GET", url),
      expect: { status: 200, arrivals: [{ target }] },
      hint: "check that only literal and encoded dots are segments, and nothing is decoded",
    }),
  ),
  ...values.map(([name, value, query]) =>
    defineCase({
      id: `session/urls/param-with-${name}`,
      title: `a param that holds ${name.replaceAll("-", " ")} must be sent as data`,
      level: "must",
      spec: ["WHATWG URL §5.2"],
      catalogue: ["V-URL-03"],
      origin: [respond(200), respond(200)],
      perform: [
        call("GET", "a", { params: { v: value } }),
        call("GET", "a", { params: [["v", value]] }),
      ],
      expect: {
        calls: [{ status: 200 }, { status: 200 }],
        arrivals: [{ path: `a?${query}` }, { path: `a?${query}` }],
      },
      hint: "check that names and values are encoded once",
    }),
  ),
  ...(
    [
      ["gopher", "gopher://{main.host}/1"],
      ["javascript", "javascript:alert(1)"],
      ["wss", "wss://{main.host}/a"],
      ["about", "about:blank"],
      ["mailto", "mailto:jack@example.test"],
      ["http-unix", "http+unix://%2Ftmp%2Fsocket/a"],
      ["file-with-a-host", "file://localhost/etc/hostname"],
      ["upper-case-data", "DATA:text/plain,pwn"],
      ["node", "node:fs"],
    ] as const
  ).map(([name, url]) =>
    defineCase({
      id: `session/urls/scheme-${name}`,
      title: `${JSON.stringify(url)} must be refused, with a baseUrl and without`,
      level: "must",
      spec: ["RFC 9110 §4.2"],
      catalogue: ["V-URL-04"],
      origin: [],
      async perform(kit) {
        const free = kit.makeSession({ baseUrl: undefined, allowOtherOrigins: true });
        const filled = url.replace("{main.host}", new URL(kit.urls["main"] ?? "").host);
        return [await kit.call(call("GET", url)), await kit.observe(() => free.get(filled))];
      },
      expect: { calls: [refused, refused], connections: 0 },
      hint: "check that the scheme is looked at before anything else",
    }),
  ),
  defineCase({
    id: "session/urls/unix-socket-in-a-url",
    title: "a URL such as http://unix:/scratch must count as one of another host",
    level: "must",
    catalogue: ["V-URL-04"],
    origin: [],
    perform: [call("GET", "http://unix:/tmp/socket:/a"), call("GET", "//unix:/tmp/socket:/a")],
    expect: { calls: [refused, refused], connections: 0 },
    hint: "check that a URL cannot choose how it is connected to",
  }),
  defineCase({
    id: "session/urls/back-from-another-origin",
    title: "a call to another origin that is led back to the base must not get what it left behind",
    level: "must",
    catalogue: ["V-URL-01", "V-RED-02"],
    requires: { redirects: "visible" },
    otherwise: followedUnseen({ status: 200 }),
    doors: { other: plain() },
    session: {
      allowOtherOrigins: true,
      headers: { authorization: "Bearer secret" },
      params: { key: "secret" },
    },
    origin: [respond(302, [["location", "{main}b"]]), respond(200)],
    perform: call("GET", "{other}a"),
    expect: {
      status: 200,
      url: "{main}b",
      arrivals: [
        { door: "other", path: "a", fields: { authorization: absent } },
        { door: "main", path: "b", fields: { authorization: absent } },
      ],
    },
    hint: "check that defaults are added once, when the call begins",
  }),
  defineCase({
    id: "session/urls/redirect-leaves-the-base",
    title: "a redirect from the base to another origin must be followed without what is the base's",
    level: "must",
    catalogue: ["V-URL-01", "V-RED-02"],
    requires: { redirects: "visible" },
    otherwise: followedUnseen({ status: 200 }),
    doors: { other: plain() },
    session: { headers: { authorization: "Bearer secret" }, params: { key: "secret" } },
    origin: [respond(302, [["location", "{other}b"]]), respond(200)],
    perform: call("GET", "a"),
    expect: {
      status: 200,
      url: "{other}b",
      arrivals: [
        { door: "main", path: "a?key=secret", fields: { authorization: "Bearer secret" } },
        { door: "other", path: "b", fields: { authorization: absent } },
      ],
    },
    hint: "check that allowOtherOrigins is about the caller's URLs, and redirects have their own rule",
  }),
];
