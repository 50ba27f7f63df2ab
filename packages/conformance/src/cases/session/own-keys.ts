/* Keys such as `__proto__` in what callers pass, at every level: data, or refused by name (ids `session/keys/…`). */

import type { Middleware } from "@anyhttp/core";
import {
  call,
  type CallOptions,
  type Case,
  defineCase,
  oneOf,
  respond,
  respondJson,
} from "../../case.ts";

/** Own keys, as JSON makes them; in a literal, `__proto__` would be the prototype. */
const parsed = (text: string): unknown => JSON.parse(text) as unknown;
const hostile = '{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}}}';

const clean = (): boolean => !("polluted" in {}) && !("polluted" in Object);
const refused = {
  error: { name: "InvalidRequestError", code: "ERR_INVALID_OPTION", requestSent: "no" },
} as const;

const tells: Middleware = async (request, next) => {
  const { context } = request;
  const response = await next(request);
  response.headers.set("x-keys", Object.keys(context).join(" "));
  response.headers.set("x-inherits", "a" in context);
  return response;
};

/** Options in which they are no names of anything. */
const places: readonly (readonly [name: string, option: string | null])[] = [
  ["call", null],
  ["timeout", "timeout"],
  ["redirect", "redirect"],
];

const callCases = places.map(([name, option]) =>
  defineCase({
    id: `session/keys/in-${name}-options`,
    title: `own keys __proto__ and constructor of ${name} options must be refused like any unknown one`,
    level: "must",
    catalogue: ["V-PP-01"],
    origin: [],
    async perform(kit) {
      const texts = ['{"__proto__":{"polluted":"yes"}}', '{"constructor":{}}', '{"toString":1}'];
      const seen = [];
      for (const text of texts) {
        const options = option === null ? parsed(text) : { [option]: parsed(text) };
        seen.push(await kit.observe(() => kit.session.get("a", options as object)));
      }
      kit.note("clean", clean());
      return seen;
    },
    expect: { calls: [refused, refused, refused], connections: 0, facts: { clean: true } },
    hint: "check that known names are own keys of a table",
  }),
);

const sessionPlaces: readonly (readonly [name: string, option: string | null])[] = [
  ...places.map(([name, option]) => [name === "call" ? "session" : name, option] as const),
  ["limits", "limits"],
];

const sessionCases = sessionPlaces.map(([name, option]) =>
  defineCase({
    id: `session/keys/in-${name}-defaults`,
    title: `own keys __proto__ and constructor of ${name} defaults must be refused like any unknown one`,
    level: "must",
    catalogue: ["V-PP-01"],
    origin: [],
    perform(kit) {
      const codes = ['{"__proto__":{"polluted":"yes"}}', '{"constructor":{}}'].map((text) => {
        const options = option === null ? parsed(text) : { [option]: parsed(text) };
        try {
          kit.makeSession(options as CallOptions);
          return "none";
        } catch (error) {
          return (error as { code?: unknown }).code;
        }
      });
      kit.note("codes", codes);
      kit.note("clean", clean());
      return Promise.resolve();
    },
    expect: {
      facts: { codes: ["ERR_INVALID_OPTION", "ERR_INVALID_OPTION"], clean: true },
      connections: 0,
    },
    hint: "check that known names are own keys of a table",
  }),
);

/** Cases of `session/keys`. */
export const ownKeyCases: readonly Case[] = [
  ...callCases,
  ...sessionCases,
  defineCase({
    id: "session/keys/in-json",
    title: "own keys __proto__ and constructor of JSON must be sent, and come back, as data",
    level: "must",
    catalogue: ["V-PP-01"],
    origin: [respondJson(parsed(hostile))],
    async perform(kit) {
      const seen = await kit.call(
        call(
          "POST",
          "a",
          () => ({ json: parsed(hostile) }),
          async (response) => {
            const value = await response.json<object>();
            return [JSON.stringify(value), Object.hasOwn(value, "__proto__"), "polluted" in value];
          },
        ),
      );
      kit.note("clean", clean());
      return seen;
    },
    expect: {
      status: 200,
      content: [hostile, true, false],
      arrivals: [{ content: hostile }],
      facts: { clean: true },
    },
    hint: "check that content is neither merged nor revived",
  }),
  defineCase({
    id: "session/keys/in-a-form",
    title: "own keys __proto__ and constructor of a form must be sent as data",
    level: "must",
    catalogue: ["V-PP-01"],
    origin: [respond(200)],
    perform: call("POST", "a", () => ({
      form: parsed('{"__proto__":"1","constructor":["2","3"]}'),
    })),
    expect: { status: 200, arrivals: [{ content: "__proto__=1&constructor=2&constructor=3" }] },
    hint: "check that own members are read, and nothing else",
  }),
  defineCase({
    id: "session/keys/in-nested-values",
    title: "values of params and forms that are records must be refused, whatever their keys",
    level: "must",
    catalogue: ["V-PP-01", "V-URL-03"],
    origin: [],
    perform: [
      call("GET", "a", () => ({ params: { x: parsed(hostile) } })),
      call("GET", "a", () => ({ params: { x: [parsed(hostile)] } })),
      call("POST", "a", () => ({ form: { x: parsed(hostile) } })),
    ],
    expect: { calls: [refused, refused, refused], connections: 0 },
    hint: "check that nothing nested is flattened into names",
  }),
  defineCase({
    id: "session/keys/in-headers",
    title: "own keys __proto__ and constructor of headers must be sent as fields of that name",
    level: "must",
    catalogue: ["V-PP-01"],
    session: () => ({ headers: parsed('{"__proto__":"1","x-a":"2"}') }),
    origin: [respond(200)],
    async perform(kit) {
      const { error } = await kit.call(
        call("GET", "a", () => ({ headers: parsed('{"constructor":"3","x-b":"4"}') })),
      );
      const [arrival] = (await kit.origin.ledger()).arrivals;
      const sent = arrival?.fields
        .filter(([, value]) => /^[1-4]$/.test(value))
        .map(([name]) => name.toLowerCase())
        .toSorted((a, b) => (a < b ? -1 : 1));
      // A platform that cannot send such a name says so, before it sends anything.
      kit.note("sent", sent ?? error?.code);
      kit.note("clean", clean());
    },
    expect: {
      arrivals: oneOf(0, 1),
      facts: {
        sent: oneOf(["__proto__", "constructor", "x-a", "x-b"], "ERR_UNSUPPORTED"),
        clean: true,
      },
    },
    hint: "check that fields are merged as lists",
  }),
  defineCase({
    id: "session/keys/in-context",
    title: "own keys __proto__ and constructor of context must reach middleware as data",
    level: "must",
    catalogue: ["V-PP-01"],
    session: () => ({ context: parsed('{"__proto__":{"a":1}}'), middleware: [tells] }),
    origin: [respond(200)],
    perform: call("GET", "a", () => ({ context: parsed('{"constructor":2}') })),
    expect: { status: 200, headers: { "x-keys": "__proto__ constructor", "x-inherits": "false" } },
    hint: "check that context is merged into a record without a prototype",
  }),
];
