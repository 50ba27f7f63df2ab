import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { collected, failure, sessionOf, turns } from "./support/session.ts";

const unhandled: unknown[] = [];
const keep = (reason: unknown): void => void unhandled.push(reason);
let others: NodeJS.UnhandledRejectionListener[] = [];

beforeEach(() => {
  unhandled.length = 0;
  others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", keep);
});

afterEach(() => {
  process.removeListener("unhandledRejection", keep);
  for (const other of others) process.on("unhandledRejection", other);
});

describe("a call that nobody awaits", () => {
  it.each([
    ["wrong options", {}, { timeout: 0 }],
    ["a failing transport", { error: new Error("own") }, {}],
    ["a status", { status: 500 }, {}],
    ["content that breaks off", { content: "a", ending: new Error("own") }, {}],
    ["a timeout", { hang: "sent" }, { timeout: 5 }],
    ["an abort", { hang: "sent" }, { signal: AbortSignal.timeout(5) }],
    ["a signal that had fired", {}, { signal: AbortSignal.abort() }],
  ] as const)("fails in silence, with or without a reader: %s", async (_why, answer, options) => {
    const { session } = sessionOf(answer);
    void session.get("x", options);
    void session.get("x", options).text();
    void session.get("x", options).json();
    void session.get("x", options).bytes();
    void session.get("x", options).arrayBuffer();
    void session.get("x", options).blob();
    void session.get("x", options).formData();
    void session.get("x", options).lines();
    void session.get("x", options).ndjson();
    await new Promise((resolve) => setTimeout(resolve, 30));
    await turns(5);
    expect(unhandled).toEqual([]);
  });

  it("tells its failure to whoever awaits it later", async () => {
    const { session } = sessionOf({ error: new Error("own") });
    const call = session.get("x");
    const text = session.get("x").text();
    await turns(5);
    expect([await failure(call), await failure(text)]).toMatchObject([
      { code: "ERR_TRANSPORT" },
      { code: "ERR_TRANSPORT" },
    ]);
    expect(unhandled).toEqual([]);
  });
});

describe("a response that fails while nobody listens", () => {
  it("fails in silence, and tells its trailers and its stream", async () => {
    const { session, transport } = sessionOf({ content: "a", ending: "open" });
    const response = await session.get("x");
    const { trailers, body } = response;
    void response[Symbol.asyncIterator]().next();
    transport.body.fail(new Error("own"));
    await turns(5);
    expect(await trailers).toBeNull();
    expect(await failure(body.getReader().read())).toMatchObject({ code: "ERR_CONTENT_USED" });
    expect(unhandled).toEqual([]);
  });
});

describe("a ResponsePromise", () => {
  it("is a promise of the response", async () => {
    const { session } = sessionOf([{ content: "a" }, { error: new Error("own") }]);
    const call = session.get("x");
    expect([call instanceof Promise, Object.prototype.toString.call(call)]).toEqual([
      false,
      "[object ResponsePromise]",
    ]);
    let done = 0;
    const response = await call.finally(() => done++);
    expect(await call).toBe(response);
    expect(await call.then(({ status }) => status)).toBe(200);
    expect(await Promise.all([call, Promise.resolve(call)])).toEqual([response, response]);
    const failed = session.get("x");
    expect(await failed.catch((error: unknown) => (error as { code: string }).code)).toBe(
      "ERR_TRANSPORT",
    );
    expect(await failed.then(undefined, () => "caught")).toBe("caught");
    await failed.finally(() => done++).catch(() => undefined);
    expect(done).toBe(2);
  });

  it("never throws when it is made", () => {
    const { session } = sessionOf();
    for (const make of [
      () => session.get("http://["),
      () => session.request("", ""),
      () => session.post("", { json: 1n }),
      () => session.get("", { headers: { "\n": "" } }),
    ]) {
      expect(make).not.toThrow();
    }
  });

  it("fails its iterators with what the call failed with", async () => {
    const { session } = sessionOf({ status: 404 });
    expect(await failure(collected(session.get("x").lines()))).toMatchObject({
      code: "ERR_STATUS",
    });
    expect(await failure(collected(session.get("x").ndjson()))).toMatchObject({
      code: "ERR_STATUS",
    });
  });
});
