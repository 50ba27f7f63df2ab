/* `params`: query parameters, encoded and merged (ids `transport/target/params-…`). */

import { call, type Case, defineCase, respond } from "../../case.ts";

const refused = {
  error: { name: "InvalidRequestError", code: "ERR_INVALID_OPTION", requestSent: "no" },
} as const;

/** Cases of `transport/target` about `params`. */
export const paramsCases: readonly Case[] = [
  defineCase({
    id: "transport/target/params-of-a-record",
    title: "params of a record are sent in its order, arrays repeating their name",
    level: "must",
    origin: [respond(200)],
    perform: call("GET", "a", () => ({ params: { b: [1, 2], a: true, c: "", big: 12n, d: [] } })),
    expect: { status: 200, arrivals: [{ path: "a?b=1&b=2&a=true&c=&big=12" }] },
    hint: "check that neither brackets nor indices are added to repeated names",
  }),
  defineCase({
    id: "transport/target/params-of-pairs",
    title: "params of pairs and of URLSearchParams are sent in their order, duplicates kept",
    level: "must",
    origin: [respond(200), respond(200), respond(200)],
    perform: [
      call("GET", "a", () => ({
        params: [
          ["b", 1],
          ["a", "2"],
          ["b", "3"],
        ],
      })),
      call("GET", "a", () => ({ params: new URLSearchParams("b=1&a=2&b=3") })),
      call("GET", "a", () => ({
        params: new Map([
          ["b", "1"],
          ["a", "2"],
        ]),
      })),
    ],
    expect: {
      calls: [{ status: 200 }, { status: 200 }, { status: 200 }],
      arrivals: [{ path: "a?b=1&a=2&b=3" }, { path: "a?b=1&a=2&b=3" }, { path: "a?b=1&a=2" }],
    },
    hint: "check that params are never sorted",
  }),
  defineCase({
    id: "transport/target/params-are-encoded",
    title: "names and values of params are encoded so that they cannot end or add a parameter",
    level: "must",
    spec: ["WHATWG URL §5.2"],
    catalogue: ["V-URL-03"],
    origin: [respond(200)],
    perform: call("GET", "a", { params: { "n&=#": "x y&z=1#f/?%+", é: "日\r\n" } }),
    expect: {
      status: 200,
      arrivals: [{ path: "a?n%26%3D%23=x+y%26z%3D1%23f%2F%3F%25%2B&%C3%A9=%E6%97%A5%0D%0A" }],
    },
    hint: "check that params are encoded once, as application/x-www-form-urlencoded",
  }),
  defineCase({
    id: "transport/target/params-are-added-to-the-query",
    title: "params are added behind the query of the URL, which stays as it was written",
    level: "must",
    origin: [respond(200), respond(200)],
    perform: [
      call("GET", "a?x=%7E&y", { params: { x: "2" } }),
      call("GET", "a?x=1#top", { params: { y: 2 } }),
    ],
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: [{ path: "a?x=%7E&y&x=2" }, { path: "a?x=1&y=2" }],
    },
    hint: "check that adding a parameter does not write the others anew",
  }),
  defineCase({
    id: "transport/target/params-that-are-absent",
    title: "params that are null or undefined are left out, and no params add no question mark",
    level: "must",
    origin: [respond(200), respond(200), respond(200)],
    perform: [
      call("GET", "a", { params: { x: null, y: undefined, z: [null, "1"] } }),
      call("GET", "a", { params: {} }),
      call("GET", "a", { params: { x: undefined } }),
    ],
    expect: {
      calls: [{ status: 200 }, { status: 200 }, { status: 200 }],
      arrivals: [{ path: "a?z=1" }, { path: "a" }, { path: "a" }],
    },
    hint: "check that absent values are not sent as words",
  }),
  defineCase({
    id: "transport/target/params-of-the-session",
    title:
      "params of a call replace those of the session that have the same name, and leave the others",
    level: "must",
    session: { params: { key: "k", page: ["1", "2"] } },
    origin: [respond(200), respond(200)],
    perform: [call("GET", "a", { params: { page: 3 } }), call("GET", "a")],
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: [{ path: "a?key=k&page=3" }, { path: "a?key=k&page=1&page=2" }],
    },
    hint: "check that a call does not change the defaults of its session",
  }),
  defineCase({
    id: "transport/target/params-of-wrong-kinds-are-refused",
    title: "params that have no one text, such as nested objects, are refused",
    level: "must",
    catalogue: ["V-MP-03"],
    origin: [],
    perform: [
      call("GET", "a", { params: { x: { y: 1 } } }),
      call("GET", "a", { params: { x: [[1]] } }),
      call("GET", "a", { params: { x: () => 1 } }),
      call("GET", "a", { params: "x=1" }),
      call("GET", "a", { params: ["x=1"] }),
      call("GET", "a", { params: 5 }),
    ],
    expect: { calls: Array.from({ length: 6 }, () => refused), connections: 0 },
    hint: "check that no value is sent as [object Object]",
  }),
  defineCase({
    id: "transport/target/params-named-like-object-members",
    title: "params named __proto__ or constructor are data like any other",
    level: "must",
    catalogue: ["V-PP-01"],
    origin: [respond(200)],
    perform: call("GET", "a", () => ({
      params: JSON.parse('{"__proto__": "1", "constructor": "2", "toString": "3"}') as unknown,
    })),
    expect: { status: 200, arrivals: [{ path: "a?__proto__=1&constructor=2&toString=3" }] },
    hint: "check that own members are read, and nothing else",
  }),
];
