import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { bodyPieces } from "../src/index.ts";
import { Pace } from "../src/limits/pace.ts";
import { type Throttle, throttleRule } from "../src/limits/throttle.ts";
import { ThrottledBody } from "../src/limits/throttled-body.ts";
import { throttledStream } from "../src/limits/throttled-stream.ts";
import type { FieldLines, TransportBody } from "../src/transport.ts";
import { type ContentScript, ScriptedBody } from "./support/scripted-body.ts";
import { failure } from "./support/session.ts";
import { holds } from "./support/generated.ts";

type Bytes = Uint8Array<ArrayBuffer>;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"], now: 0 });
});

afterEach(() => {
  const left = vi.getTimerCount();
  vi.useRealTimers();
  if (left > 0) throw new Error(`${left} timers are left`);
});

/** Bytes that tell their place. */
const bytes = (size: number): Bytes => Uint8Array.from({ length: size }, (_, i) => i % 251);

/** A download: what came when, and how it ended. */
function download(script: ContentScript, ...paces: readonly Pace[]) {
  const source = new ScriptedBody(script);
  const body = new ThrottledBody(source, paces);
  const pieces: { at: number; piece: Bytes }[] = [];
  const endings: (FieldLines | null | Error)[] = [];
  const sized = { largest: 0, total: 0 };
  body.start({
    data(piece) {
      pieces.push({ at: performance.now(), piece });
      sized.largest = Math.max(sized.largest, piece.byteLength);
      sized.total += piece.byteLength;
    },
    end: (trailers) => void endings.push(trailers),
    fail: (error) => void endings.push(error as Error),
  });
  return {
    source,
    body,
    pieces,
    endings,
    sized,
    content: () => Buffer.concat(pieces.map(({ piece }) => piece)),
  };
}

/** Some time, in which everything happens that waits for nothing but its turn. */
async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

describe("a throttled download", () => {
  it("comes in even pieces at its rate, whole, and ends when its last byte has come", async () => {
    const { pieces, endings, sized, content } = download(
      { content: bytes(10_000), trailers: ["a", "b"] },
      new Pace(10_000),
    );
    await pass(500);
    expect(sized.total).toBeGreaterThanOrEqual(4900);
    expect(sized.total).toBeLessThanOrEqual(6000);
    expect(endings).toEqual([]);
    await pass(600);
    expect(content()).toEqual(Buffer.from(bytes(10_000)));
    expect(endings).toEqual([["a", "b"]]);
    expect(sized.largest).toBeLessThanOrEqual(500);
    for (const [index, { at }] of pieces.slice(1).entries())
      expect(at - pieces.at(index)!.at).toBeLessThanOrEqual(55);
  });

  it("comes one byte at a time if need be", async () => {
    const { sized, endings } = download({ content: "abc" }, new Pace(1));
    await pass(1000);
    expect(sized).toEqual({ largest: 1, total: 2 });
    await pass(1000);
    expect(endings).toHaveLength(1);
  });

  it("is not held up by a pace that it does not reach", async () => {
    const { endings } = download({ content: bytes(100_000) }, new Pace(50_000_000));
    await pass(0);
    expect(endings).toHaveLength(1);
  });

  it("keeps the slower of two paces, and leaves the rest of the shared one to others", async () => {
    const shared = new Pace(10_000);
    const slow = download({ content: bytes(50_000) }, shared, new Pace(1000));
    const other = download({ content: bytes(50_000) }, shared);
    await pass(2000);
    expect(slow.sized.total / 2).toBeGreaterThan(900);
    expect(slow.sized.total / 2).toBeLessThan(1100);
    expect(other.sized.total / 2).toBeGreaterThan(8500);
    expect(other.sized.total / 2).toBeLessThan(9600);
    slow.body.cancel();
    other.body.cancel();
  });

  it("shares a pace in equal parts, whatever the size of the pieces", async () => {
    const pace = new Pace(100_000);
    const many = Array.from({ length: 10 }, (_, i) =>
      download({ content: Array.from({ length: 400 }, () => bytes(100 * (i + 1))) }, pace),
    );
    await pass(3000);
    const totals = many.map(({ sized }) => sized.total);
    const all = totals.reduce((sum, one) => sum + one);
    expect(all).toBeGreaterThan(290_000);
    expect(all).toBeLessThan(310_000);
    for (const total of totals) expect(Math.abs(total - all / 10)).toBeLessThan(600);
    for (const { body } of many) body.cancel();
  });

  it("does not get slower by late timers", async () => {
    const wait = setTimeout;
    vi.stubGlobal("setTimeout", (callback: () => void, ms: number) => wait(callback, ms + 15));
    const { sized, body } = download({ content: bytes(200_000) }, new Pace(10_000));
    await pass(10_000);
    expect(sized.total).toBeGreaterThan(98_000);
    expect(sized.total).toBeLessThan(102_000);
    body.cancel();
    vi.unstubAllGlobals();
  });

  it("does not save up what a slow server leaves unused", async () => {
    const { source, sized, body } = download({ ending: "open" }, new Pace(10_000));
    await pass(5000);
    source.push(bytes(20_000));
    await pass(1000);
    expect(sized.total).toBeLessThanOrEqual(11_500);
    body.cancel();
  });

  it("holds the transport back, and takes little more than it hands on", async () => {
    const { source, sized, body } = download(
      { content: Array.from({ length: 500 }, () => bytes(1000)) },
      new Pace(100_000),
    );
    await pass(2000);
    expect(source.pauses).toBeGreaterThan(0);
    expect(source.delivered - sized.total).toBeLessThan(70_000);
    await pass(3100);
    expect(sized.total).toBe(500_000);
    body.cancel();
  });

  it("stops at once for a reader that pauses, and goes on where it was", async () => {
    const script = { content: bytes(5000), ending: "open" } as const;
    const { source, body, sized, content } = download(script, new Pace(10_000));
    await pass(100);
    body.pause();
    expect(source.pauses).toBe(1);
    const before = sized.total;
    await pass(10_000);
    expect(sized.total).toBe(before);
    body.resume();
    await pass(600);
    expect(content()).toEqual(Buffer.from(bytes(5000)));
    expect(source.resumes).toBe(1);
  });

  it("bears a reader that pauses and resumes with every piece", async () => {
    const source = new ScriptedBody({ content: Array.from({ length: 50 }, () => bytes(33)) });
    const body = new ThrottledBody(source, [new Pace(100_000)]);
    const got: Bytes[] = [];
    const ended = vi.fn<() => void>();
    body.start({
      data(piece) {
        got.push(piece);
        body.pause();
        body.resume();
      },
      end: ended,
      fail: ended,
    });
    await pass(100);
    expect(ended).toHaveBeenCalledTimes(1);
    expect(Buffer.concat(got)).toEqual(Buffer.concat(Array.from({ length: 50 }, () => bytes(33))));
  });

  it("says whether it is waiting, so that its silence is not taken for the peer's", async () => {
    const { body, source } = download({ content: bytes(1000), ending: "open" }, new Pace(1000));
    await pass(200);
    expect(body.waiting).toBe(true);
    await pass(1000);
    expect(body.waiting).toBe(false);
    source.push("x");
    source.end();
    await pass(100);
  });

  it("frees its timer when it is given up, and what it had booked", async () => {
    const pace = new Pace(1000);
    const { body, source, sized } = download({ content: bytes(5000) }, pace);
    const others = Array.from({ length: 10 }, () => download({ content: bytes(5000) }, pace));
    await pass(100);
    const before = sized.total;
    for (const { body: other } of others) other.cancel();
    body.cancel();
    expect(vi.getTimerCount()).toBe(0);
    expect(source.cancelled).toBe(1);
    await pass(1000);
    expect(sized.total).toBe(before);
    const next = download({ content: bytes(100) }, pace);
    await pass(200);
    expect(next.endings).toHaveLength(1);
  });

  it("breaks off after what came before, and with the same error", async () => {
    const error = new Error("broken");
    const { endings, sized } = download({ content: bytes(500), ending: error }, new Pace(1000));
    await pass(300);
    expect(endings).toEqual([]);
    await pass(300);
    expect(sized.total).toBe(500);
    expect(endings).toEqual([error]);
  });

  it("gives each piece memory of its own", async () => {
    const { pieces } = download({ content: bytes(1000) }, new Pace(10_000));
    await pass(200);
    expect(new Set(pieces.map(({ piece }) => piece.buffer)).size).toBe(pieces.length);
  });

  it("hands on everything in order, whatever the pieces, the rate and the reader do", async () => {
    await holds(
      50,
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 3000 }), { maxLength: 30 }),
        fc.integer({ min: 100, max: 1_000_000 }),
        fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 10 }),
        async (sizes, rate, pauses) => {
          const whole = bytes(sizes.reduce((sum, one) => sum + one, 0));
          let offset = 0;
          const parts = sizes.map((size) => whole.slice(offset, (offset += size)));
          const { body, content, endings } = download({ content: parts }, new Pace(rate));
          for (const pause of pauses) {
            await pass(pause);
            body.pause();
            await pass(pause);
            body.resume();
          }
          await pass((whole.byteLength / rate) * 1000 + 200);
          expect(content().equals(whole)).toBe(true);
          expect(endings).toEqual([[]]);
          expect(vi.getTimerCount()).toBe(0);
        },
      ),
    );
  });
});

/** An upload that a transport takes as fast as it can. */
function upload(body: TransportBody, ...paces: readonly Pace[]) {
  const stream = throttledStream(body, paces);
  const pieces: { at: number; piece: Bytes }[] = [];
  const iterator = stream.source[Symbol.asyncIterator]();
  const done = (async () => {
    for (let next = await iterator.next(); !next.done; next = await iterator.next())
      pieces.push({ at: performance.now(), piece: next.value });
    return "done";
  })();
  return {
    stream,
    iterator,
    pieces,
    done,
    total: () => pieces.reduce((sum, { piece }) => sum + piece.byteLength, 0),
    content: () => Buffer.concat(pieces.map(({ piece }) => piece)),
  };
}

describe("a throttled upload", () => {
  it.each<[kind: string, make: () => TransportBody, length: number | null]>([
    ["bytes", () => bytes(10_000), 10_000],
    ["a Blob", () => new Blob([bytes(4000), bytes(6000)]), 10_000],
    ["a stream", () => ({ source: bodyPieces(new Blob([bytes(10_000)])), length: null }), null],
  ])("of %s goes at its rate, whole, its length unchanged", async (_kind, make, length) => {
    const { stream, pieces, done, total } = upload(make(), new Pace(10_000));
    expect(stream.length).toBe(length);
    await pass(500);
    expect(total()).toBeGreaterThan(4500);
    expect(total()).toBeLessThan(6000);
    await pass(600);
    expect(await done).toBe("done");
    expect(total()).toBe(10_000);
    for (const { piece } of pieces) expect(piece.byteLength).toBeLessThanOrEqual(500);
  });

  it("is cut into pieces of a size that flows, however fast it may be", async () => {
    const { pieces, done, content } = upload(bytes(300_000), new Pace(1e9));
    await done;
    expect(pieces).toHaveLength(5);
    expect(content()).toEqual(Buffer.from(bytes(300_000)));
  });

  it("shares a pace in equal parts", async () => {
    const pace = new Pace(100_000);
    const many = Array.from({ length: 10 }, () => upload(bytes(100_000), pace));
    await pass(1000);
    const before = many.map(({ total }) => total());
    await pass(2000);
    for (const [index, { total }] of many.entries())
      expect(Math.abs(total() - before.at(index)! - 20_000)).toBeLessThan(600);
    for (const { iterator } of many) await iterator.return?.();
  });

  it("frees its timer at once when the transport stops, and gives its source up", async () => {
    const returned = vi.fn<() => void>();
    const source = (async function* () {
      try {
        for (;;) yield bytes(1000);
      } finally {
        returned();
      }
    })();
    const { iterator, done } = upload({ source, length: null }, new Pace(100));
    await pass(100);
    expect(vi.getTimerCount()).toBe(1);
    const stopped = iterator.return?.();
    expect(vi.getTimerCount()).toBe(0);
    expect(await done).toBe("done");
    expect(await stopped).toEqual({ done: true, value: undefined });
    expect(returned).toHaveBeenCalledTimes(1);
  });

  it("fails as its source fails", async () => {
    const error = new Error("broken");
    const source = (async function* () {
      yield bytes(100);
      throw error;
    })();
    const { done } = upload({ source, length: null }, new Pace(1000));
    const failed = done.catch((reason: unknown) => reason);
    await pass(200);
    expect(await failed).toBe(error);
  });

  it("asks for nothing before the transport does", () => {
    const asked = vi.fn<() => void>();
    const source = (async function* () {
      asked();
      yield bytes(1);
    })();
    throttledStream({ source, length: null }, [new Pace(1)]);
    expect(asked).not.toHaveBeenCalled();
  });
});

describe("the option", () => {
  const rates = (throttle: Throttle | null) =>
    throttle && [throttle.download, throttle.upload].map((paces) => paces.map(({ rate }) => rate));

  it("adds a call's pace to that of its session, which stays the same for all", () => {
    const session = throttleRule({ download: 1000 }, null, "throttle");
    const call = throttleRule({ download: 100, upload: 10 }, session, "throttle");
    expect([rates(session), rates(call)]).toEqual([
      [[1000], []],
      [[1000, 100], [10]],
    ]);
    expect(call?.download.at(0)).toBe(session?.download.at(0));
  });

  it("is switched off with false, as a whole or in one direction", () => {
    const session = throttleRule({ download: 1000, upload: 100 }, null, "throttle");
    expect(throttleRule(false, session, "throttle")).toBeNull();
    expect(rates(throttleRule({ upload: false }, session, "throttle"))).toEqual([[1000], []]);
    expect(throttleRule({ download: false, upload: false }, session, "throttle")).toBeNull();
  });

  it.each<[unknown, string]>([
    [{ download: 0 }, "throttle.download is 0"],
    [{ upload: -1 }, "throttle.upload is -1"],
    [{ upload: 0.5 }, "throttle.upload is 0.5"],
    [{ upload: NaN }, "throttle.upload is NaN"],
    [{ download: "1" }, "throttle.download is"],
    [{ rate: 1 }, "throttle.rate is unknown"],
    [1000, "throttle is 1000"],
    [null, "throttle is null"],
  ])("refuses %j", async (value, said) => {
    const error = await failure(() => throttleRule(value, null, "throttle"));
    expect(error).toMatchObject({ code: "ERR_INVALID_OPTION" });
    expect(error.message).toContain(said);
  });
});
