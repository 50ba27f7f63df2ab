import * as zlib from "node:zlib";
import { describe, expect, it } from "vitest";
import {
  type ContentEncoders,
  digest,
  type EncoderFactory,
  type RequestOptions,
  type SessionOptions,
} from "../src/index.ts";
import type { ScriptedOptions, Step } from "./support/scripted-transport.ts";
import { collected, failure, sessionOf, turns } from "./support/session.ts";

/** Encodes all at once. */
const encoder = (encode: (bytes: Uint8Array) => Buffer): EncoderFactory =>
  async function* encoded(pieces) {
    yield new Uint8Array(encode(Buffer.concat(await collected(pieces))));
  };
const encoders: Required<ContentEncoders> = {
  gzip: encoder((bytes) => zlib.gzipSync(bytes)),
  br: encoder((bytes) => zlib.brotliCompressSync(bytes)),
  zstd: encoder((bytes) => zlib.zstdCompressSync(bytes)),
  deflate: encoder((bytes) => zlib.deflateSync(bytes)),
};
const json = { a: "b".repeat(500) };
const text = JSON.stringify(json);

function compressing(
  steps: Step | readonly Step[] = {},
  options: Partial<SessionOptions> = {},
  transport: ScriptedOptions = {},
): ReturnType<typeof sessionOf> {
  return sessionOf(steps, options, { encoders, ...transport });
}

async function sent(options: RequestOptions, session: Partial<SessionOptions> = {}) {
  const { session: own, transport } = compressing({}, session);
  await own.post("", options);
  const { content, fields, request } = transport.last;
  const { body } = request;
  return {
    coding: fields["content-encoding"],
    length: body === null ? null : "source" in body ? body.length : (body as Uint8Array).byteLength,
    content: content as Uint8Array,
  };
}

async function* pieces(...items: readonly string[]): AsyncGenerator<string> {
  for (const item of items) yield await Promise.resolve(item);
}

describe("compress", () => {
  it.each([
    ["gzip", zlib.gunzipSync],
    ["br", zlib.brotliDecompressSync],
    ["zstd", zlib.zstdDecompressSync],
    ["deflate", zlib.inflateSync],
  ] as const)("encodes small content as %s, and says how long it then is", async (coding, undo) => {
    const { content, ...facts } = await sent({ json, compress: coding });
    expect(facts).toEqual({ coding, length: content.byteLength });
    expect(undo(content).toString()).toBe(text);
  });

  it.each<[string, RequestOptions]>([
    ["a stream", { body: pieces("a", "b") }],
    ["a function's stream", { body: () => pieces("a", "b") }],
    ["more than 1 MiB", { body: "a".repeat(1_048_577) }],
    ["a Blob of more than 1 MiB", { body: new Blob(["a".repeat(1_048_577)]) }],
  ])("encodes %s as it is sent, without a length", async (_name, options) => {
    const { length, coding } = await sent({ ...options, compress: "gzip" });
    expect([length, coding]).toEqual([null, "gzip"]);
  });

  it("is a session's default, which a call may override", async () => {
    expect((await sent({ json }, { compress: "gzip" })).coding).toBe("gzip");
    expect((await sent({ json, compress: "br" }, { compress: "gzip" })).coding).toBe("br");
    expect((await sent({ json, compress: false }, { compress: "gzip" })).coding).toBeUndefined();
  });

  it.each<[string, RequestOptions]>([
    ["is none", {}],
    ["is empty", { body: "" }],
    ["is an empty Blob", { body: new Blob([]) }],
  ])("leaves alone a request whose content %s", async (_name, options) => {
    expect((await sent({ ...options, compress: "gzip" })).coding).toBeUndefined();
  });

  it.each([
    ["content-encoding", "br"],
    ["content-length", "3"],
  ] as const)(
    "stands back as a default where a call has a header %s, and is refused beside it",
    async (name, value) => {
      const headers = { [name]: value };
      const { content } = await sent({ body: "abc", headers }, { compress: "gzip" });
      expect(Buffer.from(content).toString()).toBe("abc");
      const { session, transport } = compressing();
      const error = await failure(session.post("", { body: "abc", headers, compress: "gzip" }));
      expect(error).toMatchObject({ code: "ERR_INVALID_OPTION", requestSent: "no" });
      expect(error.message).toContain(name);
      expect(transport.requests).toEqual([]);
    },
  );

  it("refuses what it does not know", async () => {
    const { session } = compressing();
    for (const compress of ["lzma", true, 1, "GZIP"] as unknown as ["gzip"]) {
      const error = await failure(session.post("", { json, compress }));
      expect(error.message).toMatch(/the option compress is .* gzip, br, zstd, deflate/);
    }
  });

  it("refuses a coding that the transport has no encoder for, and names those it has", async () => {
    const { session, transport } = compressing({}, {}, { encoders: { gzip: encoders.gzip } });
    const error = await failure(session.post("", { json, compress: "br" }));
    expect(error).toMatchObject({
      code: "ERR_UNSUPPORTED",
      option: "compress",
      transport: "scripted",
      capability: "encoders",
    });
    expect(error.message).toContain("its encoders are gzip");
    expect(transport.requests).toEqual([]);
  });

  it("encodes whole where content cannot be streamed, however large", async () => {
    const { session, transport } = compressing(
      {},
      {},
      { capabilities: { requestStreaming: "none" } },
    );
    await session.post("", { body: "a".repeat(3_000_000), compress: "gzip" });
    expect(transport.last.request.body).toBeInstanceOf(Uint8Array);
    expect(await failure(session.post("", { body: pieces("a"), compress: "gzip" }))).toMatchObject({
      code: "ERR_UNSUPPORTED",
      option: "body",
    });
  });

  it("encodes anew for each attempt and hop, and drops its field with the content", async () => {
    const { session, transport } = compressing([
      { status: 503 },
      { status: 307, headers: { location: "/b" } },
      { status: 303, headers: { location: "/c" } },
      {},
    ]);
    const options = { json, compress: "gzip", retry: { attempts: 2, backoff: 1 } } as const;
    await session.put("a", options);
    expect(
      transport.arrivals.map(({ path, fields }) => [path, fields["content-encoding"]]),
    ).toEqual([
      ["/a", "gzip"],
      ["/a", "gzip"],
      ["/b", "gzip"],
      ["/c", undefined],
    ]);
    for (const { content } of transport.arrivals.slice(0, 3))
      expect(zlib.gunzipSync(content as Uint8Array).toString()).toBe(text);
  });

  it("stops when the call is aborted while content is encoded", async () => {
    const { session, transport } = compressing();
    const controller = new AbortController();
    const body = new Uint8Array(1_000_000);
    const call = session.post("", { body, compress: "br", signal: controller.signal });
    controller.abort();
    expect(await failure(call)).toMatchObject({ code: "ERR_ABORTED" });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(transport.requests).toEqual([]);
  });

  it("asks a source that can be read once only for nothing before the transport does", async () => {
    let asked = false;
    async function* pieces() {
      asked = true;
      yield await Promise.resolve("abcdef");
    }
    const controller = new AbortController();
    const { session, transport } = compressing({ hang: "nowhere" });
    const call = session.put("", {
      multipart: [{ name: "a", content: pieces(), length: 6 }],
      compress: "gzip",
      signal: controller.signal,
    });
    await turns();
    expect(transport.requests).toHaveLength(1);
    controller.abort();
    await failure(call);
    expect(asked).toBe(false);
  });

  it("ends a silent source when the call is aborted before anything of it is sent", async () => {
    const lazy: EncoderFactory = (source) => ({
      [Symbol.asyncIterator]: () => source[Symbol.asyncIterator](),
    });
    const { session, transport } = compressing({}, {}, { encoders: { gzip: lazy } });
    const controller = new AbortController();
    const ended = Promise.withResolvers<string>();
    const asked = Promise.withResolvers<void>();
    const content: AsyncIterableIterator<string> = {
      [Symbol.asyncIterator]: () => content,
      next() {
        asked.resolve();
        return new Promise(() => undefined);
      },
      return() {
        ended.resolve("ended");
        return Promise.resolve({ done: true, value: undefined });
      },
    };
    const call = session.post("", {
      multipart: [{ name: "a", content: () => content, length: 10 }],
      compress: "gzip",
      signal: controller.signal,
    });
    await asked.promise;
    controller.abort();
    expect(await failure(call)).toMatchObject({ code: "ERR_ABORTED" });
    expect(await ended.promise).toBe("ended");
    expect(transport.requests).toEqual([]);
  });

  it("cannot go with a hash of the content, which is of what is sent", async () => {
    const challenge = 'Digest realm="a", nonce="b", qop="auth-int"';
    const { session } = compressing({ status: 401, headers: { "www-authenticate": challenge } });
    const auth = digest("user", "password");
    const error = await failure(session.post("", { json, compress: "gzip", auth }));
    expect(error.message).toContain("compress: false");
  });
});
