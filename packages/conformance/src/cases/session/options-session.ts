/* Options of a session: refused when it is made, and what `baseUrl` means for the calls. */

import {
  absent,
  call,
  type CallOptions,
  type Case,
  defineCase,
  type Kit,
  lacking,
  matching,
  plain,
  respond,
} from "../../case.ts";

const ok = respond(200, [], "ok");

const wrong: readonly (readonly [name: string, title: string, options: readonly CallOptions[]])[] =
  [
    ["transport", "a transport that is none", [null, 5, {}, () => undefined].map((transport) => ({ transport }))],
    ["unknown", "an unknown option", [{ base: "http://a.test" }, { json: 1 }, { signal: null }]],
    ["base-url", "a baseUrl that is not valid", ["a", "http://", "ftp://a.test/", "http://u:p@a.test/", "http://a.test/?a=b", "http://a.test/#a", 5].map((baseUrl) => ({ baseUrl }))],
    ["limits", "limits that are wrong", [5, null, { concurrency: 0 }, { concurrency: 1.5 }, { perOrigin: -1 }, { perOrigin: "10" }, { queue: NaN }, { queue: -1 }, { total: 5 }].map((limits) => ({ limits }))],
    ["middleware", "middleware that is no list of functions", [5, [5], () => undefined, [null]].map((middleware) => ({ middleware }))],
    ["defaults", "a default that is wrong", [{ timeout: 0 }, { headers: { "a b": "c" } }, { headers: { connection: "close" } }, { redirect: 5 }, { params: 5 }, { retry: 3 }, { decompress: 1 }, { allowOtherOrigins: "yes" }]],
  ]; // prettier-ignore

/** Names the codes of what making a session throws. */
function refusals(kit: Kit, all: readonly CallOptions[]): readonly unknown[] {
  return all.map((options) => {
    try {
      kit.makeSession(options);
      return "no error";
    } catch (error) {
      const { name, requestSent } = error as { name?: unknown; requestSent?: unknown };
      return `${String(name)} ${String(requestSent)}`;
    }
  });
}

const refusedCases = wrong.map(([name, title, options]) =>
  defineCase({
    id: `session/options/session-wrong-${name}`,
    title: `${title} must be refused when the session is made`,
    level: "must",
    origin: [ok],
    async perform(kit) {
      kit.note("refused", refusals(kit, options));
      return kit.call(call("GET", "right"));
    },
    expect: {
      status: 200,
      facts: { refused: options.map(() => "InvalidRequestError no") },
    },
    hint: "check how the options of a session are validated",
  }),
);

/** Cases of `session/options` about sessions. */
export const optionSessionCases: readonly Case[] = [
  ...refusedCases,
  defineCase({
    id: "session/options/no-base-url",
    title: "without a baseUrl a relative URL must be refused, and an absolute one be called",
    level: "must",
    session: { baseUrl: undefined },
    origin: [ok],
    perform: [call("GET", "a"), call("GET", "{main}b")],
    expect: {
      calls: [
        {
          error: {
            name: "InvalidRequestError",
            code: "ERR_INVALID_URL",
            message: matching(/without a baseUrl/),
          },
        },
        { status: 200, url: "{main}b" },
      ],
      arrivals: [{ path: "b" }],
    },
    hint: "check what relative URLs are resolved against",
  }),
  defineCase({
    id: "session/options/base-url-is-a-folder",
    title: "a baseUrl must be a folder, whether or not it ends in a slash",
    level: "must",
    session: { baseUrl: "{main}v1" },
    origin: [ok, ok, ok, ok],
    perform: [
      call("GET", "items"),
      call("GET", "./items?a=b"),
      call("GET", "../v2/items"),
      call("GET", "{main.path}items"),
    ],
    expect: {
      calls: ["v1/items", "v1/items?a=b", "v2/items", "items"].map((path) => ({
        status: 200,
        url: `{main}${path}`,
      })),
    },
    hint: "check that a slash is added before URLs are resolved",
  }),
  defineCase({
    id: "session/options/other-origins-are-refused",
    title: "with a baseUrl an absolute URL on another origin must be refused",
    level: "must",
    doors: { other: plain() },
    origin: [ok],
    perform: [
      call("GET", "{other}a"),
      call("GET", "//{other.host}/a"),
      call("GET", "\\\\{other.host}\\a"),
      call("GET", "{main}b"),
    ],
    expect: {
      calls: [
        ...Array.from({ length: 3 }, () => ({
          error: { name: "InvalidRequestError", code: "ERR_INVALID_URL", requestSent: "no" },
        })),
        { status: 200 },
      ],
      arrivals: [{ door: "main", path: "b" }],
    },
    hint: "check that origins are compared after the URL was resolved",
  }),
  defineCase({
    id: "session/options/other-origins-get-nothing-of-the-base",
    title: "another origin must not get the fields of the session that belong to the base",
    level: "must",
    doors: { other: plain() },
    session: {
      allowOtherOrigins: true,
      headers: { authorization: "Bearer secret", "x-api-key": "secret", accept: "text/x" },
    },
    origin: [ok, ok],
    perform: [call("GET", "{other}a", { headers: { "x-own": "1" } }), call("GET", "b")],
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: [
        {
          door: "other",
          fields: {
            authorization: absent,
            "x-api-key": absent,
            accept: "text/x",
            "x-own": "1",
          },
        },
        { door: "main", fields: { authorization: "Bearer secret", "x-api-key": "secret" } },
      ],
    },
    hint: "check that a session's fields are filtered, and a call's own are not",
  }),
  defineCase({
    id: "session/options/undefined-means-unsaid",
    title: "an option that is undefined must mean that nothing was said",
    level: "must",
    session: { timeout: undefined, headers: { "x-a": "1" }, limits: undefined },
    origin: [ok],
    perform: call("GET", "a", {
      timeout: undefined,
      headers: undefined,
      params: undefined,
      json: undefined,
      form: undefined,
      body: undefined,
      signal: undefined,
      redirect: undefined,
      context: undefined,
      throwHttpErrors: undefined,
    }),
    expect: { status: 200, arrivals: [{ framing: "none", fields: { "x-a": "1" } }] },
    hint: "check that keys whose value is undefined are passed over",
  }),
  defineCase({
    id: "session/options/prototypes-are-left-alone",
    title: "a __proto__ that comes with data must be data, and change nothing",
    level: "must",
    origin: [respond(200, [["content-type", "application/json"]], '{"__proto__":{"polluted":1}}')],
    async perform(kit) {
      const options = JSON.parse(
        '{"params":{"__proto__":"1"},"json":{"__proto__":{"polluted":1}}}',
      ) as CallOptions;
      const seen = await kit.observe(() => kit.session.post("a", options), "json");
      kit.note("polluted", ({} as Record<string, unknown>)["polluted"]);
      return seen;
    },
    expect: {
      status: 200,
      facts: { polluted: undefined },
      arrivals: [
        {
          path: "a?__proto__=1",
          content: '{"__proto__":{"polluted":1}}',
          head: lacking("polluted"),
        },
      ],
    },
    hint: "check that records are read by own keys, and written without a prototype",
  }),
];
