/* Requests that ask first (`expect: 100-continue`, RFC 9110 §10.1.1): what is held back, for how long, and what else may come. */

import type { HttpRequest, HttpResponse } from "@anyhttp/core";
import {
  absent,
  afterContent,
  afterHead,
  atMost,
  between,
  call,
  type CallOptions,
  type Case,
  close,
  defineCase,
  expects,
  filler,
  gate,
  head,
  type Kit,
  oneOf,
  pause,
  plain,
  raw,
  reset,
  respond,
  sequence,
  stall,
  toBytes,
} from "../../case.ts";
import { iterable, stream } from "../transport/sources.ts";
import { retry } from "./retry-parts.ts";

/** Where it cannot be done, it is refused, whatever comes of it elsewhere. */
const otherwise = expects(
  {
    error: {
      name: "UnsupportedError",
      code: "ERR_UNSUPPORTED",
      requestSent: "no",
      fields: { option: "expectContinue", capability: "expectContinue" },
    },
    arrivals: [],
  },
  { origin: [], perform: call("POST", "a", { body: "content", expectContinue: true }) },
);
const waits = { requires: { expectContinue: "waits" }, otherwise } as const;
const asking = { expectContinue: 5_000 } as const;
const asked = { expect: "100-continue" } as const;
const spec = ["RFC 9110 §10.1.1"] as const;
const catalogue = ["F-REQ-05"] as const;

/** Content that can be sent once, and counts how often it is begun and closed. */
class Once implements AsyncIterable<string> {
  begun = 0;
  closed = 0;
  readonly #pieces: string[];

  constructor(...pieces: string[]) {
    this.#pieces = pieces;
  }

  [Symbol.asyncIterator](): AsyncIterator<string> {
    return {
      next: () => {
        this.begun++;
        const value = this.#pieces.shift();
        return Promise.resolve(
          value === undefined ? { done: true, value: undefined } : { done: false, value },
        );
      },
      return: () => {
        this.closed++;
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  }
}

function form(): FormData {
  const data = new FormData();
  data.append("name", "value");
  data.append("file", new Blob([filler(3_000)]), "a.txt");
  return data;
}

const kinds: readonly (readonly [name: string, options: () => CallOptions, length?: number])[] = [
  ["text", () => ({ body: "grüße" }), 7],
  ["bytes", () => ({ body: toBytes(filler(70_000)) }), 70_000],
  ["blob", () => ({ body: new Blob([filler(70_000)]) }), 70_000],
  ["json", () => ({ json: { a: 1 } }), 7],
  ["form", () => ({ form: { a: "1" } }), 3],
  ["multipart", () => ({ multipart: form() })],
  ["an-iterable", () => ({ body: iterable("ab", "cd") }), 4],
  ["a-stream", () => ({ body: stream("ab", "cd") }), 4],
  [
    "a-stream-with-length",
    () => ({ body: stream("ab", "cd"), headers: { "content-length": "4" } }),
    4,
  ],
  ["a-function", () => ({ body: () => iterable("ab", "cd") }), 4],
  [
    "a-large-stream",
    () => ({ body: stream(...Array<string>(40).fill(filler(26_000))) }),
    1_040_000,
  ],
];

/** Final responses that may come instead of 100. */
const finals = [200, 204, 400, 401, 403, 404, 413, 500, 503] as const;

/** Sends content that counts, and notes what became of it. */
async function sendOnce(kit: Kit, options: CallOptions, method = "PUT"): Promise<unknown> {
  const body = new Once("ab", "cd");
  const seen = await kit.call(call(method, "a", { ...asking, body, ...options }));
  kit.note("begun", body.begun);
  kit.note("closed", body.closed);
  return seen;
}

/** Asks for credentials once more after 401. */
const again = {
  name: "again",
  origin: null,
  authorize: () => "Own x",
  answered: (_: HttpRequest, { status }: HttpResponse) => status === 401,
};

/** What goes wrong after 100, or instead of it. */
const broken: readonly (readonly [
  name: string,
  what: string,
  answer: ReturnType<typeof sequence>,
  code: string,
])[] = [
  [
    "closed-after-100",
    "the end of the connection behind 100",
    afterHead(head(100), close()),
    "ERR_DISCONNECTED",
  ],
  ["reset-after-100", "a reset behind 100", afterHead(head(100), reset()), "ERR_DISCONNECTED"],
  [
    "closed-after-the-content",
    "the end of the connection behind 100 and the content",
    sequence(afterHead(head(100)), afterContent(), close()),
    "ERR_DISCONNECTED",
  ],
  [
    "closed-instead-of-100",
    "the end of the connection instead of 100",
    afterHead(close()),
    "ERR_DISCONNECTED",
  ],
  ["reset-instead-of-100", "a reset instead of 100", afterHead(reset()), "ERR_DISCONNECTED"],
  [
    "garbage-after-100",
    "what is no HTTP behind 100",
    afterHead(head(100), raw("what?\r\n\r\n"), close()),
    "ERR_PROTOCOL_HEAD",
  ],
  [
    "half-a-100",
    "the end of the connection within the 100 response",
    afterHead(raw("HTTP/1.1 100 Cont"), close()),
    "ERR_DISCONNECTED",
  ],
];

/** Cases of `session/expect`. */
export const expectCases: readonly Case[] = [
  ...kinds.map(([name, options, length]) =>
    defineCase({
      id: `session/expect/held-until-100-${name.replace(/^an?-/, "")}`,
      title: `content (${name}) must not be sent before 100, and be sent whole then`,
      level: "must",
      spec,
      catalogue,
      ...waits,
      origin: [sequence(afterHead(gate("go"), head(100)), respond(201, [], "made"))],
      async perform(kit) {
        const seen = kit.call(call("POST", "a", () => ({ ...options(), ...asking })));
        await kit.origin.arrived(1);
        await kit.neverWithin(100, kit.origin.completed(1), "the content before it is asked for");
        const { arrivals } = await kit.origin.ledger();
        kit.note("early", arrivals[0]?.contentLength);
        await kit.origin.open("go");
        return seen;
      },
      expect: {
        status: 201,
        content: "made",
        facts: { early: 0 },
        arrivals: [
          { fields: asked, complete: true, ...(length !== undefined && { contentLength: length }) },
        ],
      },
      hint: "check that the head is sent by itself, and the first piece asked for behind it",
    }),
  ),
  defineCase({
    id: "session/expect/without-content",
    title: "a request without content must not expect anything",
    level: "must",
    spec,
    catalogue,
    session: { expectContinue: true },
    origin: [respond(200), respond(200), respond(200)],
    perform: [call("GET", "a"), call("HEAD", "a"), call("DELETE", "a")],
    expect: {
      calls: [{ status: 200 }, { status: 200 }, { status: 200 }],
      arrivals: [
        { fields: { expect: absent } },
        { fields: { expect: absent } },
        { fields: { expect: absent } },
      ],
    },
    hint: "check that the option is for requests with content",
  }),
  defineCase({
    id: "session/expect/empty-content",
    title: "a request with empty content must not expect anything",
    level: "must",
    spec,
    catalogue,
    ...waits,
    origin: [respond(200), respond(200)],
    perform: [
      call("POST", "a", { ...asking, body: "" }),
      call("POST", "a", () => ({ ...asking, body: new Blob([]) })),
    ],
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: [
        { fields: { expect: absent, "content-length": "0" } },
        { fields: { expect: absent, "content-length": "0" } },
      ],
    },
    hint: "check that there is something to wait for",
  }),
  defineCase({
    id: "session/expect/of-the-session",
    title: "expectContinue of a session holds for its calls, and false of a call switches it off",
    level: "must",
    catalogue,
    ...waits,
    session: asking,
    origin: [sequence(afterHead(head(100)), respond(200)), respond(200)],
    perform: [
      call("PUT", "a", { body: "x" }),
      call("PUT", "b", { body: "x", expectContinue: false }),
    ],
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: [
        { fields: asked, content: "x", connection: 1 },
        { fields: { expect: absent }, content: "x", connection: 1 },
      ],
    },
    hint: "check that the option is merged like others, and that the connection is kept",
  }),
  ...(
    [
      ["a-number", 300, between(290, 900)],
      ["true", true, between(990, 1_700)],
    ] as const
  ).map(([name, expectContinue, after]) =>
    defineCase({
      id: `session/expect/wait-is-over-${name}`,
      title: `content must be sent when the wait (${name}) is over, as servers may ignore the field`,
      level: "must",
      spec,
      catalogue,
      ...waits,
      origin: [respond(200, [], "done")],
      perform: call("POST", "a", { body: "content", expectContinue }),
      expect: {
        status: 200,
        content: "done",
        after,
        arrivals: [{ fields: asked, content: "content" }],
      },
      exclusive: true,
      hint: "check that the wait begins when the head is sent, and ends",
    }),
  ),
  ...finals.map((status) =>
    defineCase({
      id: `session/expect/final-${status}-instead`,
      title: `a ${status} response instead of 100 is the answer: the content is not begun, and the connection not used again`,
      level: "must",
      spec,
      catalogue,
      ...waits,
      session: { limits: { concurrency: 1 } },
      origin: [afterHead(respond(status, [])), respond(200, [], "next")],
      async perform(kit) {
        const seen = await sendOnce(kit, { throwHttpErrors: false });
        return [seen as never, await kit.call(call("GET", "b"))];
      },
      expect: {
        calls: [
          { status, content: "" },
          { status: 200, content: "next" },
        ],
        facts: { begun: 0, closed: 1 },
        arrivals: [
          { fields: asked, content: "", complete: false, connection: 1 },
          { path: "b", content: "", connection: 2 },
        ],
      },
      hint: "check that nothing is asked of the source, that it is closed, and the connection too",
    }),
  ),
  defineCase({
    id: "session/expect/final-with-content-instead",
    title: "a final response instead of 100 is delivered whole, though the connection is given up",
    level: "must",
    spec,
    catalogue,
    ...waits,
    origin: [afterHead(respond(413, [["connection", "close"]], filler(300_000)), close())],
    perform: call("POST", "a", { ...asking, body: "content", throwHttpErrors: false }),
    expect: { status: 413, content: filler(300_000), arrivals: [{ content: "", complete: false }] },
    hint: "check that the connection is closed behind the response, not within it",
  }),
  defineCase({
    id: "session/expect/status-error-instead",
    title: "a final response of 400 or above instead of 100 rejects like any other",
    level: "must",
    catalogue,
    ...waits,
    origin: [afterHead(respond(403, [], "no"))],
    perform: (kit) => sendOnce(kit, {}) as never,
    expect: {
      status: 403,
      error: { code: "ERR_STATUS", requestSent: "yes" },
      facts: { begun: 0, closed: 1 },
      arrivals: [{ content: "", complete: false }],
    },
    hint: "check that the policy about statuses stands outside",
  }),
  ...(
    [
      [
        "a-stream",
        (told: () => void) =>
          new ReadableStream<Uint8Array>(
            { pull: () => new Promise(() => undefined), cancel: told },
            { highWaterMark: 0 },
          ),
      ],
      [
        "a-function",
        (told: () => void) => () => {
          const source = new Once("ab");
          source[Symbol.asyncIterator] = () => ({
            next: () => new Promise(() => undefined),
            return: () => {
              told();
              return Promise.resolve({ done: true, value: undefined });
            },
          });
          return source;
        },
      ],
    ] as const
  ).map(([name, body]) =>
    defineCase({
      id: `session/expect/closes-${name.replace(/^a-/, "")}-that-is-not-wanted`,
      title: `content (${name}) that nobody wants must be closed when the call is over`,
      level: "must",
      catalogue,
      ...waits,
      origin: [afterHead(respond(413))],
      async perform(kit) {
        const closed = Promise.withResolvers<void>();
        const seen = await kit.call(
          call("PUT", "a", { ...asking, body: body(closed.resolve), throwHttpErrors: false }),
        );
        await kit.within(1_000, closed.promise, "the content to be closed");
        return seen;
      },
      expect: { status: 413, arrivals: [{ content: "", complete: false }] },
      hint: "check that what was opened for nothing is closed",
    }),
  ),
  ...([307, 308] as const).map((status) =>
    defineCase({
      id: `session/expect/redirect-${status}-instead`,
      title: `a ${status} redirect instead of 100 must be followed with content that can be sent once: nothing of it was sent`,
      level: "must",
      spec: [...spec, "RFC 9110 §15.4"],
      catalogue,
      ...waits,
      doors: { other: plain() },
      origin: {
        a: [afterHead(respond(status, [["location", "{other}b"]]))],
        b: [sequence(afterHead(head(100)), respond(200, [], "taken"))],
      },
      perform: (kit) => sendOnce(kit, {}) as never,
      expect: {
        status: 200,
        content: "taken",
        facts: { begun: 3, closed: 0 },
        arrivals: [
          { path: "a", fields: asked, content: "", complete: false },
          {
            path: "b",
            door: "other",
            method: "PUT",
            fields: asked,
            content: "abcd",
            complete: true,
          },
        ],
      },
      hint: "check that content which was never begun counts as whole",
    }),
  ),
  defineCase({
    id: "session/expect/redirect-303-instead",
    title: "a 303 redirect instead of 100 is followed without content, which is closed",
    level: "must",
    catalogue,
    ...waits,
    origin: [afterHead(respond(303, [["location", "b"]])), respond(200)],
    perform: (kit) => sendOnce(kit, {}) as never,
    expect: {
      status: 200,
      facts: { begun: 0, closed: 1 },
      arrivals: [
        { path: "a", content: "", complete: false },
        { path: "b", method: "GET", fields: { expect: absent }, framing: "none" },
      ],
    },
    hint: "check that expectations go with the content",
  }),
  defineCase({
    id: "session/expect/credentials-after-401",
    title:
      "a request that is refused with 401 instead of 100 must be sent once more, with content that can be sent once",
    level: "must",
    spec: [...spec, "RFC 9110 §11.6.1"],
    catalogue,
    ...waits,
    origin: [afterHead(respond(401)), sequence(afterHead(head(100)), respond(200))],
    perform: (kit) => sendOnce(kit, { auth: again }) as never,
    expect: {
      status: 200,
      facts: { begun: 3, closed: 0 },
      arrivals: [
        { fields: asked, content: "", complete: false },
        { fields: asked, content: "abcd", complete: true },
      ],
    },
    hint: "check that an attempt which sent no content leaves it for the next",
  }),
  defineCase({
    id: "session/expect/retry-after-503",
    title:
      "a request that is refused with 503 instead of 100 may be sent again, with content that can be sent once",
    level: "must",
    catalogue,
    ...waits,
    origin: [afterHead(respond(503)), sequence(afterHead(head(100)), respond(200))],
    perform: (kit) => sendOnce(kit, retry(2)) as never,
    expect: {
      status: 200,
      facts: { begun: 3, closed: 0 },
      arrivals: [
        { content: "", complete: false },
        { content: "abcd", complete: true },
      ],
    },
    hint: "check that an attempt which sent no content leaves it for the next",
  }),
  defineCase({
    id: "session/expect/retry-after-a-lost-connection",
    title:
      "a request whose connection is lost instead of 100 may be sent again, with content that can be sent once",
    level: "must",
    catalogue,
    ...waits,
    origin: [afterHead(reset()), sequence(afterHead(head(100)), respond(200))],
    perform: (kit) => sendOnce(kit, retry(2)) as never,
    expect: {
      status: 200,
      facts: { begun: 3, closed: 0 },
      arrivals: [
        { content: "", complete: false },
        { content: "abcd", complete: true },
      ],
    },
    hint: "check that an attempt which sent no content leaves it for the next",
  }),
  defineCase({
    id: "session/expect/content-once-begun-is-not-sent-again",
    title: "content that was begun when the wait was over cannot be sent again",
    level: "must",
    catalogue,
    ...waits,
    origin: [respond(503)],
    perform: (kit) =>
      sendOnce(kit, { ...retry(2), expectContinue: 50, throwHttpErrors: false }) as never,
    expect: { status: 503, facts: { begun: 3 }, arrivals: [{ content: "abcd" }] },
    hint: "check that what was begun counts as begun",
  }),
  ...(
    [
      ["bytes", () => ({ body: toBytes("abcd") })],
      ["content-that-can-be-sent-once", () => ({ body: iterable("ab", "cd") })],
      ["a-function", () => ({ body: () => stream("abcd") })],
    ] as const
  ).map(([name, options]) =>
    defineCase({
      id: `session/expect/417-with-${name}`,
      title: `a request (${name}) must be sent once more without the expectation after 417`,
      level: "must",
      spec: [...spec, "RFC 9110 §15.5.18"],
      catalogue,
      ...waits,
      origin: [afterHead(respond(417, [], "what?")), respond(200, [], "taken")],
      perform: call("POST", "a", () => ({ ...options(), ...asking })),
      expect: {
        status: 200,
        content: "taken",
        redirected: false,
        arrivals: [
          { fields: asked, content: "", complete: false },
          { fields: { expect: absent }, content: "abcd", complete: true },
        ],
      },
      hint: "check that the expectation alone is taken back, and no retry needs to be set",
    }),
  ),
  defineCase({
    id: "session/expect/417-twice",
    title: "a second 417, to a request that expects nothing, is the answer",
    level: "must",
    catalogue,
    ...waits,
    origin: [afterHead(respond(417)), respond(417, [], "again")],
    perform: call("POST", "a", { ...asking, body: "abcd", throwHttpErrors: false }),
    expect: {
      status: 417,
      content: "again",
      arrivals: [{ fields: asked }, { fields: { expect: absent }, content: "abcd" }],
    },
    hint: "check that it is sent once more, and not for ever",
  }),
  defineCase({
    id: "session/expect/417-behind-the-content",
    title: "417 to content that has been sent and cannot be sent again is the answer",
    level: "must",
    catalogue,
    ...waits,
    origin: [respond(417, [], "late")],
    perform: (kit) => sendOnce(kit, { expectContinue: 50, throwHttpErrors: false }) as never,
    expect: { status: 417, content: "late", facts: { begun: 3 }, arrivals: [{ content: "abcd" }] },
    hint: "check that the repetition needs the content",
  }),
  defineCase({
    id: "session/expect/417-unasked",
    title: "417 to a request that expects nothing is the answer",
    level: "must",
    catalogue,
    origin: [respond(417, [], "odd")],
    perform: call("POST", "a", { body: "abcd", throwHttpErrors: false }),
    expect: { status: 417, content: "odd", arrivals: [{ fields: { expect: absent } }] },
    hint: "check that only what was asked is taken back",
  }),
  ...(
    [
      ["two-100s", "a second 100", afterHead(head(100), head(100))],
      [
        "103-before-100",
        "another informational response before 100",
        afterHead(head(103, [["link", "</a>"]]), head(102), head(100)),
      ],
      [
        "103-after-100",
        "another informational response behind 100",
        afterHead(head(100), head(103, [["link", "</a>"]])),
      ],
      [
        "100-with-fields",
        "100 with fields",
        afterHead(
          head(100, [
            ["x-a", "1"],
            ["date", "now"],
          ]),
        ),
      ],
      [
        "100-in-pieces",
        "100 in pieces",
        sequence(
          afterHead(raw("HTTP/1.1 10")),
          pause(30),
          raw("0 Continue\r\n"),
          pause(30),
          raw("x-a: 1\r\n\r"),
          pause(30),
          raw("\n"),
        ),
      ],
      ["100-without-reason", "100 without a reason", afterHead(raw("HTTP/1.1 100 \r\n\r\n"))],
    ] as const
  ).map(([name, what, answer]) =>
    defineCase({
      id: `session/expect/${name}`,
      title: `${what} must be taken for what it is, and content sent once`,
      level: "must",
      spec: [...spec, "RFC 9110 §15.2"],
      catalogue: ["F-REQ-05", "F-HDR-04"],
      ...waits,
      origin: [sequence(answer, respond(200, [["x-late", "2"]], "done")), respond(200, [], "next")],
      perform: [call("POST", "a", { ...asking, body: "content" }), call("GET", "b")],
      expect: {
        calls: [
          { status: 200, content: "done", headers: { "x-a": absent, link: absent, "x-late": "2" } },
          { status: 200, content: "next" },
        ],
        arrivals: [
          { content: "content", complete: true, connection: 1 },
          { path: "b", connection: 1 },
        ],
      },
      hint: "check that the content is released once, by 100 alone",
    }),
  ),
  defineCase({
    id: "session/expect/102-and-103-release-nothing",
    title: "informational responses other than 100 must not release the content",
    level: "must",
    spec,
    catalogue,
    ...waits,
    origin: [sequence(afterHead(head(102), head(103), gate("go"), head(100)), respond(200))],
    async perform(kit) {
      const seen = kit.call(call("POST", "a", { ...asking, body: "content" }));
      await kit.origin.arrived(1);
      await kit.neverWithin(200, kit.origin.completed(1), "the content before it is asked for");
      await kit.origin.open("go");
      return seen;
    },
    expect: { status: 200, arrivals: [{ content: "content" }] },
    hint: "check the status of what comes",
  }),
  defineCase({
    id: "session/expect/100-after-the-wait",
    title: "100 that comes when content is being sent is passed over",
    level: "must",
    spec,
    catalogue,
    ...waits,
    origin: [
      sequence(afterHead(pause(400), head(100), head(100)), respond(200, [], "done")),
      respond(200, [], "next"),
    ],
    perform: [call("POST", "a", { body: "content", expectContinue: 50 }), call("GET", "b")],
    expect: {
      calls: [
        { status: 200, content: "done" },
        { status: 200, content: "next" },
      ],
      arrivals: [{ content: "content", connection: 1 }, { connection: 1 }],
    },
    hint: "check that a late 100 is no final response",
  }),
  ...broken.map(([name, what, answer, code]) =>
    defineCase({
      id: `session/expect/${name}`,
      title: `${what} is a failure, and no reason to send anything else`,
      level: "must",
      catalogue,
      ...waits,
      origin: [answer],
      perform: call("POST", "a", { ...asking, body: "content" }),
      expect: {
        error: { code, retryable: false, requestSent: oneOf("maybe", "yes") },
        arrivals: 1,
        connections: 1,
      },
      hint: "check that 100 is not taken for an answer",
    }),
  ),
  defineCase({
    id: "session/expect/100-then-silence",
    title: "timeout.response must end the silence behind 100 and the content",
    level: "must",
    catalogue,
    ...waits,
    origin: [sequence(afterHead(head(100)), afterContent(), stall())],
    perform: call("POST", "a", { ...asking, body: "content", timeout: { response: 300 } }),
    expect: {
      error: { code: "ERR_TIMEOUT_RESPONSE", phase: "response" },
      after: between(290, 900),
      arrivals: [{ content: "content", complete: true }],
    },
    exclusive: true,
    hint: "check that the clock of the response begins when the content is sent",
  }),
  defineCase({
    id: "session/expect/wait-without-end",
    title: "timeout.response must end a wait for 100 that has no end of its own",
    level: "must",
    catalogue,
    ...waits,
    origin: [stall()],
    perform: (kit) =>
      sendOnce(kit, { expectContinue: Infinity, timeout: { response: 300 } }) as never,
    expect: {
      error: { code: "ERR_TIMEOUT_RESPONSE", phase: "response", requestSent: "maybe" },
      after: between(290, 900),
      facts: { begun: 0 },
      arrivals: [{ content: "", complete: false }],
    },
    exclusive: true,
    hint: "check that waiting for 100 is waiting for a response",
  }),
  defineCase({
    id: "session/expect/write-clock-stands-still",
    title: "timeout.write must not run while the content waits",
    level: "must",
    catalogue,
    ...waits,
    origin: [sequence(afterHead(pause(700), head(100)), respond(200))],
    perform: call("POST", "a", { ...asking, body: "content", timeout: { write: 200 } }),
    expect: { status: 200, arrivals: [{ content: "content" }] },
    exclusive: true,
    hint: "check that the peer owes nothing before content is on its way",
  }),
  defineCase({
    id: "session/expect/response-clock-begins-anew",
    title:
      "timeout.response must count from when the content was sent, however long it had to wait",
    level: "must",
    catalogue,
    ...waits,
    origin: [sequence(afterHead(pause(500), head(100)), afterContent(), pause(500), respond(200))],
    perform: call("POST", "a", { ...asking, body: "content", timeout: { response: 800 } }),
    expect: { status: 200 },
    exclusive: true,
    hint: "check that the wait and the response have the limit each",
  }),
  ...(
    [
      ["total", { timeout: { total: 300 } }, "ERR_TIMEOUT_TOTAL"],
      ["attempt", { timeout: { attempt: 300 } }, "ERR_TIMEOUT_ATTEMPT"],
    ] as const
  ).map(([name, options, code]) =>
    defineCase({
      id: `session/expect/${name}-while-waiting`,
      title: `timeout.${name} must end a wait for 100, and nothing be sent after it`,
      level: "must",
      catalogue,
      ...waits,
      origin: [stall()],
      perform: (kit) => sendOnce(kit, options) as never,
      expect: {
        error: { code, requestSent: "maybe" },
        after: between(290, 900),
        facts: { begun: 0 },
        arrivals: [{ content: "", complete: false }],
      },
      exclusive: true,
      hint: "check that the content is let go of as well",
    }),
  ),
  defineCase({
    id: "session/expect/abort-while-waiting",
    title: "an abort must end a wait for 100 at once, and nothing be sent after it",
    level: "must",
    catalogue: ["F-REQ-05", "F-ABT-01"],
    ...waits,
    session: { limits: { concurrency: 1 } },
    origin: { a: [stall()], b: [respond(200, [], "next")] },
    async perform(kit) {
      const body = new Once("ab");
      const controller = new AbortController();
      const seen = kit.call(
        call("POST", "a", { body, expectContinue: 300, signal: controller.signal }),
      );
      await kit.origin.arrived(1);
      controller.abort("enough");
      const first = await seen;
      const next = await kit.call(call("GET", "b"));
      await new Promise((resolve) => setTimeout(resolve, 500));
      kit.note("begun", body.begun);
      return [first, next];
    },
    expect: {
      calls: [
        { error: { code: "ERR_ABORTED", cause: "enough" } },
        { status: 200, content: "next" },
      ],
      facts: { begun: 0 },
      arrivals: [{ content: "", complete: false }, { connection: 2 }],
    },
    hint: "check that the wait is called off, lest it ask the source when it is over",
  }),
  defineCase({
    id: "session/expect/throttled",
    title: "content that goes at a pace must be held back as well, and take its time then",
    level: "must",
    catalogue,
    ...waits,
    origin: [sequence(afterHead(pause(100), head(100)), respond(200))],
    perform: call("POST", "a", () => ({
      ...asking,
      body: toBytes(filler(40_000)),
      throttle: { upload: 80_000 },
    })),
    expect: {
      status: 200,
      after: between(300, 5_000),
      arrivals: [{ fields: asked, contentLength: 40_000 }],
    },
    exclusive: true,
    hint: "check that the pace is within what is held",
  }),
  defineCase({
    id: "session/expect/source-that-fails-after-100",
    title: "a source that fails when it is asked at last must end the call with its own error",
    level: "must",
    catalogue: ["F-REQ-05", "F-REQ-06"],
    ...waits,
    origin: [sequence(afterHead(head(100)), stall())],
    perform: call("POST", "a", () => ({
      ...asking,
      body: (async function* () {
        yield "ab";
        throw new Error("the source broke");
      })(),
    })),
    expect: {
      error: { code: "ERR_CONTENT_SOURCE", cause: "Error: the source broke" },
      arrivals: [{ complete: false }],
    },
    hint: "check that what holds the content passes failures on",
  }),
  defineCase({
    id: "session/expect/stale-connection",
    title: "a request that is sent once more, as its idle connection was dead, must ask again",
    level: "must",
    catalogue: ["F-REQ-05", "F-KA-02"],
    requires: { expectContinue: "waits", failureDetail: "phased" },
    otherwise,
    origin: [
      respond(200),
      afterHead(close()),
      sequence(afterHead(head(100)), respond(200, [], "taken")),
    ],
    async perform(kit) {
      await kit.call(call("GET", "a"));
      return sendOnce(kit, {}) as never;
    },
    expect: {
      status: 200,
      content: "taken",
      facts: { begun: 3 },
      arrivals: [{}, { fields: asked, content: "" }, { fields: asked, content: "abcd" }],
    },
    hint: "check that the second time is as the first",
  }),
  defineCase({
    id: "session/expect/many-at-once",
    title: "requests that wait side by side must each be released by their own 100",
    level: "must",
    catalogue,
    ...waits,
    origin: Object.fromEntries(
      Array.from({ length: 8 }, (_, number) => [
        `n${number}`,
        [sequence(afterHead(pause(20 * (8 - number)), head(100)), respond(200, [], `r${number}`))],
      ]),
    ),
    async perform(kit) {
      const calls = Array.from({ length: 8 }, (_, number) =>
        kit.call(call("POST", `n${number}`, { ...asking, body: `c${number}` })),
      );
      return Promise.all(calls);
    },
    expect: {
      calls: Array.from({ length: 8 }, (_, number) => ({ status: 200, content: `r${number}` })),
      arrivals: Array.from({ length: 8 }, (_, number) => ({
        path: `n${number}`,
        content: `c${number}`,
        complete: true,
      })),
    },
    hint: "check that what waits belongs to one exchange",
  }),
  ...(
    [
      ["zero", 0],
      ["negative", -1],
      ["nan", NaN],
      ["text", "100-continue"],
      ["null", null],
      ["an-object", {}],
    ] as const
  ).map(([name, expectContinue]) =>
    defineCase({
      id: `session/expect/option-${name}-is-refused`,
      title: `expectContinue that is ${name} must be refused before anything is sent`,
      level: "must",
      origin: [],
      perform: call("POST", "a", { body: "x", expectContinue }),
      expect: {
        error: { name: "InvalidRequestError", code: "ERR_INVALID_OPTION", requestSent: "no" },
        connections: 0,
      },
      hint: "check that the option is true, false or a time",
    }),
  ),
  defineCase({
    id: "session/expect/nothing-is-left-behind",
    title:
      "an upload of which nobody wants more must leave nothing on the connection for what follows",
    level: "must",
    catalogue,
    ...waits,
    session: { limits: { concurrency: 1 } },
    origin: [
      sequence(afterHead(head(100)), respond(200, [], "1")),
      afterHead(respond(403, [], "2")),
      sequence(afterHead(head(100)), respond(200, [], "3")),
      respond(200, [], "4"),
    ],
    perform: [
      call("PUT", "a", { ...asking, body: "one" }),
      call("PUT", "b", { ...asking, body: "two", throwHttpErrors: false }),
      call("PUT", "c", { ...asking, body: "three" }),
      call("PUT", "d", { body: "four" }),
    ],
    expect: {
      calls: [
        { status: 200, content: "1" },
        { status: 403, content: "2" },
        { status: 200, content: "3" },
        { status: 200, content: "4" },
      ],
      arrivals: [
        { path: "a", content: "one", connection: 1 },
        { path: "b", content: "", complete: false, connection: 1 },
        { path: "c", content: "three", connection: 2 },
        { path: "d", content: "four", fields: { expect: absent }, connection: 2 },
      ],
      connections: atMost(3),
    },
    hint: "check that a connection is kept after 100 and closed without it",
  }),
];
