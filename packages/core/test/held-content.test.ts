import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { HeldContent } from "../src/content/held.ts";

const octets = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** A source that counts. */
function source(...pieces: string[]): {
  begun: number;
  returned: number;
  source: AsyncIterable<Uint8Array<ArrayBuffer>>;
  length: null;
} {
  const made = {
    begun: 0,
    returned: 0,
    length: null,
    source: {
      [Symbol.asyncIterator]: () => {
        made.begun++;
        return {
          next: () => {
            const piece = pieces.shift();
            return Promise.resolve(
              piece === undefined
                ? { done: true as const, value: undefined }
                : { done: false as const, value: octets(piece) },
            );
          },
          return: () => {
            made.returned++;
            return Promise.resolve({ done: true as const, value: undefined });
          },
        };
      },
    },
  };
  return made;
}

function held(body: ConstructorParameters<typeof HeldContent>[0], wait = 1_000) {
  const told: string[] = [];
  const clock = {
    holding: () => void told.push("holding"),
    released: () => void told.push("released"),
  };
  return { content: new HeldContent(body, wait, clock), told };
}

/** Whether a promise has settled. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  void promise.finally(() => (done = true));
  await vi.advanceTimersByTimeAsync(0);
  return done;
}

describe("held content", () => {
  beforeAll(() => void vi.useFakeTimers());
  afterAll(() => void vi.useRealTimers());

  it("knows its length, whatever its kind", () => {
    expect(held(octets("abc")).content.length).toBe(3);
    expect(held(new Blob(["ab"])).content.length).toBe(2);
    expect(held(source("a")).content.length).toBeNull();
  });

  it("begins its source when it is released, and not before", async () => {
    const body = source("a", "b");
    const { content, told } = held(body);
    const first = content.next();
    expect(await settled(first)).toBe(false);
    expect([body.begun, told]).toEqual([0, ["holding"]]);
    content.release();
    content.release();
    expect(await first).toEqual({ done: false, value: octets("a") });
    expect((await content.next()).value).toEqual(octets("b"));
    expect((await content.next()).done).toBe(true);
    expect([body.begun, told]).toEqual([1, ["holding", "released"]]);
  });

  it("waits for so long, from when the first piece is asked for", async () => {
    const { content } = held(octets("abc"), 500);
    await vi.advanceTimersByTimeAsync(1_000);
    const first = content.next();
    await vi.advanceTimersByTimeAsync(490);
    expect(await settled(first)).toBe(false);
    await vi.advanceTimersByTimeAsync(20);
    expect((await first).value).toEqual(octets("abc"));
  });

  it("waits for ever if it is told to", async () => {
    const { content } = held(octets("abc"), Infinity);
    const first = content.next();
    await vi.advanceTimersByTimeAsync(10_000_000);
    expect(await settled(first)).toBe(false);
  });

  it("does not wait for what has been said already", async () => {
    const { content, told } = held(octets("abc"));
    content.release();
    expect((await content.next()).value).toEqual(octets("abc"));
    expect(told).toEqual([]);
  });

  it("neither ends nor begins once it is closed", async () => {
    const body = source("a");
    const { content } = held(body, 100);
    const first = content.next();
    content.close();
    content.release();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await settled(first)).toBe(false);
    expect(await settled(content.next())).toBe(false);
    expect(body.begun).toBe(0);
  });

  it("goes on when it is closed after it was released", async () => {
    const { content } = held(source("a", "b"));
    content.release();
    await content.next();
    content.close();
    expect((await content.next()).value).toEqual(octets("b"));
  });

  it("returns its source if that was begun, once", async () => {
    const whole = source("a");
    await held(whole).content.return();
    expect(whole.returned).toBe(0);
    const begun = source("a");
    const { content } = held(begun);
    content.release();
    await content.next();
    await content.return();
    expect(begun.returned).toBe(1);
  });
});
