import { randomBytes } from "node:crypto";
import * as zlib from "node:zlib";
import { describe, expect, it } from "vitest";
import {
  type ContentDecoder,
  type ContentDecoders,
  type ContentReceiver,
  type DecoderFactory,
  httpError,
  webDecoders,
} from "../src/index.ts";
import { contentCodings, decodedBody } from "../src/content/decode.ts";
import { ScriptedBody } from "./support/scripted-body.ts";
import { collected, failure, respondTo, sessionOf, turns } from "./support/session.ts";

type Piece = Uint8Array<ArrayBuffer>;

/** A decoder that a test can see into: it reverses each piece, fails at "!" and is full at "#". */
class Reverser implements ContentDecoder {
  static last: Reverser;
  readonly calls: string[] = [];
  readonly receiver: ContentReceiver;
  readonly drain: () => void;

  constructor(receiver: ContentReceiver, onDrain: () => void) {
    this.receiver = receiver;
    this.drain = onDrain;
    Reverser.last = this;
  }
  write(piece: Piece): boolean {
    const text = Buffer.from(piece).toString();
    this.calls.push(`write ${text}`);
    if (text.includes("!")) this.receiver.fail(new Error("bad input"));
    else this.receiver.data(piece.toReversed());
    return !text.includes("#");
  }
  end(): void {
    this.calls.push("end");
    this.receiver.end(null);
  }
  cancel(): void {
    this.calls.push("cancel");
  }
  pause(): void {
    this.calls.push("pause");
  }
  resume(): void {
    this.calls.push("resume");
  }
}

const reverse: DecoderFactory = (receiver, onDrain) => new Reverser(receiver, onDrain);
/** Adds a letter to each piece, so that the order of decoders shows. */
const append =
  (letter: string): DecoderFactory =>
  (receiver) => ({
    write: (piece) => (
      receiver.data(new Uint8Array(Buffer.from(`${Buffer.from(piece).toString()}${letter}`))),
      true
    ),
    end: () => receiver.end(null),
    cancel: () => undefined,
    pause: () => undefined,
    resume: () => undefined,
  });
const decoders: ContentDecoders = { reverse, a: append("a"), b: append("b") };
const coded = (encoding: string, content: string | readonly string[] = "abc") => ({
  headers: { "content-encoding": encoding },
  content,
});

describe("content codings", () => {
  it.each([
    ["gzip", ["gzip"]],
    ["GZip, BR", ["gzip", "br"]],
    [" x-gzip ,, identity,deflate", ["gzip", "deflate"]],
    ["x-compress", ["x-compress"]],
    ["", []],
    ["identity", []],
  ])("of %j are %j", (value, codings) => {
    expect(contentCodings(value)).toEqual(codings);
  });
});

describe("coded content", () => {
  it("is decoded by whichever reader, and its fields are left as they came", async () => {
    const response = await respondTo(coded("reverse", ["abc", "de"]), {}, { decoders });
    expect(response.headers.get("content-encoding")).toBe("reverse");
    expect(await response.text()).toBe("cbaed");
    const pieces = await collected(
      await respondTo(coded("reverse", ["abc", "de"]), {}, { decoders }),
    );
    expect(pieces.map((piece) => Buffer.from(piece).toString())).toEqual(["cba", "ed"]);
  });

  it("of several codings is undone in reverse order, in one field or several", async () => {
    expect(await (await respondTo(coded("a, b"), {}, { decoders })).text()).toBe("abcba");
    const headers = ["content-encoding", "a", "Content-Encoding", "b"];
    expect(await (await respondTo({ headers, content: "x" }, {}, { decoders })).text()).toBe("xba");
    expect(await (await respondTo(coded("a,a,a,a,a"), {}, { decoders })).text()).toBe("abcaaaaa");
  });

  it("of more than five codings is refused, and its connection closed", async () => {
    const response = await respondTo({ ...coded("a,a,a,a,a,a"), ending: "open" }, {}, { decoders });
    const error = await failure(response.text());
    expect(error).toMatchObject({
      name: "ContentError",
      code: "ERR_CONTENT_DECODE",
      request: { method: "GET" },
    });
    expect(error.message).toMatch(/has 6 codings; 5 is the most.*Read it with decompress: false/);
    expect(response.transport.body.cancelled).toBe(1);
  });

  it.each(["unknown", "a, unknown", "__proto__", "constructor", "toString", "x".repeat(1000)])(
    "of the coding %j is refused",
    async (coding) => {
      const response = await respondTo({ ...coded(coding), ending: "open" }, {}, { decoders });
      const error = await failure(collected(response));
      expect(error.code).toBe("ERR_CONTENT_DECODE");
      expect(error.message).toContain("no decoder for content-encoding");
      expect(error.message.length).toBeLessThan(300);
      expect(response.transport.body.cancelled).toBe(1);
    },
  );

  it("stays as it is with decompress: false, and codings are not asked for", async () => {
    const { session, transport } = sessionOf(coded("unknown"), {}, { decoders });
    expect(await session.get("", { decompress: false }).text()).toBe("abc");
    expect(transport.last.fields).not.toHaveProperty("accept-encoding");
    await failure(session.get("").text());
    expect(transport.last.fields["accept-encoding"]).toBe("reverse, a, b");
    await session.extend({ decompress: false }).get("", { decompress: true });
    expect(transport.last.fields["accept-encoding"]).toBe("reverse, a, b");
    await session.get("", { decompress: false, headers: { "accept-encoding": "own" } });
    expect(transport.last.fields["accept-encoding"]).toBe("own");
    await session.extend({ headers: { "accept-encoding": "own" } }).get("", { decompress: false });
    expect(transport.last.fields["accept-encoding"]).toBe("own");
  });

  it("is left alone where the platform has decoded it, and where there is no content", async () => {
    const capabilities = { contentCoding: "decoded" } as const;
    expect(await (await respondTo(coded("gzip"), {}, { capabilities })).text()).toBe("abc");
    const { session } = sessionOf(coded("reverse", ""), {}, { decoders });
    expect(await session.head("").text()).toBe("");
    for (const status of [204, 304]) {
      const options = { throwHttpErrors: false };
      const response = await respondTo({ ...coded("unknown", ""), status }, options, { decoders });
      expect(await response.text()).toBe("");
    }
  });

  it("that a decoder fails on closes the connection and names the coding", async () => {
    const response = await respondTo(
      { ...coded("reverse", ["ab", "!"]), ending: "open" },
      {},
      { decoders },
    );
    const error = await failure(response.text());
    expect(error).toMatchObject({
      code: "ERR_CONTENT_DECODE",
      cause: { message: "bad input" },
      requestSent: "yes",
    });
    expect(error.message).toContain("the reverse content is truncated or corrupt");
    expect(response.transport.body.cancelled).toBe(1);
    expect(Reverser.last.calls).toEqual(["write ab", "write !", "cancel"]);
  });

  it("that breaks off on the way keeps the transport's error", async () => {
    const response = await respondTo(
      { ...coded("reverse"), ending: httpError("ERR_CONTENT_TRUNCATED") },
      {},
      { decoders },
    );
    expect(await failure(response.text())).toMatchObject({ code: "ERR_CONTENT_TRUNCATED" });
    expect(Reverser.last.calls).toEqual(["write abc", "cancel"]);
  });

  it("hands its trailers over behind the decoders", async () => {
    const response = await respondTo(
      { ...coded("a,b"), trailers: ["x-sum", "1"] },
      {},
      { decoders },
    );
    await response.text();
    expect((await response.trailers)?.get("x-sum")).toBe("1");
  });

  it("is bounded by what it decodes to, not by what is sent", async () => {
    const bomb = zlib.gzipSync(Buffer.alloc(1_000_000));
    const { session, transport } = sessionOf(
      { headers: { "content-encoding": "gzip" }, content: bomb },
      {},
      { decoders: webDecoders() },
    );
    expect(bomb.byteLength).toBeLessThan(10_000);
    expect(await failure(session.get("", { maxResponseSize: 10_000 }).bytes())).toMatchObject({
      code: "ERR_CONTENT_TOO_LARGE",
    });
    expect((await session.get("", { maxResponseSize: 1_000_000 }).bytes()).byteLength).toBe(
      1_000_000,
    );
    expect(transport.requests).toHaveLength(2);
  });

  it("given up half-way frees its decoders and closes its connection", async () => {
    const response = await respondTo({ ...coded("reverse, a"), ending: "open" }, {}, { decoders });
    for await (const piece of response) if (piece) break;
    expect(Reverser.last.calls.at(-1)).toBe("cancel");
    expect(response.transport.body.cancelled).toBe(1);
    Reverser.last.receiver.data(new Uint8Array(1));
    Reverser.last.receiver.end(null);
    Reverser.last.drain();
    expect(response.transport.body.resumes).toBe(0);
  });
});

describe("a decode stage", () => {
  const started = (codings: readonly string[], ...pieces: string[]) => {
    const body = new ScriptedBody({ content: pieces, ending: "open" });
    const seen: string[] = [];
    const decoded = decodedBody(body, codings, decoders);
    decoded.start({
      data: (piece) => seen.push(Buffer.from(piece).toString()),
      end: (trailers) => seen.push(`end ${JSON.stringify(trailers)}`),
      fail: (error) => seen.push(`fail ${(error as Error).message}`),
    });
    return { body, seen, decoded };
  };

  it("holds the body back while its decoder is full", async () => {
    const { body, seen } = started(["reverse"], "a#", "bc");
    await turns(2);
    expect([body.pauses, body.delivered, seen]).toEqual([1, 2, ["#a"]]);
    Reverser.last.drain();
    await turns(2);
    expect([body.resumes, seen]).toEqual([1, ["#a", "cb"]]);
  });

  it("hands pausing and resuming to its decoder, which holds back what it has", () => {
    const { decoded } = started(["reverse"]);
    decoded.pause();
    decoded.resume();
    expect(Reverser.last.calls).toEqual(["pause", "resume"]);
  });

  it("pauses the stage before it when its own decoder is full", async () => {
    const { seen } = started(["reverse", "reverse"], "a#", "b");
    await turns(2);
    expect(Reverser.last.calls).toContain("write #a");
    expect(seen).toEqual(["a#"]);
  });

  it("says nothing more once it has failed", async () => {
    const { body, seen } = started(["reverse"], "!");
    await turns(2);
    Reverser.last.receiver.data(new Uint8Array([97]));
    Reverser.last.receiver.end(null);
    body.push("late");
    body.end();
    await turns(2);
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatch(/^fail .*truncated or corrupt/);
  });

  it("ends with the trailers of the body, once its decoder has ended", async () => {
    const { body, seen } = started(["a", "b"], "x");
    body.end(["t", "1"]);
    await turns(2);
    expect(seen).toEqual(["xba", 'end ["t","1"]']);
  });

  it("of a coding that is refused gives its body up", () => {
    const body = new ScriptedBody({ ending: "open" });
    expect(() => decodedBody(body, ["none"], decoders)).toThrow("no decoder for");
    expect(body.cancelled).toBe(1);
  });
});

const plain = Buffer.from("Lorem ipsum dolor sit amet. ".repeat(2000));
const samples: Record<string, [coding: string, bytes: Piece]> = {
  gzip: ["gzip", new Uint8Array(zlib.gzipSync(plain))],
  "x-gzip": ["x-gzip", new Uint8Array(zlib.gzipSync(plain))],
  deflate: ["deflate", new Uint8Array(zlib.deflateSync(plain))],
  "raw deflate": ["deflate", new Uint8Array(zlib.deflateRawSync(plain))],
  br: ["br", new Uint8Array(zlib.brotliCompressSync(plain))],
};
const known = webDecoders();

describe.each(
  Object.entries(samples).filter(([, [coding]]) => coding === "x-gzip" || coding in known),
)("the platform's decoder of %s", (_name, [coding, bytes]) => {
  const answer = (content: readonly Uint8Array[], ending?: Error) => ({
    headers: { "content-encoding": coding },
    content,
    ...(ending && { ending }),
  });
  const bytewise = Array.from(bytes, (byte) => Uint8Array.of(byte));

  it("decodes what comes whole, and byte by byte, and says when it comes to an end", async () => {
    for (const content of [[bytes], bytewise]) {
      expect(
        Buffer.from(
          await (await respondTo(answer(content), {}, { decoders: known })).bytes(),
        ).equals(plain),
      ).toBe(true);
    }
  });

  it("fails on content that is cut short, corrupt, or followed by something else", async () => {
    const corrupt = bytes.with(bytes.length >> 1, 0xff ^ (bytes[bytes.length >> 1] ?? 0));
    for (const content of [
      bytes.slice(0, -3),
      bytes.slice(0, bytes.length >> 1),
      Buffer.from("not coded at all"),
      coding.includes("gzip") ? corrupt : bytes.slice(0, 1),
    ]) {
      const response = await respondTo(answer([content]), {}, { decoders: known });
      expect(await failure(response.bytes())).toMatchObject({ code: "ERR_CONTENT_DECODE" });
    }
  });

  it("takes zero bytes for empty content", async () => {
    expect(await (await respondTo(answer([]), {}, { decoders: known })).text()).toBe("");
  });

  it("keeps the transport's error when content breaks off", async () => {
    const response = await respondTo(
      answer([bytes.slice(0, 100)], httpError("ERR_CONTENT_TRUNCATED")),
      {},
      { decoders: known },
    );
    expect(await failure(response.bytes())).toMatchObject({ code: "ERR_CONTENT_TRUNCATED" });
  });

  it("is given up half-way without a word", async () => {
    const response = await respondTo(
      { ...answer([bytes]), ending: "open" },
      {},
      { decoders: known },
    );
    for await (const piece of response) if (piece) break;
    await turns(2);
    expect(response.transport.body.cancelled).toBe(1);
  });
});

describe("back-pressure through the platform's decoder", () => {
  it("holds the transport back while nobody reads, and goes on when somebody does", async () => {
    const noise = randomBytes(4_000_000);
    const packed = zlib.gzipSync(noise);
    const content = Array.from({ length: Math.ceil(packed.length / 10_000) }, (_, i) =>
      packed.subarray(i * 10_000, (i + 1) * 10_000),
    );
    const response = await respondTo(
      { headers: { "content-encoding": "gzip" }, content },
      {},
      { decoders: known },
    );
    const iterator = response[Symbol.asyncIterator]();
    const read = [(await iterator.next()).value as Uint8Array];
    await turns(200);
    const { body } = response.transport;
    expect(body.pauses).toBeGreaterThan(0);
    expect(body.delivered).toBeLessThan(1_000_000);
    for (let next = await iterator.next(); !next.done; next = await iterator.next())
      read.push(next.value);
    expect(Buffer.concat(read).equals(noise)).toBe(true);
  });
});
