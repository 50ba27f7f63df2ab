/* Heads without bounds, and heads that do not come (ids `transport/heads/…`). */

import {
  absent,
  type Answer,
  atMost,
  call,
  type Case,
  content,
  defineCase,
  expects,
  gate,
  head,
  matching,
  oneOf,
  type Otherwise,
  raw,
  repeat,
  respond,
  sequence,
  trickle,
} from "../../case.ts";
import { brokenOff } from "./sources.ts";

const phased = { failureDetail: "phased" } as const;
const never = gate("never");
const refusedSomehow = oneOf("ERR_PROTOCOL_HEAD_TOO_LARGE", "ERR_PROTOCOL_HEAD", "ERR_NETWORK");
const early = "HTTP/1.1 103 Early Hints\r\nlink: </a.css>; rel=preload\r\n\r\n";
const statusLine = raw("HTTP/1.1 200 OK\r\n");

/** Heads that no limit lets through. */
const excessive: readonly (readonly [name: string, what: string, answer: Answer])[] = [
  ["field-of-one-megabyte", "a field of a megabyte", sequence(statusLine, raw("x-a: "), repeat("x".repeat(1000), 1000))],
  ["field-of-a-hundred-megabytes", "a field of a hundred megabytes", sequence(statusLine, raw("x-a: "), repeat("x".repeat(1000), 100_000))],
  ["five-thousand-fields", "five thousand fields", sequence(statusLine, repeat("x-a: 1234567890\r\n", 5000))],
  ["a-million-fields", "a million fields", sequence(statusLine, repeat("x-a: 1\r\n", 1_000_000))],
  ["field-name-of-one-megabyte", "a field name of a megabyte", sequence(statusLine, repeat("x".repeat(1000), 1000))],
  ["reason-of-one-megabyte", "a reason phrase of a megabyte", sequence(raw("HTTP/1.1 200 "), repeat("x".repeat(1000), 1000))],
  ["location-of-one-megabyte", "a location of a megabyte", sequence(raw("HTTP/1.1 302 Found\r\nlocation: /"), repeat("x".repeat(1000), 1000))],
  ["fields-without-end-after-103", "a head without end after an interim one", sequence(head(103), statusLine, repeat("x-a: 1\r\n", 1_000_000))],
]; // prettier-ignore

/** 85 kB are within the limits of some platforms, as long as nothing of them is lost. */
function withinALimit(answer: Answer): Otherwise {
  const codes = ["ERR_PROTOCOL_HEAD_TOO_LARGE", "ERR_PROTOCOL_HEAD", "ERR_NETWORK"];
  return expects(
    { facts: { got: oneOf("1234567890", ...codes) } },
    {
      origin: [sequence(answer, raw("content-length: 0\r\n\r\n"), never)],
      async perform(kit) {
        const { headers = [], error } = await kit.call(call("GET", "a"));
        const values = headers.find(([field]) => field === "x-a")?.[1].split(", ") ?? [];
        const whole = values.length === 5000 && new Set(values).size === 1;
        kit.note("got", error ? error.code : whole ? values[0] : values.length);
      },
    },
  );
}

/** Heads beyond Node's own limit, but not by much: whole or refused, never less. */
const large: readonly (readonly [name: string, what: string, fields: number, size: number, slice: number])[] = [
  ["field-of-20-kilobytes", "a field of 20 kB", 1, 20_000, 0],
  ["field-of-20-kilobytes-in-slices", "a field of 20 kB, in slices", 1, 20_000, 199],
  ["fifteen-hundred-fields", "1,500 fields", 1500, 5, 0],
  ["fifteen-hundred-fields-in-slices", "1,500 fields, in slices", 1500, 5, 199],
]; // prettier-ignore

/** Cases of `transport/heads` about size and time. */
export const headExcessCases: readonly Case[] = [
  ...excessive.map(([name, what, answer]) =>
    defineCase({
      id: `transport/heads/${name}`,
      title: `${what} must be refused before it has all come`,
      level: "must",
      spec: ["RFC 9110 §2.3", "RFC 9112 §5"],
      catalogue: ["V-DOS-03", ...(name.includes("103") ? ["V-DOS-04"] : [])],
      requires: { ...phased, tls: "configurable" },
      // A pool of the runtime's own may have taken the response for whole, and may not say what it refuses a head for.
      otherwise:
        name === "five-thousand-fields"
          ? withinALimit(answer)
          : expects({ error: { code: refusedSomehow } }),
      origin: [sequence(answer, raw("\r\ncontent-length: 0\r\n\r\n"), never)],
      perform: call("GET", "a"),
      expect: {
        error: {
          name: "ProtocolError",
          code: "ERR_PROTOCOL_HEAD_TOO_LARGE",
          phase: "response",
          requestSent: "yes",
          retryable: false,
        },
        connections: [{ closed: brokenOff, sent: atMost(40_000_000) }],
      },
      hint: "check that the limit is on what has come, not on what is complete",
    }),
  ),
  ...large.map(([name, what, fields, size, slice]) => {
    const lines = Array.from({ length: fields }, (_, i) => `x-f${i}: ${"v".repeat(size)}\r\n`);
    const text = `HTTP/1.1 200 OK\r\n${lines.join("")}content-length: 2\r\n\r\nok`;
    return defineCase({
      id: `transport/heads/${name}`,
      title: `${what} must be handed over whole, or refused for their size`,
      level: "must",
      catalogue: ["V-DOS-03"],
      origin: [sequence(slice > 0 ? trickle(text, { size: slice, every: 0 }) : raw(text), never)],
      requires: { tls: "configurable" },
      otherwise: expects({ facts: { got: matching(new RegExp(`^${fields} ok$|^ERR_PROTOCOL_HEAD|^ERR_NETWORK$`)) } }), // prettier-ignore
      async perform(kit) {
        const { headers = [], content: body, error } = await kit.call(call("GET", "a"));
        const whole = headers.filter(([, value]) => value.length === size).length;
        kit.note("got", error ? error.code : `${whole} ${String(body)}`);
      },
      expect: {
        facts: {
          got: matching(new RegExp(`^${fields} ok$|^ERR_PROTOCOL_HEAD_TOO_LARGE$|^ERR_NETWORK$`)),
        },
      },
      hint: "check that fields are never dropped in silence",
    });
  }),
  defineCase({
    id: "transport/heads/large-interim-heads",
    title: "interim heads of 10 kB each must be passed over, or refused for their size",
    level: "must",
    catalogue: ["V-DOS-03", "V-DOS-04"],
    origin: [
      sequence(
        repeat(`HTTP/1.1 103 Early Hints\r\nx-early: ${"x".repeat(10_000)}\r\n\r\n`, 5),
        respond(200, [], "ok"),
        never,
      ),
    ],
    async perform(kit) {
      const { content: got, error } = await kit.call(call("GET", "a"));
      kit.note("got", error ? error.code : got);
    },
    expect: { facts: { got: matching(/^ok$|^ERR_PROTOCOL_HEAD_TOO_LARGE$|^ERR_NETWORK$/) } },
    hint: "check that the limit is on each head, or on all of them together",
  }),
  ...(
    [
      ["100", "HTTP/1.1 100 Continue\r\n\r\n"],
      ["102", "HTTP/1.1 102 Processing\r\n\r\n"],
      ["103", early],
    ] as const
  ).map(([name, text]) =>
    defineCase({
      id: `transport/heads/interim-${name}-without-end`,
      title: `${name} responses without end must not keep a call beyond its deadline`,
      level: "must",
      spec: ["RFC 9110 §15.2"],
      catalogue: ["V-DOS-04", "F-HDR-02"],
      // First as fast as can be, then as fast as slow clients can read, until long after the deadline.
      origin: [
        sequence(repeat(text, 20_000), repeat(text, Math.ceil(5_000_000 / text.length), 30), never),
      ],
      perform: call("GET", "a", { timeout: { connect: 200, response: 300, total: 8000 } }),
      expect: {
        error: {
          code: oneOf(
            "ERR_TIMEOUT_RESPONSE",
            "ERR_PROTOCOL_HEAD",
            "ERR_PROTOCOL_HEAD_TOO_LARGE",
            "ERR_DISCONNECTED",
            "ERR_NETWORK",
          ),
        },
        after: atMost(2000),
        connections: [{ closed: brokenOff }],
      },
      exclusive: true,
      hint: "check that the flood leaves timers their turn",
    }),
  ),
  ...(
    [
      [
        "head-that-trickles",
        "one octet after the other",
        trickle(`HTTP/1.1 200 OK\r\nx-a: ${"x".repeat(400)}`, { size: 1, every: 20 }),
      ],
      [
        "interim-heads-that-trickle",
        "one interim response after the other",
        trickle(early.repeat(200), { size: early.length, every: 20 }),
      ],
    ] as const
  ).map(([name, what, answer]) =>
    // prettier-ignore
    defineCase({
      id: `transport/heads/${name}`,
      title: `timeout.response must end a head that comes ${what}`,
      level: "must",
      catalogue: ["F-HDR-02"],
      origin: [sequence(answer, never)],
      perform: call("GET", "a", { timeout: { connect: 200, response: 400 } }),
      expect: {
        error: { name: "TimeoutError", code: "ERR_TIMEOUT_RESPONSE", phase: "response" },
        after: atMost(2500),
        connections: [{ closed: brokenOff }],
      },
      exclusive: true,
      hint: "check that the deadline of the head is absolute",
    }),
  ),
  ...(["GET", "HEAD"] as const).map((method) =>
    defineCase({
      id: `transport/heads/odd-interim-heads-${method.toLowerCase()}`,
      title: `interim responses with odd fields must be passed over in a response to ${method}`,
      level: "must",
      spec: ["RFC 9110 §15.2"],
      catalogue: ["F-HDR-04"],
      origin: [
        sequence(
          head(103, [
            ["x-odd", ""],
            ["set-cookie", "a=1"],
            ["content-type", "x"],
          ]),
          head(110, [["x-odd", "unknown status"]], { reason: "Whatever" }),
          head(102, [["date", "never"]]),
          respond(200, [["x-late", "1"]], "final"),
        ),
        respond(200, [], "next"),
      ],
      perform: [call(method, "a"), call("GET", "b")],
      expect: {
        calls: [
          {
            status: 200,
            content: method === "HEAD" ? "" : "final",
            headers: { "x-odd": absent, "set-cookie": absent, date: absent, "x-late": "1" },
          },
          { status: 200, content: "next" },
        ],
      },
      hint: "check that fields of an interim head leave no trace",
    }),
  ),
  defineCase({
    id: "transport/heads/interim-with-content",
    title: "octets behind an interim head must be taken for the next head, and refused",
    level: "must",
    spec: ["RFC 9110 §15.2", "RFC 9112 §6.3"],
    catalogue: ["V-RSP-06"],
    requires: phased,
    otherwise: expects({ calls: [{ error: { code: "ERR_NETWORK" } }, { status: 200 }] }),
    origin: [
      sequence(
        head(103, [["content-length", "8"]]),
        content("poisonedHTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\npoisoned"),
        never,
      ),
      respond(200, [], "sound"),
    ],
    perform: [call("GET", "a"), call("GET", "b")],
    expect: {
      calls: [{ error: { code: "ERR_PROTOCOL_HEAD" } }, { status: 200, content: "sound" }],
      arrivals: [{ connection: 1 }, { connection: 2 }],
    },
    hint: "check that an interim response never has content",
  }),
];
