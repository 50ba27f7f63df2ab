/* Sources of request content that go wrong, each in its own way; and connections that break within the head. */

import {
  atMost,
  call,
  type Case,
  close,
  defineCase,
  expects,
  greeting,
  oneOf,
  pause,
  plain,
  refuses,
  reset,
  respond,
  sequence,
  stall,
  stopReading,
  toBytes,
} from "../../case.ts";

const streaming = {
  requires: { requestStreaming: "half-duplex" },
  otherwise: refuses("requestStreaming", "body"),
} as const;

type Next = () => unknown;

/** An iterable; not a plain object, which the suite would copy. */
class Source {
  readonly #open: () => object;

  constructor(open: () => object) {
    this.#open = open;
  }

  [Symbol.asyncIterator](): object {
    return this.#open();
  }
}

/** An iterable whose iterator has these members. */
function iterating(next: Next, more: object = {}): Source {
  return new Source(() => ({ next, ...more }));
}

/** Gives a piece, and then does something else. */
function after(then: Next): Next {
  let asked = 0;
  return () => (asked++ === 0 ? Promise.resolve({ done: false, value: "first" }) : then());
}

const thrown = (): never => {
  throw new Error("the source broke");
};
const rejected = (): Promise<never> => Promise.reject(new Error("the source broke"));
const yields = (value: unknown): Next => after(() => Promise.resolve({ done: false, value }));

/** What a source may do instead of giving bytes, behind a first piece or at once. */
const sources: readonly (readonly [name: string, what: string, body: () => unknown])[] = [
  ["throws", "throws when it is asked", () => iterating(after(thrown))],
  ["rejects", "rejects when it is asked", () => iterating(after(rejected))],
  ["throws-at-once", "throws when it is asked first", () => iterating(thrown)],
  ["rejects-at-once", "rejects when it is asked first", () => iterating(rejected)],
  ["cannot-be-iterated", "throws when it is opened", () => new Source(thrown)],
  ["yields-null", "yields null", () => iterating(yields(null))],
  ["yields-nothing", "yields undefined", () => iterating(yields(undefined))],
  ["yields-a-number", "yields a number", () => iterating(yields(7))],
  ["yields-a-buffer", "yields an ArrayBuffer", () => iterating(yields(new ArrayBuffer(3)))],
  ["yields-a-blob", "yields a Blob", () => iterating(yields(new Blob(["x"])))],
  ["yields-an-array", "yields an array", () => iterating(yields([1, 2, 3]))],
  ["gives-no-result", "gives no result", () => iterating(after(() => Promise.resolve(7)))],
  [
    "throws-and-on-return",
    "throws, and throws again when it is closed",
    () => iterating(after(thrown), { return: thrown }),
  ],
  [
    "yields-null-and-rejects-return",
    "yields null, and rejects when it is closed",
    () => iterating(yields(null), { return: rejected }),
  ],
  [
    "is-a-stream-that-errors",
    "is a stream that errors",
    () => {
      let asked = 0;
      return new ReadableStream<Uint8Array>(
        {
          pull(to) {
            if (asked++ === 0) to.enqueue(toBytes("first"));
            else to.error(new Error("the source broke"));
          },
        },
        { highWaterMark: 0 },
      );
    },
  ],
  [
    "is-a-stream-that-never-starts",
    "is a stream whose start fails",
    () => new ReadableStream<Uint8Array>({ start: rejected }),
  ],
  [
    "is-a-stream-of-numbers",
    "is a stream of what is no bytes",
    () => new ReadableStream<unknown>({ pull: (to) => to.enqueue(7) }, { highWaterMark: 0 }),
  ],
];

/** Ends of a connection that nobody has read from. */
const endings = [
  ["rst", "a reset", sequence(stopReading(), pause(1_000), reset())],
  ["fin", "the end of the connection", sequence(stopReading(), pause(1_000), close())],
] as const;

/** Cases of `transport/uploads` about sources and heads. */
export const uploadFailureCases: readonly Case[] = [
  ...sources.map(([name, what, body]) =>
    defineCase({
      id: `transport/uploads/source-${name}`,
      title: `a source that ${what} must end the call with one error, and leave no request that looks whole`,
      level: "must",
      spec: ["RFC 9112 §8"],
      catalogue: ["F-REQ-06"],
      ...streaming,
      session: { limits: { concurrency: 1 } },
      origin: { a: [stall()], b: [respond(200, [], "next")] },
      async perform(kit) {
        const seen = await kit.call(call("POST", "a", () => ({ body: body(), timeout: 5_000 })));
        const next = await kit.call(call("GET", "b"));
        const { arrivals } = await kit.origin.ledger();
        kit.note("whole", arrivals.filter(({ path, complete }) => path === "a" && complete).length);
        return [seen, next];
      },
      expect: {
        calls: [
          {
            error: {
              name: "ContentError",
              code: "ERR_CONTENT_SOURCE",
              phase: "write",
              retryable: false,
            },
          },
          { status: 200, content: "next" },
        ],
        arrivals: atMost(2),
        facts: { whole: 0 },
      },
      hint: "check that neither the last chunk is written, nor the failure lost",
    }),
  ),
  ...endings.flatMap(([ending, what, answer]) =>
    (
      [
        ["get", "GET", {}],
        ["post", "POST", { body: "content" }],
      ] as const
    ).map(([name, method, options]) =>
      defineCase({
        id: `transport/uploads/${ending}-within-the-head-of-a-${name}`,
        title: `${what} while the head of a ${method} request is being sent is a lost connection`,
        level: "must",
        catalogue: ["F-REQ-01"],
        requires: { failureDetail: "phased", forbiddenFields: "none" },
        otherwise: expects({
          calls: [
            { error: { code: oneOf("ERR_DISCONNECTED", "ERR_NETWORK", "ERR_TIMEOUT_TOTAL"), requestSent: oneOf("maybe", "yes") } },
            { status: 200, content: "next" },
          ],
          arrivals: [{ path: "b" }],
        }), // prettier-ignore
        doors: { main: greeting(answer), other: plain() },
        origin: [respond(200, [], "next")],
        perform: [
          call(method, "a", {
            ...options,
            headers: { "x-long": "x".repeat(32_000_000) },
            // Some platforms try again, and again.
            timeout: { total: 6000 },
          }),
          call("GET", "{other}b"),
        ],
        session: { allowOtherOrigins: true },
        expect: {
          calls: [
            {
              error: {
                name: "DisconnectedError",
                code: "ERR_DISCONNECTED",
                requestSent: oneOf("maybe", "yes"),
              },
            },
            { status: 200, content: "next" },
          ],
          arrivals: [{ path: "b" }],
        },
        hint: "check that a failure to write a head is a lost connection too",
      }),
    ),
  ),
];
