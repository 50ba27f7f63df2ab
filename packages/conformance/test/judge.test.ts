/* The judge with right and wrong evidence: what it says, and that it says it. */

import { describe, expect, it } from "vitest";
import {
  absent,
  type Arrival,
  atMost,
  between,
  type Connection,
  containing,
  type Expectation,
  lacking,
  matching,
  type Observation,
  oneOf,
  present,
  respond,
  always,
} from "../src/case.ts";
import { judge } from "../src/run/judge.ts";

const call: Observation = {
  method: "GET",
  status: 200,
  statusText: "OK",
  headers: [
    ["Set-Cookie", "a=1"],
    ["set-cookie", "b=2"],
    ["x", "1"],
  ],
  content: "hello",
  after: 10,
};
const arrival: Arrival = {
  connection: 1,
  door: "main",
  method: "GET",
  target: "/run/1/a",
  path: "a",
  version: "1.1",
  fields: [["host", "{main.host}"]],
  head: "",
  framing: "none",
  content: "",
  contentLength: 0,
  filler: true,
  decoded: null,
  trailers: [],
  complete: true,
  faults: [],
  scripted: true,
};
const connection: Connection = {
  number: 1,
  door: "main",
  tls: null,
  servername: null,
  requests: 1,
  received: 1,
  sent: 1,
  closed: null,
};
const error = {
  http: true,
  name: "TimeoutError",
  message: "GET {main}a: too late",
  code: "ERR_TIMEOUT_TOTAL",
  phase: "total",
  fields: { limit: 5 },
  error: null,
};

function judged(
  expectation: Expectation,
  seen: Partial<Observation> = {},
  arrivals: readonly Arrival[] = [arrival],
): string[] {
  const ledger = { arrivals, connections: [connection], wire: [] };
  return judge(expectation, [respond(200)], {
    observations: [{ ...call, ...seen }],
    ledger,
    facts: { n: 1 },
  });
}

describe("the judge", () => {
  it("passes what is as expected", () => {
    const expectation: Expectation = {
      status: 200,
      headers: { "SET-cookie": ["a=1", "b=2"], x: "1", y: absent },
      content: containing("ell"),
      arrivals: [{ method: "GET", path: "a", fields: { Host: present } }],
      connections: [{ closed: null }],
      facts: { n: 1 },
      after: atMost(20),
    };
    expect(judged(expectation)).toEqual([]);
  });

  const wrong: readonly (readonly [what: string, expectation: Expectation, failure: string])[] = [
    ["a status", { status: 201 }, "status: expected 201, got 200"],
    ["content", { content: "bye" }, 'content: expected "bye", got "hello"'],
    [
      "joined lines",
      { headers: { "set-cookie": "a=1" } },
      'header set-cookie: expected "a=1", got "a=1, b=2"',
    ],
    ["a missing field", { headers: { y: "1" } }, 'header y: expected "1", got nothing'],
    [
      "field lines",
      { fieldLines: [] },
      'field lines: expected [], got [["Set-Cookie","a=1"],["set-cookie","b=2"],["x","1"]]',
    ],
    [
      "a missing error",
      { error: { code: "ERR_ABORTED" } },
      'expected an error "ERR_ABORTED", got status 200 with content "hello"',
    ],
    [
      "a duration, without its figure",
      { after: between(20, 30) },
      "settled after: expected a number from 20 to 30 ms",
    ],
    [
      "the number of arrivals",
      { arrivals: [] },
      'requests that arrived: expected 0, got 1 ["GET a"]',
    ],
    [
      "an arrival",
      { arrivals: [{ method: "PUT" }] },
      'request 1: method: expected "PUT", got "GET"',
    ],
    [
      "a field of an arrival",
      { arrivals: [{ fields: { host: absent } }] },
      'request 1: field host: expected nothing, got "{main.host}"',
    ],
    ["the number of connections", { connections: 2 }, "connections: expected 2, got 1"],
    [
      "a connection",
      { connections: [{ closed: "client-fin" }] },
      'connection 1: closed: expected "client-fin", got null',
    ],
    ["a fact", { facts: { n: 2 } }, "n: expected 2, got 1"],
    ["the number of calls", { calls: [] }, "calls: expected 0, got 1"],
  ];
  it.each(wrong)("fails %s that is not as expected", (_what, expectation, failure) => {
    expect(judged(expectation)).toEqual([failure]);
  });

  it("fails an error that was not expected, and says no more about that call", () => {
    expect(judged({ status: 200, content: "x" }, { error })).toEqual([
      "expected a response, got ERR_TIMEOUT_TOTAL: GET {main}a: too late",
    ]);
  });

  it("compares errors by their members and those of their class", () => {
    expect(
      judged(
        { error: { name: "TimeoutError", code: oneOf("ERR_TIMEOUT_TOTAL"), fields: { limit: 5 } } },
        { error },
      ),
    ).toEqual([]);
    expect(judged({ error: { phase: "read", fields: { limit: 6 } } }, { error })).toEqual([
      'error.phase: expected "read", got "total"',
      "error.limit: expected 6, got 5",
      "the error says: GET {main}a: too late",
    ]);
  });

  it("fails an error that is none of ours, whatever is expected of it", () => {
    const foreign = {
      http: false,
      name: "TypeError",
      message: "fetch failed",
      fields: {},
      error: null,
    };
    expect(judged({ error: {} }, { error: foreign })).toEqual([
      "expected an HttpError, got TypeError: fetch failed",
    ]);
  });

  it("always fails requests that nobody expects or that are not sound", () => {
    const odd = { ...arrival, scripted: false, faults: ["there must be one host field"] };
    expect(judged({}, {}, [arrival, odd])).toEqual([
      "GET a is not sound HTTP: there must be one host field",
      "an unexpected request arrived: GET a",
      "requests that arrived: expected 1, got 2",
    ]);
  });

  it("counts arrivals against the script, unless an answer repeats", () => {
    const evidence = {
      observations: [],
      ledger: { arrivals: [], connections: [], wire: [] },
      facts: {},
    };
    expect(judge({}, [respond(200)], evidence)).toEqual([
      "requests that arrived: expected 1, got 0",
    ]);
    expect(judge({}, { a: [always(respond(200))] }, evidence)).toEqual([]);
  });

  it("finds arrivals in any order when the script is by path", () => {
    const second = { ...arrival, path: "b" };
    const evidence = {
      observations: [],
      ledger: { arrivals: [second, arrival], connections: [], wire: [] },
      facts: {},
    };
    const script = { a: [respond(200)], b: [respond(200)] };
    expect(judge({ arrivals: [{ path: "a" }, { path: "b" }] }, script, evidence)).toEqual([]);
    expect(judge({ arrivals: [{ path: "a" }, { path: "c" }] }, script, evidence)).toEqual([
      'request 2: path: expected "c", got "b"',
    ]);
  });

  it("has matchers that do not let everything pass", () => {
    const failing = [matching(/^x/), lacking("hello"), containing("z"), oneOf("a", "b"), absent];
    expect(failing.map((content) => judged({ content }).length)).toEqual([1, 1, 1, 1, 1]);
  });
});
