/* What comes on a connection that nobody waits for (RFC 9112 §9.2; ids `transport/excess/…`). */

import {
  call,
  type Case,
  content,
  defineCase,
  gate,
  halfClose,
  head,
  matching,
  pause,
  raw,
  read,
  reset,
  respond,
  sequence,
} from "../../case.ts";

const poison = "HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\npoisoned";
const sound = respond(200, [], "sound");
const length = `content-length: ${poison.length}`;
const coding = "transfer-encoding: chunked";
const chunks = `${poison.length.toString(16)}\r\n${poison}\r\n0\r\n\r\n`;

/** Responses without content, each with what its head says of content, and another response in the place of that. */
const bodiless: readonly (readonly [name: string, what: string, method: string, status: string, field: string, rest: string])[] = [
  ["behind-a-response-to-head", "the content of a response to HEAD", "HEAD", "200 OK", length, poison],
  ["behind-a-chunked-response-to-head", "the chunks of a response to HEAD", "HEAD", "200 OK", coding, chunks],
  ["behind-204", "the content of a 204", "GET", "204 No Content", length, poison],
  ["behind-304", "the content of a 304", "GET", "304 Not Modified", length, poison],
  ["behind-304-in-chunks", "the chunks of a 304", "GET", "304 Not Modified", coding, chunks],
]; // prettier-ignore

/** Holds the event loop up: asleep where the runtime allows that, else busy. */
function block(ms: number): void {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  } catch {
    const end = performance.now() + ms;
    while (performance.now() < end);
  }
}

/** Cases of `transport/excess`. */
export const excessCases: readonly Case[] = [
  ...bodiless.map(([name, what, method, status, field, rest]) =>
    defineCase({
      id: `transport/excess/${name}`,
      title: `${what} must not be taken for the next response`,
      level: "must",
      spec: ["RFC 9112 §6.3", "RFC 9112 §9.2"],
      catalogue: ["V-RSP-06", "V-POOL-01"],
      // In one write: what comes later than the next request is sent, no client can tell from its response.
      origin: [
        sequence(raw(`HTTP/1.1 ${status}\r\n${field}\r\n\r\n${rest}`), gate("never")),
        sound,
      ],
      async perform(kit) {
        const first = await kit.call(call(method, "a"));
        kit.note("got", first.error ? first.error.code : [first.status, first.content].join());
        return kit.call(call("GET", "b"));
      },
      expect: {
        status: 200,
        content: "sound",
        facts: { got: matching(new RegExp(`^${parseInt(status)},$|^ERR_PROTOCOL_|^ERR_NETWORK$`)) },
        arrivals: [{ connection: 1 }, { connection: 2 }],
      },
      hint: "check that the end of the head is the end of the response, and what follows the end of the connection",
    }),
  ),
  ...[0, 10, 20].map((delay) =>
    defineCase({
      id: `transport/excess/while-the-loop-is-blocked-${delay}-ms`,
      title: `a response that came unasked (after ${delay} ms) while the client was busy must not be taken for the next one`,
      level: "must",
      spec: ["RFC 9112 §9.2"],
      catalogue: ["V-POOL-01"],
      origin: [
        sequence(respond(200, [], "a"), pause(delay), raw(poison), gate("never")),
        respond(200, [], "sound"),
      ],
      async perform(kit) {
        const first = await kit.call(call("GET", "a"));
        // Far longer than the origin takes to write, on however busy a machine.
        block(300);
        return [first, await kit.call(call("GET", "b"))];
      },
      expect: {
        calls: [
          { status: 200, content: "a" },
          { status: 200, content: "sound" },
        ],
      },
      exclusive: true,
      hint: "check that a kept connection is looked at for what has come before it is used again",
    }),
  ),
  ...(
    [
      ["garbage", raw("\x00\xff\r\n\r\nnot at all HTTP\r\n\r\n")],
      [
        "408",
        raw("HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"),
      ],
      ["fin", halfClose()],
    ] as const
  ).map(([name, answer]) =>
    defineCase({
      id: `transport/excess/${name}-on-an-idle-connection`,
      title: `${name} on an idle connection ends it, and nothing else`,
      level: "must",
      spec: ["RFC 9112 §9.5"],
      catalogue: ["V-LK-01", "V-POOL-01"],
      origin: [
        sequence(respond(200, [], "a"), gate("later"), answer, gate("never")),
        respond(200, [], "sound"),
      ],
      async perform(kit) {
        const first = await kit.call(call("GET", "a"));
        await kit.origin.open("later");
        // An idle connection that the peer ends is seen when it ends, not at its next use.
        await kit.origin.closedByClient(1);
        return [first, await kit.call(call("GET", "b"))];
      },
      expect: {
        calls: [
          { status: 200, content: "a" },
          { status: 200, content: "sound" },
        ],
      },
      hint: "check that idle connections have listeners for data, errors and their end",
    }),
  ),
  defineCase({
    id: "transport/excess/reset-after-a-response-that-nobody-reads",
    title: "a reset while content is unread must fail its reader, and nothing else",
    level: "must",
    catalogue: ["V-LK-01"],
    origin: [
      sequence(head(200, [["content-length", "10"]]), content("hello"), gate("later"), reset()),
      respond(200, [], "sound"),
    ],
    async perform(kit) {
      const response = await kit.within(5000, kit.session.get("a"), "the head");
      await kit.origin.open("later");
      const next = await kit.call(call("GET", "b", {}, read.text));
      const late = await kit.observe(() => Promise.resolve(response) as never);
      kit.note("late", late.error?.code);
      return next;
    },
    expect: {
      status: 200,
      content: "sound",
      facts: { late: matching(/^ERR_CONTENT_TRUNCATED$|^ERR_NETWORK$/) },
    },
    hint: "check that the failure is kept for whoever reads, and surfaces nowhere else",
  }),
];
