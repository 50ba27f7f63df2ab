/* Forms, parameters and JSON that are deep, cyclic or many: refused or sent, but never without end. */

import {
  always,
  type Case,
  defineCase,
  matching,
  type Observation,
  respond,
  satisfying,
} from "../../case.ts";
import { refusedAs } from "./multipart-parts.ts";

/** Not plain data, which the runner would go through: `{ a: { a: … } }`, so many times. */
class Nested {
  a: unknown = 1;
  static deep(depth: number): Nested {
    let made = new Nested();
    for (let i = 1; i < depth; i++) {
      const outer = new Nested();
      outer.a = made;
      made = outer;
    }
    return made;
  }
}

function nestedList(depth: number): unknown {
  let made: unknown = [1];
  for (let i = 1; i < depth; i++) made = [made];
  return made;
}

function cycle(): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  made["self"] = made;
  return made;
}

const cyclicList = (): unknown[] => {
  const made: unknown[] = [];
  made.push(made);
  return made;
};

const depths: readonly (readonly [name: string, title: string, value: () => unknown])[] = [
  ["a-record", "a record in a record", () => ({ a: { b: 1 } })],
  ["a-list-of-lists", "a list in a list", () => ({ a: [[1]] })],
  ["ten-thousand-deep", "a record nested ten thousand deep", () => ({ a: Nested.deep(10_000) })],
  [
    "hundred-thousand-deep",
    "a record nested a hundred thousand deep",
    () => ({ a: Nested.deep(100_000) }),
  ],
  [
    "lists-hundred-thousand-deep",
    "a list nested a hundred thousand deep",
    () => ({ a: nestedList(100_000) }),
  ],
  ["a-cycle", "a record that holds itself", () => cycle()],
  ["a-cyclic-list", "a list that holds itself", () => ({ a: cyclicList() })],
  ["a-map", "a Map as value", () => ({ a: new Map([["b", 1]]) })],
];

/** Keys that other encoders take for a path, and write as deep as it says. */
const keys: readonly (readonly [
  name: string,
  title: string,
  record: () => Record<string, unknown>,
  written: string | RegExp,
])[] = [
  [
    "brackets",
    "brackets",
    () => ({ "a[x][y]": 1, "a[]": [1, 2], "a[0]": "b" }),
    "a%5Bx%5D%5By%5D=1&a%5B%5D=1&a%5B%5D=2&a%5B0%5D=b",
  ],
  [
    "ten-thousand-brackets",
    "ten thousand brackets",
    () => ({ [`a${"[x]".repeat(10_000)}`]: 1 }),
    /^a(?:%5Bx%5D){10000}=1$/,
  ],
  ["dots", "dots", () => ({ "a.b.c": 1 }), "a.b.c=1"],
  [
    "meta-tokens",
    "endings such as {} and []",
    () => ({ "a{}": "1", "{}": 2, "[]": 3 }),
    "a%7B%7D=1&%7B%7D=2&%5B%5D=3",
  ],
  [
    "proto",
    "names of what every record inherits",
    () =>
      JSON.parse('{"__proto__":"1","constructor":"2","toString":"3"}') as Record<string, unknown>,
    "__proto__=1&constructor=2&toString=3",
  ],
];

const many = 1_000_000;
/**
 * How long a million keys may take, in milliseconds, in a browser on a machine that is busy. Comparing each with all
 * takes hours.
 */
const patience = 20_000;

/** Cases of `session/form`. */
export const formCasesOfDepth: readonly Case[] = [
  ...(["form", "params"] as const).flatMap((option) =>
    depths.map(([name, title, value]) =>
      defineCase({
        id: `session/form/${option}-of-${name}`,
        title: `${title} must be refused as ${option}, before anything is sent and in no time`,
        level: "must",
        catalogue: ["V-MP-03"],
        origin: [],
        async perform(kit) {
          return kit.observe(() => kit.session.post("a", { [option]: value() as never }));
        },
        expect: { ...refusedAs("ERR_INVALID_OPTION"), connections: 0 },
        hint: "check that nested values are neither gone into nor sent as [object Object]",
      }),
    ),
  ),
  ...(["form", "params"] as const).flatMap((option) =>
    keys
      .map(([name, title, record, written]) =>
        defineCase({
          id: `session/form/${option}-keys-with-${name}`,
          title: `${title} in the keys of ${option} are characters like others`,
          level: "must",
          spec: ["WHATWG URL §5.2"],
          catalogue: ["V-MP-03", ...(name === "proto" ? ["V-PP-01"] : [])],
          origin: [respond(200)],
          async perform(kit) {
            const seen = await kit.observe(() =>
              kit.session.post("a", { [option]: record() as never }),
            );
            const { path = "", content = "" } = (await kit.origin.ledger()).arrivals[0] ?? {};
            kit.note("sent", option === "form" ? content : path.slice(2));
            return seen;
          },
          expect: {
            status: 200,
            facts: { sent: typeof written === "string" ? written : matching(written) },
          },
          hint: "check that keys are not taken apart",
        }),
      )
      .filter(({ id }) => !id.endsWith("params-keys-with-ten-thousand-brackets")),
  ),
  defineCase({
    id: "session/form/a-million-keys",
    title: "a form of a million keys is sent, and takes time in proportion",
    level: "must",
    catalogue: ["V-MP-03"],
    origin: [respond(200)],
    async perform(kit) {
      // Pairs, as making a record of so many keys takes a platform longer than sending them.
      const form = Array.from({ length: many }, (_, i) => [`k${i}`, i] as const);
      const started = performance.now();
      const seen = await kit.observe(() => kit.session.post("a", { form }));
      kit.note("time", performance.now() - started);
      return seen;
    },
    expect: {
      status: 200,
      arrivals: [{ complete: true, contentLength: 14_777_779 }],
      facts: {
        time: satisfying(`less than ${patience} ms`, (time) => (time as number) < patience),
      },
    },
    deadline: 30_000,
    exclusive: true,
    hint: "check that no key is compared with all others",
  }),
  defineCase({
    id: "session/form/params-of-many-keys-over-many",
    title: "params of many keys laid over those of the session take time in proportion",
    level: "must",
    catalogue: ["V-MP-03"],
    origin: [],
    async perform(kit) {
      const keysFrom = (from: number): Record<string, number> =>
        Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`k${from + i}`, i]));
      const session = kit.makeSession({ params: keysFrom(0) });
      const started = performance.now();
      // Wrong on purpose, so that no server has to take such a URL.
      const seen = await kit.observe(() =>
        session.get("a", { params: keysFrom(50_000), json: 1, form: {} }),
      );
      kit.note("time", performance.now() - started);
      return seen;
    },
    expect: {
      ...refusedAs("ERR_INVALID_CONTENT"),
      connections: 0,
      facts: {
        time: satisfying(`less than ${patience} ms`, (time) => (time as number) < patience),
      },
    },
    deadline: 30_000,
    exclusive: true,
    hint: "check that laying one over the other does not compare all with all",
  }),
  defineCase({
    id: "session/form/json-that-is-too-deep",
    title:
      "json that is nested deeper than can be written must be refused, and no RangeError escape",
    level: "must",
    catalogue: ["V-MP-03"],
    origin: [always(respond(200))],
    async perform(kit) {
      const seen: Observation[] = [];
      for (const json of [Nested.deep(100_000), nestedList(100_000), cycle(), cyclicList()]) {
        const one = await kit.observe(() => kit.session.post("deep", { json }));
        // Some runtimes do write what is deep, and it is JSON.
        if (one.status === undefined) seen.push(one);
      }
      kit.note("codes", [...new Set(seen.map(({ error }) => error?.code))]);
      kit.note("cycles", seen.length >= 2);
      return kit.observe(() => kit.session.post("a", { json: nestedList(100) }));
    },
    expect: { status: 200, facts: { codes: ["ERR_INVALID_CONTENT"], cycles: true } },
    hint: "check that the error of JSON.stringify does not escape as it is",
  }),
  defineCase({
    id: "session/form/json-that-comes-too-deep",
    title:
      "JSON content that is nested deeper than can be read must be a value or an error of the tree",
    level: "must",
    catalogue: ["V-MP-03"],
    origin: [
      respond(
        200,
        [["content-type", "application/json"]],
        `${"[".repeat(60_000)}${"]".repeat(60_000)}`,
      ),
    ],
    async perform(kit) {
      let read = "nothing";
      try {
        await kit.session.get("a").json();
        read = "value";
      } catch (error) {
        read = (error as { code?: string }).code ?? String(error);
      }
      kit.note("read", read);
    },
    expect: {
      arrivals: 1,
      facts: {
        read: satisfying(
          "a value or ERR_PARSE_JSON",
          (read) => read === "value" || read === "ERR_PARSE_JSON",
        ),
      },
    },
    hint: "check that whatever JSON.parse throws is wrapped",
  }),
];
