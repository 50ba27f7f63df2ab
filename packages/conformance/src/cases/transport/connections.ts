/* Which connection carries which exchange (RFC 9112 §9; ids `transport/framing/…`). */

import {
  call,
  type Case,
  close,
  content,
  defineCase,
  expects,
  gate,
  head,
  type Otherwise,
  raw,
  read,
  respond,
  respondChunked,
  sequence,
  together,
} from "../../case.ts";

// Where TLS is the runtime's own, so is the pool, and no promise is made about its connections.
const ownPool = { tls: "configurable" } as const;
const answered = (...contents: readonly string[]): Otherwise =>
  expects({ calls: contents.map((text) => ({ status: 200, content: text })) });

/** Cases of `transport/framing` about connections. */
export const connectionsCases: readonly Case[] = [
  defineCase({
    id: "transport/framing/kept-alive",
    title: "a connection serves one call after the other, by content-length and by chunks",
    level: "should",
    spec: ["RFC 9112 §9.3"],
    requires: ownPool,
    otherwise: answered("a", "bc", "d"),
    origin: [respond(200, [], "a"), respondChunked(200, [], ["b", "c"]), respond(200, [], "d")],
    perform: [call("GET", "a"), call("GET", "b"), call("POST", "c", { body: "x" })],
    expect: {
      calls: [
        { status: 200, content: "a" },
        { status: 200, content: "bc" },
        { status: 200, content: "d" },
      ],
      arrivals: [{ connection: 1 }, { connection: 1 }, { connection: 1, content: "x" }],
      connections: [{ requests: 3 }],
    },
    hint: "check that the connection is free when the content has ended",
  }),
  defineCase({
    id: "transport/framing/kept-alive-by-http-1-0",
    title: "an HTTP/1.0 response ends its connection, unless it says otherwise",
    level: "must",
    spec: ["RFC 9112 §9.3"],
    catalogue: ["F-KA-03", "F-BOD-08"],
    origin: [
      respond(200, [], "a", { version: "1.0" }),
      respond(200, [["connection", "keep-alive"]], "b", { version: "1.0" }),
      respond(200, [], "c"),
    ],
    requires: ownPool,
    otherwise: answered("a", "b", "c"),
    perform: [call("GET", "a"), call("GET", "b"), call("GET", "c")],
    expect: {
      calls: [
        { status: 200, content: "a" },
        { status: 200, content: "b" },
        { status: 200, content: "c" },
      ],
      arrivals: [{ connection: 1 }, { connection: 2 }, {}],
    },
    hint: "check that the version of the response decides whether a connection persists",
  }),
  defineCase({
    id: "transport/framing/connection-close",
    title:
      "no request may follow on a connection whose response says close, in any case of letters",
    level: "must",
    spec: ["RFC 9112 §9.6"],
    catalogue: ["F-KA-03"],
    origin: [
      respond(200, [["connection", "close"]], "a"),
      respond(200, [["Connection", "x-a, Close"]], "b"),
      respond(200, [], "c"),
    ],
    perform: [call("GET", "a"), call("GET", "b"), call("GET", "c")],
    expect: {
      calls: [
        { status: 200, content: "a" },
        { status: 200, content: "b" },
        { status: 200, content: "c" },
      ],
      arrivals: [{ connection: 1 }, { connection: 2 }, { connection: 3 }],
    },
    hint: "check that the connection leaves the pool although it is still open",
  }),
  defineCase({
    id: "transport/framing/calls-at-once-do-not-mix",
    title: "calls that run at once get the response to their own request",
    level: "must",
    spec: ["RFC 9112 §9.2"],
    origin: {
      a: [respond(200, [], "a")],
      b: [sequence(gate("b"), respond(200, [], "b"))],
      c: [respond(200, [], "c")],
    },
    async perform(kit) {
      const slow = kit.call(call("GET", "b"));
      await kit.origin.arrived(1);
      const [first] = [await kit.call(call("GET", "a")), await kit.call(call("GET", "c"))];
      await kit.origin.open("b");
      return [first, await slow];
    },
    expect: {
      calls: [
        { status: 200, content: "a" },
        { status: 200, content: "b" },
      ],
    },
    hint: "check that requests are not pipelined behind one that waits",
  }),
  defineCase({
    id: "transport/framing/twenty-at-once",
    title: "twenty calls at once, each with content both ways, are kept apart",
    level: "must",
    origin: Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [`p${i}`, [respond(200, [], `answer ${i}`)]]),
    ),
    perform: together(
      ...Array.from({ length: 20 }, (_, i) => call("POST", `p${i}`, { body: `content ${i}` })),
    ),
    expect: {
      calls: Array.from({ length: 20 }, (_, i) => ({ status: 200, content: `answer ${i}` })),
      arrivals: Array.from({ length: 20 }, (_, i) => ({ path: `p${i}`, content: `content ${i}` })),
    },
    hint: "check that nothing is shared between exchanges",
  }),
  defineCase({
    id: "transport/framing/excess-is-not-the-next-response",
    title:
      "octets behind the end of a response must not be taken for the response to the next request",
    level: "must",
    spec: ["RFC 9112 §6.3", "RFC 9112 §9.2"],
    catalogue: ["V-RSP-06", "V-POOL-01"],
    origin: [
      sequence(
        head(200, [["content-length", "5"]]),
        content("helloHTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\npoisoned"),
      ),
      respond(200, [], "sound"),
    ],
    perform: [call("GET", "a"), call("GET", "b")],
    expect: {
      calls: [
        { status: 200, content: "hello" },
        { status: 200, content: "sound" },
      ],
      arrivals: [{ connection: 1 }, { connection: 2 }],
    },
    hint: "check that a connection on which something came unasked is closed",
  }),
  defineCase({
    id: "transport/framing/idle-connection-that-speaks-is-closed",
    title:
      "a response on an idle connection must not be taken for one, and the connection is closed",
    level: "must",
    spec: ["RFC 9112 §9.2"],
    catalogue: ["V-POOL-01"],
    origin: [
      sequence(
        respond(200, [], "a"),
        gate("later"),
        raw("HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\npoisoned"),
        gate("never"),
      ),
      respond(200, [], "sound"),
    ],
    async perform(kit) {
      const first = await kit.call(call("GET", "a", {}, read.text));
      await kit.origin.open("later");
      await kit.origin.closedByClient(1);
      return [first, await kit.call(call("GET", "b"))];
    },
    expect: {
      calls: [
        { status: 200, content: "a" },
        { status: 200, content: "sound" },
      ],
      arrivals: [{ connection: 1 }, { connection: 2 }],
    },
    hint: "check that idle connections are watched for data",
  }),
  defineCase({
    id: "transport/framing/server-closes-after-the-response",
    title: "a server that ends the connection without having said so does no harm to the next call",
    level: "must",
    spec: ["RFC 9112 §9.5"],
    catalogue: ["F-KA-01"],
    requires: ownPool,
    // The runtime's pool may use the connection in the moment before it hears of its end.
    otherwise: expects(
      {
        calls: [{ status: 200, content: "a" }],
        arrivals: 1,
      },
      { perform: [call("GET", "a")], origin: [sequence(respond(200, [], "a"), close())] },
    ),
    origin: [
      sequence(respond(200, [], "a"), { steps: [{ do: "half-close" }] }),
      respond(201, [], "b"),
    ],
    async perform(kit) {
      const first = await kit.call(call("GET", "a"));
      await kit.origin.closedByClient(1);
      return [first, await kit.call(call("POST", "b", { body: "x" }))];
    },
    expect: {
      calls: [
        { status: 200, content: "a" },
        { status: 201, content: "b" },
      ],
      arrivals: [
        { connection: 1 },
        { connection: 2, method: "POST", content: "x", complete: true },
      ],
    },
    hint: "check that an idle connection is closed when its peer closes it, not at its next use",
  }),
];
