import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type HttpError, type TimeoutInput } from "../src/index.ts";
import { defaultTimeouts, timeoutRule } from "../src/timeout.ts";
import type { Answer, ScriptedOptions } from "./support/scripted-transport.ts";
import { failure, sessionOf, turns } from "./support/session.ts";

/** The first error of a call that is made and then given time, in steps small enough to see when it came. */
async function failsAfter(
  ms: number,
  call: PromiseLike<unknown>,
): Promise<HttpError & Record<string, unknown>> {
  let error: (HttpError & Record<string, unknown>) | undefined;
  void failure(call).then((found) => (error = found));
  await vi.advanceTimersByTimeAsync(ms - 1);
  expect(error).toBeUndefined();
  await vi.advanceTimersByTimeAsync(49);
  if (!error) throw new Error(`no error within 50 ms of ${ms} ms`);
  return error;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});

afterEach(() => {
  // Whatever a test has left on the clock is over by then, and with it the clock's one timer.
  vi.advanceTimersByTime(10_000_000);
  const left = vi.getTimerCount();
  vi.useRealTimers();
  if (left > 0) throw new Error(`${left} timers are left`);
});

describe("each timeout", () => {
  it.each<[row: string, timeout: TimeoutInput, answer: Answer, sent: string, said: string]>([
    [
      "connect",
      { connect: 100 },
      { hang: "connecting" },
      "no",
      "no connection was made within 100 ms",
    ],
    ["response", { response: 100 }, { hang: "sent" }, "maybe", "no response came within 100 ms"],
    ["total", 100, { hang: "nowhere" }, "no", "the call did not end within 100 ms"],
    ["total", { total: 100 }, { hang: "connecting" }, "no", "the call did not end within 100 ms"],
    [
      "total",
      { total: 100, response: 500 },
      { hang: "sent" },
      "maybe",
      "the call did not end within 100 ms",
    ],
  ])(
    "%s rejects with its phase, limit and time: %j",
    async (phase, timeout, answer, requestSent, said) => {
      const { session, transport } = sessionOf(answer);
      const error = await failsAfter(100, session.get("x", { timeout }));
      expect(error).toMatchObject({
        name: "TimeoutError",
        code: `ERR_TIMEOUT_${phase.toUpperCase()}`,
        phase,
        limit: 100,
        requestSent,
        request: { method: "GET", url: "http://origin.test/x" },
      });
      expect(error["elapsed"]).toBeGreaterThanOrEqual(100);
      expect(error["elapsed"]).toBeLessThan(150);
      expect(error.message).toContain(said);
      expect(error.message).toMatch(new RegExp(`[Rr]aise timeout\\.${phase}\\.$`));
      expect(transport.aborts).toEqual([error]);
      expect(session.stats.active).toBe(0);
    },
  );

  it("queue rejects whoever waits for a slot, and leaves the queue", async () => {
    const { session, transport } = sessionOf({ hang: "sent" }, { limits: { concurrency: 1 } });
    void session.get("first");
    const error = await failsAfter(100, session.get("x", { timeout: { queue: 100 } }));
    expect(error).toMatchObject({
      code: "ERR_TIMEOUT_QUEUE",
      phase: "queue",
      limit: 100,
      requestSent: "no",
      retryable: true,
    });
    expect(session.stats).toMatchObject({ active: 1, queued: 0 });
    expect(transport.requests).toHaveLength(1);
    await session.close({ force: true });
  });

  it("attempt rejects an attempt wherever it is, and is followed by another if retry says so", async () => {
    for (const hang of ["nowhere", "connecting", "connected", "sent"] as const) {
      const { session, transport } = sessionOf({ hang });
      const error = await failsAfter(100, session.get("x", { timeout: { attempt: 100 } }));
      expect(error).toMatchObject({
        code: "ERR_TIMEOUT_ATTEMPT",
        phase: "attempt",
        limit: 100,
        requestSent: /sent|connected/.test(hang) ? "maybe" : "no",
        retryable: true,
      });
      expect(transport.aborts).toEqual([error]);
      expect(session.stats.active).toBe(0);
    }
    const { session, transport } = sessionOf([{ hang: "sent" }, { hang: "sent" }, {}], {
      retry: { attempts: 3, backoff: () => 0 },
    });
    const call = session.get("x", { timeout: { attempt: 100 } });
    await vi.advanceTimersByTimeAsync(300);
    expect((await call).attempts).toMatchObject([
      { error: { code: "ERR_TIMEOUT_ATTEMPT" } },
      { error: { code: "ERR_TIMEOUT_ATTEMPT" } },
    ]);
    expect(transport.requests).toHaveLength(3);
  });

  it("read rejects the reader when nothing comes, and its gap starts anew with each piece", async () => {
    const { session, transport } = sessionOf({ ending: "open" });
    const response = await session.get("x", { timeout: { read: 100 } });
    const text = response.text();
    for (let i = 0; i < 5; i++) {
      await vi.advanceTimersByTimeAsync(80);
      transport.body.push("a");
    }
    const error = await failsAfter(100, text);
    expect(error).toMatchObject({
      code: "ERR_TIMEOUT_READ",
      phase: "read",
      limit: 100,
      requestSent: "yes",
    });
    expect(error.message).toContain("no response content came within 100 ms");
    expect([transport.body.cancelled, session.stats.active]).toEqual([1, 0]);
  });

  it("read counts neither the time before somebody reads nor that in which nobody does", async () => {
    const { session, transport } = sessionOf({
      content: Array.from({ length: 8 }, () => new Uint8Array(40_000)),
      ending: "open",
    });
    const response = await session.get("x", { timeout: { read: 100 } });
    await vi.advanceTimersByTimeAsync(1000);
    const iterator = response[Symbol.asyncIterator]();
    await iterator.next();
    await vi.advanceTimersByTimeAsync(1000);
    expect(transport.body.pauses).toBeGreaterThan(0);
    for (let i = 1; i < 8; i++) expect((await iterator.next()).done).toBe(false);
    const error = await failsAfter(100, iterator.next());
    expect(error.code).toBe("ERR_TIMEOUT_READ");
  });

  it("total goes on until the content is over", async () => {
    const { session, transport } = sessionOf({ content: "a", ending: "open" });
    const response = await session.get("x", { timeout: { total: 100, read: false } });
    const error = await failsAfter(100, response.text());
    expect(error).toMatchObject({
      code: "ERR_TIMEOUT_TOTAL",
      phase: "total",
      limit: 100,
      requestSent: "yes",
    });
    expect([transport.body.cancelled, session.stats.active]).toEqual([1, 0]);
  });

  it("total ends content that nobody reads, and whoever reads it later hears why", async () => {
    const { session, transport } = sessionOf({ content: "a", ending: "open" });
    const response = await session.get("x", { timeout: 100 });
    await vi.advanceTimersByTimeAsync(150);
    expect(transport.body.cancelled).toBe(1);
    expect(await failure(response.text())).toMatchObject({ code: "ERR_TIMEOUT_TOTAL" });
  });

  it("total covers the queue, and the redirects of a call together", async () => {
    const slow = async (): Promise<Answer> => {
      await new Promise((resolve) => setTimeout(resolve, 40));
      return { status: 302, headers: { location: "/again" } };
    };
    const { session, transport } = sessionOf(slow);
    const error = await failsAfter(100, session.get("x", { timeout: { total: 100 } }));
    expect([error.code, transport.requests.length]).toEqual(["ERR_TIMEOUT_TOTAL", 3]);
  });

  it("total ends a call whose middleware hangs", async () => {
    const { session } = sessionOf({}, { middleware: [() => new Promise(() => undefined)] });
    expect(await failsAfter(100, session.get("x", { timeout: 100 }))).toMatchObject({
      code: "ERR_TIMEOUT_TOTAL",
      requestSent: "no",
    });
    await session.close();
  });

  it("response does not count while content is being sent", async () => {
    async function* slow(): AsyncGenerator<string> {
      for (let i = 0; i < 4; i++) {
        await new Promise((resolve) => setTimeout(resolve, 80));
        yield "a";
      }
    }
    const { session, transport } = sessionOf({ hang: "sent" });
    const call = failure(
      session.post("x", { body: slow(), timeout: { response: 100, connect: 50 } }),
    );
    await vi.advanceTimersByTimeAsync(330);
    expect(transport.arrivals).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(120);
    expect(await call).toMatchObject({ code: "ERR_TIMEOUT_RESPONSE", requestSent: "maybe" });
  });

  it("connect and response run as one where connecting cannot be seen", async () => {
    const transportOptions: ScriptedOptions = { capabilities: { connectTimeout: "merged" } };
    const { session } = sessionOf({ hang: "sent" }, {}, transportOptions);
    const error = await failsAfter(
      150,
      session.get("x", { timeout: { connect: 100, response: 50 } }),
    );
    expect(error).toMatchObject({ code: "ERR_TIMEOUT_RESPONSE", limit: 150, requestSent: "maybe" });
  });

  it("connect starts anew when a dead connection is replaced", async () => {
    const { session } = sessionOf([
      async () => {
        await new Promise((resolve) => setTimeout(resolve, 80));
        return {
          error: Object.assign(
            (await import("../src/index.ts")).httpError("ERR_DISCONNECTED_IDLE"),
          ),
        };
      },
      { hang: "connecting" },
    ]);
    expect(await failsAfter(180, session.get("x", { timeout: { connect: 100 } }))).toMatchObject({
      code: "ERR_TIMEOUT_CONNECT",
    });
  });

  it("is cleared by the end of its call", async () => {
    const { session } = sessionOf({ content: "abc" });
    const timeout = { total: 1000, queue: 1000, connect: 1000, response: 1000, read: 1000 };
    for (let i = 0; i < 50; i++) await session.get("x", { timeout }).text();
    (await session.get("x", { timeout })).discard();
    await failure(sessionOf({ error: new Error("no") }).session.get("x", { timeout }));
    await turns(1);
    await vi.advanceTimersByTimeAsync(1100);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("gives unread content that is discarded a second, and no more", async () => {
    const { session, transport } = sessionOf({ content: "a", ending: "open" });
    const response = await session.get("x");
    response.discard();
    await vi.advanceTimersByTimeAsync(900);
    expect([transport.body.cancelled, session.stats.active]).toEqual([0, 1]);
    await vi.advanceTimersByTimeAsync(200);
    expect([transport.body.cancelled, session.stats.active]).toEqual([1, 0]);
  });
});

describe("timeouts", () => {
  it("end every silence by default, and never a stream that flows", async () => {
    expect(defaultTimeouts).toEqual({
      total: Infinity,
      attempt: Infinity,
      queue: Infinity,
      connect: 30_000,
      write: Infinity,
      response: 300_000,
      read: 300_000,
    });
    expect(
      await failsAfter(30_000, sessionOf({ hang: "connecting" }).session.get("x")),
    ).toMatchObject({ code: "ERR_TIMEOUT_CONNECT" });
    expect(await failsAfter(300_000, sessionOf({ hang: "sent" }).session.get("x"))).toMatchObject({
      code: "ERR_TIMEOUT_RESPONSE",
    });
    expect(
      await failsAfter(300_000, sessionOf({ ending: "open" }).session.get("x").text()),
    ).toMatchObject({ code: "ERR_TIMEOUT_READ" });
    const { session, transport } = sessionOf({ ending: "open" });
    const text = session.get("x").text();
    for (let i = 0; i < 20; i++) {
      await vi.advanceTimersByTimeAsync(200_000);
      transport.body.push("a");
    }
    transport.body.end();
    expect(await text).toBe("a".repeat(20));
  });

  it.each(["connect", "response", "read"] as const)("can be switched off: %s", async (name) => {
    const answers: Record<string, Answer> = {
      connect: { hang: "connecting" },
      response: { hang: "sent" },
      read: { ending: "open" },
    };
    for (const off of [false, Infinity] as const) {
      const { session } = sessionOf(answers[name]);
      let settled = false;
      void session
        .get("x", { timeout: { [name]: off } })
        .text()
        .catch(() => undefined)
        .finally(() => (settled = true));
      await vi.advanceTimersByTimeAsync(1_000_000);
      expect(settled).toBe(false);
      await session.close({ force: true });
      await turns(1);
      expect(settled).toBe(true);
    }
  });

  it("longer than timers can wait are waited for", async () => {
    const month = 31 * 24 * 3_600_000;
    expect(
      await failsAfter(
        month,
        sessionOf({ hang: "sent" }).session.get("x", { timeout: { response: month } }),
      ),
    ).toMatchObject({ limit: month });
  });

  it("are laid over others field by field, a number being total", () => {
    const base = { ...defaultTimeouts, read: 5 };
    const laid = (input: TimeoutInput): unknown => timeoutRule(input, base, "timeout");
    expect(laid(7)).toEqual({ ...base, total: 7 });
    expect(laid(false)).toEqual({ ...base, total: Infinity });
    expect(laid({ read: undefined, queue: 0.5, connect: false })).toEqual({
      ...base,
      queue: 0.5,
      connect: Infinity,
    });
    expect(laid({})).toEqual(base);
  });
});
