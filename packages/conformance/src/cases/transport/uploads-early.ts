/* Final responses that come before the request content has been sent whole (ids `transport/uploads/early-…`). */

import {
  afterHead,
  always,
  atMost,
  call,
  type CallOptions,
  type Case,
  chunk,
  close,
  content,
  defineCase,
  expects,
  filler,
  fillerBytes,
  head,
  lastChunk,
  oneOf,
  pause,
  refuses,
  reset,
  respond,
  sequence,
  stopReading,
  toBytes,
} from "../../case.ts";
import { retry } from "../session/retry-parts.ts";

const streaming = {
  requires: { requestStreaming: "half-duplex" },
  otherwise: refuses("requestStreaming", "body"),
} as const;
const size = 32_000_000;
const piece = toBytes(filler(130_000));

/** Content that can be sent once, has no end, and counts. */
class Endless implements AsyncIterable<Uint8Array> {
  asked = 0;
  returned = 0;
  readonly #pieces: number;

  /** @param pieces How many come at once; then it is silent. */
  constructor(pieces = Infinity) {
    this.#pieces = pieces;
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return {
      next: () =>
        ++this.asked > this.#pieces
          ? new Promise(() => undefined)
          : Promise.resolve({ done: false, value: piece }),
      return: () => {
        this.returned++;
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  }
}

const lengths: CallOptions = { headers: { "content-length": "1000000000000" } };

/** Content that no connection takes before the server reads. */
const kinds: readonly (readonly [name: string, options: () => CallOptions, streams: boolean])[] = [
  ["bytes", () => ({ body: fillerBytes(size) }), false],
  ["blob", () => ({ body: new Blob([fillerBytes(size)]) }), false],
  ["a-stream", () => ({ body: new Endless() }), true],
  ["a-stream-with-length", () => ({ body: new Endless(), ...lengths }), true],
  ["a-stream-that-is-silent", () => ({ body: new Endless(1) }), true],
  [
    "a-web-stream",
    () => ({
      body: new ReadableStream<Uint8Array>(
        { pull: (to) => to.enqueue(piece.slice()) },
        { highWaterMark: 0 },
      ),
    }),
    true,
  ],
];

const text = "enough";

/**
 * A connection that closes while content waits for it is reset, which may take the response from the client's own buffer
 * (RFC 9112 §9.6).
 */
const linger = pause(100);

/** How the response ends, and what becomes of the connection. */
const endings: readonly (readonly [
  name: string,
  what: string,
  answer: ReturnType<typeof sequence>,
])[] = [
  [
    "keep-alive",
    "on a connection that would be kept",
    afterHead(stopReading(), respond(413, [], text)),
  ],
  [
    "close",
    "behind which the connection ends",
    afterHead(stopReading(), respond(413, [["connection", "close"]], text), linger, close()),
  ],
  [
    "chunked",
    "in chunks",
    afterHead(
      stopReading(),
      head(413, [["transfer-encoding", "chunked"]]),
      chunk(text.slice(0, 3)),
      pause(50),
      chunk(text.slice(3)),
      lastChunk(),
    ),
  ],
  [
    "without-length",
    "up to the end of the connection",
    afterHead(stopReading(), head(413), content(text), linger, close()),
  ],
  [
    "reset",
    "behind which the connection is reset",
    afterHead(stopReading(), respond(413, [["connection", "close"]], text), linger, reset()),
  ],
  ["while-it-reads", "while the server reads on", afterHead(respond(413, [], text))],
];

/** What a platform that fails at once when it cannot write loses now and then: all of it, or the content. */
const lossy: ReadonlySet<string> = new Set(["close", "reset", "without-length"]);

/** Statuses of which each leads elsewhere. */
const statuses = [200, 201, 204, 304, 400, 401, 404, 500, 503] as const;

/** Cases of `transport/uploads` about early responses. */
export const uploadEarlyCases: readonly Case[] = [
  ...kinds.flatMap(([name, options, streams]) =>
    endings.map(([ending, what, answer]) =>
      defineCase({
        id: `transport/uploads/early-${ending}-to-${name.replace(/^a-/, "")}`,
        title: `a response before the content (${name}) is sent, ${what}, is the answer, and its connection serves no other`,
        level: "must",
        spec: ["RFC 9112 §9.3", "RFC 9112 §9.5"],
        catalogue: ["F-REQ-02", "F-REQ-07"],
        ...(streams && streaming),
        ...(lossy.has(ending) && {
          requires: {
            connectionPool: "visible" as const,
            ...(streams && { requestStreaming: "half-duplex" as const }),
          },
          otherwise: expects(
            {
              facts: {
                outcome: oneOf(
                  "413",
                  "ERR_CONTENT_TRUNCATED",
                  "ERR_DISCONNECTED",
                  "ERR_NETWORK",
                  "ERR_UNSUPPORTED",
                ),
              },
            },
            {
              origin: [always(answer)],
              async perform(kit) {
                const { status, error } = await kit.call(
                  call("POST", "a", () => ({ ...options(), throwHttpErrors: false })),
                );
                kit.note("outcome", error?.code ?? String(status));
              },
            },
          ),
        }),
        session: { limits: { concurrency: 1 } },
        origin: { a: [answer], b: [respond(200, [], "next")] },
        perform: [
          call("POST", "a", () => ({ ...options(), throwHttpErrors: false })),
          call("GET", "b"),
        ],
        expect: {
          calls: [
            { status: 413, content: text },
            { status: 200, content: "next" },
          ],
          arrivals: [
            // A server that reads on may have got all of what has an end.
            { path: "a", ...(ending !== "while-it-reads" && { complete: false }) },
            { path: "b", content: "", ...(ending !== "while-it-reads" && { connection: 2 }) },
          ],
        },
        hint: "check that the upload stops with the head of the response, and the response is read all the same",
      }),
    ),
  ),
  ...(
    [
      ["a-stream", () => new Endless()],
      ["a-stream-that-is-silent", () => new Endless(1)],
    ] as const
  ).flatMap(([name, make]) =>
    (
      [
        ["a-response", 200],
        ["an-error", 500],
      ] as const
    ).map(([answer, status]) =>
      defineCase({
        id: `transport/uploads/early-${answer.replace(/^an?-/, "")}-closes-${name.replace(/^a-/, "")}`,
        title: `the source of content (${name}) must be closed once, and asked no more, when ${answer.replace("-", " ")} has come`,
        level: "must",
        catalogue: ["F-REQ-02"],
        ...streaming,
        origin: [
          afterHead(
            head(status, [["content-length", "6"]]),
            content("123"),
            pause(400),
            content("456"),
          ),
        ],
        async perform(kit) {
          const body = make();
          let atHead = -1;
          let later = -1;
          const seen = await kit.observe(
            () => kit.session.post("a", { body: body as never, throwHttpErrors: false }),
            async (response) => {
              await new Promise((resolve) => setTimeout(resolve, 100));
              atHead = body.asked;
              const whole = await response.text();
              later = body.asked;
              return whole;
            },
          );
          kit.note("returned", body.returned);
          kit.note("askedOn", later - atHead);
          return seen;
        },
        expect: {
          status,
          content: "123456",
          facts: { returned: 1, askedOn: 0 },
          arrivals: [{ complete: false }],
        },
        exclusive: true,
        hint: "check that return() of the source is called when the head comes, not when the response is over",
      }),
    ),
  ),
  ...statuses.map((status) =>
    defineCase({
      id: `transport/uploads/early-status-${status}`,
      title: `a ${status} response before the content is sent is the answer, whatever its status`,
      level: "must",
      spec: ["RFC 9112 §9.5"],
      catalogue: ["F-REQ-02"],
      ...streaming,
      session: { limits: { concurrency: 1 } },
      origin: { a: [afterHead(stopReading(), respond(status))], b: [respond(200, [], "next")] },
      perform: [
        call("PUT", "a", () => ({ body: new Endless(), throwHttpErrors: false })),
        call("GET", "b"),
      ],
      expect: {
        calls: [
          { status, content: "" },
          { status: 200, content: "next" },
        ],
        arrivals: [
          { path: "a", complete: false },
          { path: "b", connection: 2 },
        ],
      },
      hint: "check that responses without content end the exchange as well",
    }),
  ),
  ...([307, 308] as const).flatMap((status) => [
    ...(
      [
        ["bytes", () => ({ body: fillerBytes(size) }), false],
        ["blob", () => ({ body: new Blob([fillerBytes(size)]) }), false],
        ["a-function", () => ({ body: () => new Blob([fillerBytes(size)]).stream() }), true],
      ] as const
    ).map(([name, options, streams]) =>
      defineCase({
        id: `transport/uploads/early-${status}-with-${name.replace(/^a-/, "")}`,
        title: `a ${status} redirect before the content (${name}) is sent must be followed with all of it`,
        level: "must",
        spec: ["RFC 9110 §15.4"],
        catalogue: ["F-REQ-02"],
        requires: {
          redirects: "visible",
          ...(streams && { requestStreaming: "half-duplex" as const }),
        },
        otherwise: { kind: "not-applicable", capability: "redirects" },
        origin: {
          a: [afterHead(stopReading(), respond(status, [["location", "b"]]))],
          b: [respond(200, [], "taken")],
        },
        perform: call("POST", "a", options),
        expect: {
          status: 200,
          content: "taken",
          arrivals: [
            { path: "a", complete: false, connection: 1 },
            { path: "b", contentLength: size, filler: true, complete: true, connection: 2 },
          ],
        },
        hint: "check that the second request begins at the beginning, on another connection",
      }),
    ),
    defineCase({
      id: `transport/uploads/early-${status}-with-content-that-was-begun`,
      title: `a ${status} redirect before content that can be sent once is sent must fail: it was begun`,
      level: "must",
      spec: ["RFC 9110 §15.4"],
      catalogue: ["F-REQ-02"],
      requires: { redirects: "visible", requestStreaming: "half-duplex" },
      otherwise: { kind: "not-applicable", capability: "redirects" },
      origin: [afterHead(stopReading(), respond(status, [["location", "b"]]))],
      async perform(kit) {
        const body = new Endless();
        const seen = await kit.call(call("POST", "a", { body }));
        kit.note("returned", body.returned);
        return seen;
      },
      expect: {
        error: { name: "RedirectError", code: "ERR_REDIRECT_REPLAY" },
        facts: { returned: 1 },
        arrivals: [{ complete: false }],
      },
      hint: "check that what has been begun is not taken for whole",
    }),
  ]),
  defineCase({
    id: "transport/uploads/early-303-with-a-stream",
    title: "a 303 redirect before the content is sent must be followed without it",
    level: "must",
    spec: ["RFC 9110 §15.4.4"],
    catalogue: ["F-REQ-02"],
    requires: { redirects: "visible", requestStreaming: "half-duplex" },
    otherwise: { kind: "not-applicable", capability: "redirects" },
    origin: {
      a: [afterHead(stopReading(), respond(303, [["location", "b"]]))],
      b: [respond(200, [], "seen")],
    },
    perform: call("POST", "a", () => ({ body: new Endless() })),
    expect: {
      status: 200,
      content: "seen",
      arrivals: [
        { path: "a", complete: false },
        { path: "b", method: "GET", framing: "none", connection: 2 },
      ],
    },
    hint: "check that the rest of the upload is given up, and nobody waits for it",
  }),
  defineCase({
    id: "transport/uploads/early-503-is-retried",
    title: "a 503 response before the content is sent may be retried with all of it",
    level: "must",
    catalogue: ["F-REQ-02"],
    origin: [afterHead(stopReading(), respond(503)), respond(200, [], "taken")],
    perform: call("PUT", "a", () => ({ body: fillerBytes(size), ...retry(2) })),
    expect: {
      status: 200,
      content: "taken",
      arrivals: [
        { complete: false, connection: 1 },
        { contentLength: size, filler: true, complete: true, connection: 2 },
      ],
    },
    hint: "check that the second request begins at the beginning, on another connection",
  }),
  defineCase({
    id: "transport/uploads/early-large-response",
    title: "a long response before the content is sent must be delivered whole",
    level: "must",
    catalogue: ["F-REQ-02"],
    ...streaming,
    origin: [afterHead(stopReading(), respond(200, [], filler(3_000_000)))],
    perform: call("POST", "a", () => ({ body: new Endless() })),
    expect: { status: 200, content: filler(3_000_000), arrivals: [{ complete: false }] },
    hint: "check that what is given up is the upload, not the response",
  }),
  defineCase({
    id: "transport/uploads/early-response-nobody-reads",
    title: "an early response that is discarded must end its exchange at once",
    level: "must",
    catalogue: ["F-REQ-02"],
    ...streaming,
    session: { limits: { concurrency: 1 } },
    origin: {
      a: [afterHead(stopReading(), head(200, [["content-length", "10"]]), content("123"))],
      b: [respond(200, [], "next")],
    },
    perform: [call("POST", "a", () => ({ body: new Endless() }), "discard"), call("GET", "b")],
    expect: {
      calls: [{ status: 200 }, { status: 200, content: "next" }],
      arrivals: [{ complete: false }, { path: "b", connection: 2 }],
    },
    hint: "check that both directions are given up",
  }),
  defineCase({
    id: "transport/uploads/early-response-behind-103",
    title: "an informational response must not stop the upload, and the final one must",
    level: "must",
    spec: ["RFC 9110 §15.2"],
    catalogue: ["F-REQ-02", "F-HDR-04"],
    ...streaming,
    origin: [
      sequence(
        afterHead(head(103), pause(100), head(102), pause(100)),
        afterHead(respond(413, [], text)),
      ),
    ],
    async perform(kit) {
      const body = new Endless();
      const seen = await kit.call(call("POST", "a", { body, throwHttpErrors: false }));
      kit.note("returned", body.returned);
      return seen;
    },
    expect: {
      status: 413,
      content: text,
      facts: { returned: atMost(1) },
      arrivals: [{ complete: false }],
    },
    hint: "check that only final responses end an upload",
  }),
];
