import { EventEmitter } from "node:events";
import { createReadStream, openAsBlob } from "node:fs";
import { type FileHandle, mkdtemp, open, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { bodyLength, type BodyInput, type OpenFile, Session } from "../src/index.ts";
import { ScriptedTransport, staleConnection } from "./support/scripted-transport.ts";
import { failure, sessionOf, turns } from "./support/session.ts";

let folder = "";
const path = (): string => join(folder, "file");
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "anyhttp-"));
});
afterAll(() => rm(folder, { recursive: true }));

const text = "0123456789".repeat(20_000);

describe("a stream of Node as body", () => {
  it.each<[string, () => Readable]>([
    ["of bytes", () => Readable.from([Buffer.from("a"), Buffer.from("b")], { objectMode: false })],
    ["of strings in object mode", () => Readable.from(["a", "b"])],
    ["that is paused", () => Readable.from(["a", "b"]).pause()],
    ["with an encoding", () => new Readable({ read() {} }).setEncoding("utf8")],
    ["that passes on", () => new PassThrough()],
  ])("%s is sent", async (_how, make) => {
    const body = make();
    if (body instanceof PassThrough) body.end("ab");
    else if (body.readableEncoding) for (const piece of ["ab", null]) body.push(piece);
    const { session, transport } = sessionOf();
    await session.post("", { body });
    expect(transport.last.text).toBe("ab");
    expect(body.destroyed).toBe(true);
  });

  it("that is an iterator is refused once it was sent, and one that iterates anew is not", async () => {
    async function* pieces() {
      yield await Promise.resolve("a");
    }
    const { session, transport } = sessionOf();
    const body = pieces();
    await session.post("", { body });
    expect(await failure(session.post("", { body }))).toMatchObject({
      code: "ERR_INVALID_CONTENT",
      requestSent: "no",
    });
    const anew = { [Symbol.asyncIterator]: pieces };
    await session.post("", { body: anew });
    await session.post("", { body: anew });
    expect(transport.arrivals.map(({ text }) => text)).toEqual(["a", "a", "a"]);
  });

  it.each<[string, () => BodyInput]>([
    ["a stream of Node", () => Readable.from(["a"])],
    ["a web stream", () => new Blob(["a"]).stream()],
    ["an iterator", () => Readable.from(["a"])[Symbol.asyncIterator]()],
  ])("that was sent is never sent empty: %s", async (_what, make) => {
    const { session, transport } = sessionOf();
    const body = make();
    const both = await Promise.allSettled([session.post("", { body }), session.post("", { body })]);
    expect(both.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(await failure(session.post("", { body }))).toMatchObject({
      code: "ERR_INVALID_CONTENT",
    });
    const parts = make();
    const multipart = ["a", "b"].map((name) => ({ name, content: parts as Readable }));
    const error = await failure(session.post("", { multipart }));
    expect(error.code).toBe("ERR_INVALID_CONTENT");
    expect(error.message).toContain("multipart[1].content is what another part has");
    expect(transport.arrivals.filter(({ text }) => text !== "a")).toEqual([]);
  });

  it("of objects fails the call, and is destroyed", async () => {
    const body = Readable.from([{ a: 1 }]);
    const error = await failure(sessionOf().session.post("", { body }));
    expect(error).toMatchObject({ code: "ERR_CONTENT_SOURCE" });
    expect(error.message).toContain("yielded object, not bytes");
    await turns();
    expect(body.destroyed).toBe(true);
  });

  it.each<[string, () => Promise<Readable>, RegExp, string | undefined]>([
    ["is destroyed", async () => Readable.from(["a"]).destroy(), /is over/, undefined],
    [
      "has failed",
      async () => {
        const body = Readable.from(["a"])
          .on("error", () => undefined)
          .destroy(new Error("disk"));
        await turns(2);
        return body;
      },
      /is over/,
      "disk",
    ],
    [
      "was read",
      async () => {
        const body = Readable.from(["a"]);
        for await (const _piece of body);
        return body;
      },
      /is over/,
      undefined,
    ],
    [
      "flows",
      async () => Readable.from(["a"]).on("data", () => undefined),
      /already being read/,
      undefined,
    ],
  ])("that %s is refused before anything is sent", async (_how, make, message, cause) => {
    const { session, transport } = sessionOf();
    const error = await failure(session.post("", { body: await make() }));
    expect(error).toMatchObject({ code: "ERR_INVALID_CONTENT", requestSent: "no" });
    expect(error.message).toMatch(message);
    expect((error.cause as Error | undefined)?.message).toBe(cause);
    expect(transport.requests).toEqual([]);
  });

  it("that fails before anybody reads it fails the call with its error, and not the process", async () => {
    const escaped: unknown[] = [];
    const listener = (error: unknown): void => void escaped.push(error);
    process.on("uncaughtException", listener);
    const first = Promise.withResolvers<void>();
    const { session } = sessionOf([{ after: first.promise }, {}], { limits: { concurrency: 1 } });
    const holding = session.get("");
    // The file is missed long before the slot is free.
    const call = failure(session.post("", { body: createReadStream(join(folder, "missing")) }));
    await new Promise((resolve) => setTimeout(resolve, 20));
    first.resolve();
    await holding.text();
    expect(await call).toMatchObject({ code: "ERR_CONTENT_SOURCE", cause: { code: "ENOENT" } });
    process.off("uncaughtException", listener);
    expect(escaped).toEqual([]);
  });

  it("that fails after its end is nobody's", async () => {
    const body = Readable.from(["a"]);
    const { session, transport } = sessionOf();
    await session.post("", { body });
    body.emit("error", new Error("late"));
    expect(transport.last.text).toBe("a");
  });

  it("that ends early fails the call", async () => {
    const body = new Readable({ read: () => undefined });
    body.push("half");
    const call = failure(sessionOf().session.post("", { body }));
    await turns(2);
    body.destroy();
    expect(await call).toMatchObject({
      code: "ERR_CONTENT_SOURCE",
      cause: { code: "ERR_STREAM_PREMATURE_CLOSE" },
    });
  });

  it("that stalls is destroyed when the call is aborted", async () => {
    const body = new Readable({ read: () => undefined });
    body.push("half");
    const controller = new AbortController();
    const call = failure(
      sessionOf({ hang: "sent" }).session.post("", { body, signal: controller.signal }),
    );
    await turns(2);
    controller.abort();
    await call;
    expect(body.destroyed).toBe(true);
  });

  it("of old, which has no iterator, is refused", async () => {
    const body = Object.assign(new EventEmitter(), { pipe: () => undefined });
    expect(await failure(sessionOf().session.post("", { body: body as never }))).toMatchObject({
      code: "ERR_INVALID_CONTENT",
    });
  });
});

describe("a web stream as body", () => {
  it("that stalls is cancelled when the call is aborted, and let go", async () => {
    let cancelled = 0;
    const body = new ReadableStream<Uint8Array>({ cancel: () => void cancelled++ });
    const controller = new AbortController();
    const call = failure(
      sessionOf({ hang: "sent" }).session.post("", { body, signal: controller.signal }),
    );
    await turns(2);
    controller.abort();
    await call;
    expect([cancelled, body.locked]).toEqual([1, false]);
  });
});

describe("an iterable as body", () => {
  it.each<[string, AsyncIterator<unknown>["next"]]>([
    [
      "throws",
      () => {
        throw new Error("planned");
      },
    ],
    ["gives no result", () => undefined as never],
    ["rejects", () => Promise.reject(new Error("planned"))],
  ])("whose next %s fails the call", async (_how, next) => {
    let returned = 0;
    const body = {
      [Symbol.asyncIterator]: () => ({ next, return: () => Promise.resolve(void returned++) }),
    };
    expect(await failure(sessionOf().session.post("", { body: body as never }))).toMatchObject({
      code: "ERR_CONTENT_SOURCE",
    });
    expect(returned).toBe(0);
  });

  it.each<[string, unknown]>([
    ["an array", ["a"]],
    ["a set", new Set(["a"])],
    [
      "a generator",
      (function* () {
        yield "a";
      })(),
    ],
  ])("that is not asynchronous (%s) is refused", async (_kind, body) => {
    expect(await failure(sessionOf().session.post("", { body: body as BodyInput }))).toMatchObject({
      code: "ERR_INVALID_CONTENT",
    });
  });
});

describe("an open file as body", () => {
  let file: FileHandle;
  const opened = async (content = text): Promise<FileHandle> => {
    await writeFile(path(), content);
    return (file = await open(path()));
  };

  it("is sent with its length, again if need be, and stays open where it was", async () => {
    await using handle = await opened();
    const { session, transport } = sessionOf([{ error: staleConnection() }, {}]);
    await session.put("", { body: handle });
    expect(transport.arrivals.map((one) => one.text === text)).toEqual([true, true]);
    expect(bodyLength(transport.last.request.body)).toBe(text.length);
    expect((await handle.read(Buffer.alloc(3), 0, 3)).buffer.toString()).toBe("012");
  });

  it("serves several calls at once", async () => {
    await using handle = await opened();
    const { session, transport } = sessionOf();
    await Promise.all([1, 2, 3].map(() => session.post("", { body: handle })));
    expect(transport.arrivals.map((one) => one.text === text)).toEqual([true, true, true]);
  });

  it("is as long as it was when it began to be sent", async () => {
    await using handle = await opened("short");
    const { session, transport } = sessionOf();
    const growing: OpenFile = {
      stat: async () => {
        const { size } = await handle.stat();
        await writeFile(path(), "short and longer");
        return { size, isFile: true };
      },
      read: handle.read.bind(handle) as OpenFile["read"],
      close: () => undefined,
    };
    await session.post("", { body: growing });
    expect(transport.last.text).toBe("short");
  });

  it("that is cut meanwhile fails the call", async () => {
    await using handle = await opened();
    const cutting: OpenFile = {
      stat: () => handle.stat(),
      read: async (...options: Parameters<FileHandle["read"]>) => {
        await truncate(path(), 70_000);
        return handle.read(...options);
      },
      close: () => undefined,
    };
    const error = await failure(sessionOf().session.post("", { body: cutting }));
    expect(error.message).toContain("ended after 70000 bytes of its content-length of 200000");
  });

  it("that is closed, or no regular file, sends nothing", async () => {
    const handle = await opened();
    await handle.close();
    const { session, transport } = sessionOf();
    expect(await failure(session.post("", { body: handle }))).toMatchObject({
      code: "ERR_CONTENT_SOURCE",
      requestSent: "no",
      cause: { code: "EBADF" },
    });
    await using directory = await open(folder);
    const error = await failure(session.post("", { body: directory }));
    expect(error).toMatchObject({ code: "ERR_CONTENT_SOURCE", requestSent: "no" });
    expect(error.message).toContain("is no regular one");
    expect(transport.requests).toEqual([]);
  });

  it.each<[string, (session: Session) => Promise<unknown>]>([
    ["the call is over", (session) => session.post("", { body: () => opened() }).text()],
    [
      "it cannot be sent",
      (session) =>
        failure(session.post("", { body: () => opened(), headers: { "content-length": "1" } })),
    ],
    [
      "the call is aborted",
      async (session) => {
        const controller = new AbortController();
        const call = failure(session.post("", { body: () => opened(), signal: controller.signal }));
        await turns(1);
        controller.abort();
        await call;
      },
    ],
  ])("that a function opened is closed when %s", async (_when, act) => {
    await act(sessionOf().session);
    // Closing waits for reads that are under way.
    await vi.waitFor(() => expect(file.fd).toBe(-1));
  });

  it("with a position of its own is read by one call at a time", async () => {
    let at = 0;
    const bytes = new TextEncoder().encode(text);
    const body = {
      stat: async () => ({ size: bytes.length, isFile: true }),
      seek: async (offset: number) => (at = offset),
      read: async (into: Uint8Array) => {
        await turns(1);
        const piece = bytes.subarray(at, at + Math.min(into.length, 1000));
        into.set(piece);
        at += piece.length;
        return piece.length || null;
      },
      close: () => undefined,
    };
    const transport = new ScriptedTransport([{}]);
    const session = new Session({ transport, baseUrl: "http://origin.test" });
    const [first, second] = await Promise.allSettled([
      session.post("", { body }),
      session.post("", { body }),
    ]);
    expect(first.status).toBe("fulfilled");
    expect((second as PromiseRejectedResult).reason).toMatchObject({ code: "ERR_CONTENT_SOURCE" });
    await session.post("", { body });
    expect(transport.arrivals.map((one) => one.text === text)).toEqual([true, true]);
  });
});

describe("a Blob", () => {
  class Lying extends File {
    override readonly size: number = 5;
  }

  it.each(["body", "multipart"] as const)(
    "that lies about its size is refused (%s)",
    async (as) => {
      const lying = new Lying(["abc"], "a");
      const form = new FormData();
      form.append("a", lying);
      for (const content of as === "body"
        ? [lying, form]
        : [form, [{ name: "a", content: lying }]]) {
        const { session, transport } = sessionOf();
        expect(await failure(session.post("", { [as]: content }))).toMatchObject({
          code: "ERR_INVALID_CONTENT",
        });
        expect(transport.requests).toEqual([]);
      }
    },
  );

  it("whose file is gone is a source that failed", async () => {
    const file = join(folder, "gone");
    await writeFile(file, "x".repeat(5000));
    const body = await openAsBlob(file);
    await rm(file);
    const multipart = [{ name: "a", content: body }];
    for (const options of [{ body }, { multipart }]) {
      const error = await failure(sessionOf().session.put("", { ...options, retry: {} }));
      expect(error).toMatchObject({ code: "ERR_CONTENT_SOURCE", retryable: false, attempt: 1 });
      expect(error.cause).toMatchObject({ name: "NotReadableError" });
    }
  });

  it("is sent as what it holds, whatever its class says", async () => {
    class Other extends Blob {
      override stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
        return new Blob(["something else entirely"]).stream();
      }
      override slice(): Blob {
        return new Blob(["something else"]);
      }
    }
    const { session, transport } = sessionOf();
    await session.post("", { body: new Other(["abc"]) });
    expect(transport.last.text).toBe("abc");
  });

  it("is asked for its type once, and the type is checked", async () => {
    let reads = 0;
    class Changing extends Blob {
      override get type(): string {
        return reads++ === 0 ? "text/x" : "text/x\r\nx-planted: 1";
      }
    }
    const { session, transport } = sessionOf();
    await session.post("", { body: new Changing(["a"]) });
    expect([transport.last.fields["content-type"], reads]).toEqual(["text/x", 1]);
    expect(await failure(session.post("", { body: new Changing(["a"]) }))).toMatchObject({
      code: "ERR_INVALID_HEADER",
    });
  });
});

describe("what a request is changed to by middleware", () => {
  it.each<[string, object, string | undefined, string | null]>([
    ["json", { json: { a: 1 } }, "application/json", '{"a":1}'],
    ["form", { form: { a: 1 } }, "application/x-www-form-urlencoded;charset=UTF-8", "a=1"],
    ["body", { body: "text" }, "text/plain;charset=UTF-8", "text"],
    ["bytes", { body: new Uint8Array([97]) }, undefined, "a"],
    ["nothing", { body: null }, undefined, null],
    ["what it was", { url: "b" }, "application/json", '"old"'],
  ])("takes the type of its own content with it: %s", async (_kind, changes, type, content) => {
    const { session, transport } = sessionOf(
      {},
      { middleware: [(request, next) => next(request.with(changes))] },
    );
    await session.post("", { json: "old" });
    expect([transport.last.fields["content-type"], transport.last.text]).toEqual([type, content]);
  });

  it("can be multipart", async () => {
    const { session, transport } = sessionOf(
      {},
      {
        middleware: [
          (request, next) => next(request.with({ multipart: [{ name: "a", content: "1" }] })),
        ],
      },
    );
    await session.post("", { json: "old" });
    expect(transport.last.fields["content-type"]).toMatch(/^multipart\/form-data; boundary=/);
    expect(transport.last.text).toContain('name="a"\r\n\r\n1');
  });

  it("keeps a type that the caller gave", async () => {
    const { session, transport } = sessionOf(
      {},
      { middleware: [(request, next) => next(request.with({ body: "new" }))] },
    );
    await session.post("", { json: "old", headers: { "content-type": "text/own" } });
    expect(transport.last.fields["content-type"]).toBe("text/own");
  });
});
