import { describe, expect, it } from "vitest";
import { failure, sessionOf, turns } from "./support/session.ts";

/** Whether a promise has settled, once everything that waits for nothing has happened. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  let over = false;
  void promise.finally(() => (over = true)).catch(() => undefined);
  await turns(5);
  return over;
}

const closed = { name: "SessionClosedError", code: "ERR_SESSION_CLOSED" };

describe("closing a session", () => {
  it("refuses calls from then on, and closes the transport once", async () => {
    const { session, transport } = sessionOf();
    await Promise.all([
      session.close(),
      session.close(),
      session[Symbol.asyncDispose](),
      session.close({ force: true }),
    ]);
    await session.close();
    expect(transport.closed).toBe(1);
    expect(await failure(session.get("x"))).toMatchObject({
      ...closed,
      requestSent: "no",
      phase: "prepare",
      request: { url: "http://origin.test/x" },
    });
    expect(await failure(session.extend({}).get("x"))).toMatchObject(closed);
    expect(transport.requests).toEqual([]);
  });

  it("lets calls under way and in the queue end", async () => {
    const gate = Promise.withResolvers<undefined>();
    const { session, transport } = sessionOf(
      [{ after: gate.promise, content: "a" }, { content: "b" }],
      { limits: { concurrency: 1 } },
    );
    const calls = [session.get("a").text(), session.get("b").text()];
    const closing = session.close();
    expect(await settled(closing)).toBe(false);
    expect(await failure(session.get("late"))).toMatchObject(closed);
    gate.resolve(undefined);
    expect(await Promise.all(calls)).toEqual(["a", "b"]);
    await closing;
    expect(transport.closed).toBe(1);
  });

  it("by force refuses calls that those begin who are told of the end", async () => {
    const begun: Promise<unknown>[] = [];
    const { session, transport } = sessionOf(
      { hang: "sent" },
      { trace: ({ type }) => type === "exchange-end" && begun.push(failure(sibling.get("again"))) },
    );
    const sibling = session.extend({ trace: () => undefined });
    const call = failure(session.get("x"));
    await turns(2);
    await session.close({ force: true });
    expect(await call).toMatchObject(closed);
    expect(await Promise.all(begun)).toMatchObject([closed]);
    expect(transport.requests).toHaveLength(1);
  });

  it("waits for content that somebody reads, and gives up content that nobody does", async () => {
    const { session, transport } = sessionOf({ content: "a", ending: "open" });
    const unread = await session.get("unread");
    const text = session.get("read").text();
    await turns(2);
    const closing = session.close();
    expect(await settled(closing)).toBe(false);
    expect(transport.bodies.map((body) => body.cancelled)).toEqual([1, 0]);
    transport.body.push("b");
    transport.body.end();
    expect(await text).toBe("ab");
    await closing;
    expect(await failure(unread.text())).toMatchObject({
      ...closed,
      request: { url: "http://origin.test/unread" },
    });
  });

  it.each([
    ["connecting", { hang: "connecting" }],
    ["waiting for a response", { hang: "sent" }],
    ["reading", { ending: "open" }],
  ] as const)("by force rejects calls that are %s", async (_phase, answer) => {
    const { session, transport } = sessionOf(answer);
    const call = failure(session.get("x").text());
    await turns(2);
    await session.close({ force: true });
    expect(await call).toMatchObject(closed);
    expect([transport.closed, session.stats.active]).toEqual([1, 0]);
  });

  it("by force rejects calls that wait in the queue or in middleware", async () => {
    const queued = sessionOf({ hang: "sent" }, { limits: { concurrency: 1 } });
    const calls = [failure(queued.session.get("a")), failure(queued.session.get("b"))];
    await queued.session.close({ force: true });
    expect(await Promise.all(calls)).toMatchObject([closed, closed]);
    expect(queued.transport.requests).toHaveLength(1);
    const hanging = sessionOf({}, { middleware: [() => new Promise(() => undefined)] });
    const call = failure(hanging.session.get("a"));
    await hanging.session.close({ force: true });
    expect(await call).toMatchObject(closed);
  });

  it("by force ends a close that waits", async () => {
    const { session } = sessionOf({ hang: "sent" });
    const call = failure(session.get("x"));
    const closing = session.close();
    expect(await settled(closing)).toBe(false);
    await session.close({ force: true });
    await closing;
    expect(await call).toMatchObject(closed);
  });

  it("that is an extended one refuses its own calls and leaves the others alone", async () => {
    const { session, transport } = sessionOf();
    const extended = session.extend({});
    await extended.close();
    await extended.close({ force: true });
    expect(await failure(extended.get("x"))).toMatchObject(closed);
    expect((await session.get("x")).status).toBe(200);
    expect(transport.closed).toBe(0);
    await session.close();
    expect(transport.closed).toBe(1);
  });

  it("does not wait for an answer that nobody will read", async () => {
    const gate = Promise.withResolvers<undefined>();
    const { session, transport } = sessionOf({ after: gate.promise, content: "a", ending: "open" });
    const call = session.get("x");
    const closing = session.close();
    gate.resolve(undefined);
    const response = await call;
    await closing;
    expect([transport.body.cancelled, transport.closed]).toEqual([1, 1]);
    expect(await failure(response.text())).toMatchObject(closed);
  });
});
