import { describe, expect, it } from "vitest";
import type { HttpRequest, Middleware } from "../src/index.ts";
import { failure, sessionOf } from "./support/session.ts";

/** A middleware that keeps what it sees. */
function witness(): { readonly seen: HttpRequest[]; readonly middleware: Middleware } {
  const seen: HttpRequest[] = [];
  return { seen, middleware: (request, next) => (seen.push(request), next(request)) };
}

describe("an extended session", () => {
  it("replaces headers of the same name, keeps the rest, and null removes one", async () => {
    const { session, transport } = sessionOf({}, { headers: { a: "1", b: "2", c: "3" } });
    await session.extend({ headers: { B: ["x", "y"], c: null } }).get("");
    expect(transport.last.fields).toMatchObject({ a: "1", b: "y" });
    expect(transport.last.fields).not.toHaveProperty("c");
    await session.get("");
    expect(transport.last.fields).toMatchObject({ a: "1", b: "2", c: "3" });
  });

  it("replaces params of the same name and keeps the rest", async () => {
    const { session, transport } = sessionOf({}, { params: { a: 1, b: [2, 3] } });
    await session.extend({ params: { b: 4, c: 5 } }).get("x", {
      params: [
        ["a", "6"],
        ["a", "7"],
      ],
    });
    expect(transport.last.path).toBe("/x?b=4&c=5&a=6&a=7");
  });

  it("merges timeouts field by field", async () => {
    const { seen, middleware } = witness();
    const { session } = sessionOf(
      {},
      { timeout: { total: 1000, read: 2000 }, middleware: [middleware] },
    );
    await session.extend({ timeout: { read: false, queue: 50 } }).get("", { timeout: 5 * 60_000 });
    expect(seen[0]?.settings.timeout).toEqual({
      total: 300_000,
      attempt: Infinity,
      write: Infinity,
      queue: 50,
      connect: 30_000,
      response: 300_000,
      read: Infinity,
    });
  });

  it("merges redirect field by field, and a boolean changes only whether they are followed", async () => {
    const { seen, middleware } = witness();
    const { session } = sessionOf(
      {},
      {
        redirect: { max: 3, allowDowngrade: true, forward: ["X-A"] },
        middleware: [middleware],
      },
    );
    const off = session.extend({ redirect: false });
    await off.get("");
    await off.get("", { redirect: { follow: true, max: 1, forward: ["x-b"] } });
    await off.extend({ redirect: true }).get("");
    expect(seen.map((one) => one.settings.redirect)).toEqual([
      { follow: false, max: 3, allowDowngrade: true, forward: ["x-a"] },
      { follow: true, max: 1, allowDowngrade: true, forward: ["x-b"] },
      { follow: true, max: 3, allowDowngrade: true, forward: ["x-a"] },
    ]);
  });

  it("merges context key by key, without a prototype, and frozen", async () => {
    const { seen, middleware } = witness();
    const { session } = sessionOf(
      {},
      { context: { a: 1, b: { deep: 1 } }, middleware: [middleware] },
    );
    await session
      .extend({ context: { b: 2 } })
      .get("", { context: JSON.parse('{"c":3,"__proto__":{"d":4}}') as Record<string, unknown> });
    const context = seen[0]?.context ?? {};
    expect(Object.entries(context)).toEqual([
      ["a", 1],
      ["b", 2],
      ["c", 3],
      ["__proto__", { d: 4 }],
    ]);
    expect([Object.getPrototypeOf(context), Object.isFrozen(context), context["d"]]).toEqual([
      null,
      true,
      undefined,
    ]);
    await session.get("");
    expect({ ...seen[1]?.context }).toEqual({ a: 1, b: { deep: 1 } });
  });

  it("adds its middleware inside the session's", async () => {
    const order: string[] = [];
    const named =
      (name: string): Middleware =>
      async (request, next) => {
        order.push(name);
        return next(request);
      };
    const { session } = sessionOf({}, { middleware: [named("a"), named("b")] });
    await session.extend({ middleware: [named("c")] }).get("");
    expect(order).toEqual(["a", "b", "c"]);
  });

  it.each(["throwHttpErrors", "decompress"] as const)("replaces %s", async (name) => {
    const { seen, middleware } = witness();
    const { session } = sessionOf({}, { [name]: false, middleware: [middleware] });
    await session.get("");
    await session.extend({ [name]: true }).get("");
    await session.extend({ [name]: true }).get("", { [name]: false });
    expect(seen.map((one) => one.settings[name])).toEqual([false, true, false]);
  });

  it.each(["errorContentLimit", "maxResponseSize"] as const)("replaces %s", async (name) => {
    const { seen, middleware } = witness();
    const { session } = sessionOf({}, { [name]: 1, middleware: [middleware] });
    await session.extend({ [name]: 2 }).get("");
    await session.extend({ [name]: 2 }).get("", { [name]: 3 });
    expect(seen.map((one) => one.settings[name])).toEqual([2, 3]);
  });

  it("replaces baseUrl and allowOtherOrigins", async () => {
    const { session, transport } = sessionOf();
    const other = session.extend({ baseUrl: "http://other.test/v2" });
    await other.get("items");
    expect(transport.last.url).toBe("http://other.test/v2/items");
    expect(await failure(other.get("http://origin.test/"))).toMatchObject({
      code: "ERR_INVALID_URL",
    });
    await other.extend({ allowOtherOrigins: true }).get("http://origin.test/");
    expect(transport.last.url).toBe("http://origin.test/");
  });

  it("shares the slots and the numbers of the session", async () => {
    const { session } = sessionOf({ hang: "sent" }, { limits: { concurrency: 1 } });
    const extended = session.extend({});
    const calls = [failure(session.get("a")), failure(extended.get("b"))];
    expect(extended.stats).toEqual({
      active: 1,
      queued: 1,
      idle: null,
      origins: { "http://origin.test": { active: 1, queued: 1, idle: null } },
    });
    await session.close({ force: true });
    await Promise.all(calls);
    expect(session.stats).toEqual({ active: 0, queued: 0, idle: null, origins: {} });
  });

  it("does not see what the caller changes in its options later", async () => {
    const params = new URLSearchParams("a=1");
    const headers = new Headers({ b: "2" });
    const middleware: Middleware[] = [];
    const { session, transport } = sessionOf({}, { params, headers, middleware });
    params.append("late", "1");
    headers.append("late", "1");
    middleware.push(() => Promise.reject(new Error("late")));
    await session.get("");
    expect(transport.last).toMatchObject({ path: "/?a=1", fields: { b: "2" } });
    expect(transport.last.fields).not.toHaveProperty("late");
  });

  it("takes away what false says: trace and leak detector", async () => {
    const told: string[] = [];
    const { session } = sessionOf(
      {},
      { trace: ({ type }) => void told.push(type), onLeak: () => undefined },
    );
    await session.extend({ trace: false, onLeak: false }).get("");
    expect(told).toEqual([]);
    await session.get("");
    expect(told).toContain("head");
  });
});

describe("what describe() prints", () => {
  it("is what stands around an exchange", () => {
    const { session } = sessionOf();
    expect(session.describe()).toBe("rejectOnStatus → redirect(max 10) → exchange → scripted");
    const sign: Middleware = (request, next) => next(request);
    expect(
      session
        .extend({
          middleware: [sign, (request, next) => next(request)],
          throwHttpErrors: false,
          redirect: { max: 2 },
        })
        .describe(),
    ).toBe("sign → anonymous → redirect(max 2) → exchange → scripted");
    expect(session.extend({ redirect: false }).describe()).toBe(
      "rejectOnStatus → exchange → scripted",
    );
  });
});
