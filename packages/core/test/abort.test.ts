import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { AbortError, type RequestOptions, type Session } from "../src/index.ts";
import type { Answer } from "./support/scripted-transport.ts";
import { failure, sessionOf, turns } from "./support/session.ts";

const listeners = (signal: AbortSignal): number => getEventListeners(signal, "abort").length;

async function* endless(): AsyncGenerator<string> {
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve));
    yield "a";
  }
}

/** How a call gets into a phase and stays there. */
const phases: readonly [phase: string, answer: Answer, sent: string, options: RequestOptions][] = [
  ["connect", { hang: "connecting" }, "no", {}],
  ["write", { hang: "connected" }, "maybe", {}],
  ["write", {}, "maybe", { body: endless() }],
  ["response", { hang: "sent" }, "maybe", {}],
];

describe("an abort", () => {
  it.each(phases)(
    "in the phase %s rejects with the signal's own reason as cause: case %#",
    async (phase, answer, requestSent, options) => {
      const { session, transport } = sessionOf(answer);
      const controller = new AbortController();
      const reason = { why: "planned" };
      const call = failure(session.post("x", { ...options, signal: controller.signal }));
      await turns(3);
      expect(listeners(controller.signal)).toBe(1);
      controller.abort(reason);
      const error = await call;
      expect(error).toBeInstanceOf(AbortError);
      expect(error).toMatchObject({
        name: "AbortError",
        code: "ERR_ABORTED",
        phase,
        requestSent,
        retryable: false,
        request: { method: "POST" },
      });
      expect(error.cause).toBe(reason);
      expect(transport.aborts).toEqual([error]);
      expect([listeners(controller.signal), session.stats]).toEqual([
        0,
        { active: 0, queued: 0, idle: null, origins: {} },
      ]);
    },
  );

  it("in the queue leaves it", async () => {
    const { session, transport } = sessionOf({ hang: "sent" }, { limits: { concurrency: 1 } });
    const first = failure(session.get("first"));
    const controller = new AbortController();
    const call = failure(session.get("x", { signal: controller.signal }));
    expect(session.stats.queued).toBe(1);
    controller.abort();
    const error = await call;
    expect(error).toMatchObject({ code: "ERR_ABORTED", phase: "queue", requestSent: "no" });
    expect(error.cause).toBe(controller.signal.reason);
    expect([session.stats.queued, transport.requests.length, listeners(controller.signal)]).toEqual(
      [0, 1, 0],
    );
    await session.close({ force: true });
    await first;
  });

  it.each<[string, (session: Session, signal: AbortSignal) => Promise<unknown>]>([
    ["text", (session, signal) => session.get("x", { signal }).text()],
    [
      "a loop",
      async (session, signal) => {
        for await (const piece of await session.get("x", { signal }))
          expect(piece.byteLength).toBe(1);
      },
    ],
    [
      "a stream",
      async (session, signal) =>
        new Response((await session.get("x", { signal })).body).text().catch((error: unknown) => {
          throw error;
        }),
    ],
  ])("while content is read as %s rejects the reader", async (_how, read) => {
    const { session, transport } = sessionOf({ content: ["a"], ending: "open" });
    const controller = new AbortController();
    const reason = new Error("planned");
    const reading = failure(read(session, controller.signal));
    await turns(3);
    expect(listeners(controller.signal)).toBe(1);
    controller.abort(reason);
    const error = await reading;
    expect(error).toMatchObject({
      code: "ERR_ABORTED",
      phase: "read",
      requestSent: "yes",
      cause: reason,
    });
    expect([transport.body.cancelled, session.stats.active, listeners(controller.signal)]).toEqual([
      1, 0, 0,
    ]);
  });

  it("of content that nobody reads yet tells whoever reads it later", async () => {
    const { session, transport } = sessionOf({ content: "a", ending: "open" });
    const controller = new AbortController();
    const response = await session.get("x", { signal: controller.signal });
    controller.abort();
    expect(transport.body.cancelled).toBe(1);
    expect(await failure(response.text())).toMatchObject({ code: "ERR_ABORTED" });
    expect(await response.trailers).toBeNull();
  });

  it("before the call sends nothing, and calls no middleware", async () => {
    let called = 0;
    const { session, transport } = sessionOf(
      {},
      { middleware: [() => (called++, new Promise(() => undefined))] },
    );
    const reason = new Error("planned");
    const signal = AbortSignal.abort(reason);
    for (const one of [session, sessionOf().session]) {
      const error = await failure(one.get("x", { signal }));
      expect(error).toMatchObject({ code: "ERR_ABORTED", phase: "prepare", requestSent: "no" });
      expect(error.cause).toBe(reason);
    }
    expect([called, transport.requests.length, listeners(signal)]).toEqual([0, 0, 0]);
  });

  it("while middleware waits rejects at once, and its next leads nowhere", async () => {
    const gate = Promise.withResolvers<undefined>();
    const outcome = Promise.withResolvers<unknown>();
    const { session, transport } = sessionOf(
      {},
      {
        middleware: [
          async (request, next) => {
            await gate.promise;
            const response = next(request);
            outcome.resolve(failure(response));
            return response;
          },
        ],
      },
    );
    const controller = new AbortController();
    const call = failure(session.get("x", { signal: controller.signal }));
    controller.abort();
    const error = await call;
    expect(error.code).toBe("ERR_ABORTED");
    gate.resolve(undefined);
    expect(await outcome.promise).toBe(error);
    expect(transport.requests).toEqual([]);
  });

  it("after the content is over changes nothing", async () => {
    const { session, transport } = sessionOf({ content: "abc" });
    const controller = new AbortController();
    const response = await session.get("x", { signal: controller.signal });
    expect(await response.text()).toBe("abc");
    expect(listeners(controller.signal)).toBe(0);
    controller.abort();
    await turns(1);
    expect([transport.body.cancelled, transport.aborts]).toEqual([0, []]);
  });

  it("between redirects ends the call", async () => {
    const controller = new AbortController();
    const { session, transport } = sessionOf([
      { status: 302, headers: { location: "/b" }, ending: "open" },
      {},
    ]);
    const call = failure(session.get("a", { signal: controller.signal }));
    await turns(3);
    controller.abort();
    expect(await call).toMatchObject({ code: "ERR_ABORTED" });
    expect([transport.requests.length, transport.body.cancelled]).toEqual([1, 1]);
  });

  it.each([[undefined], [null], ["text"], [0], [Symbol("reason")]])(
    "keeps a reason of any kind: case %#",
    async (reason) => {
      const controller = new AbortController();
      const call = failure(
        sessionOf({ hang: "sent" }).session.get("x", { signal: controller.signal }),
      );
      controller.abort(reason);
      expect((await call).cause).toBe(controller.signal.reason);
    },
  );

  it("by AbortSignal.timeout keeps its TimeoutError as cause", async () => {
    const error = await failure(
      sessionOf({ hang: "sent" }).session.get("x", { signal: AbortSignal.timeout(5) }),
    );
    expect(error).toMatchObject({ code: "ERR_ABORTED", cause: { name: "TimeoutError" } });
  });
});

describe("a signal", () => {
  it("that is shared by many calls is left without listeners by all of them", async () => {
    const { session } = sessionOf([
      { content: "a" },
      { error: new Error("no") },
      { status: 302, headers: { location: "/x" } },
      { status: 404 },
      { content: "b" },
    ]);
    const { signal } = new AbortController();
    await session.get("x", { signal }).text();
    await failure(session.get("x", { signal }));
    await failure(session.get("x", { signal }));
    (await session.get("x", { signal })).discard();
    await turns(2);
    const invalid: RequestOptions = { signal, timeout: 0 };
    await failure(session.get("x", invalid));
    expect(listeners(signal)).toBe(0);
  });

  it("of another implementation of the interface will do", async () => {
    let listener: (() => void) | undefined;
    const signal = {
      aborted: false,
      reason: "own",
      addEventListener: (_type: string, added: () => void) => void (listener = added),
      removeEventListener: () => void (listener = undefined),
    };
    const call = failure(
      sessionOf({ hang: "sent" }).session.get("x", { signal: signal as unknown as AbortSignal }),
    );
    await turns(1);
    listener?.();
    expect(await call).toMatchObject({ code: "ERR_ABORTED", cause: "own" });
    expect(listener).toBeUndefined();
  });
});
