import { describe, expect, it } from "vitest";
import { httpError, type HttpResponse, type Middleware } from "../src/index.ts";
import { staleConnection } from "./support/scripted-transport.ts";
import { failure, sessionOf } from "./support/session.ts";

describe("middleware", () => {
  it("stands around each other in order, and around redirects, inside the status policy", async () => {
    const order: string[] = [];
    const named =
      (name: string): Middleware =>
      async (request, next) => {
        order.push(`${name} ${request.url}`);
        const response = await next(request);
        order.push(`${name} ${response.status}`);
        return response;
      };
    const { session } = sessionOf([{ status: 302, headers: { location: "/b" } }, { status: 404 }], {
      middleware: [named("outer"), named("inner")],
    });
    expect(await failure(session.get("a"))).toMatchObject({ code: "ERR_STATUS" });
    expect(order).toEqual([
      "outer http://origin.test/a",
      "inner http://origin.test/a",
      "inner 404",
      "outer 404",
    ]);
  });

  it("sees the request whole, and may change its headers", async () => {
    const { session, transport } = sessionOf(
      {},
      {
        headers: { "x-session": "1" },
        middleware: [
          (request, next) => {
            expect([
              request.method,
              request.url,
              request.headers.get("content-type"),
              request.context["who"],
            ]).toEqual(["POST", "http://origin.test/a?b=1", "application/json", "me"]);
            request.headers.set("x-own", "2");
            request.headers.delete("x-session");
            return next(request);
          },
        ],
      },
    );
    await session.post("a", { json: {}, params: { b: 1 }, context: { who: "me" } });
    expect(transport.last.fields["x-own"]).toBe("2");
    expect(transport.last.fields).not.toHaveProperty("x-session");
    await session.post("a", { json: {}, params: { b: 1 }, context: { who: "me" } });
    expect(transport.last.lines.filter((name) => name === "x-own")).toHaveLength(1);
  });

  it("may make another request of the one it got", async () => {
    const { session, transport } = sessionOf(
      {},
      {
        middleware: [
          (request, next) =>
            next(
              request.with({ method: "put", url: "../other?x", headers: { a: "1" }, body: "abc" }),
            ),
        ],
      },
    );
    await session.get("a/b", { headers: { c: "2" } });
    expect(transport.last).toMatchObject({ method: "PUT", path: "/other?x", text: "abc" });
    expect(transport.last.fields).toMatchObject({ a: "1" });
    expect(transport.last.fields).not.toHaveProperty("c");
  });

  it("keeps what it does not change, headers that it has set included", async () => {
    const { session, transport } = sessionOf(
      {},
      {
        middleware: [
          (request, next) => {
            request.headers.set("a", "1");
            const changed = request.with({});
            changed.headers.set("b", "2");
            expect(request.headers.has("b")).toBe(false);
            return next(changed);
          },
        ],
      },
    );
    await session.post("x", { body: "abc" });
    expect(transport.last).toMatchObject({
      method: "POST",
      path: "/x",
      text: "abc",
      fields: { a: "1", b: "2" },
    });
  });

  it("may remove the content, and give content that says its type", async () => {
    const { session, transport } = sessionOf(
      {},
      {
        middleware: [
          (request, next) =>
            next(
              request.with({ body: request.method === "POST" ? null : new URLSearchParams("a=1") }),
            ),
        ],
      },
    );
    await session.post("x", { body: new Uint8Array([1]) });
    expect(transport.last.content).toBeNull();
    await session.put("x");
    expect(transport.last).toMatchObject({
      text: "a=1",
      fields: { "content-type": "application/x-www-form-urlencoded;charset=UTF-8" },
    });
    await session.put("x", { headers: { "content-type": "own/type" } });
    expect(transport.last.fields["content-type"]).toBe("own/type");
  });

  it.each([
    ["method", { method: "G T" }, "ERR_INVALID_METHOD"],
    ["URL", { url: "ftp://a.test/" }, "ERR_INVALID_URL"],
    ["headers", { headers: { a: "\n" } }, "ERR_INVALID_HEADER"],
    ["content", { body: 5 as never }, "ERR_INVALID_CONTENT"],
    ["framing", { headers: { "transfer-encoding": "chunked" } }, "ERR_INVALID_HEADER"],
  ])("may not make what is not valid: %s", async (_what, changes, code) => {
    const { session, transport } = sessionOf(
      {},
      { middleware: [async (request, next) => next(request.with(changes))] },
    );
    expect(await failure(session.get("x"))).toMatchObject({
      code,
      requestSent: "no",
      request: { method: "GET" },
    });
    expect(transport.requests).toEqual([]);
  });

  it("may not frame the message in headers that it changes, either", async () => {
    const { session, transport } = sessionOf(
      {},
      {
        middleware: [
          (request, next) => (request.headers.set("connection", "close"), next(request)),
        ],
      },
    );
    expect(await failure(session.get("x"))).toMatchObject({ code: "ERR_INVALID_HEADER" });
    expect(transport.requests).toEqual([]);
  });

  it("may call next again, one after another and at once", async () => {
    const { session, transport } = sessionOf([{ status: 503, content: "busy" }, { content: "a" }], {
      middleware: [
        async (request, next) => {
          const first = await next(request);
          first.discard();
          const [second, third] = await Promise.all([next(request), next(request)]);
          second?.discard();
          return third ?? first;
        },
      ],
    });
    expect(await session.post("x", { json: 1 }).text()).toBe("a");
    expect(transport.arrivals.map((one) => one.text)).toEqual(["1", "1", "1"]);
    expect(session.stats.active).toBe(0);
    await session.close();
  });

  it("whose exchanges run at once lets all of them end with the call", async () => {
    const controller = new AbortController();
    const { session, transport } = sessionOf(
      { hang: "sent" },
      {
        middleware: [
          async (request, next) => Promise.race([next(request), next(request), next(request)]),
        ],
      },
    );
    const call = failure(session.get("x", { signal: controller.signal }));
    expect(session.stats.active).toBe(3);
    controller.abort();
    expect(await call).toMatchObject({ code: "ERR_ABORTED" });
    expect([transport.aborts.length, session.stats.active]).toEqual([3, 0]);
  });

  it.each<[string, () => never]>([
    [
      "throws",
      () => {
        throw new Error("own");
      },
    ],
    [
      "throws text",
      () => {
        throw "own" as unknown as Error;
      },
    ],
  ])("that %s fails the call with its error as cause", async (_how, fail) => {
    const { session, transport } = sessionOf({}, { middleware: [fail] });
    const error = await failure(session.get("x"));
    expect(error).toMatchObject({
      name: "HttpError",
      code: "ERR_MIDDLEWARE",
      request: { method: "GET", url: "http://origin.test/x" },
    });
    expect(String(error.cause)).toContain("own");
    expect([transport.requests.length, session.stats.active]).toEqual([0, 0]);
    await session.close();
  });

  it("that throws an error of the tree fails the call with that", async () => {
    const own = httpError("ERR_PROXY", { what: "own" });
    expect(
      await failure(sessionOf({}, { middleware: [() => Promise.reject(own)] }).session.get("x")),
    ).toBe(own);
  });

  it("that returns no response fails the call", async () => {
    const { session } = sessionOf(
      {},
      { middleware: [() => Promise.resolve(undefined as unknown as HttpResponse)] },
    );
    expect(await failure(session.get("x"))).toMatchObject({ code: "ERR_MIDDLEWARE" });
  });

  it("may answer with an earlier response, without an exchange", async () => {
    let kept: HttpResponse | undefined;
    const { session, transport } = sessionOf(
      { content: "a" },
      {
        middleware: [async (request, next) => (kept ??= await next(request))],
      },
    );
    const first = await session.get("x");
    expect(await session.get("x")).toBe(first);
    expect(transport.requests).toHaveLength(1);
  });
});

describe("the one re-send", () => {
  it("is for idempotent requests on a connection that turned out dead, once", async () => {
    const { session, transport } = sessionOf([{ error: staleConnection() }, { content: "a" }]);
    expect(await session.get("x").text()).toBe("a");
    expect(transport.requests).toHaveLength(2);
    const twice = sessionOf([{ error: staleConnection() }, { error: staleConnection() }, {}]);
    expect(await failure(twice.session.get("x"))).toMatchObject({
      code: "ERR_DISCONNECTED_IDLE",
      retryable: true,
    });
    expect(twice.transport.requests).toHaveLength(2);
    expect(twice.session.stats.active).toBe(0);
  });

  it.each(["POST", "PATCH", "PURGE"])("is not for %s", async (method) => {
    const { session, transport } = sessionOf([{ error: staleConnection() }, {}]);
    expect(await failure(session.request(method, "x"))).toMatchObject({
      code: "ERR_DISCONNECTED_IDLE",
      retryable: false,
    });
    expect(transport.requests).toHaveLength(1);
  });

  it("is switched off by retry: false, and is for no other failure", async () => {
    const off = sessionOf([{ error: staleConnection() }, {}], { retry: false });
    expect(await failure(off.session.get("x"))).toMatchObject({ code: "ERR_DISCONNECTED_IDLE" });
    const other = sessionOf([{ error: httpError("ERR_DISCONNECTED") }, {}]);
    expect(await failure(other.session.get("x"))).toMatchObject({ code: "ERR_DISCONNECTED" });
    expect([off.transport.requests.length, other.transport.requests.length]).toEqual([1, 1]);
  });
});
