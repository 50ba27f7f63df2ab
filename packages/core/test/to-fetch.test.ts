import { getEventListeners } from "node:events";
import { setFlagsFromString } from "node:v8";
import { setTimeout as sleep } from "node:timers/promises";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { basic, httpError, type HttpError, toFetch } from "../src/index.ts";
import { respondTo, sessionOf, turns } from "./support/session.ts";

type Options = Parameters<typeof sessionOf>;

function fetchOver(...options: Options): {
  fetch: typeof fetch;
  transport: ReturnType<typeof sessionOf>["transport"];
} {
  const { session, transport } = sessionOf(...options);
  return { fetch: toFetch(session), transport };
}

/** What a fetch has rejected with, which has to be a TypeError. */
async function typeError(attempt: Promise<unknown>): Promise<TypeError & { cause?: HttpError }> {
  const error = await attempt.then(
    () => expect.unreachable("it did not reject"),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TypeError);
  return error as TypeError & { cause?: HttpError };
}

function streamOf(...pieces: string[]): ReadableStream<Uint8Array> & { cancelled?: unknown } {
  const left = [...pieces];
  const stream: ReadableStream<Uint8Array> & { cancelled?: unknown } = new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      const piece = left.shift();
      if (piece === undefined) controller.close();
      else controller.enqueue(new TextEncoder().encode(piece));
    },
    cancel(reason) {
      stream.cancelled = reason;
    },
  });
  return stream;
}

const post = (body: unknown, more: object = {}): RequestInit =>
  ({ method: "POST", body, ...more }) as RequestInit;

describe("fetch over a session", () => {
  it("resolves to a Response of the platform", async () => {
    const { fetch } = fetchOver({
      status: 404,
      statusText: "Not Here",
      headers: ["Set-Cookie", "a=1", "set-cookie", "b=2", "X-Own", "1"],
      content: ["so", "rry"],
    });
    const response = await fetch("item?a=1#top");
    expect(response).toBeInstanceOf(Response);
    expect(response).toMatchObject({
      status: 404,
      statusText: "Not Here",
      ok: false,
      url: "http://origin.test/item?a=1",
      redirected: false,
      type: "basic",
      bodyUsed: false,
    });
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(response.headers.get("x-own")).toBe("1");
    expect(await response.text()).toBe("sorry");
    expect(response.bodyUsed).toBe(true);
    await expect(response.text()).rejects.toBeInstanceOf(TypeError);
  });

  it("says where redirects led, in clones of clones as well", async () => {
    const { fetch } = fetchOver([{ status: 302, headers: { location: "/b" } }, { content: "{}" }]);
    const response = (await fetch("a")).clone().clone();
    expect(response).toBeInstanceOf(Response);
    expect([response.url, response.redirected]).toEqual(["http://origin.test/b", true]);
    expect(await response.json()).toEqual({});
  });

  it.each([101, 103, 204, 205, 304])("has no body for status %i", async (status) => {
    const response = await fetchOver({ status }).fetch("a");
    expect([response.status, response.body]).toEqual([status, null]);
    expect(await response.text()).toBe("");
  });

  it("has no body for HEAD", async () => {
    const { fetch } = fetchOver({ headers: { "content-length": "5" } });
    const response = await fetch("a", { method: "head" });
    expect([response.body, response.headers.get("content-length")]).toEqual([null, "5"]);
  });

  it.each([
    [999, "odd"],
    [200, "odd €"],
    [600, ""],
  ])("tells what the constructor of Response refuses: %i %s", async (status, statusText) => {
    const response = (await fetchOver({ status, statusText, content: "x" }).fetch("a")).clone();
    expect([response.status, response.statusText, response.ok]).toEqual([
      status,
      statusText,
      status === 200,
    ]);
    expect(await response.text()).toBe("x");
  });

  it("has bytes that a reader with a buffer of its own can take", async () => {
    const { fetch } = fetchOver({ content: ["abc", "def"] });
    const reader = (await fetch("a")).body?.getReader({ mode: "byob" });
    const first = await reader?.read(new Uint8Array(2));
    expect(first).toMatchObject({ done: false, value: Uint8Array.of(97, 98) });
    await reader?.read(new Uint8Array(9));
    await reader?.read(new Uint8Array(9));
    expect(await reader?.read(new Uint8Array(9))).toMatchObject({ done: true });
  });

  it("asks for no more content than is read, and closes the connection if the rest is cancelled", async () => {
    const { fetch, transport } = fetchOver({ content: ["abc"], ending: "open" });
    const response = await fetch("a");
    const reader = response.body?.getReader();
    expect((await reader?.read())?.value).toHaveLength(3);
    await reader?.cancel();
    expect(transport.body.cancelled).toBe(1);
  });

  it("closes the connection of content that nobody has begun to read and cancels", async () => {
    const { fetch, transport } = fetchOver({ content: ["abc"], ending: "open" });
    await (await fetch("a")).body?.cancel();
    expect(transport.body.cancelled).toBe(1);
  });

  it("gives up the content of a response that was dropped", async () => {
    setFlagsFromString("--expose-gc");
    const gc = runInNewContext("gc") as () => void;
    const { session, transport } = sessionOf({ content: ["abc"], ending: "open" });
    const { signal } = new AbortController();
    const drop = async (): Promise<number> => (await toFetch(session)("a", { signal })).status;
    await drop();
    expect(session.stats.active).toBe(1);
    // The collector tells in its own time.
    for (let i = 0; i < 500 && session.stats.active > 0; i++) {
      gc();
      await sleep(10);
    }
    expect([session.stats.active, transport.body.cancelled]).toEqual([0, 1]);
    expect(signal.aborted).toBe(false);
  });

  it("lays its headers over the session's", async () => {
    const { fetch, transport } = fetchOver({}, { headers: { "x-one": "1", "x-two": "2" } });
    await fetch("a", {
      headers: [
        ["X-Two", "3"],
        ["x-three", "4"],
        ["x-three", "5"],
      ],
    });
    expect(transport.last.fields).toMatchObject({ "x-one": "1", "x-two": "3", "x-three": "4, 5" });
  });

  it("leaves the session's retries, limits and authentication in force", async () => {
    const { fetch, transport } = fetchOver([{ status: 503 }, { status: 503 }, { status: 200 }], {
      retry: { attempts: 3, backoff: 1 },
      auth: basic("me", "secret"),
    });
    expect((await fetch("a")).status).toBe(200);
    expect(transport.arrivals.map(({ fields }) => fields["authorization"])).toHaveLength(3);
  });
});

describe("what fetch is given", () => {
  it.each([
    ["get", "GET"],
    ["delete", "DELETE"],
    ["Post", "POST"],
    ["purge", "purge"],
    // Fetch leaves this one as it is, and no server knows it then.
    ["patch", "PATCH"],
    [undefined, "GET"],
  ])("has the method %s, which is sent as %s", async (method, sent) => {
    const { fetch, transport } = fetchOver();
    await fetch("a", { ...(method && { method }) });
    expect(transport.last.method).toBe(sent);
  });

  it.each(["", "TRACE", "connect", "Track", "a b"])("cannot have the method %s", async (method) => {
    const { fetch, transport } = fetchOver();
    await typeError(fetch("a", { method }));
    expect(transport.requests).toEqual([]);
  });

  const form = new FormData();
  form.append("a", "1");
  const bytes = new TextEncoder().encode("héllo");
  it.each<[string, unknown, string | RegExp | undefined, string | RegExp]>([
    ["text", "héllo", "text/plain;charset=UTF-8", "héllo"],
    ["nothing much", "", "text/plain;charset=UTF-8", ""],
    ["bytes", bytes, undefined, "héllo"],
    ["a buffer", bytes.buffer, undefined, "héllo"],
    ["a view", new DataView(bytes.buffer, 0, 1), undefined, "h"],
    ["a Blob", new Blob(["x"], { type: "image/png" }), "image/png", "x"],
    ["a Blob without type", new Blob(["x"]), undefined, "x"],
    [
      "parameters",
      new URLSearchParams({ a: "1 2" }),
      /^application\/x-www-form-urlencoded;/,
      "a=1+2",
    ],
    ["a form", form, /^multipart\/form-data; boundary=/, /name="a"\r\n\r\n1\r\n/],
    ["a number", 42, "text/plain;charset=UTF-8", "42"],
    ["an URL", new URL("http://a/"), "text/plain;charset=UTF-8", "http://a/"],
  ])("may have %s as body", async (_kind, body, type, content) => {
    const { fetch, transport } = fetchOver();
    await fetch("a", post(body));
    const { text, fields } = transport.last;
    expect(text).toEqual(content instanceof RegExp ? expect.stringMatching(content) : content);
    expect(fields["content-type"]).toEqual(
      type instanceof RegExp ? expect.stringMatching(type) : type,
    );
  });

  it("keeps what the body was when it was called", async () => {
    const body = new TextEncoder().encode("abc");
    const { fetch, transport } = fetchOver();
    const done = fetch("a", post(body));
    body.fill(0);
    await done;
    expect(transport.last.text).toBe("abc");
  });

  it("knows classes of another realm", async () => {
    const { fetch, transport } = fetchOver();
    await fetch("a", post(runInNewContext("new Uint8Array([97, 98]).buffer")));
    expect(transport.last.text).toBe("ab");
    const other = {
      method: "PUT",
      url: "http://origin.test/b",
      headers: new Map([["x-own", "1"]]),
      body: (async function* () {
        yield "from elsewhere";
      })(),
      arrayBuffer: () => expect.unreachable(),
      signal: null,
    };
    await fetch(other as never);
    expect(transport.last).toMatchObject({ method: "PUT", path: "/b", text: "from elsewhere" });
    expect(transport.last.fields["x-own"]).toBe("1");
  });

  it.each<[string, RequestInit]>([
    ["content for GET", { body: "x" }],
    ["content for HEAD", { method: "head", body: "x" }],
    ["a stream without duplex", post(streamOf("x"))],
    ["an object as body", post({ a: 1 })],
    ["a symbol as body", post(Symbol("a"))],
    ["another duplex", { duplex: "full" } as RequestInit],
    ["no such redirect mode", { redirect: "off" as never }],
    ["no such mode", { mode: "navigate" }],
    ["what could only be in a cache", { cache: "only-if-cached" }],
    ["no such priority", { priority: "urgent" as never }],
    ["a window", { window: {} as never }],
    ["a dispatcher", { dispatcher: {} } as RequestInit],
    ["an agent", { agent: {} } as never],
    ["a header that is none", { headers: { "a b": "c" } }],
    ["a signal that is none", { signal: {} as never }],
    ["integrity that is none", { integrity: "sha256-x" }],
    ["a number as init", 5 as never],
  ])("is refused before anything is sent: %s", async (_what, init) => {
    const { fetch, transport } = fetchOver();
    await typeError(fetch("a", init));
    expect(transport.requests).toEqual([]);
  });

  it.each(["http://me:secret@origin.test/", "http://", "ftp://origin.test/", "http://other.test/"])(
    "cannot be the URL %s",
    async (url) => {
      const error = await typeError(fetchOver().fetch(url));
      expect(error.cause).toMatchObject({ code: "ERR_INVALID_URL" });
      expect(error.message).not.toMatch(/secret|^Failed to fetch/);
    },
  );

  it.each([undefined, {}, [{}], Symbol("url")])("is no URL: %s", async (input) => {
    const { fetch, transport } = fetchOver();
    await typeError(fetch(input as never));
    expect(transport.requests).toEqual([]);
  });

  it("asks caches on the way for what it says of caches", async () => {
    const { fetch, transport } = fetchOver();
    await fetch("a", { cache: "no-store" });
    expect(transport.last.fields).toMatchObject({
      pragma: "no-cache",
      "cache-control": "no-cache",
    });
    await fetch("a", { cache: "no-cache", headers: { "cache-control": "max-age=9" } });
    expect(transport.last.fields["cache-control"]).toBe("max-age=9");
    await fetch("a");
    expect(transport.last.fields).not.toHaveProperty("cache-control");
  });

  it("leaves cookies and authentication out if it says so", async () => {
    const { fetch, transport } = fetchOver({}, { auth: basic("me", "secret") });
    await fetch("a", { credentials: "omit" });
    expect(transport.last.fields).not.toHaveProperty("authorization");
    await fetch("a", { credentials: "include" });
    expect(transport.last.fields).toHaveProperty("authorization");
  });

  it("drops fields that only the transport may write, as Fetch does", async () => {
    const { fetch, transport } = fetchOver();
    const headers = { connection: "close", "transfer-encoding": "chunked", "keep-alive": "5" };
    await fetch("a", { headers: { ...headers, "x-own": "1" } });
    expect(Object.keys(transport.last.fields)).toEqual(["accept", "user-agent", "x-own"]);
  });

  it("drops fields that the platform forbids where it does", async () => {
    const { fetch, transport } = fetchOver({}, {}, { capabilities: { forbiddenFields: "fetch" } });
    await fetch("a", { headers: { cookie: "a=b", "x-own": "1" } });
    expect(transport.last.fields).toEqual({ accept: "*/*", "x-own": "1" });
  });

  it("has its integrity checked before anybody gets the response", async () => {
    const { fetch } = fetchOver({ content: ["hel", "lo"] });
    const integrity = "sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";
    const response = await fetch("a", { integrity });
    expect([response.url, await response.text()]).toEqual(["http://origin.test/a", "hello"]);
    const other = integrity.replace("LP", "PL");
    const error = await typeError(fetch(new Request("http://origin.test/a", { integrity: other })));
    expect(error.cause).toMatchObject({ code: "ERR_CONTENT_INTEGRITY" });
  });

  it("goes first if it has priority", async () => {
    const { fetch, transport } = fetchOver({}, { limits: { concurrency: 1 } });
    const get = (url: string, priority?: string): Promise<string> =>
      fetch(url, { priority } as RequestInit).then((response) => response.text());
    await Promise.all([
      get("first"),
      get("b", "low"),
      get("c"),
      get("d", "high"),
      get("e", "auto"),
    ]);
    expect(transport.arrivals.map(({ path }) => path)).toEqual(["/first", "/d", "/c", "/e", "/b"]);
  });
});

describe("a Request", () => {
  const request = (init: RequestInit = {}): Request => new Request("http://origin.test/r", init);

  it("says everything that fetch needs", async () => {
    const { fetch, transport } = fetchOver();
    const asked = request(post("abc", { headers: { "x-own": "1" } }));
    await fetch(asked);
    expect(transport.last).toMatchObject({ method: "POST", path: "/r", text: "abc" });
    expect(transport.last.fields).toMatchObject({
      "x-own": "1",
      "content-type": "text/plain;charset=UTF-8",
    });
    expect(asked.bodyUsed).toBe(true);
    await typeError(fetch(asked));
  });

  it("gives way to init", async () => {
    const { fetch, transport } = fetchOver();
    const asked = request(post("abc", { headers: { "x-own": "1" } }));
    await fetch(asked, { method: "put", headers: { "x-other": "2" }, body: "def" });
    expect(transport.last).toMatchObject({ method: "PUT", text: "def" });
    expect(transport.last.fields).toMatchObject({ "x-other": "2" });
    expect(transport.last.fields).not.toHaveProperty("x-own");
    expect(asked.bodyUsed).toBe(false);
  });

  it.each<[string, () => BodyInit, number]>([
    ["text", () => "abc", 3],
    ["bytes", () => new Uint8Array(100_000), 100_000],
    ["a Blob", () => new Blob(["abc"]), 3],
  ])("is sent again after a redirect, its body being %s", async (_kind, body, length) => {
    const { fetch, transport } = fetchOver([{ status: 307, headers: { location: "/b" } }, {}]);
    expect((await fetch(request(post(body())))).status).toBe(200);
    expect(transport.arrivals.map(({ content }) => content?.byteLength)).toEqual([length, length]);
    expect(transport.last.request.body).toHaveLength(length);
  });

  it("is sent as it comes if its body takes its time, and then once", async () => {
    const asked = (): Request => request(post(streamOf("a", "b", "c"), { duplex: "half" }));
    const { fetch, transport } = fetchOver([{}, { status: 307, headers: { location: "/b" } }]);
    await fetch(asked());
    expect(transport.last.text).toBe("abc");
    expect(transport.last.request.body).toHaveProperty("length", null);
    const error = await typeError(fetch(asked()));
    expect(error.cause).toMatchObject({ code: "ERR_REDIRECT_REPLAY" });
  });

  it("that is a form is waited for a little, and no longer than its signal says", async () => {
    const form = (body: BodyInit): Request =>
      request(
        post(body, {
          duplex: "half",
          headers: { "content-type": "multipart/form-data; boundary=x" },
        }),
      );
    const { fetch, transport } = fetchOver();
    await fetch(form(streamOf("a", "b", "c")));
    expect(transport.last.request.body).toHaveLength(3);
    const controller = new AbortController();
    let cancelled: unknown;
    const silent = new ReadableStream<Uint8Array>({
      pull: () => new Promise(() => undefined),
      cancel: (reason) => (cancelled = reason),
    });
    const call = fetch(form(silent), { signal: controller.signal });
    setTimeout(() => controller.abort("enough"), 20);
    await expect(call).rejects.toBe("enough");
    expect(cancelled).toBe("enough");
    expect(transport.requests).toHaveLength(1);
  });

  it("whose body fails is a TypeError, whenever that happens", async () => {
    const { fetch } = fetchOver();
    const cause = new RangeError("boom");
    const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(cause) });
    const error = await typeError(fetch(request(post(body, { duplex: "half" }))));
    expect(error.cause).toMatchObject({ code: "ERR_CONTENT_SOURCE", cause });
  });

  it("of node-fetch with an agent is refused, as is one that wants a cache alone", async () => {
    const { fetch, transport } = fetchOver();
    const withAgent = Object.assign(request(), { agent: {} });
    expect((await typeError(fetch(withAgent))).message).toContain("agent is another fetch's");
    const cached = request({ cache: "only-if-cached", mode: "same-origin" });
    expect((await typeError(fetch(cached))).message).toContain("cache cannot be");
    expect(transport.requests).toEqual([]);
  });

  it("is sent as it comes if its body is large", async () => {
    const { fetch, transport } = fetchOver();
    await fetch(request(post("x".repeat(2_000_000))));
    expect(transport.last.content).toHaveLength(2_000_000);
    expect(transport.last.request.body).toHaveProperty("length", null);
  });

  it("is read whole where nothing can be streamed", async () => {
    const { fetch, transport } = fetchOver({}, {}, { capabilities: { requestStreaming: "none" } });
    await fetch(request(post(streamOf("a", "b"), { duplex: "half" })));
    expect(transport.last.text).toBe("ab");
  });

  it("brings its signal and its redirect mode", async () => {
    const { fetch, transport } = fetchOver({ status: 302, headers: { location: "/b" } });
    expect((await fetch(request({ redirect: "manual" }))).status).toBe(302);
    expect(transport.arrivals).toHaveLength(1);
    const signal = AbortSignal.abort("enough");
    await expect(fetch(request({ signal }))).rejects.toBe("enough");
    expect((await fetch(request({ signal, redirect: "manual" }), { signal: null })).status).toBe(
      302,
    );
  });
});

describe("a redirect", () => {
  const to = { status: 302, headers: { location: "/b" } };

  it.each(["manual", "error", "follow"] as const)("is met as %s says", async (redirect) => {
    const { fetch, transport } = fetchOver([to, {}]);
    const done = fetch("a", { redirect });
    if (redirect === "error") {
      expect((await typeError(done)).cause).toMatchObject({ code: "ERR_REDIRECT_REFUSED" });
    } else {
      const { status, headers } = await done;
      expect(status).toBe(redirect === "manual" ? 302 : 200);
      expect(headers.get("location")).toBe(redirect === "manual" ? "/b" : null);
    }
    expect(transport.arrivals).toHaveLength(redirect === "follow" ? 2 : 1);
  });
});

describe("a signal", () => {
  const reason = new Error("enough");

  it("makes fetch reject with its own reason, whatever that is", async () => {
    const { fetch, transport } = fetchOver({ hang: "sent" });
    for (const because of [reason, "text", 0, null]) {
      const controller = new AbortController();
      const done = fetch("a", { signal: controller.signal });
      await turns(2);
      controller.abort(because);
      await expect(done.catch((error: unknown) => ({ error }))).resolves.toEqual({
        error: because,
      });
    }
    expect(transport.aborts).toHaveLength(4);
  });

  it("has a DOMException for a reason if nobody gave one", async () => {
    const { fetch, transport } = fetchOver();
    const error: unknown = await fetch("a", { signal: AbortSignal.abort() }).catch(
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(DOMException);
    expect(error).toMatchObject({ name: "AbortError" });
    expect(transport.requests).toEqual([]);
  });

  it("cancels a body that nobody has begun to send", async () => {
    const body = streamOf("a");
    const signal = AbortSignal.abort(reason);
    const { fetch } = fetchOver();
    await expect(fetch("a", post(body, { signal, duplex: "half" }))).rejects.toBe(reason);
    expect(body.cancelled).toBe(reason);
    const inner = streamOf("a");
    const request = new Request("http://origin.test/", post(inner, { duplex: "half" }));
    await expect(fetch(request, { signal })).rejects.toBe(reason);
    expect(inner.cancelled).toBe(reason);
  });

  it("breaks content off at once, read or not", async () => {
    const { fetch, transport } = fetchOver({ content: ["abc"], ending: "open" });
    const controller = new AbortController();
    const { signal } = controller;
    const [read, unread, waiting] = await Promise.all([1, 2, 3].map(() => fetch("a", { signal })));
    const closed = unread?.body?.getReader().closed;
    const reader = read?.body?.getReader();
    await reader?.read();
    const text = waiting?.text();
    await turns(2);
    controller.abort(reason);
    await expect(closed).rejects.toBe(reason);
    await expect(reader?.read()).rejects.toBe(reason);
    await expect(text).rejects.toBe(reason);
    expect(transport.bodies.map(({ cancelled }) => cancelled)).toEqual([1, 1, 1]);
  });

  it("breaks off content that is here and that nobody has read", async () => {
    const { fetch } = fetchOver({ content: "abc", atOnce: true });
    const controller = new AbortController();
    const response = await fetch("a", { signal: controller.signal });
    await turns(2);
    controller.abort(reason);
    await expect(response.text()).rejects.toBe(reason);
  });

  it("has nobody listening when all is over", async () => {
    const { signal } = new AbortController();
    const { fetch } = fetchOver({ content: "x" });
    const response = await fetch("a", { signal });
    await response.text();
    await turns();
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});

describe("a failure", () => {
  it("is a TypeError that begins as in browsers, with the session's error as its cause", async () => {
    const { fetch } = fetchOver({ error: httpError("ERR_CONNECT_REFUSED") });
    const error = await typeError(fetch("a"));
    expect(error.message).toMatch(/^Failed to fetch \(GET http:\/\/origin\.test\/a: .*\)$/);
    expect(error.cause).toMatchObject({ code: "ERR_CONNECT_REFUSED" });
  });

  it("of content is one as well", async () => {
    const { fetch } = fetchOver({
      content: ["abc"],
      ending: httpError("ERR_CONTENT_TRUNCATED"),
    });
    const error = await typeError((await fetch("a")).text());
    expect(error.cause).toMatchObject({ code: "ERR_CONTENT_TRUNCATED" });
  });

  it("by a timeout of the session is no abort", async () => {
    const { fetch } = fetchOver({ hang: "sent" }, { timeout: 20 });
    const error = await typeError(fetch("a", { signal: new AbortController().signal }));
    expect(error.cause).toMatchObject({ code: "ERR_TIMEOUT_TOTAL" });
  });

  it("is that of a closed session", async () => {
    const { session } = sessionOf();
    await session.close();
    const error = await typeError(toFetch(session)("a"));
    expect(error.cause).toMatchObject({ code: "ERR_SESSION_CLOSED" });
  });

  it("is said at once if there is no session", () => {
    expect(() => toFetch({} as never)).toThrow(/the option session/);
  });
});

it("a session tells what its transport can do", async () => {
  const { session, transport } = sessionOf();
  expect(session.capabilities).toBe(transport.capabilities);
  await expect(respondTo({})).resolves.toBeDefined();
});
