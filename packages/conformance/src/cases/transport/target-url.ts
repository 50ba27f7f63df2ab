/* From what the caller passes to the URL that is asked for: bases, foreign origins, and what is refused. */

import {
  absent,
  call,
  type Case,
  defineCase,
  lacking,
  type Observation,
  plain,
  respond,
} from "../../case.ts";

const refused = {
  error: {
    name: "InvalidRequestError",
    code: "ERR_INVALID_URL",
    phase: "prepare",
    requestSent: "no",
    retryable: false,
  },
} as const;

/** Cases of `transport/target` about bases and about URLs that are refused. */
export const targetUrlCases: readonly Case[] = [
  defineCase({
    id: "transport/target/base-without-slash-is-a-folder",
    title: "a relative URL goes below baseUrl, whether or not that ends in a slash",
    level: "must",
    origin: [respond(200), respond(200)],
    session: { baseUrl: "{main.origin}/v1" },
    async perform(kit) {
      const other = kit.makeSession({ baseUrl: "{main.origin}/v1/" });
      return [await kit.call(call("GET", "a")), await kit.observe(() => other.get("a"))];
    },
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: [{ target: "/v1/a" }, { target: "/v1/a" }],
    },
    hint: "check that the last segment of the base is not replaced",
  }),
  defineCase({
    id: "transport/target/references-are-resolved-against-the-base",
    title:
      "absolute paths, parent folders, bare queries and the empty URL are resolved as references",
    level: "must",
    spec: ["RFC 3986 §5.3", "RFC 3986 §5.4.1"],
    origin: [respond(200), respond(200), respond(200), respond(200)],
    session: { baseUrl: "{main.origin}/v1/x/" },
    perform: [call("GET", "/a"), call("GET", "../a"), call("GET", "?q=1"), call("GET", "")],
    expect: {
      calls: [{ status: 200 }, { status: 200 }, { status: 200 }, { status: 200 }],
      arrivals: [
        { target: "/a" },
        { target: "/v1/a" },
        { target: "/v1/x/?q=1" },
        { target: "/v1/x/" },
      ],
    },
    hint: "check that bases are resolved, not concatenated",
  }),
  defineCase({
    id: "transport/target/absolute-url-within-the-base-origin",
    title: "an absolute URL on the origin of baseUrl is asked for as it is",
    level: "must",
    origin: [respond(200)],
    session: { baseUrl: "{main.origin}/v1/" },
    perform: call("GET", "{main.origin}/v2/a?x"),
    expect: { status: 200, url: "{main.origin}/v2/a?x", arrivals: [{ target: "/v2/a?x" }] },
    hint: "check that origins are compared, not prefixes",
  }),
  defineCase({
    id: "transport/target/url-objects-are-accepted",
    title: "a URL object is as good as a string",
    level: "must",
    origin: [respond(200)],
    perform: (kit) => {
      return kit.observe(() => kit.session.get(new URL("a?x=1#top", kit.urls["main"])));
    },
    expect: { status: 200, url: "{main}a?x=1", arrivals: [{ path: "a?x=1" }] },
    hint: "check that URL objects are neither refused nor changed",
  }),
  defineCase({
    id: "transport/target/foreign-origin-is-refused",
    title: "with a baseUrl, a URL on another origin is refused before anything is sent",
    level: "must",
    catalogue: ["V-URL-01"],
    doors: { other: plain() },
    origin: [],
    perform: [
      call("GET", "{other}a"),
      call("GET", "//elsewhere.test/a"),
      call("GET", "\\\\elsewhere.test/a"),
      call("GET", "https://{main.host}/a"),
    ],
    expect: { calls: [refused, refused, refused, refused], connections: 0 },
    hint: "check that scheme, host and port all count, and that // and \\\\ are not paths",
  }),
  defineCase({
    id: "transport/target/foreign-origin-gets-nothing-of-the-base",
    title: "headers of the session that could be secrets are not sent to another origin",
    level: "must",
    catalogue: ["V-URL-01"],
    doors: { other: plain() },
    origin: [respond(200)],
    session: {
      allowOtherOrigins: true,
      headers: { authorization: "Bearer secret", "x-api-key": "secret", accept: "text/plain" },
    },
    perform: call("GET", "{other}a", { headers: { "x-own": "1" } }),
    expect: {
      status: 200,
      arrivals: [
        {
          door: "other",
          fields: {
            authorization: absent,
            "x-api-key": absent,
            accept: "text/plain",
            "x-own": "1",
            host: "{other.host}",
          },
        },
      ],
    },
    hint: "check that defaults belong to the base, and what the call says itself does not",
  }),
  defineCase({
    id: "transport/target/credentials-in-urls-are-refused",
    title: "a URL that holds credentials is refused, and the message does not repeat them",
    level: "must",
    spec: ["RFC 9110 §4.2.4"],
    catalogue: ["V-RED-04", "V-XS-02"],
    origin: [],
    perform: [
      call("GET", "http://jack:hunter2@{main.host}/a"),
      call("GET", "http://:hunter2@{main.host}/a"),
    ],
    expect: {
      calls: [
        { error: { ...refused.error, message: lacking("hunter2") } },
        { error: { ...refused.error, message: lacking("hunter2") } },
      ],
      connections: 0,
    },
    hint: "check that userinfo neither becomes an authorization field nor ends up in messages",
  }),
  defineCase({
    id: "transport/target/other-schemes-are-refused",
    title: "a scheme other than http and https is refused",
    level: "must",
    spec: ["RFC 9110 §4.2"],
    catalogue: ["V-URL-04"],
    origin: [],
    session: { baseUrl: undefined },
    perform: [
      "ftp://{main.host}/a",
      "file:///etc/hostname",
      "data:text/plain,a",
      "blob:http://{main.host}/a",
      "ws://{main.host}/a",
      "unix:/tmp/socket",
    ].map((url) => call("GET", url)),
    expect: { calls: Array.from({ length: 6 }, () => refused), connections: 0 },
    hint: "check that the scheme is looked at before the library sees the URL",
  }),
  defineCase({
    id: "transport/target/relative-url-without-base-is-refused",
    title: "a relative URL is refused where there is no baseUrl",
    level: "must",
    origin: [],
    session: { baseUrl: undefined },
    perform: [call("GET", "a"), call("GET", "/a"), call("GET", "//{main.host}/a"), call("GET", "")],
    expect: { calls: [refused, refused, refused, refused], connections: 0 },
    hint: "check that nothing stands in for a missing base",
  }),
  defineCase({
    id: "transport/target/malformed-urls-are-refused",
    title: "a URL that cannot be parsed is refused",
    level: "must",
    spec: ["WHATWG URL §4.4"],
    origin: [],
    perform: [
      "http://",
      "http://[::1",
      "http://a b/",
      "http://127.0.0.1:99999/",
      "http://127.0.0.256/",
      "https://%00/",
    ].map((url) => call("GET", url)),
    expect: { calls: Array.from({ length: 6 }, () => refused), connections: 0 },
    hint: "check that the error of the URL parser does not escape as it is",
  }),
  defineCase({
    id: "transport/target/only-strings-and-urls-are-urls",
    title: "what is neither a string nor a URL is refused, whatever it would print as",
    level: "must",
    catalogue: ["V-URL-01"],
    origin: [],
    async perform(kit) {
      const wrong: unknown[] = [null, undefined, 5, {}, { toString: () => "a" }];
      const seen: Observation[] = [];
      for (const value of wrong) {
        seen.push(await kit.observe(() => kit.session.get(value as string)));
      }
      return seen;
    },
    expect: { calls: Array.from({ length: 5 }, () => refused), connections: 0 },
    hint: "check that nothing is turned into a string on the way",
  }),
  defineCase({
    id: "transport/target/base-with-query-is-refused",
    title: "a baseUrl with a query, a fragment, credentials or a foreign scheme is refused at once",
    level: "must",
    origin: [],
    perform(kit) {
      const wrong = [
        "{main}?x=1",
        "{main}#x",
        "http://a:b@{main.host}/",
        "ftp://{main.host}/",
        "a",
      ];
      const codes = wrong.map((baseUrl) => {
        try {
          kit.makeSession({ baseUrl });
          return "none";
        } catch (error) {
          return (error as { code?: unknown }).code;
        }
      });
      kit.note("codes", codes);
      return Promise.resolve();
    },
    expect: {
      facts: { codes: Array.from({ length: 5 }, () => "ERR_INVALID_URL") },
      connections: 0,
    },
    hint: "check that the base is parsed when the session is made",
  }),
];
