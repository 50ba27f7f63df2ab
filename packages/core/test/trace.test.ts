import { describe, expect, it } from "vitest";
import { type HttpError, httpError, type TraceEvent } from "../src/index.ts";
import { staleConnection } from "./support/scripted-transport.ts";
import { failure, sessionOf, turns } from "./support/session.ts";

type Options = Parameters<typeof sessionOf>[1];

/** A session that is traced, and what it has told. */
function traced(
  steps: Parameters<typeof sessionOf>[0],
  options: Options = {},
): ReturnType<typeof sessionOf> & { events: TraceEvent[]; types: () => string[] } {
  const events: TraceEvent[] = [];
  const trace = (event: TraceEvent): void => void events.push(event);
  const types = (): string[] => events.map(({ exchange, type }) => `${exchange ?? ""}${type}`);
  return { ...sessionOf(steps, { ...options, trace }), events, types };
}

const connected = ["connecting", "resolved", "opened", "secured", "connected"];
const numbered = (number: number, ...types: readonly string[]): string[] =>
  types.map((type) => `${number}${type}`);

describe("the trace", () => {
  it("tells a call from its beginning to its end, in order", async () => {
    const { session, types, events } = traced({ content: ["ab", "c"] });
    const call = session.get("a");
    expect(types().slice(0, 3)).toEqual(["call-begin", "1exchange-begin", "1granted"]);
    expect(await call.text()).toBe("abc");
    expect(types()).toEqual([
      "call-begin",
      ...numbered(1, "exchange-begin", "granted", ...connected, "sent", "head", "piece", "piece"),
      "1exchange-end",
      "call-end",
    ]);
    expect(events.at(-2)).toMatchObject({ bytes: 3, error: null });
    expect(events.at(-1)).toEqual({
      type: "call-end",
      time: expect.any(Number) as number,
      call: events[0]?.call,
      exchange: null,
      method: "GET",
      url: "http://origin.test/a",
      attempt: 1,
      error: null,
    });
  });

  it("tells of a re-send within the exchange, and of what it was for", async () => {
    const { session, types, events } = traced([{ error: staleConnection() }, {}]);
    await session.get("a");
    expect(types()).toEqual([
      "call-begin",
      ...numbered(1, "exchange-begin", "granted", ...connected, "sent", "resend"),
      ...numbered(1, ...connected, "sent", "head", "exchange-end"),
      "call-end",
    ]);
    expect(events.find(({ type }) => type === "resend")).toMatchObject({
      error: { code: "ERR_DISCONNECTED_IDLE", request: { url: "http://origin.test/a" } },
    });
  });

  it("tells nothing of an exchange once it is over", async () => {
    const { session, transport, events, types } = traced({ hang: "connected" });
    const controller = new AbortController();
    const call = failure(session.get("a", { signal: controller.signal }));
    await turns();
    controller.abort();
    await call;
    const told = types();
    expect(told.slice(-2)).toEqual(["1exchange-end", "call-end"]);
    transport.requests[0]?.trace.mark("sent");
    expect(types()).toEqual(told);
    expect(events.at(-1)).toMatchObject({ error: { code: "ERR_ABORTED" } });
  });

  it("tells of a call that waits in the queue, and of one that there is no room for", async () => {
    const { session, types, events } = traced(
      { hang: "sent" },
      { limits: { concurrency: 1, queue: 1 } },
    );
    const first = failure(session.get("a"));
    const second = failure(session.get("b"));
    expect(types().slice(-3)).toEqual(["call-begin", "1exchange-begin", "1queued"]);
    await failure(session.get("c"));
    const own = events.filter(({ url }) => url.endsWith("c"));
    expect(own.map(({ type }) => type)).toEqual([
      "call-begin",
      "exchange-begin",
      "exchange-end",
      "call-end",
    ]);
    await session.close({ force: true });
    await Promise.all([first, second]);
    expect(new Set(events.map(({ call }) => call)).size).toBe(3);
    for (const letter of ["a", "b"]) {
      const call = events.filter(({ url }) => url.endsWith(letter));
      expect(call.at(-1)).toMatchObject({
        type: "call-end",
        error: { code: "ERR_SESSION_CLOSED" },
      });
    }
  });

  it("tells once for all that an exchange waits for", async () => {
    const { session, types } = traced(
      { hang: "sent" },
      {
        limits: { concurrency: 1 },
        rateLimit: { requests: 1, interval: 20 },
      },
    );
    const calls = [failure(session.get("a")), failure(session.get("b"))];
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(types().filter((type) => type === "1queued")).toHaveLength(1);
    await session.close({ force: true });
    await Promise.all(calls);
  });

  it("tells why content broke off, of the exchange and of the call", async () => {
    const { session, events } = traced({
      content: "abc",
      ending: httpError("ERR_CONTENT_TRUNCATED"),
    });
    const error = await failure(session.get("a").text());
    expect(events.slice(-2)).toMatchObject([
      { type: "exchange-end", bytes: 3, error: { code: "ERR_CONTENT_TRUNCATED" } },
      { type: "call-end", error: { code: "ERR_CONTENT_TRUNCATED" } },
    ]);
    expect((events.at(-1) as { error?: HttpError }).error).toBe(error);
  });

  it("tells of content that is discarded as of an end without an error", async () => {
    const { session, transport, events } = traced({ content: "abc", ending: "open" });
    const response = await session.get("a");
    await response[Symbol.asyncDispose]();
    transport.body.end();
    expect(events.slice(-2)).toMatchObject([
      { type: "exchange-end", error: null },
      { type: "call-end", error: null },
    ]);
  });

  it("tells nothing of a call that is refused before it begins", async () => {
    const { session, events } = traced({});
    await failure(session.get("a", { timeout: -1 }));
    await failure(session.get("http://other.test/"));
    expect(events).toEqual([]);
  });

  it("shows no secret, in no event, on no way", async () => {
    const location = "http://user:hush@origin.test/b?access_token=hush#hush";
    const { session, events } = traced([
      { status: 307, headers: { location } },
      { error: httpError("ERR_DISCONNECTED") },
      { status: 401, headers: { "set-cookie": "sid=hush" }, content: "hush" },
    ], { retry: { attempts: 2, backoff: 1 } }); // prettier-ignore
    await failure(
      session.put("a?api_key=hush", {
        headers: { authorization: "Bearer hush", "x-own": "hush" },
        cookies: { sid: "hush" },
        json: { password: "hush" },
      }),
    );
    expect(events.map(({ type }) => type)).toContain("retry");
    expect(JSON.stringify(events)).not.toContain("hush");
  });

  it("survives JSON, errors included", async () => {
    const { session, events } = traced([{ error: httpError("ERR_CONNECT_REFUSED") }]);
    await failure(session.get("a"));
    const lines = events.map((event) => JSON.stringify(event));
    expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({
      type: "call-end",
      error: { code: "ERR_CONNECT_REFUSED", requestSent: "no" },
    });
  });

  it.each<[string, () => unknown]>([
    [
      "throws",
      () => {
        throw new Error("own");
      },
    ],
    ["rejects", () => Promise.reject(new Error("own"))],
  ])("changes nothing if the tracer %s", async (_how, trace) => {
    const { session } = sessionOf([{ content: "a" }, { status: 500 }], {
      trace,
    });
    expect(await session.get("a").text()).toBe("a");
    expect(await failure(session.get("a"))).toMatchObject({ code: "ERR_STATUS" });
    expect(session.stats.active).toBe(0);
  });

  it("costs a call nothing that is not traced: no event is made", async () => {
    const { session, transport } = sessionOf({ content: "a" });
    await session.get("a").text();
    const [request] = transport.requests;
    // The transport tells all the same; there is nobody to make an event for.
    expect(() => request?.trace.mark("sent")).not.toThrow();
    expect(Object.values(request ?? {}).filter((value) => typeof value === "function")).toEqual([]);
  });
});
