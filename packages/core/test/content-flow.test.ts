import { describe, expect, it } from "vitest";
import {
  bodyLength,
  bodyPieces,
  type ContentReceiver,
  Inlet,
  isStream,
  type OutgoingStream,
  piecesToStream,
  type PieceReader,
  pullBody,
  toAbortSignal,
} from "../src/index.ts";
import { streamPieces } from "../src/content/body.ts";
import { PieceIterator } from "../src/content/piece-iterator.ts";
import { ScriptedBody } from "./support/scripted-body.ts";
import { collected, failure, turns } from "./support/session.ts";

type Piece = Uint8Array<ArrayBuffer>;

const bytes = (text: string): Piece => new TextEncoder().encode(text);
const text = (piece: Uint8Array | undefined): string => Buffer.from(piece ?? []).toString();

/** A source that counts, and a receiver that records. */
function ends(): {
  source: { calls: string[]; pause(): void; resume(): void; cancel(): void };
  receiver: ContentReceiver & { readonly seen: string[] };
} {
  const calls: string[] = [];
  const seen: string[] = [];
  return {
    source: {
      calls,
      pause: () => calls.push("pause"),
      resume: () => calls.push("resume"),
      cancel: () => calls.push("cancel"),
    },
    receiver: {
      seen,
      data: (piece) => seen.push(text(piece)),
      end: (trailers) => seen.push(`end ${JSON.stringify(trailers)}`),
      fail: (error) => seen.push(`fail ${String(error)}`),
    },
  };
}

const request = { method: "GET", url: "http://origin.test/" };

describe("an inlet", () => {
  it("keeps what comes before core listens, its end included", () => {
    const { source, receiver } = ends();
    const inlet = new Inlet(source);
    inlet.data(bytes("a"));
    inlet.data(bytes(""));
    inlet.data(bytes("b"));
    inlet.end(["t", "1"]);
    inlet.start(receiver);
    expect(receiver.seen).toEqual(["a", "b", 'end ["t","1"]']);
  });

  it("passes on what comes after", () => {
    const { source, receiver } = ends();
    const inlet = new Inlet(source);
    inlet.start(receiver);
    inlet.data(bytes("a"));
    inlet.fail("broken");
    inlet.data(bytes("late"));
    inlet.end(null);
    inlet.fail("again");
    expect(receiver.seen).toEqual(["a", "fail broken"]);
  });

  it("keeps a failure that comes before core listens, behind its pieces", () => {
    const { source, receiver } = ends();
    const inlet = new Inlet(source);
    inlet.data(bytes("a"));
    inlet.fail("broken");
    inlet.start(receiver);
    expect(receiver.seen).toEqual(["a", "fail broken"]);
  });

  it("pauses the library when too much has come, and lets it go on when core listens", () => {
    const { source, receiver } = ends();
    const inlet = new Inlet(source);
    inlet.data(new Uint8Array(65_535));
    expect(source.calls).toEqual([]);
    inlet.data(bytes("a"));
    expect(source.calls).toEqual(["pause"]);
    inlet.start(receiver);
    expect(source.calls).toEqual(["pause", "resume"]);
  });

  it("leaves the library paused if core asks for it while it gets what was kept", async () => {
    const { source } = ends();
    const inlet = new Inlet(source);
    inlet.data(new Uint8Array(200_000));
    const pieces = new PieceIterator(inlet, Infinity, request);
    const first = pieces.next();
    inlet.data(new Uint8Array(200_000));
    await first;
    expect(source.calls).toEqual(["pause", "resume", "pause"]);
    // The same, with all of it there before.
    const other = ends().source;
    const full = new Inlet(other);
    full.data(new Uint8Array(70_000));
    full.data(new Uint8Array(200_000));
    await new PieceIterator(full, Infinity, request).next();
    expect(other.calls.at(-1)).toBe("pause");
  });

  it("hands pause and resume on while content is coming, and not after its end", () => {
    const { source, receiver } = ends();
    const inlet = new Inlet(source);
    inlet.start(receiver);
    inlet.pause();
    inlet.resume();
    inlet.end(null);
    inlet.pause();
    inlet.resume();
    inlet.cancel();
    expect(source.calls).toEqual(["pause", "resume"]);
  });

  it("says nothing more once it is cancelled, and cancels the library once", () => {
    const { source, receiver } = ends();
    const inlet = new Inlet(source);
    inlet.data(bytes("a"));
    inlet.cancel();
    inlet.cancel();
    inlet.data(bytes("b"));
    inlet.end(null);
    inlet.start(receiver);
    expect([receiver.seen, source.calls]).toEqual([[], ["cancel"]]);
  });

  it("stops handing over what it has kept when it is cancelled meanwhile", () => {
    const { source, receiver } = ends();
    const inlet = new Inlet(source);
    for (const piece of ["a", "b", "c"]) inlet.data(bytes(piece));
    inlet.start({ ...receiver, data: (piece) => (receiver.data(piece), inlet.cancel()) });
    expect([receiver.seen, source.calls]).toEqual([["a"], ["cancel"]]);
  });
});

describe("a piece iterator", () => {
  it("asks for nothing before it is read", async () => {
    const body = new ScriptedBody({ content: "a" });
    const iterator = new PieceIterator(body, Infinity, request);
    await turns(1);
    expect(body.started).toBe(false);
    expect(text((await iterator.next()).value as Piece)).toBe("a");
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it("serves several readers in order", async () => {
    const body = new ScriptedBody({ content: ["a", "b"] });
    const iterator = new PieceIterator(body, Infinity, request);
    const results = await Promise.all([
      iterator.next(),
      iterator.next(),
      iterator.next(),
      iterator.next(),
    ]);
    expect(results.map(({ done, value }) => (done === true ? "end" : text(value)))).toEqual([
      "a",
      "b",
      "end",
      "end",
    ]);
  });

  it("rejects one reader on failure and ends the others", async () => {
    const body = new ScriptedBody({ ending: new Error("broken") });
    const iterator = new PieceIterator(body, Infinity, request);
    const [first, second] = await Promise.allSettled([iterator.next(), iterator.next()]);
    expect([first?.status, second]).toEqual([
      "rejected",
      { status: "fulfilled", value: { done: true, value: undefined } },
    ]);
    expect(await iterator.next()).toMatchObject({ done: true });
  });

  it("gives what has come before the failure that nobody waited for", async () => {
    const body = new ScriptedBody({
      content: ["a", "b"],
      ending: new Error("broken"),
      atOnce: true,
    });
    const iterator = new PieceIterator(body, Infinity, request);
    expect([
      text((await iterator.next()).value as Piece),
      text((await iterator.next()).value as Piece),
    ]).toEqual(["a", "b"]);
    await expect(iterator.next()).rejects.toMatchObject({
      request,
      cause: new Error("broken"),
    });
    expect(await iterator.next()).toMatchObject({ done: true });
  });

  it("holds the transport back at its high-water mark and lets it go on at half of it", async () => {
    const body = new ScriptedBody({
      content: Array.from({ length: 20 }, () => new Uint8Array(32_768)),
    });
    const iterator = new PieceIterator(body, Infinity, request);
    await iterator.next();
    await turns(1);
    expect([body.pauses, body.delivered]).toEqual([1, 5 * 32_768]);
    await iterator.next();
    await iterator.next();
    expect(body.resumes).toBe(0);
    await iterator.next();
    expect(body.resumes).toBe(1);
    let count = 4;
    while (!(await iterator.next()).done) count++;
    expect(count).toBe(20);
    expect(body.pauses).toBe(body.resumes);
  });

  it("gives the rest up on return, and ends whoever waits", async () => {
    const body = new ScriptedBody({ ending: "open" });
    const iterator = new PieceIterator(body, Infinity, request);
    const waiting = iterator.next();
    expect(await iterator.return()).toEqual({ done: true, value: undefined });
    expect(await waiting).toEqual({ done: true, value: undefined });
    body.push("late");
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    expect(body.cancelled).toBe(1);
  });

  it("fails at its limit and closes the connection", async () => {
    const body = new ScriptedBody({ content: ["ab", "cd"] });
    const iterator = new PieceIterator(body, 3, request);
    await iterator.next();
    expect(await failure(iterator.next())).toMatchObject({ code: "ERR_CONTENT_TOO_LARGE" });
    expect(body.cancelled).toBe(1);
  });
});

/** A reader over a script of results. */
function reader(
  ...results: (string | Error)[]
): PieceReader & { cancelled: number; reads: number } {
  return {
    cancelled: 0,
    reads: 0,
    async read() {
      this.reads++;
      await Promise.resolve();
      const result = results.shift();
      if (result instanceof Error) throw result;
      return result === undefined ? { done: true } : { done: false, value: bytes(result) };
    },
    async cancel() {
      this.cancelled++;
      await Promise.reject(new Error("cannot be cancelled"));
    },
  };
}

describe("a pulled body", () => {
  const named = (error: unknown): unknown => `named ${(error as Error).message}`;

  it("gives each piece, never an empty one, and its end", async () => {
    const { receiver } = ends();
    pullBody(reader("a", "", "b"), named).start(receiver);
    await turns(1);
    expect(receiver.seen).toEqual(["a", "b", "end null"]);
  });

  it("without a reader ends at once", async () => {
    const { receiver } = ends();
    pullBody(null, named).start(receiver);
    await turns(1);
    expect(receiver.seen).toEqual(["end null"]);
  });

  it("fails with the error that is made of the read's", async () => {
    const { receiver } = ends();
    pullBody(reader("a", new Error("read")), named).start(receiver);
    await turns(1);
    expect(receiver.seen).toEqual(["a", "fail named read"]);
  });

  it("reads nothing while it is paused, before its start as well", async () => {
    const { receiver } = ends();
    const source = reader("a", "b");
    const body = pullBody(source, named);
    body.pause();
    body.resume();
    body.pause();
    body.start(receiver);
    await turns(1);
    expect(source.reads).toBe(0);
    body.resume();
    body.resume();
    await turns(1);
    expect([receiver.seen, source.reads]).toEqual([["a", "b", "end null"], 3]);
  });

  it("keeps a piece that comes while it is paused in its place", async () => {
    const { receiver } = ends();
    const source = reader("a", "b", "c");
    const body = pullBody(source, named);
    body.start({
      ...receiver,
      data: (piece) => (receiver.data(piece), text(piece) === "a" && body.pause()),
    });
    await turns(1);
    expect([receiver.seen, source.reads]).toEqual([["a"], 1]);
    body.resume();
    await turns(1);
    expect(receiver.seen).toEqual(["a", "b", "c", "end null"]);
  });

  it.each([
    ["a piece", "a"],
    ["a failure", new Error("late")],
    ["its end", undefined],
  ])("says nothing of %s that comes after it was cancelled", async (_what, result) => {
    const { receiver } = ends();
    const source = result === undefined ? reader() : reader(result);
    const body = pullBody(source, named);
    body.start(receiver);
    body.cancel();
    body.cancel();
    await turns(1);
    expect([receiver.seen, source.cancelled]).toEqual([[], 1]);
  });

  it("is not cancelled any more once it has ended", async () => {
    const { receiver } = ends();
    const source = reader();
    const body = pullBody(source, named);
    body.start(receiver);
    await turns(1);
    body.cancel();
    expect(source.cancelled).toBe(0);
  });
});

describe("pieces for transports", () => {
  async function* stream(): AsyncGenerator<Piece> {
    await Promise.resolve();
    yield bytes("a");
    yield bytes("b");
  }
  const outgoing: OutgoingStream = { source: stream(), length: 2 };

  it("know request content of each kind", async () => {
    const all = async (body: Parameters<typeof bodyPieces>[0]): Promise<string> =>
      Buffer.concat(await collected(bodyPieces(body))).toString();
    expect([
      isStream(null),
      isStream(bytes("a")),
      isStream(new Blob([])),
      isStream(outgoing),
    ]).toEqual([false, false, false, true]);
    expect(
      [null, bytes("abc"), new Blob(["ab"]), outgoing, { ...outgoing, length: null }].map(
        bodyLength,
      ),
    ).toEqual([0, 3, 2, 2, null]);
    expect([await all(bytes("abc")), await all(new Blob(["abc"])), await all(outgoing)]).toEqual([
      "abc",
      "abc",
      "ab",
    ]);
  });

  it("make a web stream that is pulled one piece at a time", async () => {
    let pulled = 0;
    async function* counted(): AsyncGenerator<number> {
      for (; pulled < 5; pulled++) yield pulled;
      await Promise.resolve();
    }
    const reading = piecesToStream(counted()).getReader();
    await turns(1);
    expect(pulled).toBe(0);
    expect(await reading.read()).toEqual({ done: false, value: 0 });
    await turns(1);
    expect(pulled).toBe(0);
    await reading.cancel();
    expect(await reading.read()).toMatchObject({ done: true });
  });

  it("make a web stream whose source may have no return", async () => {
    const stream = piecesToStream({
      [Symbol.asyncIterator]: () => ({
        next: async () => Promise.resolve({ done: false as const, value: 1 }),
      }),
    });
    await stream.cancel();
    expect(stream.locked).toBe(false);
  });

  it("read a web stream, let it go at its end, and cancel it when they are left early", async () => {
    const log: string[] = [];
    const source = (): ReadableStream<string> =>
      new ReadableStream({
        start: (controller) => (
          controller.enqueue("a"),
          controller.enqueue("b"),
          controller.close()
        ),
        cancel: () => void log.push("cancel"),
      });
    const whole = source();
    expect([await collected(streamPieces(whole)), whole.locked]).toEqual([["a", "b"], false]);
    const part = source();
    for await (const piece of streamPieces(part)) if (piece === "a") break;
    expect([log, part.locked]).toEqual([["cancel"], false]);
    const broken = new ReadableStream<string>({
      start: (controller) => controller.error(new Error("broken")),
    });
    await expect(collected(streamPieces(broken))).rejects.toThrow("broken");
    expect(broken.locked).toBe(false);
  });

  it("make a platform signal of an exchange's", () => {
    const signal = {
      aborted: false,
      reason: undefined as unknown,
      onabort: null as ((reason: unknown) => void) | null,
    };
    const platform = toAbortSignal(signal);
    const reason = new Error("why");
    expect(platform.aborted).toBe(false);
    signal.onabort?.(reason);
    expect([platform.aborted, platform.reason]).toEqual([true, reason]);
    expect(toAbortSignal({ aborted: true, reason, onabort: null }).reason).toBe(reason);
  });
});
