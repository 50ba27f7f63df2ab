/* Forms with parts that are read while they are sent: framing, lengths, back-pressure, faults, and what is sent again. */

import {
  afterContent,
  always,
  atMost,
  call,
  type CallOptions,
  type Case,
  defineCase,
  expects,
  formParts,
  gate,
  oneOf,
  readOn,
  refuses,
  reset,
  respond,
  sequence,
  stall,
  stopReading,
  toBytes,
  filler,
} from "../../case.ts";
import { iterable, stream } from "../transport/sources.ts";
import { formCases, octets, PlacedFile, PositionedFile, text } from "./multipart-parts.ts";
import { retry } from "./retry-parts.ts";

const streaming = { requestStreaming: "half-duplex" } as const;
const refusal = refuses("requestStreaming", "multipart");

const framed = formCases("session/multipart", [
  {
    name: "stream-of-unknown-length",
    title: "a form with a stream of unknown length is sent chunked",
    streams: "chunked",
    options: () => ({
      multipart: [
        { name: "a", content: "1" },
        { name: "b", content: stream("x", "\0\u00FF"), filename: "b" },
        { name: "c", content: "3" },
      ],
    }),
    parts: [
      text("a", "1"),
      { name: "b", filename: "b", fields: [octets], content: "x\0\u00FF" },
      text("c", "3"),
    ],
  },
  {
    name: "stream-of-declared-length",
    title: "a form of streams whose lengths are said is sent with its exact length",
    streams: "length",
    options: () => ({
      multipart: [
        { name: "a", content: stream("x", "y"), length: 2 },
        { name: "b", content: iterable("é"), length: 2, type: "a/b" },
      ],
    }),
    parts: [
      { name: "a", fields: [octets], content: "xy" },
      { name: "b", fields: ["content-type: a/b"], content: "\u00C3\u00A9" },
    ],
  },
  {
    name: "iterables-and-functions",
    title: "iterables, and functions of streams, are parts like any other",
    streams: "chunked",
    options: () => ({
      multipart: [
        { name: "a", content: iterable("x", "", "y") },
        { name: "b", content: () => stream("z") },
        { name: "c", content: () => Promise.resolve(iterable("w")) },
      ],
    }),
    parts: ["xy", "z", "w"].map((content, i) => ({
      name: "abc"[i] ?? "",
      fields: [octets],
      content,
    })),
  },
  {
    name: "open-files",
    title: "open files are sent with the length that they have, beside parts of other kinds",
    streams: "length",
    options: () => ({
      multipart: [
        { name: "a", content: "1" },
        { name: "b", content: new PlacedFile("placed"), filename: "b.bin" },
        { name: "c", content: new PositionedFile("positioned".repeat(200)) },
        { name: "d", content: () => new PlacedFile("made") },
        { name: "e", content: new Blob(["5"]) },
      ],
    }),
    parts: [
      text("a", "1"),
      { name: "b", filename: "b.bin", fields: [octets], content: "placed" },
      { name: "c", fields: [octets], content: "positioned".repeat(200) },
      { name: "d", fields: [octets], content: "made" },
      { name: "e", filename: "blob", fields: [octets], content: "5" },
    ],
  },
  {
    name: "empty-streams",
    title: "a stream of no pieces, and an open file of no bytes, are parts of no bytes",
    streams: "chunked",
    options: () => ({
      multipart: [
        { name: "a", content: stream() },
        { name: "b", content: new PlacedFile("") },
        { name: "c", content: iterable("", "") },
      ],
    }),
    parts: ["a", "b", "c"].map((name) => ({ name, fields: [octets], content: "" })),
  },
  {
    name: "cut-anywhere",
    title: "content that looks like a boundary stays content, wherever its pieces are cut",
    streams: "chunked",
    catalogue: ["V-MP-02"],
    options: () => ({
      multipart: [
        { name: "a", content: iterable(..."\r\n--\r\n----anyhttp-\r\n\r\n--".split("")) },
        { name: "b", content: "2" },
      ],
    }),
    parts: [
      { name: "a", fields: [octets], content: "\r\n--\r\n----anyhttp-\r\n\r\n--" },
      text("b", "2"),
    ],
  },
]);

/** Sources that must not be sent as complete. */
const faults: readonly (readonly [
  name: string,
  title: string,
  options: () => CallOptions,
  cause?: string,
])[] = [
  [
    "shorter-than-its-length",
    "a part that is shorter than its length",
    () => ({
      multipart: [
        { name: "a", content: iterable("abc"), length: 4 },
        { name: "b", content: "2" },
      ],
    }),
  ],
  [
    "longer-than-its-length",
    "a part that is longer than its length",
    () => ({
      multipart: [
        { name: "a", content: iterable("abc", "planted"), length: 4 },
        { name: "b", content: "2" },
      ],
    }),
  ],
  [
    "source-that-fails",
    "a part whose source fails",
    () => ({
      multipart: [
        { name: "a", content: "1" },
        { name: "b", content: failing("the disk is gone") },
      ],
    }),
    "Error: the disk is gone",
  ],
  [
    "file-that-is-cut",
    "an open file that is shorter than it was",
    () => ({ multipart: [{ name: "a", content: new PlacedFile("abc", 70_000) }] }),
  ],
  [
    "pieces-of-wrong-kinds",
    "a part whose pieces are neither bytes nor text",
    () => ({ multipart: [{ name: "a", content: iterable("a", 5 as unknown as string) }] }),
  ],
];

async function* failing(why: string): AsyncGenerator<string, void> {
  yield await Promise.resolve("abc");
  throw new Error(why);
}

/** A source that says what becomes of it. */
class Told implements AsyncIterable<string>, AsyncIterator<string> {
  asked = 0;
  returned = 0;
  readonly #pieces: string[];

  /** After these pieces it stalls. */
  constructor(...pieces: readonly string[]) {
    this.#pieces = [...pieces];
  }
  [Symbol.asyncIterator](): this {
    return this;
  }
  next(): Promise<IteratorResult<string>> {
    this.asked++;
    const value = this.#pieces.shift();
    return value === undefined
      ? new Promise(() => undefined)
      : Promise.resolve({ done: false, value });
  }
  return(): Promise<IteratorResult<string>> {
    this.returned++;
    return Promise.resolve({ done: true, value: undefined });
  }
}

/** Cases of `session/multipart` about parts that are streamed. */
export const multipartStreamCases: readonly Case[] = [
  ...framed,
  ...faults.map(([name, title, options, cause]) =>
    defineCase({
      id: `session/multipart/${name}`,
      title: `${title} must fail the call, and the request stay incomplete`,
      level: "must",
      catalogue: ["V-MP-02", "F-REQ-06"],
      requires: streaming,
      otherwise: refusal,
      origin: [respond(200)],
      async perform(kit) {
        const seen = await kit.call(call("POST", "a", options));
        const { arrivals } = await kit.origin.ledger();
        kit.note("complete", arrivals.filter(({ complete }) => complete).length);
        kit.note(
          "planted",
          arrivals.some(({ content }) => content.includes("planted")),
        );
        return seen;
      },
      expect: {
        error: {
          name: "ContentError",
          code: "ERR_CONTENT_SOURCE",
          phase: "write",
          ...(cause !== undefined && { cause }),
        },
        arrivals: oneOf(0, 1),
        facts: { complete: 0, planted: false },
      },
      hint: "check that each part is held to its length, and the last boundary is not sent after a fault",
    }),
  ),
  defineCase({
    id: "session/multipart/a-fault-closes-the-other-parts",
    title:
      "when a part fails, the streams behind it must be closed, and the one being read be ended",
    level: "must",
    catalogue: ["F-REQ-06", "V-LK-02"],
    requires: streaming,
    otherwise: refusal,
    origin: [respond(200)],
    async perform(kit) {
      const behind = new Told("never");
      const made = new Told("never");
      let cancelled = 0;
      const web = new ReadableStream({ cancel: () => void cancelled++ });
      const seen = await kit.call(
        call("POST", "a", () => ({
          multipart: [
            { name: "a", content: failing("no") },
            { name: "b", content: behind },
            { name: "c", content: () => made },
            { name: "d", content: web },
          ],
        })),
      );
      kit.note("closed", [behind.returned, made.returned, cancelled]);
      kit.note("asked", behind.asked + made.asked);
      return seen;
    },
    expect: {
      error: { code: "ERR_CONTENT_SOURCE" },
      arrivals: oneOf(0, 1),
      facts: { closed: [1, 1, 1], asked: 0 },
    },
    hint: "check that nothing that the form held stays open",
  }),
  defineCase({
    id: "session/multipart/an-abort-closes-its-parts",
    title: "when the call is aborted, the part that stalls and those behind it must be closed",
    level: "must",
    catalogue: ["V-LK-02"],
    requires: streaming,
    otherwise: refusal,
    origin: [stall()],
    async perform(kit) {
      const controller = new AbortController();
      const stalled = new Told("first");
      const behind = new Told("never");
      const made = new PlacedFile("made");
      const seen = kit.call(
        call("POST", "a", () => ({
          multipart: [
            { name: "a", content: stalled },
            { name: "b", content: behind },
            { name: "c", content: () => made },
          ],
          signal: controller.signal,
        })),
      );
      await kit.origin.arrived(1);
      controller.abort("enough");
      const settled = await seen;
      await kit.origin.closedByClient(1);
      kit.note("closed", [stalled.returned, behind.returned, made.closed]);
      return settled;
    },
    expect: {
      error: { code: "ERR_ABORTED", cause: "enough" },
      arrivals: [{ complete: false }],
      facts: { closed: [1, 1, 1] },
    },
    hint: "check that a source which never answers is told at once",
  }),
  defineCase({
    id: "session/multipart/function-that-fails",
    title:
      "when a function cannot make its part, nothing must be sent, and what others made be closed",
    level: "must",
    catalogue: ["F-REQ-06"],
    origin: [],
    async perform(kit) {
      const made = new PlacedFile("made");
      const seen = await kit.call(
        call("POST", "a", () => ({
          multipart: [
            { name: "a", content: () => made },
            { name: "b", content: () => Promise.reject(new Error("no part today")) },
          ],
        })),
      );
      kit.note("closed", made.closed);
      return seen;
    },
    expect: {
      error: { code: "ERR_CONTENT_SOURCE", requestSent: "no", cause: "Error: no part today" },
      connections: 0,
      facts: { closed: 1 },
    },
    hint: "check that functions are called before a connection is asked for",
  }),
  defineCase({
    id: "session/multipart/parts-flow-while-they-are-made",
    title:
      "a part is sent when it is there, without waiting for the next one, which is begun when it is due",
    level: "must",
    requires: streaming,
    otherwise: refusal,
    origin: [respond(200)],
    async perform(kit) {
      let order = "";
      async function* first(): AsyncGenerator<string, void> {
        order += "a";
        yield "first";
        await kit.origin.arrived(1);
        order += "A";
        yield " second";
      }
      async function* next(): AsyncGenerator<string, void> {
        order += "b";
        yield await Promise.resolve("third");
      }
      const seen = await kit.call(
        call("POST", "a", () => ({
          multipart: [
            { name: "a", content: first() },
            { name: "b", content: next() },
          ],
        })),
      );
      kit.note("order", order);
      kit.note("parts", formParts((await kit.origin.ledger()).arrivals[0]));
      return seen;
    },
    expect: {
      status: 200,
      facts: {
        order: "aAb",
        parts: [
          { name: "a", fields: [octets], content: "first second" },
          { name: "b", fields: [octets], content: "third" },
        ],
      },
    },
    hint: "check that parts are read one after another, and not collected",
  }),
  defineCase({
    id: "session/multipart/pulled-as-it-is-sent",
    title: "while the server takes nothing, a part is not pulled without end",
    level: "must",
    spec: ["RFC 9293 §3.8"],
    catalogue: ["F-REQ-04"],
    requires: streaming,
    otherwise: refusal,
    origin: [sequence(stopReading(), gate("go"), readOn(), respond(200))],
    async perform(kit) {
      const piece = toBytes(filler(65_520));
      let pulled = 0;
      async function* pieces(): AsyncGenerator<Uint8Array, void> {
        while (pulled < 512) {
          pulled++;
          yield await Promise.resolve(piece);
        }
      }
      const seen = kit.call(
        call("POST", "a", () => ({
          multipart: [{ name: "a", content: pieces(), length: 512 * 65_520 }],
        })),
      );
      await kit.origin.arrived(1);
      await kit.neverWithin(300, seen, "the call to settle while nothing is taken");
      kit.note("pulled", pulled);
      await kit.origin.open("go");
      return seen;
    },
    // What sockets and kernels of both sides take: some 10 MiB at the very most.
    expect: { status: 200, arrivals: [{ complete: true }], facts: { pulled: atMost(300) } },
    hint: "check that back-pressure of the socket reaches the source of the part",
  }),
  defineCase({
    id: "session/multipart/sent-again-as-it-was",
    title:
      "a form whose parts can all be sent again must be the same in each attempt, its boundary included",
    level: "must",
    catalogue: ["F-RTY-01"],
    requires: streaming,
    otherwise: refusal,
    origin: [sequence(afterContent(), reset()), respond(503, [], "busy"), respond(200, [], "done")],
    async perform(kit) {
      const file = new PlacedFile("from the disk".repeat(1000));
      const made: PlacedFile[] = [];
      const open = (): PlacedFile => {
        const opened = new PlacedFile("opened");
        made.push(opened);
        return opened;
      };
      const seen = await kit.call(
        call("PUT", "a", () => ({
          multipart: [
            { name: "a", content: "1" },
            { name: "b", content: file },
            { name: "c", content: () => stream("x", "y") },
            { name: "d", content: open },
          ],
          ...retry(3),
        })),
      );
      const { arrivals } = await kit.origin.ledger();
      const facts = arrivals.map(({ fields, content }) =>
        JSON.stringify([fields.filter(([name]) => /^content-type$/i.test(name)), content]),
      );
      kit.note("different", new Set(facts).size);
      kit.note("parts", (formParts(arrivals[2]) as readonly unknown[]).length);
      kit.note("left", [file.closed, made.length, made.filter(({ closed }) => closed > 0).length]);
      return seen;
    },
    expect: {
      status: 200,
      content: "done",
      arrivals: 3,
      facts: { different: 1, parts: 4, left: [0, 3, 3] },
    },
    hint: "check that parts are opened anew for each attempt, and what functions opened is closed after each",
  }),
  defineCase({
    id: "session/multipart/sent-once-if-a-part-can-be-sent-once",
    title: "a form with a part that was begun and can be sent once must not be sent again",
    level: "must",
    catalogue: ["F-RTY-01"],
    requires: streaming,
    otherwise: refusal,
    origin: [sequence(afterContent(), reset())],
    perform: call("PUT", "a", () => ({
      multipart: [
        { name: "a", content: "1" },
        { name: "b", content: iterable("2") },
      ],
      ...retry(3),
    })),
    expect: { error: { requestSent: "maybe", attempt: 1, retryable: false }, arrivals: 1 },
    hint: "check that a form is replayable only if all of its parts are",
  }),
  defineCase({
    id: "session/multipart/redirected-with-its-parts",
    title: "a 307 redirect sends a form of functions again, and refuses one with a stream",
    level: "must",
    spec: ["RFC 9110 §15.4.8"],
    requires: { redirects: "visible", requestStreaming: "half-duplex" },
    otherwise: expects(
      { error: { code: oneOf("ERR_UNSUPPORTED", "ERR_NETWORK") }, arrivals: oneOf(0, 1) },
      {
        perform: call("POST", "a", () => ({ multipart: [{ name: "a", content: stream("x") }] })),
        origin: [always(respond(307, [["location", "b"]]))],
      },
    ),
    origin: [
      respond(307, [["location", "b"]]),
      respond(200, [], "done"),
      respond(307, [["location", "b"]]),
    ],
    async perform(kit) {
      const seen = [
        await kit.call(
          call("POST", "a", () => ({ multipart: [{ name: "a", content: () => stream("x") }] })),
        ),
        await kit.call(
          call("POST", "a", () => ({ multipart: [{ name: "a", content: stream("x") }] })),
        ),
      ];
      kit.note("parts", formParts((await kit.origin.ledger()).arrivals[1]));
      return seen;
    },
    expect: {
      calls: [{ status: 200, content: "done" }, { error: { code: "ERR_REDIRECT_REPLAY" } }],
      arrivals: [{ path: "a", complete: true }, { path: "b", complete: true }, { path: "a" }],
      facts: { parts: [{ name: "a", fields: [octets], content: "x" }] },
    },
    hint: "check that content of functions is made anew for each hop",
  }),
  defineCase({
    id: "session/multipart/whole-where-nothing-streams",
    title:
      "a form whose parts turn out to be whole can be sent on every transport, with its length",
    level: "must",
    origin: [respond(200)],
    async perform(kit) {
      const seen = await kit.call(
        call("POST", "a", () => ({
          multipart: [
            { name: "a", content: () => "1" },
            {
              name: "b",
              content: async () => new Blob([await Promise.resolve("2")]),
              filename: "b",
            },
          ],
        })),
      );
      kit.note("parts", formParts((await kit.origin.ledger()).arrivals[0]));
      return seen;
    },
    expect: {
      status: 200,
      arrivals: [{ framing: "length", complete: true }],
      facts: {
        parts: [
          { name: "a", fields: [octets], content: "1" },
          { name: "b", filename: "b", fields: [octets], content: "2" },
        ],
      },
    },
    hint: "check that functions are called before the form is framed",
  }),
];
