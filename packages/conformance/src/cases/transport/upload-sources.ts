/* What content can be read from while it is sent: streams of Node, of the web, iterables and open files. */

import {
  afterContent,
  afterHead,
  always,
  call,
  type Case,
  defineCase,
  expects,
  gate,
  type Kit,
  type Observation,
  oneOf,
  refuses,
  reset,
  respond,
  sequence,
  stall,
} from "../../case.ts";
import { PlacedFile, PositionedFile, refusedAs } from "../session/multipart-parts.ts";
import { retry } from "../session/retry-parts.ts";
import { stream } from "./sources.ts";

const streaming = { requestStreaming: "half-duplex" } as const;
const refusal = refuses("requestStreaming", "body");

/** What cases need of a stream of Node. */
interface NodeStream extends AsyncIterable<unknown> {
  readonly destroyed: boolean;
  push(piece: unknown): boolean;
  destroy(error?: Error): unknown;
  pause(): unknown;
  setEncoding(name: string): unknown;
  on(event: string, listener: (what: unknown) => void): unknown;
  emit(event: string, what: unknown): boolean;
}

interface NodeStreams {
  readonly Readable: new (options: { objectMode?: boolean; read(): void }) => NodeStream;
}

/** Node's streams where the runtime has them; a stand-in of their shape elsewhere. */
function readable(objectMode = false): NodeStream {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
  const streams = process?.getBuiltinModule?.("node:stream") as NodeStreams | undefined;
  return streams ? new streams.Readable({ objectMode, read: () => undefined }) : new StandIn();
}

/** As much of a stream of Node as core looks at, over a web stream. */
class StandIn implements NodeStream {
  destroyed = false;
  readableEnded = false;
  readableFlowing: boolean | null = null;
  errored: Error | null = null;
  readonly #listeners: ((what: unknown) => void)[] = [];
  #control!: ReadableStreamDefaultController<unknown>;
  readonly #stream = new ReadableStream<unknown>({
    start: (control) => void (this.#control = control),
  });

  push(piece: unknown): boolean {
    if (piece === null) this.#control.close();
    else this.#control.enqueue(typeof piece === "string" ? new TextEncoder().encode(piece) : piece);
    return true;
  }
  destroy(error = new Error("Premature close")): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.errored = error;
    this.#control.error(error);
  }
  pause(): void {
    this.readableFlowing = false;
  }
  setEncoding(): void {
    // Text is what it was.
  }
  on(event: string, listener: (what: unknown) => void): void {
    if (event === "data") this.readableFlowing = true;
    if (event === "error") this.#listeners.push(listener);
  }
  emit(_event: string, what: unknown): boolean {
    if (this.#listeners.length === 0) throw what as Error;
    this.#listeners.forEach((listener) => listener(what));
    return true;
  }
  async *[Symbol.asyncIterator](): AsyncGenerator<unknown, void> {
    const reader = this.#stream.getReader();
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
      this.readableEnded = true;
    } finally {
      this.destroyed = true;
    }
  }
}

/** A stream of these pieces that ends. */
function ended(...pieces: readonly unknown[]): NodeStream {
  const made = readable(pieces.some((piece) => typeof piece === "object"));
  for (const piece of [...pieces, null]) made.push(piece);
  return made;
}

/** Lets what was begun come to its end. */
function moment(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}

const unread: readonly (readonly [name: string, title: string, make: () => Promise<unknown>])[] = [
  [
    "destroyed",
    "was destroyed",
    async () => {
      const body = ended("a");
      body.on("error", () => undefined);
      body.destroy();
      await moment();
      return body;
    },
  ],
  [
    "failed",
    "has failed",
    async () => {
      const body = ended("a");
      body.on("error", () => undefined);
      body.destroy(new Error("the disk is gone"));
      await moment();
      return body;
    },
  ],
  [
    "ended",
    "was read to its end",
    async () => {
      const body = ended("a");
      for (const pieces = body[Symbol.asyncIterator](); !(await pieces.next()).done;);
      await moment();
      return body;
    },
  ],
  [
    "flowing",
    "flows to somebody else",
    async () => {
      const body = readable();
      body.on("data", () => undefined);
      return Promise.resolve(body);
    },
  ],
  [
    "locked",
    "somebody else reads",
    async () => {
      const body = stream("a");
      body.getReader();
      return Promise.resolve(body);
    },
  ],
];

/** Content that is sent as it is. */
const sources: readonly (readonly [
  name: string,
  title: string,
  make: () => unknown,
  content: string,
  framing: "chunked" | "length",
])[] = [
  ["node-stream", "a stream of Node", () => ended("ab", "c"), "abc", "chunked"],
  [
    "node-stream-of-text",
    "a stream of Node with an encoding",
    () => {
      const body = ended("é", "b");
      body.setEncoding("utf8");
      return body;
    },
    "\u00C3\u00A9b",
    "chunked",
  ],
  [
    "node-stream-that-is-paused",
    "a stream of Node that is paused",
    () => {
      const body = ended("ab");
      body.pause();
      return body;
    },
    "ab",
    "chunked",
  ],
  [
    "byte-stream",
    "a web stream of bytes that are asked for",
    () =>
      new ReadableStream({
        type: "bytes",
        pull(control) {
          control.enqueue(new TextEncoder().encode("abc"));
          control.close();
        },
      }),
    "abc",
    "chunked",
  ],
  [
    "iterable-that-is-no-generator",
    "an iterable with nothing but next",
    () => {
      let count = 0;
      return {
        [Symbol.asyncIterator]: () => ({
          next: () => Promise.resolve({ done: count++ === 2, value: "ab" }),
        }),
      };
    },
    "abab",
    "chunked",
  ],
  [
    "open-file",
    "an open file",
    () => new PlacedFile("0123456789".repeat(15_000)),
    "0123456789".repeat(15_000),
    "length",
  ],
  [
    "open-file-with-a-position",
    "an open file with a position of its own",
    () => new PositionedFile("0123456789".repeat(500)),
    "0123456789".repeat(500),
    "length",
  ],
  ["open-file-of-no-bytes", "an open file of no bytes", () => new PlacedFile(""), "", "length"],
  [
    "open-file-that-grows",
    "an open file that grew since it was looked at",
    () => new PlacedFile("short and longer", 5),
    "short",
    "length",
  ],
];

/** Sources of which the call must fail, and how. */
const broken: readonly (readonly [
  name: string,
  title: string,
  make: () => unknown,
  cause?: string,
])[] = [
  ["node-stream-of-objects", "a stream of Node of objects", () => ended({ a: 1 })],
  [
    "node-stream-that-fails",
    "a stream of Node that fails midway",
    () => {
      const body = readable();
      body.push("half");
      setTimeout(() => body.destroy(new Error("the disk is gone")), 30);
      return body;
    },
    "Error: the disk is gone",
  ],
  [
    "node-stream-that-ends-early",
    "a stream of Node that is destroyed midway",
    () => {
      const body = readable();
      body.push("half");
      setTimeout(() => body.destroy(), 30);
      return body;
    },
    "Error: Premature close",
  ],
  [
    "iterable-that-throws",
    "an iterable whose next throws",
    () => ({
      [Symbol.asyncIterator]: () => ({
        next() {
          throw new Error("no piece today");
        },
      }),
    }),
    "Error: no piece today",
  ],
  [
    "iterable-that-cannot-begin",
    "an iterable that gives no iterator",
    () => ({
      [Symbol.asyncIterator]() {
        throw new Error("no iterator today");
      },
    }),
    "Error: no iterator today",
  ],
  [
    "open-file-that-is-cut",
    "an open file that is shorter than it was",
    () => new PlacedFile("abc", 70_000),
  ],
];

/** Makes a call whose content has begun, ends it from outside, and waits until the connection is closed. */
async function ending(kit: Kit, body: unknown): Promise<Observation> {
  const controller = new AbortController();
  const seen = kit.call(call("POST", "a", () => ({ body, signal: controller.signal })));
  await kit.origin.arrived(1);
  controller.abort("enough");
  const settled = await seen;
  await kit.origin.closedByClient(1);
  await moment();
  return settled;
}

/** Cases of `transport/upload-sources`. */
export const uploadSourceCases: readonly Case[] = [
  ...sources.map(([name, title, make, content, framing]) =>
    defineCase({
      id: `transport/upload-sources/${name}`,
      title: `${title} is sent as what it gives`,
      level: "must",
      requires: streaming,
      otherwise: refusal,
      origin: [respond(200, [], "taken")],
      async perform(kit) {
        const seen = await kit.observe(() => kit.session.post("a", { body: make() as string }));
        const { arrivals } = await kit.origin.ledger();
        const declares = kit.capabilities.streamLength === "declared" || framing === "chunked";
        kit.note("framing", declares ? arrivals[0]?.framing : framing);
        return seen;
      },
      expect: {
        status: 200,
        content: "taken",
        arrivals: [{ content, complete: true }],
        facts: { framing },
      },
      hint: "check how the kind of the content is told, by its shape",
    }),
  ),
  ...broken.map(([name, title, make, cause]) =>
    defineCase({
      id: `transport/upload-sources/${name}`,
      title: `${title} must fail the call, and the request stay incomplete`,
      level: "must",
      catalogue: ["F-REQ-06"],
      requires: streaming,
      otherwise: refusal,
      origin: [respond(200)],
      async perform(kit) {
        const seen = await kit.observe(() => kit.session.post("a", { body: make() as string }));
        const { arrivals } = await kit.origin.ledger();
        kit.note("complete", arrivals.filter(({ complete }) => complete).length);
        return seen;
      },
      expect: {
        error: {
          name: "ContentError",
          code: "ERR_CONTENT_SOURCE",
          ...(cause !== undefined && {
            cause: oneOf(
              cause,
              `Error [ERR_STREAM_PREMATURE_CLOSE]: ${cause.slice(7)}`,
              `Type${cause}`,
            ),
          }),
        },
        arrivals: oneOf(0, 1),
        facts: { complete: 0 },
      },
      hint: "check that a source which fails is never taken for one that has ended",
    }),
  ),
  ...unread.map(([name, title, make]) =>
    defineCase({
      id: `transport/upload-sources/${name}-stream-is-refused`,
      title: `a stream that ${title} must be refused before anything is sent`,
      level: "must",
      catalogue: ["F-REQ-06"],
      origin: [],
      async perform(kit) {
        const body = await make();
        return kit.call(call("POST", "a", () => ({ body })));
      },
      expect: { ...refusedAs("ERR_INVALID_CONTENT"), connections: 0 },
      hint: "check that content which is not there any more is not sent as none",
    }),
  ),
  defineCase({
    id: "transport/upload-sources/node-stream-that-fails-before-it-is-read",
    title: "a stream of Node that fails while its call waits must fail the call, and nothing else",
    level: "must",
    catalogue: ["F-REQ-06", "V-LK-02"],
    requires: streaming,
    otherwise: expects({
      error: { code: "ERR_UNSUPPORTED", fields: { option: "body" } },
      arrivals: [{ path: "first" }],
    }),
    session: { limits: { concurrency: 1 } },
    origin: { first: [sequence(gate("go"), respond(200))], a: [always(respond(200))] },
    async perform(kit) {
      const first = kit.call(call("GET", "first"));
      await kit.origin.arrived(1);
      const body = readable();
      const seen = kit.call(call("POST", "a", () => ({ body })));
      body.destroy(new Error("the disk is gone"));
      await moment();
      await kit.origin.open("go");
      await first;
      return seen;
    },
    expect: {
      error: { code: "ERR_CONTENT_SOURCE", cause: "Error: the disk is gone" },
      arrivals: oneOf(1, 2),
    },
    hint: "check that somebody listens to errors of the stream from the moment that it is passed",
  }),
  defineCase({
    id: "transport/upload-sources/node-stream-that-fails-after-its-end",
    title: "a stream of Node that fails after its end is nobody's concern",
    level: "must",
    catalogue: ["V-LK-02"],
    requires: streaming,
    otherwise: refusal,
    origin: [respond(200)],
    async perform(kit) {
      const body = ended("abc");
      const seen = await kit.call(call("POST", "a", () => ({ body })));
      body.emit("error", new Error("late"));
      return seen;
    },
    expect: { status: 200, arrivals: [{ content: "abc" }] },
    hint: "check that the listener stays when the content has been sent",
  }),
  defineCase({
    id: "transport/upload-sources/node-stream-is-destroyed-by-an-abort",
    title: "a stream of Node that stalls must be destroyed at once when its call is aborted",
    level: "must",
    catalogue: ["V-LK-02"],
    requires: streaming,
    otherwise: refusal,
    origin: [stall()],
    async perform(kit) {
      const body = readable();
      body.push("half");
      const seen = await ending(kit, body);
      kit.note("destroyed", body.destroyed);
      return seen;
    },
    expect: {
      error: { code: "ERR_ABORTED" },
      arrivals: [{ complete: false }],
      facts: { destroyed: true },
    },
    hint: "check that the end of a source does not wait for its next piece",
  }),
  defineCase({
    id: "transport/upload-sources/node-stream-is-destroyed-with-the-connection",
    title: "a stream of Node must be destroyed when the connection is lost",
    level: "must",
    catalogue: ["V-LK-02", "F-REQ-02"],
    requires: { ...streaming, failureDetail: "phased" },
    otherwise: expects(
      { facts: { ended: oneOf("ERR_UNSUPPORTED", "ERR_NETWORK", "ERR_STATUS") } },
      {
        origin: [always(reset())],
        async perform(kit) {
          const seen = await kit.call(call("POST", "a", () => ({ body: readable() })));
          kit.note("ended", seen.error?.code);
        },
      },
    ),
    origin: [afterHead(reset())],
    async perform(kit) {
      const body = readable();
      body.push("half");
      const seen = await kit.call(call("POST", "a", () => ({ body })));
      await moment();
      kit.note("destroyed", body.destroyed);
      return seen;
    },
    expect: {
      error: { name: "DisconnectedError" },
      arrivals: [{ complete: false }],
      facts: { destroyed: true },
    },
    hint: "check that files do not stay open behind requests that have failed",
  }),
  defineCase({
    id: "transport/upload-sources/web-stream-is-cancelled-by-an-abort",
    title:
      "a web stream that stalls must be cancelled at once when its call is aborted, and let go",
    level: "must",
    catalogue: ["V-LK-02"],
    requires: streaming,
    otherwise: refusal,
    origin: [stall()],
    async perform(kit) {
      let cancelled = 0;
      const body = new ReadableStream<Uint8Array>({
        start: (control) => control.enqueue(new TextEncoder().encode("half")),
        cancel: () => void cancelled++,
      });
      const seen = await ending(kit, body);
      kit.note("cancelled", cancelled);
      kit.note("locked", body.locked);
      return seen;
    },
    expect: {
      error: { code: "ERR_ABORTED" },
      arrivals: [{ complete: false }],
      facts: { cancelled: 1, locked: false },
    },
    hint: "check that the end of a source does not wait for its next piece",
  }),
  defineCase({
    id: "transport/upload-sources/what-was-not-begun-stays-the-callers",
    title: "a stream of a call that was aborted before it began must be left as it was",
    level: "must",
    requires: streaming,
    otherwise: refusal,
    origin: [respond(200)],
    async perform(kit) {
      const body = ended("abc");
      const signal = AbortSignal.abort("before");
      const before = await kit.call(call("POST", "a", () => ({ body, signal })));
      kit.note("destroyed", body.destroyed);
      kit.check(before.error?.code === "ERR_ABORTED", "the first call to be aborted");
      return kit.call(call("POST", "a", () => ({ body })));
    },
    expect: { status: 200, arrivals: [{ content: "abc" }], facts: { destroyed: false } },
    hint: "check that content which nobody has begun to read can be sent by another call",
  }),
  defineCase({
    id: "transport/upload-sources/sync-iterables-are-refused",
    title:
      "an iterable that is not asynchronous must be refused, as texts and lists are iterables too",
    level: "must",
    origin: [],
    perform: [
      call("POST", "a", () => ({ body: [new Uint8Array(1)] })),
      call("POST", "a", () => ({ body: new Set(["a"]) })),
      call("POST", "a", () => ({ body: [new Uint8Array(1)].values() })),
    ],
    expect: {
      calls: Array.from({ length: 3 }, () => refusedAs("ERR_INVALID_CONTENT")),
      connections: 0,
    },
    hint: "check that lists are not sent as what they print as",
  }),
  defineCase({
    id: "transport/upload-sources/open-file-is-sent-again",
    title: "an open file is sent again from its beginning, and stays open",
    level: "must",
    catalogue: ["F-RTY-01"],
    requires: streaming,
    otherwise: refusal,
    origin: [sequence(afterContent(), reset()), respond(503), respond(200), respond(200)],
    async perform(kit) {
      const files = [new PlacedFile("from the disk"), new PositionedFile("from the disk")];
      const seen = [
        await kit.call(call("PUT", "a", () => ({ body: files[0], ...retry(3) }))),
        await kit.call(call("PUT", "a", () => ({ body: files[1] }))),
      ];
      kit.note(
        "closed",
        files.map(({ closed }) => closed),
      );
      return seen;
    },
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: Array.from({ length: 4 }, () => ({ content: "from the disk", complete: true })),
      facts: { closed: [0, 0] },
    },
    hint: "check that files are read by position, or rewound",
  }),
  defineCase({
    id: "transport/upload-sources/open-file-of-several-calls",
    title: "an open file may be sent by several calls at once, unless it has one position for all",
    level: "must",
    requires: streaming,
    otherwise: refusal,
    origin: { a: [always(respond(200))], b: [always(respond(200))] },
    async perform(kit) {
      const text = "0123456789".repeat(500);
      const placed = new PlacedFile(text);
      // Slowly, so that two who read it get in each other's way.
      const positioned = new PositionedFile(text, 50);
      const seen = await Promise.all(
        [1, 2, 3].map(() => kit.call(call("POST", "a", () => ({ body: placed })))),
      );
      const two = await Promise.all(
        [1, 2].map(() => kit.call(call("POST", "b", () => ({ body: positioned })))),
      );
      const { arrivals } = await kit.origin.ledger();
      kit.note(
        "garbled",
        arrivals.filter(({ complete, content }) => complete && content !== text).length,
      );
      kit.note(
        "codes",
        two
          .map(({ error, status }) => String(error?.code ?? status))
          .toSorted((a, b) => (a < b ? -1 : 1)),
      );
      return seen;
    },
    expect: {
      calls: Array.from({ length: 3 }, () => ({ status: 200 })),
      arrivals: oneOf(4, 5),
      facts: { garbled: 0, codes: ["200", "ERR_CONTENT_SOURCE"] },
    },
    hint: "check that two calls never share the position of a file",
  }),
  defineCase({
    id: "transport/upload-sources/open-file-that-cannot-be-read",
    title: "an open file that is closed, or no regular one, sends nothing",
    level: "must",
    catalogue: ["F-REQ-06"],
    origin: [],
    async perform(kit) {
      const closed = new PlacedFile("abc");
      await closed.close();
      const pipe = {
        stat: () => Promise.resolve({ size: 0, isFile: () => false }),
        read: () => undefined,
        close: () => undefined,
      };
      return [
        await kit.call(call("POST", "a", () => ({ body: closed }))),
        await kit.call(call("POST", "a", () => ({ body: new Piped(pipe) }))),
      ];
    },
    expect: {
      calls: Array.from({ length: 2 }, () => ({
        error: { code: "ERR_CONTENT_SOURCE", requestSent: "no" },
      })),
      connections: 0,
    },
    hint: "check that the file is asked for its size before a connection is asked for",
  }),
  ...(["success", "failure", "abort"] as const).map((how) =>
    defineCase({
      id: `transport/upload-sources/file-of-a-function-is-closed-after-${how}`,
      title: `a file that a function has opened must be closed when its exchange is over (${how})`,
      level: "must",
      catalogue: ["V-LK-02"],
      requires: streaming,
      otherwise: refusal,
      origin: [how === "success" ? respond(200) : how === "failure" ? afterHead(reset()) : stall()],
      async perform(kit) {
        const file = new PlacedFile("0123456789".repeat(50_000));
        const body = (): PlacedFile => file;
        const seen =
          how === "abort" ? await ending(kit, body) : await kit.call(call("POST", "a", { body }));
        await moment();
        kit.note("closed", file.closed > 0);
        return seen;
      },
      expect: {
        ...(how === "success" ? { status: 200 } : { error: {} }),
        arrivals: oneOf(1),
        facts: { closed: true },
      },
      hint: "check that whoever opens a file for one exchange need not close it",
    }),
  ),
];

/** Not plain data, which the runner would copy. */
class Piped {
  readonly stat: () => unknown;
  readonly read: () => unknown;
  readonly close: () => unknown;
  constructor(members: Record<"stat" | "read" | "close", () => unknown>) {
    ({ stat: this.stat, read: this.read, close: this.close } = members);
  }
}
