/* Request content that is refused before anything is sent. */

import { call, type Case, defineCase, type Observation, refuses, respond } from "../../case.ts";

const refused = (
  code: string,
): { readonly error: { name: string; code: string; phase: string; requestSent: string } } => ({
  error: { name: "InvalidRequestError", code, phase: "prepare", requestSent: "no" },
});

/** Cases of `transport/content` about refusals. */
export const contentRefusedCases: readonly Case[] = [
  defineCase({
    id: "transport/content/two-contents-are-refused",
    title: "two contents in one call are refused, even where one of them is falsy",
    level: "must",
    origin: [],
    perform: [
      call("POST", "a", { json: 1, body: "x" }),
      call("POST", "a", { json: null, form: { a: 1 } }),
      call("POST", "a", { form: {}, body: "" }),
      call("POST", "a", () => ({ multipart: new FormData(), json: {} })),
    ],
    expect: {
      calls: Array.from({ length: 4 }, () => refused("ERR_INVALID_CONTENT")),
      connections: 0,
    },
    hint: "check that what is given is told by its presence",
  }),
  defineCase({
    id: "transport/content/wrong-kinds-are-refused",
    title: "a body that is of no known kind is refused, not sent as what it prints as",
    level: "must",
    origin: [],
    perform: [
      call("POST", "a", { body: 5 }),
      call("POST", "a", { body: true }),
      call("POST", "a", { body: {} }),
      call("POST", "a", { body: { a: 1 } }),
      call("POST", "a", { body: [1, 2] }),
      call("POST", "a", () => ({ body: new Date(0) })),
      call("POST", "a", { multipart: { a: 1 } }),
      call("POST", "a", { multipart: "a" }),
    ],
    expect: {
      calls: Array.from({ length: 8 }, () => refused("ERR_INVALID_CONTENT")),
      connections: 0,
    },
    hint: "check that nothing is sent as [object Object]",
  }),
  defineCase({
    id: "transport/content/iterator-that-was-sent-is-refused",
    title: "an iterator that was sent is refused, as nothing is left of it",
    level: "must",
    requires: { requestStreaming: "half-duplex" },
    otherwise: refuses("requestStreaming", "body"),
    origin: [respond(200)],
    async perform(kit) {
      async function* pieces(): AsyncGenerator<string> {
        yield await Promise.resolve("abc");
      }
      const body = pieces();
      const first = await kit.observe(() => kit.session.post("a", { body }));
      if (first.error) return first;
      return kit.observe(() => kit.session.post("a", { body }));
    },
    expect: { ...refused("ERR_INVALID_CONTENT"), arrivals: [{ content: "abc" }] },
    hint: "check that a second call does not send what the first has left, which is nothing",
  }),
  defineCase({
    id: "transport/content/part-lengths-that-are-none-are-refused",
    title: "the length of a part that is no number of octets is refused",
    level: "must",
    origin: [],
    perform: [Infinity, Number.NaN, 1.5, -1, "3", false, 2 ** 60].map((length) =>
      call("POST", "a", () => ({
        multipart: [{ name: "a", content: new Blob(["abc"]).stream(), length }],
      })),
    ),
    expect: {
      calls: Array.from({ length: 7 }, () => refused("ERR_INVALID_OPTION")),
      connections: 0,
    },
    hint: "check that no length but a whole number comes to be a content-length",
  }),
  defineCase({
    id: "transport/content/json-that-is-none-is-refused",
    title: "json that JSON cannot say is refused",
    level: "must",
    origin: [],
    async perform(kit) {
      const cycle: { self?: unknown } = {};
      cycle.self = cycle;
      const failing = {
        toJSON() {
          throw new Error("no");
        },
      };
      const seen: Observation[] = [];
      for (const json of [() => 1, Symbol("s"), 1n, cycle, failing]) {
        seen.push(await kit.observe(() => kit.session.post("a", { json })));
      }
      return seen;
    },
    expect: {
      calls: Array.from({ length: 5 }, () => refused("ERR_INVALID_CONTENT")),
      connections: 0,
    },
    hint: "check that the error of JSON.stringify does not escape as it is",
  }),
  defineCase({
    id: "transport/content/form-of-wrong-kinds-is-refused",
    title: "a form with values that have no one text is refused",
    level: "must",
    catalogue: ["V-MP-03"],
    origin: [],
    perform: [
      call("POST", "a", { form: { a: { b: 1 } } }),
      call("POST", "a", { form: { a: [[1]] } }),
      call("POST", "a", { form: [["a"]] }),
      call("POST", "a", { form: "a=1" }),
      call("POST", "a", { form: 5 }),
      call("POST", "a", () => ({ form: { f: new Blob(["x"]) } })),
    ],
    expect: {
      calls: Array.from({ length: 6 }, () => refused("ERR_INVALID_OPTION")),
      connections: 0,
    },
    hint: "check that nested values are not sent as [object Object]",
  }),
  defineCase({
    id: "transport/content/locked-stream-is-refused",
    title: "a stream that somebody reads already is refused",
    level: "must",
    origin: [],
    perform: call("POST", "a", () => {
      const body = new ReadableStream();
      body.getReader();
      return { body };
    }),
    expect: { ...refused("ERR_INVALID_CONTENT"), connections: 0 },
    hint: "check that the lock is looked at before anything is sent",
  }),
  defineCase({
    id: "transport/content/wrong-length-is-refused",
    title: "a content-length that is not that of the content is refused before anything is sent",
    level: "must",
    spec: ["RFC 9112 §6.2"],
    catalogue: ["V-SMG-02"],
    origin: [],
    perform: call("POST", "a", { body: "abc", headers: { "content-length": "4" } }),
    expect: { error: { code: "ERR_INVALID_HEADER", requestSent: "no" }, connections: 0 },
    hint: "check that lengths that are known are compared",
  }),
  defineCase({
    id: "transport/content/malformed-length-is-refused",
    title: "a content-length that is no number of bytes is refused",
    level: "must",
    spec: ["RFC 9110 §8.6"],
    catalogue: ["V-SMG-02"],
    origin: [],
    perform: ["-1", "+3", "3.0", "0x3", "three"].map((length) =>
      call("POST", "a", { body: "abc", headers: { "content-length": length } }),
    ),
    expect: {
      calls: Array.from({ length: 5 }, () => ({
        error: { code: "ERR_INVALID_HEADER", requestSent: "no" },
      })),
      connections: 0,
    },
    hint: "check that the value is read as digits, and nothing else",
  }),
  defineCase({
    id: "transport/content/unknown-options-are-refused",
    title: "an option that is unknown, or known by another name elsewhere, is refused",
    level: "must",
    origin: [],
    perform: [
      call("POST", "a", { data: "x" }),
      call("POST", "a", { url: "b" }),
      call("POST", "a", { jsn: 1 }),
      call("POST", "a", { method: "GET" }),
    ],
    expect: {
      calls: Array.from({ length: 4 }, () => refused("ERR_INVALID_OPTION")),
      connections: 0,
    },
    hint: "check that a misspelt option is not silence",
  }),
  defineCase({
    id: "transport/content/failing-function-sends-nothing",
    title: "when the function given as body fails, nothing is sent",
    level: "must",
    catalogue: ["F-REQ-06"],
    origin: [],
    perform: [
      call("POST", "a", {
        body: () => {
          throw new Error("no content today");
        },
      }),
      call("POST", "a", { body: () => Promise.reject(new Error("no content today")) }),
      call("POST", "a", { body: () => 5 }),
    ],
    expect: {
      calls: [
        {
          error: {
            name: "ContentError",
            code: "ERR_CONTENT_SOURCE",
            requestSent: "no",
            cause: "Error: no content today",
          },
        },
        { error: { code: "ERR_CONTENT_SOURCE", cause: "Error: no content today" } },
        { error: { code: "ERR_INVALID_CONTENT", requestSent: "no" } },
      ],
      connections: 0,
    },
    hint: "check that the function is called before a connection is asked for",
  }),
];
