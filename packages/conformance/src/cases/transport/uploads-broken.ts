/* What goes wrong while a request is sent (ids `transport/uploads/…`). */

import {
  afterHead,
  always,
  atMost,
  call,
  type CallOptions,
  type Case,
  close,
  defineCase,
  expects,
  filler,
  fillerBytes,
  gate,
  halfClose,
  oneOf,
  present,
  readOn,
  reset,
  respond,
  sequence,
  stall,
  stopReading,
  toBytes,
} from "../../case.ts";
import { iterable } from "./sources.ts";

const phased = { failureDetail: "phased" } as const;
const large = 4_000_000;
const pieces = (): Uint8Array<ArrayBuffer>[] =>
  Array.from({ length: 32 }, () => fillerBytes(125_000));
const lost = { name: "DisconnectedError", code: "ERR_DISCONNECTED", requestSent: "maybe" } as const;

function form(): FormData {
  const made = new FormData();
  made.append("file", new Blob([fillerBytes(large)]), "file.bin");
  return made;
}

/** Content of every kind, too long for any buffer. */
const kinds: readonly (readonly [name: string, options: () => CallOptions, streams: boolean])[] = [
  ["bytes", () => ({ body: fillerBytes(large) }), false],
  ["text", () => ({ body: filler(large) }), false],
  ["blob", () => ({ body: new Blob([fillerBytes(large)]) }), false],
  ["multipart", () => ({ multipart: form() }), false],
  ["iterable", () => ({ body: iterable(...pieces()) }), true],
  ["web-stream", () => ({ body: new Blob(pieces()).stream() }), true],
];

/** Content that no connection takes before the server reads. */
const endless: readonly (readonly [name: string, body: () => unknown, streams: boolean])[] = [
  ["bytes", () => fillerBytes(32_000_000), false],
  ["blob", () => new Blob([fillerBytes(32_000_000)]), false],
  ["iterable", () => iterable(...Array.from({ length: 8 }, pieces).flat()), true],
];

/** Cases of `transport/uploads`. */
export const uploadBrokenCases: readonly Case[] = [
  ...kinds.flatMap(([name, options, streams]) =>
    (
      [
        ["rst", "a reset", reset()],
        ["fin", "the end of the connection", close()],
      ] as const
    ).map(([ending, what, end]) =>
      defineCase({
        id: `transport/uploads/${ending}-while-${name}-is-sent`,
        title: `${what} while content (${name}) is being sent is a lost connection`,
        level: "must",
        catalogue: ["F-REQ-01", "F-REQ-02"],
        requires: streams ? { ...phased, requestStreaming: "half-duplex" } : phased,
        otherwise: expects({
          error: { code: oneOf("ERR_NETWORK", "ERR_UNSUPPORTED", "ERR_DISCONNECTED") },
          arrivals: present,
        }),
        origin: [afterHead(end)],
        perform: call("PUT", "a", options),
        expect: { error: lost, arrivals: 1, connections: 1 },
        hint: "check that EPIPE and ECONNRESET are one failure, whatever the content is made of",
      }),
    ),
  ),
  ...(
    [
      ["half-closed-before-the-response", "before a response", [halfClose(), stall()]],
      ["closed-before-the-response", "for good before a response", [close()]],
    ] as const
  ).map(([name, when, answer]) =>
    defineCase({
      id: `transport/uploads/${name}`,
      title: `a peer that ends its side ${when} has lost the connection, whatever is still to be sent`,
      level: "must",
      catalogue: ["F-REQ-07"],
      requires: phased,
      // Where nobody looks for the end of the peer's side while content is sent, that is read to its end.
      otherwise: expects({ error: { code: "ERR_NETWORK" } }, { origin: [afterHead(...answer)] }),
      // Or all of the content might have come before the end was seen.
      origin: [afterHead(stopReading(), ...answer)],
      perform: call("POST", "a", () => ({ body: fillerBytes(32_000_000) })),
      expect: { error: { ...lost, retryable: false }, arrivals: [{ complete: false }] },
      hint: "check that the end of the peer's side is not waited out",
    }),
  ),
  ...endless.map(([name, body, streams]) =>
    defineCase({
      id: `transport/uploads/${name}-is-not-sent-before-it-is-taken`,
      title: `content (${name}) is sent when the connection has taken its last octet: until then timeout.response must not run`,
      level: "must",
      catalogue: ["F-TMO-01", "F-REQ-04"],
      ...(streams && {
        requires: { requestStreaming: "half-duplex" },
        otherwise: { kind: "refuses", capability: "requestStreaming", option: "body" },
      }),
      origin: [sequence(stopReading(), gate("go"), readOn(), respond(200, [], "taken"))],
      async perform(kit) {
        const seen = kit.call(
          call("PUT", "a", () => ({ body: body(), timeout: { response: 800 } })),
        );
        await kit.origin.arrived(1);
        await kit.neverWithin(1_200, seen, "the call to settle while its content is not taken");
        await kit.origin.open("go");
        return seen;
      },
      expect: { status: 200, content: "taken", arrivals: [{ complete: true }] },
      exclusive: true,
      hint: "check that the step `sent` is told when the last write is done, not when it is begun",
    }),
  ),
  defineCase({
    id: "transport/uploads/answered-and-half-closed",
    title: "a response before the end of the upload, and the end of the peer's side, is the answer",
    level: "must",
    spec: ["RFC 9112 §9.5"],
    catalogue: ["F-REQ-07", "F-REQ-02"],
    origin: {
      a: [afterHead(respond(413, [], "too large"), halfClose())],
      b: [always(respond(200, [], "next"))],
    },
    perform: [
      call("POST", "a", () => ({ body: fillerBytes(4_000_000), throwHttpErrors: false })),
      call("GET", "b"),
    ],
    expect: {
      calls: [
        { status: 413, content: "too large" },
        { status: 200, content: "next" },
      ],
    },
    hint: "check that a failure to write does not hide the response",
  }),
  defineCase({
    id: "transport/uploads/answered-before-the-upload-ends",
    title:
      "a response that leaves content unsent must not leave its connection to the next request",
    level: "must",
    spec: ["RFC 9112 §9.5"],
    catalogue: ["F-REQ-02", "V-LK-03"],
    session: { limits: { concurrency: 1 } },
    origin: [afterHead(respond(200, [], "early")), respond(200, [], "next")],
    perform: [call("POST", "a", () => ({ body: fillerBytes(32_000_000) })), call("GET", "b")],
    expect: {
      calls: [
        { status: 200, content: "early" },
        { status: 200, content: "next" },
      ],
    },
    hint: "check that what is left of the upload does not hold the slot",
  }),
  defineCase({
    id: "transport/uploads/source-that-stalls",
    title: "timeout.total must end a request whose content never comes, and stop its source",
    level: "must",
    catalogue: ["F-REQ-06", "F-TMO-01"],
    requires: { requestStreaming: "half-duplex" },
    otherwise: { kind: "refuses", capability: "requestStreaming", option: "body" },
    origin: [stall()],
    async perform(kit) {
      let returned = 0;
      class Source implements AsyncIterable<string>, AsyncIterator<string> {
        #asked = 0;
        [Symbol.asyncIterator](): this {
          return this;
        }
        next(): Promise<IteratorResult<string>> {
          if (this.#asked++ > 0) return new Promise(() => undefined);
          return Promise.resolve({ done: false, value: "first" });
        }
        return(): Promise<IteratorResult<string>> {
          returned++;
          return Promise.resolve({ done: true, value: undefined });
        }
      }
      const body = new Source();
      const seen = await kit.call(call("POST", "a", { body, timeout: { total: 300 } }));
      // A source that has not answered yet may be told later, or not at all, but never twice.
      kit.note("returned", returned);
      return seen;
    },
    expect: {
      error: { code: "ERR_TIMEOUT_TOTAL" },
      arrivals: [{ complete: false }],
      facts: { returned: atMost(1) },
    },
    hint: "check that a source which never answers is not waited for",
  }),
  defineCase({
    id: "transport/uploads/source-fails-when-the-call-is-aborted",
    title: "a source that fails when its call is aborted must leave one rejection, and no more",
    level: "must",
    catalogue: ["V-LK-02", "F-REQ-06"],
    requires: { requestStreaming: "half-duplex" },
    otherwise: { kind: "refuses", capability: "requestStreaming", option: "body" },
    origin: [stall(), respond(200, [], "next")],
    async perform(kit) {
      const controller = new AbortController();
      const body = new ReadableStream<Uint8Array>({
        start(source) {
          source.enqueue(toBytes("first"));
          controller.signal.addEventListener("abort", () => source.error(new Error("both")));
        },
      });
      const first = kit.call(call("POST", "a", { body, signal: controller.signal }));
      await kit.origin.arrived(1);
      controller.abort("enough");
      return [await first, await kit.call(call("GET", "b"))];
    },
    expect: {
      calls: [
        { error: { code: "ERR_ABORTED", cause: "enough" } },
        { status: 200, content: "next" },
      ],
    },
    hint: "check that a failure after the end is nobody's",
  }),
];
