import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { type BodyFactory, type BodyInput, bodyLength, type RequestOptions } from "../src/index.ts";
import { requestContent } from "../src/content/request-content.ts";
import { invalid } from "../src/errors.ts";
import { staleConnection } from "./support/scripted-transport.ts";
import { failure, sessionOf, turns } from "./support/session.ts";

const encoder = new TextEncoder();
const urlencoded = "application/x-www-form-urlencoded;charset=UTF-8";

async function* pieces(...items: readonly unknown[]): AsyncGenerator<Uint8Array | string> {
  for (const item of items) {
    await Promise.resolve();
    if (item instanceof Error) throw item;
    yield item as string;
  }
}

function streamOf(...items: readonly (string | Error)[]): ReadableStream<Uint8Array> {
  const rest = [...items];
  return new ReadableStream({
    pull(controller) {
      const item = rest.shift();
      if (item === undefined) controller.close();
      else if (item instanceof Error) controller.error(item);
      else controller.enqueue(encoder.encode(item));
    },
  });
}

const shifted = new Uint8Array([0, 0, 97, 98, 99, 0]).subarray(2, 5);

/** Every kind: what arrives, as what type, how long it is known to be, and whether it can be sent again. */
const kinds: readonly [
  kind: string,
  make: () => RequestOptions,
  text: string,
  type: string | undefined,
  length: number | null,
  replayable: boolean,
][] = [
  [
    "json",
    () => ({ json: { a: [1, "é", null] } }),
    '{"a":[1,"é",null]}',
    "application/json",
    19,
    true,
  ],
  ["json null", () => ({ json: null }), "null", "application/json", 4, true],
  ["json false", () => ({ json: false }), "false", "application/json", 5, true],
  [
    "json with toJSON",
    () => ({ json: new Date(0) }),
    '"1970-01-01T00:00:00.000Z"',
    "application/json",
    26,
    true,
  ],
  [
    "a form record",
    () => ({ form: { a: [1, "b c"], d: "é", e: null } }),
    "a=1&a=b+c&d=%C3%A9",
    urlencoded,
    18,
    true,
  ],
  [
    "form pairs",
    () => ({
      form: [
        ["a", "1"],
        ["a", true],
      ],
    }),
    "a=1&a=true",
    urlencoded,
    10,
    true,
  ],
  [
    "form URLSearchParams",
    () => ({ form: new URLSearchParams("a=1") }),
    "a=1",
    urlencoded,
    3,
    true,
  ],
  ["an empty form", () => ({ form: {} }), "", urlencoded, 0, true],
  ["text", () => ({ body: "né" }), "né", "text/plain;charset=UTF-8", 3, true],
  ["empty text", () => ({ body: "" }), "", "text/plain;charset=UTF-8", 0, true],
  ["bytes", () => ({ body: shifted }), "abc", undefined, 3, true],
  ["a Buffer", () => ({ body: Buffer.from("abc") }), "abc", undefined, 3, true],
  ["an ArrayBuffer", () => ({ body: encoder.encode("abc").buffer }), "abc", undefined, 3, true],
  [
    "a DataView",
    () => ({ body: new DataView(encoder.encode("xabcx").buffer, 1, 3) }),
    "abc",
    undefined,
    3,
    true,
  ],
  ["a Uint16Array", () => ({ body: new Uint16Array([0x6261]) }), "ab", undefined, 2, true],
  [
    "a Blob with a type",
    () => ({ body: new Blob(["abc"], { type: "image/png" }) }),
    "abc",
    "image/png",
    3,
    true,
  ],
  ["a Blob without one", () => ({ body: new Blob(["abc"]) }), "abc", undefined, 3, true],
  [
    "URLSearchParams",
    () => ({ body: new URLSearchParams({ a: "b c" }) }),
    "a=b+c",
    urlencoded,
    5,
    true,
  ],
  ["a ReadableStream", () => ({ body: streamOf("ab", "c") }), "abc", undefined, null, false],
  [
    "an AsyncIterable",
    () => ({ body: pieces("a", "", encoder.encode("bé")) }),
    "abé",
    undefined,
    null,
    false,
  ],
  ["a function of text", () => ({ body: () => "abc" }), "abc", undefined, 3, true],
  [
    "a function of a promise",
    () => ({ body: () => Promise.resolve(new Blob(["abc"])) }),
    "abc",
    undefined,
    3,
    true,
  ],
  [
    "a function of a stream",
    () => ({ body: () => streamOf("a", "bc") }),
    "abc",
    undefined,
    null,
    true,
  ],
];

describe("request content", () => {
  it.each(kinds)(
    "of %s arrives as it is, and says what it is",
    async (_kind, make, text, type, length) => {
      const { session, transport } = sessionOf();
      await session.post("", make());
      expect(transport.last).toMatchObject({ text });
      expect(transport.last.fields["content-type"]).toBe(type);
      expect(transport.last.fields).not.toHaveProperty("content-length");
      expect(bodyLength(transport.last.request.body)).toBe(length);
    },
  );

  it.each(kinds)(
    "of %s is sent again exactly if it can be",
    async (_kind, make, text, _type, _length, replayable) => {
      const { session, transport } = sessionOf([{ error: staleConnection() }, {}]);
      const sent = session.put("", make());
      if (replayable) {
        await sent;
        expect(transport.arrivals.map((one) => one.text)).toEqual([text, text]);
      } else {
        expect(await failure(sent)).toMatchObject({ code: "ERR_DISCONNECTED_IDLE" });
        expect(transport.arrivals).toHaveLength(1);
      }
    },
  );

  it("is none for null and undefined", async () => {
    const { session, transport } = sessionOf();
    for (const options of [{}, { body: null }, { body: undefined, json: undefined }]) {
      await session.post("", options);
      expect(transport.last).toMatchObject({ content: null });
      expect(transport.last.fields).not.toHaveProperty("content-type");
    }
    expect(bodyLength(null)).toBe(0);
  });

  it("keeps the content type that the caller gives, in any case", async () => {
    const { session, transport } = sessionOf(
      {},
      { headers: { "Content-Type": "application/vnd.api+json" } },
    );
    await session.post("", { json: {} });
    expect(transport.last.fields["content-type"]).toBe("application/vnd.api+json");
    await session.post("", { json: {}, headers: { "CONTENT-TYPE": "text/json" } });
    expect(transport.last.lines.filter((name) => name.toLowerCase() === "content-type")).toEqual([
      "CONTENT-TYPE",
    ]);
    expect(transport.last.fields["content-type"]).toBe("text/json");
  });

  it("is read from the options once, as it may be a getter", async () => {
    const { session, transport } = sessionOf();
    for (const kind of ["json", "form", "multipart", "body"]) {
      let reads = 0;
      const value = kind === "multipart" ? new FormData() : kind === "form" ? { a: 1 } : "text";
      const get = (): unknown => (reads++ === 0 ? value : undefined);
      await session.post("", Object.defineProperty({}, kind, { get, enumerable: true }));
      expect([kind, reads, transport.last.content?.byteLength]).toEqual([
        kind,
        1,
        expect.any(Number),
      ]);
    }
  });

  it("of bytes that are shared is theirs, and no longer shared", async () => {
    const { session, transport } = sessionOf();
    const body = new Uint8Array(new SharedArrayBuffer(8), 2, 4).fill(65);
    await session.post("", { body });
    expect(transport.last.text).toBe("AAAA");
    expect((transport.last.request.body as Uint8Array).buffer).toBeInstanceOf(ArrayBuffer);
  });

  it("is none for TRACE (RFC 9110 §9.3.8)", async () => {
    const { session, transport } = sessionOf();
    expect(await failure(session.request("TRACE", "", { body: "abc" }))).toMatchObject({
      code: "ERR_INVALID_CONTENT",
    });
    expect(transport.requests).toEqual([]);
  });

  it("is one at most", async () => {
    const { session, transport } = sessionOf();
    const two: RequestOptions[] = [
      { json: 1, form: {} },
      { json: null, body: "" },
      { form: {}, multipart: new FormData(), body: "a" },
    ];
    for (const options of two) {
      const error = await failure(session.post("", options));
      expect(error).toMatchObject({
        name: "InvalidRequestError",
        code: "ERR_INVALID_CONTENT",
        requestSent: "no",
      });
      expect(error.message).toContain(`${Object.keys(options).join(" and ")} are given`);
    }
    expect(transport.requests).toEqual([]);
  });

  const cycle: Record<string, unknown> = {};
  cycle["self"] = cycle;
  it.each<[string, RequestOptions, RegExp]>([
    ["a cycle as json", { json: cycle }, /Remove cycles and bigints/],
    ["a bigint as json", { json: { a: 1n } }, /Remove cycles and bigints/],
    [
      "a failing toJSON",
      {
        json: {
          toJSON: () => {
            throw new Error("no");
          },
        },
      },
      /json cannot be serialised/,
    ],
    ["a function as json", { json: () => 1 }, /json is of type (function|symbol)/],
    ["a symbol as json", { json: Symbol("a") }, /json is of type (function|symbol)/],
    ["null as a form", { form: null as never }, /form is null/],
    ["text as a form", { form: "a=b" as never }, /Pass a record of strings/],
    ["an object in a form", { form: { a: {} } as never }, /form\["a"\] is of type object/],
    [
      "a nested array in a form",
      { form: { a: [["b"]] } as never },
      /form\["a"\] is of type object/,
    ],
    ["a record as multipart", { multipart: {} as never }, /Pass a FormData/],
    ["null as multipart", { multipart: null as never }, /Pass a FormData/],
    ["a number as body", { body: 1 as never }, /or use json/],
    ["a record as body", { body: {} as never }, /or use json/],
    ["an array as body", { body: ["a"] as never }, /or use json/],
  ])("refuses %s before anything is sent", async (_kind, options, remedy) => {
    const { session, transport } = sessionOf();
    const error = await failure(session.post("", options));
    expect(error).toMatchObject({
      name: "InvalidRequestError",
      requestSent: "no",
      retryable: false,
    });
    expect(error.message).toMatch(remedy);
    expect(transport.requests).toEqual([]);
    expect(session.stats.active).toBe(0);
  });

  it("refuses a stream that somebody reads", async () => {
    const stream = streamOf("a");
    const reader = stream.getReader();
    expect((await failure(sessionOf().session.post("", { body: stream }))).message).toContain(
      "already being read",
    );
    reader.releaseLock();
  });

  it("keeps its promise of a cause", () => {
    const cause = new Error("why");
    expect(invalid("CONTENT", "what", "Remedy.", cause)).toMatchObject({
      code: "ERR_INVALID_CONTENT",
      cause,
    });
  });
});

describe("one-shot content", () => {
  it("fails the call with its own error as cause when its source fails", async () => {
    const cause = new Error("disk");
    for (const body of [
      pieces("a", cause),
      streamOf("a", cause),
      (): BodyInput => pieces("a", cause),
    ]) {
      const { session } = sessionOf();
      const error = await failure(session.post("", { body }));
      expect(error).toMatchObject({
        name: "ContentError",
        code: "ERR_CONTENT_SOURCE",
        cause,
        requestSent: "maybe",
      });
      expect(session.stats.active).toBe(0);
    }
  });

  it("fails the call when it yields what is no bytes", async () => {
    const error = await failure(sessionOf().session.post("", { body: pieces("a", 5) }));
    expect(error.message).toContain("yielded number, not bytes");
  });

  it("is passed on in the tree's own errors as they are", async () => {
    const error = invalid("CONTENT", "own", "Remedy.");
    expect(await failure(sessionOf().session.post("", { body: pieces(error) }))).toBe(error);
  });

  it.each([
    ["after", 1],
    ["beside", 2],
  ])("is never shared by an exchange and another %s it", async (_when, atOnce) => {
    const { session, transport } = sessionOf(
      {},
      {
        middleware: [
          async (request, next) => {
            const first = next(request);
            if (atOnce === 1) (await first).discard();
            const second = next(request);
            (await first).discard();
            return second;
          },
        ],
      },
    );
    const error = await failure(session.put("", { body: pieces("a", "b") }));
    expect(error).toMatchObject({ code: "ERR_CONTENT_SOURCE", retryable: false });
    expect(error.message).toContain("can be sent only once");
    expect(transport.arrivals.map(({ text }) => text)).toEqual(["ab"]);
  });

  it("is cancelled when the transport stops before its end", async () => {
    let cancelled: unknown = "not";
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(encoder.encode("abc")),
      cancel: (reason) => void (cancelled = reason),
    });
    expect(
      await failure(sessionOf().session.post("", { body, headers: { "content-length": "4" } })),
    ).toMatchObject({ code: "ERR_CONTENT_SOURCE" });
    expect(cancelled).toBeUndefined();
    expect(body.locked).toBe(false);
  });

  it.each([
    ["ab", "c"],
    ["abc", ""],
  ])("of a declared length is held to it (%#)", async (...items) => {
    const { session, transport } = sessionOf();
    await session.post("", { body: pieces(...items), headers: { "Content-Length": "3" } });
    expect(transport.last).toMatchObject({ text: "abc" });
    expect(bodyLength(transport.last.request.body)).toBe(3);
    expect(transport.last.fields).not.toHaveProperty("content-length");
    const short = await failure(
      session.post("", { body: pieces(...items), headers: { "content-length": "4" } }),
    );
    expect(short.message).toContain("ended after 3 bytes of its content-length of 4");
    const long = await failure(
      session.post("", { body: pieces(...items), headers: { "content-length": "2" } }),
    );
    expect(long.message).toContain("longer than its content-length of 2");
    expect([short.code, long.code]).toEqual(["ERR_CONTENT_SOURCE", "ERR_CONTENT_SOURCE"]);
  });

  it("passes on not one byte beyond its declared length", async () => {
    const content = requestContent({ body: pieces("ab", "cd") });
    const body = await content?.open(3);
    if (!body || !("source" in body)) throw new Error("no stream");
    const seen: string[] = [];
    await failure(async () => {
      for await (const piece of body.source) seen.push(Buffer.from(piece).toString());
    });
    expect(seen).toEqual(["ab"]);
  });
});

describe("a declared content-length", () => {
  it("of bytes has to agree with them", async () => {
    const { session, transport } = sessionOf();
    await session.post("", { body: "abc", headers: { "content-length": 3 } });
    expect(transport.last.fields).not.toHaveProperty("content-length");
    const error = await failure(
      session.post("", { body: "abc", headers: { "content-length": 4 } }),
    );
    expect(error).toMatchObject({ code: "ERR_INVALID_HEADER", requestSent: "no" });
    expect(error.message).toContain('says "4", not the 3 bytes that the content has');
    expect(await failure(session.get("", { headers: { "content-length": 1 } }))).toMatchObject({
      code: "ERR_INVALID_HEADER",
    });
    expect(transport.requests).toHaveLength(1);
    expect(session.stats.active).toBe(0);
  });

  it.each(["-1", "1.5", "1e3", "0x10", "", "3, 3", "9".repeat(16), "three"])(
    "has to be a number of bytes, and %j is none",
    async (value) => {
      const { session, transport } = sessionOf();
      const error = await failure(
        session.post("", { body: pieces("abc"), headers: { "content-length": value } }),
      );
      expect(error).toMatchObject({ code: "ERR_INVALID_HEADER" });
      expect(error.message).toContain("no number of bytes");
      expect(transport.requests).toEqual([]);
    },
  );
});

describe("a function as body", () => {
  it("is called once for each time that it is sent", async () => {
    let calls = 0;
    const body: BodyFactory = () => streamOf(`try ${++calls}`);
    const { session, transport } = sessionOf([{ error: staleConnection() }, {}]);
    await session.put("", { body });
    expect(transport.arrivals.map((one) => one.text)).toEqual(["try 1", "try 2"]);
  });

  it.each<[string, BodyFactory]>([
    [
      "throws",
      () => {
        throw new Error("planned");
      },
    ],
    ["rejects", () => Promise.reject(new Error("planned"))],
  ])("that %s fails the call, and nothing was sent", async (_how, body) => {
    const { session, transport } = sessionOf();
    const error = await failure(session.post("", { body }));
    expect(error).toMatchObject({
      code: "ERR_CONTENT_SOURCE",
      requestSent: "no",
      cause: { message: "planned" },
    });
    expect([transport.requests.length, session.stats.active]).toEqual([0, 0]);
  });

  it("that gives what cannot be sent fails the call", async () => {
    const error = await failure(sessionOf().session.post("", { body: () => 5 as never }));
    expect(error).toMatchObject({ code: "ERR_INVALID_CONTENT" });
  });

  it("is held to its declared length each time", async () => {
    const { session, transport } = sessionOf([{ error: staleConnection() }, {}]);
    await session.put("", { body: () => streamOf("abc"), headers: { "content-length": "3" } });
    expect(transport.requests.map(({ body }) => bodyLength(body))).toEqual([3, 3]);
    expect(transport.last.fields).not.toHaveProperty("content-length");
  });

  describe("whose stream nobody begins to read", () => {
    /** Streams of each kind, and what has become of them. */
    function streams() {
      const closed: string[] = [];
      const kinds: Record<string, () => BodyInput> = {
        web: () => new ReadableStream({ cancel: () => void closed.push("web") }),
        node: () => {
          const stream = new Readable({ read: () => undefined });
          return stream.once("close", () => closed.push("node"));
        },
        iterable: () => ({
          [Symbol.asyncIterator]: () => ({
            next: () => Promise.resolve({ done: true as const, value: undefined }),
            return: () => {
              closed.push("iterable");
              return Promise.reject(new Error("nobody hears this"));
            },
          }),
        }),
      };
      return { closed, kinds };
    }

    it.each(["web", "node", "iterable"])(
      "closes it if there is no connection: %s",
      async (kind) => {
        const { closed, kinds } = streams();
        const controller = new AbortController();
        const { session } = sessionOf({ hang: "connecting" });
        const call = failure(
          session.post("", { body: kinds[kind] as BodyFactory, signal: controller.signal }),
        );
        await turns(2);
        expect(closed).toEqual([]);
        controller.abort();
        await call;
        await turns(2);
        expect(closed).toEqual([kind]);
      },
    );

    it.each(["web", "node", "iterable"])("closes it if it comes too late: %s", async (kind) => {
      const { closed, kinds } = streams();
      const controller = new AbortController();
      const made = Promise.withResolvers<BodyInput>();
      const call = failure(
        sessionOf().session.post("", { body: () => made.promise, signal: controller.signal }),
      );
      controller.abort();
      await call;
      made.resolve((kinds[kind] as () => BodyInput)());
      await turns(2);
      expect(closed).toEqual([kind]);
    });

    it("leaves the caller's own stream alone, which can still be sent", async () => {
      const { session, transport } = sessionOf([{ hang: "connecting" }, {}]);
      const controller = new AbortController();
      const body = streamOf("own");
      const call = failure(session.post("", { body, signal: controller.signal }));
      await turns(1);
      controller.abort();
      await call;
      await session.post("", { body });
      expect(transport.last.text).toBe("own");
    });
  });

  it("is not sent when the call has ended while it was made", async () => {
    const { session, transport } = sessionOf();
    const controller = new AbortController();
    const made = Promise.withResolvers<BodyInput>();
    const call = failure(session.post("", { body: () => made.promise, signal: controller.signal }));
    controller.abort();
    expect(await call).toMatchObject({ code: "ERR_ABORTED" });
    made.resolve("late");
    await Promise.resolve();
    expect(transport.requests).toEqual([]);
  });
});
