/* Connections that are refused, lost while the request is sent, or dead when they are used again. */

import {
  afterHead,
  always,
  type Answer,
  call,
  type Call,
  type Case,
  close,
  defineCase,
  expects,
  greeting,
  oneOf,
  type Otherwise,
  raw,
  refused,
  reset,
  respond,
  type Script,
  sequence,
  stall,
} from "../../case.ts";
import { opaqueFailure } from "./degraded.ts";
import { iterable, stream } from "./sources.ts";

const phased = { failureDetail: "phased" } as const;
const resend = { failureDetail: "phased", connectionInfo: "exposed" } as const;

/**
 * Without facts about the connection nobody can know that it was an old one. A platform whose pool is its own affair may
 * know, and send again by itself.
 */
const lostUnseen = (first: Call, second: Call, answers: Script): Otherwise =>
  expects(
    { facts: { ended: oneOf(200, "ERR_DISCONNECTED", "ERR_NETWORK", "ERR_UNSUPPORTED") } },
    {
      origin: [...(answers as readonly Answer[]), always(respond(200, [], "b"))],
      async perform(kit) {
        await kit.call(first);
        const { error, status } = await kit.call(second);
        const { arrivals } = await kit.origin.ledger();
        const sent = arrivals.length - 1;
        kit.check(
          sent <= 1 || kit.capabilities.connectionPool === "hidden",
          "the request to be sent once",
        );
        kit.note("ended", error?.code ?? status);
      },
    },
  );

const get = (url: string): Call => call("GET", url);

/** A kept-alive connection that dies with the second request, before a byte of its response. */
const dies = [
  ["fin", close()],
  ["rst", reset()],
] as const;

/** Cases of `transport/truncation` about connections. */
export const disconnectCases: readonly Case[] = [
  defineCase({
    id: "transport/truncation/connection-refused",
    title: "a connection that is refused is a ConnectError, and nothing was sent",
    level: "must",
    catalogue: ["F-CON-01"],
    requires: phased,
    otherwise: opaqueFailure,
    doors: { gone: refused() },
    session: { allowOtherOrigins: true },
    origin: [],
    perform: call("POST", "{gone}a", { body: "x" }),
    expect: {
      error: {
        name: "ConnectError",
        code: "ERR_CONNECT_REFUSED",
        phase: "connect",
        requestSent: "no",
        retryable: true,
      },
      connections: 0,
    },
    hint: "check that the code of the system's error is looked at, in an AggregateError too",
  }),
  ...dies.map(([ending, end]) =>
    defineCase({
      id: `transport/truncation/${ending}-right-after-accept`,
      title: `a connection that is accepted and lost at once (${ending}) has no response`,
      level: "must",
      catalogue: ["F-CON-02"],
      requires: phased,
      otherwise: opaqueFailure,
      doors: { main: greeting(end) },
      // The request may or may not have been read by then.
      origin: [always(stall())],
      perform: call("POST", "a", { body: "x" }),
      expect: {
        error: {
          name: oneOf("DisconnectedError", "ConnectError"),
          code: oneOf("ERR_DISCONNECTED", "ERR_CONNECT_RESET"),
          requestSent: oneOf("maybe", "no"),
        },
        connections: 1,
      },
      hint: "check that the call is not sent again by itself, and says whether it can have arrived",
    }),
  ),
  defineCase({
    id: "transport/truncation/reset-while-content-is-sent",
    title: "a reset while request content is being sent is a lost connection",
    level: "must",
    catalogue: ["F-REQ-01", "F-REQ-02"],
    requires: phased,
    otherwise: opaqueFailure,
    origin: [afterHead(reset())],
    async perform(kit) {
      const body = new Uint8Array(16_000_000);
      return kit.call(call("PUT", "a", { body }));
    },
    expect: {
      error: {
        name: "DisconnectedError",
        code: "ERR_DISCONNECTED",
        requestSent: "maybe",
        retryable: true,
      },
      arrivals: [{ method: "PUT" }],
      connections: 1,
    },
    hint: "check that EPIPE and ECONNRESET are one failure, and PUT is not sent again by itself",
  }),
  defineCase({
    id: "transport/truncation/source-is-told",
    title: "when the connection is lost while a stream is sent, its source is told to stop",
    level: "must",
    catalogue: ["F-REQ-01"],
    requires: { failureDetail: "phased", requestStreaming: "half-duplex" },
    otherwise: expects(
      { error: { code: oneOf("ERR_UNSUPPORTED", "ERR_NETWORK") } },
      { perform: call("POST", "a", () => ({ body: iterable("a") })), origin: [always(reset())] },
    ),
    origin: [afterHead(reset())],
    async perform(kit) {
      const told = Promise.withResolvers<string>();
      async function* pieces(): AsyncGenerator<Uint8Array, void> {
        try {
          for (;;) yield new Uint8Array(65_536);
        } finally {
          told.resolve("told");
        }
      }
      const seen = await kit.call(call("POST", "a", { body: pieces() }));
      kit.note("source", await kit.within(2000, told.promise, "the source to be told"));
      return seen;
    },
    expect: {
      error: { name: "DisconnectedError", code: "ERR_DISCONNECTED" },
      facts: { source: "told" },
    },
    hint: "check that the iterator's return() is called",
  }),
  defineCase({
    id: "transport/truncation/early-response-wins",
    title: "a response that comes while content is still being sent is the answer",
    level: "must",
    spec: ["RFC 9112 §9.5"],
    catalogue: ["F-REQ-02"],
    origin: [afterHead(respond(413, [["connection", "close"]], "too large"))],
    async perform(kit) {
      const body = new Uint8Array(4_000_000);
      return kit.call(call("POST", "a", { body, throwHttpErrors: false }));
    },
    expect: { status: 413, content: "too large" },
    hint: "check that a failure to write does not hide the response",
  }),
  ...dies.map(([ending, end]) =>
    defineCase({
      id: `transport/truncation/stale-get-is-sent-again-${ending}`,
      title: `a GET whose kept-alive connection turns out dead (${ending}) is sent once more, on a new one`,
      level: "should",
      spec: ["RFC 9110 §9.2.2", "RFC 9112 §9.3.1"],
      catalogue: ["F-KA-02"],
      requires: resend,
      otherwise: lostUnseen(get("a"), get("b"), [respond(200, [], "a"), end]),
      origin: [respond(200, [], "a"), end, respond(200, [], "b")],
      perform: [call("GET", "a"), call("GET", "b")],
      expect: {
        calls: [
          { status: 200, content: "a" },
          { status: 200, content: "b" },
        ],
        arrivals: [
          { path: "a", connection: 1 },
          { path: "b", connection: 1 },
          { path: "b", connection: 2 },
        ],
      },
      hint: "check that the transport tells a connection that had served before: ERR_DISCONNECTED_IDLE",
    }),
  ),
  defineCase({
    id: "transport/truncation/stale-put-is-sent-again-whole",
    title: "a PUT on a dead kept-alive connection is sent once more with all its content",
    level: "should",
    spec: ["RFC 9110 §9.2.2"],
    catalogue: ["F-KA-02", "F-RTY-01"],
    requires: resend,
    otherwise: lostUnseen(get("a"), call("PUT", "b", { body: "content" }), [
      respond(200, [], "a"),
      close(),
    ]),
    origin: [respond(200, [], "a"), close(), respond(200, [], "b")],
    perform: [call("GET", "a"), call("PUT", "b", { body: "content" })],
    expect: {
      calls: [
        { status: 200, content: "a" },
        { status: 200, content: "b" },
      ],
      arrivals: [
        { path: "a" },
        { path: "b", connection: 1 },
        { path: "b", connection: 2, content: "content", complete: true },
      ],
    },
    hint: "check that the content is opened anew",
  }),
  ...(
    [
      ["post", "POST is not idempotent", call("POST", "b", { body: "x" })],
      [
        "one-shot-content",
        "its content can be sent only once",
        call("PUT", "b", () => ({ body: stream("x") })),
      ],
      ["retry-false", "retry is false", call("GET", "b", { retry: false })],
    ] as const
  ).map(([name, why, second]) =>
    defineCase({
      id: `transport/truncation/stale-is-not-sent-again-${name}`,
      title: `a request on a dead kept-alive connection is not sent again if ${why}`,
      level: "must",
      spec: ["RFC 9110 §9.2.2"],
      catalogue: ["F-KA-02", "F-RTY-01"],
      requires: resend,
      otherwise: lostUnseen(get("a"), second, [respond(200, [], "a"), close()]),
      origin: [respond(200, [], "a"), close()],
      perform: [call("GET", "a"), second],
      expect: {
        calls: [
          { status: 200, content: "a" },
          {
            error: {
              name: "DisconnectedError",
              code: "ERR_DISCONNECTED_IDLE",
              requestSent: "maybe",
              // The caller may do what nobody did of themselves, if the request is of a kind that bears it.
              retryable: second.method === "GET",
            },
          },
        ],
        arrivals: [{ connection: 1 }, { path: "b", connection: 1 }],
      },
      hint: "check that nothing below core sends again by itself",
    }),
  ),
  defineCase({
    id: "transport/truncation/stale-is-sent-again-once",
    title: "a request is sent again once; the next loss is an error",
    level: "must",
    catalogue: ["F-KA-02"],
    requires: resend,
    otherwise: lostUnseen(get("a"), get("b"), [respond(200, [], "a"), close()]),
    origin: [respond(200, [], "a"), close(), close()],
    perform: [call("GET", "a"), call("GET", "b")],
    expect: {
      calls: [{ status: 200, content: "a" }, { error: { code: "ERR_DISCONNECTED" } }],
      arrivals: [
        { path: "a", connection: 1 },
        { path: "b", connection: 1 },
        { path: "b", connection: 2 },
      ],
    },
    hint: "check that a new connection is not taken for a stale one",
  }),
  defineCase({
    id: "transport/truncation/fresh-is-not-sent-again",
    title: "a GET whose new connection is lost is not sent again by itself",
    level: "must",
    catalogue: ["F-CON-02"],
    requires: phased,
    otherwise: opaqueFailure,
    origin: [close()],
    perform: call("GET", "a"),
    expect: {
      error: { code: "ERR_DISCONNECTED", requestSent: "maybe", retryable: true },
      arrivals: 1,
    },
    hint: "check that the library does not retry by itself",
  }),
  defineCase({
    id: "transport/truncation/answered-is-not-sent-again",
    title: "a request whose response had begun is not sent again, on whatever connection",
    level: "must",
    spec: ["RFC 9112 §9.3.1"],
    catalogue: ["F-KA-02"],
    requires: resend,
    otherwise: lostUnseen(get("a"), get("b"), [
      respond(200, [], "a"),
      sequence(raw("HTTP/1.1 20"), close()),
    ]),
    origin: [respond(200, [], "a"), sequence(raw("HTTP/1.1 20"), close())],
    perform: [call("GET", "a"), call("GET", "b")],
    expect: {
      calls: [
        { status: 200, content: "a" },
        { error: { code: "ERR_DISCONNECTED", requestSent: "yes" } },
      ],
      arrivals: [{ connection: 1 }, { path: "b", connection: 1 }],
    },
    hint: "check that a byte of the response is enough",
  }),
];
