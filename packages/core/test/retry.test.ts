import { describe, expect, it, vi } from "vitest";
import { HttpError, httpError, Session, StatusError, type TraceEvent } from "../src/index.ts";
import type { RetryOptions } from "../src/retry/policy.ts";
import { backoffDelay, retryAfterDelay } from "../src/retry/delay.ts";
import { RetryBudgets } from "../src/retry/budgets.ts";
import { defaultRetry } from "../src/retry/policy.ts";
import { HttpHeaders } from "../src/headers.ts";
import { scripted, type Step } from "./support/scripted-transport.ts";
import { failure, sessionOf, turns } from "./support/session.ts";

const lost: Step = () => {
  throw httpError("ERR_DISCONNECTED");
};
const refused: Step = () => {
  throw httpError("ERR_CONNECT_REFUSED");
};
const busy: Step = { status: 503, content: "busy" };
const at = (retry: RetryOptions): { retry: RetryOptions } => ({
  retry: { backoff: () => 0, ...retry },
});
const thrice = at({ attempts: 3 });

async function* stream(): AsyncGenerator<string> {
  yield "once";
}

describe("a retry", () => {
  it.each([
    ["GET", busy, 3],
    ["HEAD", busy, 3],
    ["OPTIONS", busy, 3],
    ["PUT", busy, 3],
    ["DELETE", busy, 3],
    ["POST", busy, 1],
    ["PATCH", busy, 1],
    ["PURGE", busy, 1],
    ["GET", lost, 3],
    ["POST", lost, 1],
    ["POST", refused, 3],
    ["PATCH", refused, 3],
    ["GET", { status: 404 }, 1],
    ["GET", { status: 500 }, 3],
    ["GET", { status: 501 }, 1],
    ["GET", { status: 408 }, 3],
    ["GET", { status: 425 }, 3],
    ["GET", { status: 429 }, 3],
    ["GET", { status: 200 }, 1],
  ] as [string, Step, number][])(
    "of %s after %o makes %i requests",
    async (method, step, count) => {
      const { session, transport } = sessionOf(step, { ...thrice, throwHttpErrors: false });
      await session.request(method, "a").catch(() => undefined);
      expect(transport.requests).toHaveLength(count);
    },
  );

  it("gives the response that came at last, with what failed before", async () => {
    const { session, transport } = sessionOf([lost, busy, { content: "fine" }], thrice);
    const response = await session.get("a");
    expect(await response.text()).toBe("fine");
    expect(response.attempts).toMatchObject([
      { error: { code: "ERR_DISCONNECTED" }, status: null, delay: 0 },
      { error: null, status: 503, delay: 0 },
    ]);
    expect(transport.requests).toHaveLength(3);
  });

  it("that ends in an error says which attempt it was and what failed before", async () => {
    const { session } = sessionOf([busy, refused, lost], thrice);
    const error = await failure(session.get("a"));
    expect(error).toMatchObject({ code: "ERR_DISCONNECTED", attempt: 3 });
    expect(error["attempts"]).toMatchObject([
      { status: 503 },
      { error: { code: "ERR_CONNECT_REFUSED" } },
    ]);
    expect(error.toJSON()).toMatchObject({ attempt: 3 });
  });

  it("that ends in a status gives that response, its content unread", async () => {
    const error = await failure(sessionOf(busy, thrice).session.get("a"));
    expect(error).toBeInstanceOf(StatusError);
    expect(await (error as unknown as StatusError).response.text()).toBe("busy");
    expect((error as unknown as StatusError).response.attempts).toHaveLength(2);
  });

  it("frees what failed before it waits", async () => {
    const { session, transport } = sessionOf([busy, {}], { ...thrice, limits: { concurrency: 1 } });
    expect((await session.get("a")).status).toBe(200);
    expect(transport.mostPending).toBe(1);
    expect(transport.bodies[0]?.cancelled).toBe(0);
  });

  it("sends content that can be sent again, and says why it does not send other content again", async () => {
    const { session, transport } = sessionOf([lost, {}], thrice);
    await session.put("a", { body: "twice" });
    expect(transport.arrivals.map(({ text }) => text)).toEqual(["twice", "twice"]);
    const again = sessionOf([lost, {}], thrice);
    await again.session.put("a", { body: () => stream() });
    expect(again.transport.arrivals.map(({ text }) => text)).toEqual(["once", "once"]);
    const once = sessionOf([lost, {}], thrice);
    const error = await failure(once.session.put("a", { body: stream() }));
    expect(error).toMatchObject({ code: "ERR_DISCONNECTED", attempt: 1, retryable: false });
    expect(error.message).toMatch(/not sent again.*a function that makes it anew/);
    expect(once.transport.requests).toHaveLength(1);
  });

  it("sends a one-shot content again as long as nobody has asked for any of it", async () => {
    const transport = scripted({});
    const send = transport.send.bind(transport);
    let sends = 0;
    transport.send = (request) =>
      ++sends === 1 ? Promise.reject(httpError("ERR_CONNECT_REFUSED")) : send(request);
    const session = new Session({ transport, ...thrice });
    await session.post("http://origin.test/a", { body: stream() });
    expect(transport.last.text).toBe("once");
    expect(sends).toBe(2);
  });

  it("repeats other methods with an idempotency key, which is made once for all attempts", async () => {
    const { session, transport } = sessionOf(
      [busy, { status: 307, headers: { location: "b" } }, busy, {}],
      at({ attempts: 2, idempotencyKey: true }),
    );
    await session.post("a", { json: 1 });
    const keys = transport.arrivals.map(({ fields }) => fields["idempotency-key"]);
    expect(keys).toHaveLength(4);
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^"[\da-f-]{36}"$/);
    await session.get("a");
    expect(transport.last.fields).not.toHaveProperty("idempotency-key");
    await session.post("a", { headers: { "idempotency-key": "mine" } });
    expect(transport.last.fields["idempotency-key"]).toBe("mine");
  });

  it("takes methods, statuses and codes from its options", async () => {
    const options = at({
      attempts: 2,
      methods: ["post"],
      statuses: [418],
      errors: ["ERR_PROTOCOL_HEAD"],
    });
    for (const [method, step, count] of [
      ["POST", { status: 418 }, 2],
      ["GET", { status: 418 }, 1],
      ["POST", busy, 1],
      ["POST", lost, 1],
      [
        "POST",
        () => {
          throw httpError("ERR_PROTOCOL_HEAD");
        },
        2,
      ],
    ] as [string, Step, number][]) {
      const { session, transport } = sessionOf(step, { ...options, throwHttpErrors: false });
      await session.request(method, "a").catch(() => undefined);
      expect(transport.requests).toHaveLength(count);
    }
  });

  it("is up to shouldRetry, which sees what failed", async () => {
    const seen: unknown[] = [];
    const shouldRetry: RetryOptions["shouldRetry"] = ({ error, response, attempt, request }) => {
      seen.push([request.method, attempt, error?.code ?? response?.status]);
      return response?.status === 404 ? true : attempt > 2 ? false : undefined;
    };
    const { session } = sessionOf(
      [{ status: 404 }, lost, busy, {}],
      at({ attempts: 9, shouldRetry }),
    );
    expect(await failure(session.get("a"))).toMatchObject({ status: 503 });
    expect(seen).toEqual([
      ["GET", 1, 404],
      ["GET", 2, "ERR_DISCONNECTED"],
      ["GET", 3, 503],
    ]);
    const throwing = at({
      attempts: 2,
      shouldRetry: () => {
        throw new Error("mine");
      },
    });
    expect(await failure(sessionOf(busy, throwing).session.get("a"))).toMatchObject({
      code: "ERR_MIDDLEWARE",
    });
  });

  it("counts the attempts of each hop anew", async () => {
    const hop: Step = { status: 302, headers: { location: "b" } };
    const { session, transport } = sessionOf([busy, hop, busy, {}], at({ attempts: 2 }));
    const response = await session.get("a");
    expect([response.status, response.history.length, transport.requests.length]).toEqual([
      200, 1, 4,
    ]);
    expect(response.attempts).toHaveLength(1);
  });

  it("is not made after an abort, nor after the call has run out of time", async () => {
    const controller = new AbortController();
    const step: Step = () => {
      controller.abort();
      throw httpError("ERR_DISCONNECTED");
    };
    const { session, transport } = sessionOf(step, thrice);
    expect(await failure(session.get("a", { signal: controller.signal }))).toMatchObject({
      code: "ERR_ABORTED",
    });
    expect(transport.requests).toHaveLength(1);
  });

  it("is interrupted while it waits", async () => {
    const controller = new AbortController();
    const { session, transport } = sessionOf(busy, {
      retry: { attempts: 3, backoff: () => 30_000 },
    });
    const call = failure(session.get("a", { signal: controller.signal }));
    await turns();
    controller.abort();
    expect(await call).toMatchObject({ code: "ERR_ABORTED" });
    const other = failure(session.get("b"));
    await turns();
    await session.close({ force: true });
    expect(await other).toMatchObject({ code: "ERR_SESSION_CLOSED" });
    expect(transport.requests).toHaveLength(2);
  });

  it("gives what failed rather than wait beyond the end of the call or beyond maxDelay", async () => {
    const patient = { status: 429, headers: { "retry-after": "60" } };
    for (const options of [{ timeout: 10_000 }, { retry: { attempts: 3, maxDelay: 59_000 } }]) {
      const { session, transport } = sessionOf(patient, {
        retry: { attempts: 3, maxDelay: 90_000 },
      });
      expect(await failure(session.get("a", options))).toMatchObject({ status: 429 });
      expect(transport.requests).toHaveLength(1);
    }
  });

  it("is off without the option, and for good with false", async () => {
    for (const retry of [{}, { attempts: 1 }, false] as const) {
      const { session, transport } = sessionOf(busy, { retry });
      await failure(session.get("a"));
      expect(transport.requests).toHaveLength(1);
    }
    const { session, transport } = sessionOf(busy, thrice);
    await failure(session.get("a", { retry: false }));
    expect(transport.requests).toHaveLength(1);
    await failure(session.get("a", { retry: { attempts: 2 } }));
    expect(transport.requests).toHaveLength(3);
  });

  it("has a budget for each origin, which successes refill", async () => {
    let fine = false;
    const { session, transport } = sessionOf(() => (fine ? {} : { status: 503 }), {
      ...at({ attempts: 2, budget: { capacity: 3, refill: 0.5 } }),
      throwHttpErrors: false,
      allowOtherOrigins: true,
    });
    const call = async (url: string): Promise<number> => {
      const before = transport.requests.length;
      (await session.get(url)).discard();
      return transport.requests.length - before;
    };
    expect([await call("a"), await call("a"), await call("a"), await call("a")]).toEqual([
      2, 2, 2, 1,
    ]);
    expect(await call("http://other.test/")).toBe(2);
    fine = true;
    await call("a");
    await call("a");
    fine = false;
    expect([await call("a"), await call("a")]).toEqual([2, 1]);
    (await session.get("a", { retry: { budget: false } })).discard();
    expect(transport.requests.at(-2)?.target.path).toBe("/a");
  });

  it("is told to who traces, and so is what stands against it", async () => {
    const events: TraceEvent[] = [];
    const trace = (event: TraceEvent): void => void events.push(event);
    const { session } = sessionOf([lost, busy, {}], { ...thrice, trace });
    await session.get("a?token=secret");
    expect(events.filter(({ type }) => type === "retry")).toMatchObject([
      { attempt: 1, delay: 0, status: null, error: { code: "ERR_DISCONNECTED" } },
      { attempt: 2, delay: 0, status: 503, error: null },
    ]);
    expect(JSON.stringify(events)).not.toContain("secret");
    const why = async (
      step: Step,
      options: object,
      body?: AsyncIterable<string>,
    ): Promise<unknown> => {
      events.length = 0;
      const own = sessionOf(step, { trace, throwHttpErrors: false, ...options }).session;
      await own.put("a", body ? { body } : {}).catch(() => undefined);
      return events.find(({ type }) => type === "no-retry");
    };
    expect(await why(busy, at({ attempts: 2 }))).toMatchObject({ why: "attempts", attempt: 2 });
    expect(await why(lost, thrice, stream())).toMatchObject({ why: "content" });
    expect(await why({ status: 503, headers: { "retry-after": "31" } }, thrice)).toMatchObject({
      why: "delay",
    });
    expect(
      await why({ status: 503, headers: { "retry-after": "3" } }, { ...thrice, timeout: 1000 }),
    ).toMatchObject({ why: "deadline" });
  });
});

describe("a retry that something ends", () => {
  it("tells what had failed, whoever ends it and when", async () => {
    vi.useFakeTimers();
    const controller = new AbortController();
    const trace = ({ type }: TraceEvent): void => {
      if (type === "retry") controller.abort("enough");
    };
    const waiting = sessionOf(busy, { retry: { attempts: 3, backoff: () => 30_000 }, trace });
    const error = await failure(waiting.session.get("a", { signal: controller.signal }));
    expect(error).toMatchObject({ code: "ERR_ABORTED", attempt: 1 });
    expect(error.attempts).toMatchObject([{ status: 503 }]);
    await vi.advanceTimersByTimeAsync(1100);
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
    const late = sessionOf([busy, lost, { hang: "sent" }], { ...thrice, timeout: 50 });
    const timeout = await failure(late.session.get("a"));
    expect(timeout).toMatchObject({ code: "ERR_TIMEOUT_TOTAL", attempt: 3 });
    expect(timeout.attempts).toHaveLength(2);
  });

  it("leaves no timer, though the end comes while the content before is drained", async () => {
    vi.useFakeTimers();
    const { session } = sessionOf(
      { status: 503, content: "a", ending: "open" },
      { retry: { attempts: 2, backoff: () => 30_000 } },
    );
    const call = failure(session.get("a"));
    await vi.advanceTimersByTimeAsync(10);
    await session.close({ force: true });
    expect(await call).toMatchObject({ code: "ERR_SESSION_CLOSED" });
    await vi.advanceTimersByTimeAsync(1100);
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it("is not begun by a shouldRetry that takes longer than the call", async () => {
    const asked = Promise.withResolvers<boolean>();
    const { session, transport } = sessionOf(busy, {
      retry: { attempts: 2, backoff: () => 0, shouldRetry: () => asked.promise },
      timeout: 20,
    });
    expect(await failure(session.get("a"))).toMatchObject({ code: "ERR_TIMEOUT_TOTAL" });
    asked.resolve(true);
    await turns();
    expect(transport.requests).toHaveLength(1);
  });

  it("by shouldRetry that throws gives up the response", async () => {
    const shouldRetry = (): never => {
      throw new Error("mine");
    };
    const { session } = sessionOf([{ status: 503, content: "a" }, {}], {
      retry: { attempts: 2, shouldRetry },
      limits: { concurrency: 1 },
    });
    await failure(session.get("a"));
    expect((await session.get("b", { timeout: 1000 })).status).toBe(200);
  });

  it("waits as long as timers can, not no time at all, where that is too short", async () => {
    const timers = vi.spyOn(globalThis, "setTimeout");
    const { session, transport } = sessionOf(
      { status: 503, headers: { "retry-after": "99999999999" } },
      { retry: { attempts: 2, maxDelay: Infinity } },
    );
    const call = failure(session.get("a"));
    await turns();
    expect(Math.max(...timers.mock.calls.map(([, ms]) => Number(ms)))).toBe(2_147_483_647);
    timers.mockRestore();
    expect(transport.requests).toHaveLength(1);
    await session.close({ force: true });
    await call;
  });

  it("by its method is told", async () => {
    const events: TraceEvent[] = [];
    const { session } = sessionOf(busy, { ...thrice, trace: (event) => void events.push(event) });
    await failure(session.post("a"));
    expect(events.find(({ type }) => type === "no-retry")).toMatchObject({ why: "method" });
  });
});

describe("attempts together", () => {
  it("may have been seen if any of them may have been", async () => {
    const headers = { "idempotency-key": "k" };
    const { session } = sessionOf([lost, refused], at({ attempts: 2 }));
    const error = await failure(session.post("a", { headers }));
    expect(error).toMatchObject({
      code: "ERR_CONNECT_REFUSED",
      requestSent: "maybe",
      retryable: false,
    });
    const get = await failure(sessionOf([busy, refused], at({ attempts: 2 })).session.get("a"));
    expect(get).toMatchObject({ requestSent: "maybe", retryable: true });
    const none = await failure(sessionOf(refused, at({ attempts: 2 })).session.post("a"));
    expect(none).toMatchObject({ requestSent: "no", retryable: true });
  });

  it("have the same fields, whatever their middleware adds", async () => {
    const { session, transport } = sessionOf([busy, busy, {}], {
      ...thrice,
      middleware: [
        {
          scope: "attempt",
          handle(request, next) {
            request.headers.append("x-signed", "1");
            return next(request);
          },
        },
      ],
    });
    await session.get("a");
    expect(
      transport.requests.map(({ headers }) => headers.filter((name) => name === "x-signed")),
    ).toEqual([["x-signed"], ["x-signed"], ["x-signed"]]);
  });

  it("do not wait for content that middleware has begun to read and left", async () => {
    const content = Array.from({ length: 9 }, () => new Uint8Array(40_000));
    const { session } = sessionOf([{ status: 503, content, ending: "open" }, {}], {
      ...at({ attempts: 2 }),
      middleware: [
        {
          scope: "attempt",
          async handle(request, next) {
            const response = await next(request);
            if (response.status >= 400) await response[Symbol.asyncIterator]().next();
            return response;
          },
        },
      ],
    });
    expect((await session.get("a", { timeout: 5000 })).status).toBe(200);
  });

  it("spend a budget that tenths refill to the last", () => {
    const budgets = new RetryBudgets();
    const budget = { capacity: 1, refill: 0.1 };
    expect([budgets.spend("o", budget), budgets.spend("o", budget)]).toEqual([true, false]);
    for (let i = 0; i < 10; i++) budgets.earn("o", budget);
    expect(budgets.spend("o", budget)).toBe(true);
  });
});

describe("the wait before an attempt", () => {
  it("is random below a bound that doubles, up to maxDelay", () => {
    const random = vi.spyOn(Math, "random");
    random.mockReturnValue(1);
    const policy = { ...defaultRetry, backoff: 100, maxDelay: 1000 };
    expect([1, 2, 3, 4, 5, 99].map((attempt) => backoffDelay(policy, attempt))).toEqual([
      100, 200, 400, 800, 1000, 1000,
    ]);
    random.mockReturnValue(0.25);
    expect(backoffDelay(policy, 3)).toBe(100);
    random.mockRestore();
    expect(backoffDelay({ ...policy, backoff: (attempt) => attempt * 10 }, 3)).toBe(30);
    for (const odd of [NaN, -5, Infinity])
      expect(backoffDelay({ ...policy, backoff: () => odd }, 1)).toBe(odd === Infinity ? 1000 : 0);
  });

  it.each([
    ["0", 0],
    ["1", 1000],
    ["007", 7000],
    ["soon", 0],
    ["-1", 0],
    ["1.5", 0],
    ["", 0],
    ["Sun, 06 Nov 1994 08:49:37 GMT", 0],
    ["Sunday, 06-Nov-94 08:49:37 GMT", 0],
    ["2099-01-01", 0],
    ["Not before 2099", 0],
    ["Thu, 31 Dec 2099", 0],
    ["9".repeat(400), Infinity],
  ])("of retry-after: %s is %d ms", (value, delay) => {
    expect(retryAfterDelay(new HttpHeaders({ "retry-after": value }))).toBe(delay);
  });

  it("lasts until the date of retry-after", () => {
    vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) });
    const date = new Date(Date.UTC(2026, 0, 1) + 5000).toUTCString();
    expect(retryAfterDelay(new HttpHeaders({ "retry-after": date }))).toBe(5000);
    // Of GMT, wherever this machine is.
    const asctime = "Thu Jan  1 00:00:07 2026";
    expect(retryAfterDelay(new HttpHeaders({ "retry-after": asctime }))).toBe(7000);
    vi.useRealTimers();
  });

  it("obeys retry-after, unless told not to", async () => {
    const slow: Step = { status: 503, headers: { "retry-after": "1" } };
    const { session } = sessionOf([slow, {}], at({ attempts: 2, retryAfter: false }));
    expect((await session.get("a")).attempts[0]?.delay).toBe(0);
    const obedient = sessionOf([slow, {}], at({ attempts: 2 }));
    expect((await obedient.session.get("a")).attempts[0]?.delay).toBe(1000);
  });
});

describe("an error of an attempt", () => {
  it("is of the tree", async () => {
    const error = await failure(
      sessionOf(
        [
          () => {
            throw new Error("foreign");
          },
        ],
        thrice,
      ).session.get("a"),
    );
    expect(error).toBeInstanceOf(HttpError);
    expect(error).toMatchObject({ code: "ERR_TRANSPORT", attempt: 1 });
  });
});
