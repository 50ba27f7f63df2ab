import { afterEach, describe, expect, it, vi } from "vitest";
import { type Token, tokenRefresh } from "../src/auth/token-refresh.ts";
import { authenticated, authorizations, statusOf } from "./support/auth.ts";
import { failure, turns } from "./support/session.ts";
import type { Arrival, Answer } from "./support/scripted-transport.ts";

afterEach(async () => {
  // The clock is one for all tests: its last timer has to fire, or it would wait for it.
  if (vi.isFakeTimers()) await vi.advanceTimersByTimeAsync(3_600_000);
  vi.useRealTimers();
});

/** Tokens `t1`, `t2` …, one a refresh, each when the test lets it come. */
class Source {
  count = 0;
  readonly signals: AbortSignal[] = [];
  #resolve: (token: Token) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  readonly refresh = (signal: AbortSignal): Promise<Token> => {
    this.count++;
    this.signals.push(signal);
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  };

  give(token: Token = `t${this.count}`): void {
    this.#resolve(token);
  }

  break(error: unknown): void {
    this.#reject(error);
  }
}

/** A server that lets one token in. */
function gate(): { valid: string; answer(arrival: Arrival): Answer } {
  return {
    valid: "t1",
    answer({ fields }) {
      return { status: fields["authorization"] === `Bearer ${this.valid}` ? 200 : 401 };
    },
  };
}

/** A session whose tokens come at once. */
function flowing(options: Partial<Parameters<typeof tokenRefresh>[0]> = {}): ReturnType<
  typeof authenticated
> & {
  readonly server: ReturnType<typeof gate>;
  count(): number;
} {
  let count = 0;
  const server = gate();
  const auth = tokenRefresh({ refresh: () => `t${++count}`, ...options });
  return {
    ...authenticated(auth, (arrival) => server.answer(arrival)),
    server,
    count: () => count,
  };
}

describe("tokenRefresh", () => {
  it("fetches a token when there is none, once", async () => {
    const { session, transport, count } = flowing();
    expect(await statusOf(session)).toBe(200);
    expect(await statusOf(session)).toBe(200);
    expect([count(), authorizations(transport)]).toEqual([1, ["Bearer t1", "Bearer t1"]]);
  });

  it("begins with the token that it is given, under the scheme that it is given", async () => {
    const { session, transport, count } = flowing({ token: "t0", scheme: "token" });
    await statusOf(session);
    expect(authorizations(transport)[0]).toBe("token t0");
    expect(count()).toBe(1);
  });

  it("renews the token when a 401 says so, and sends the request once more", async () => {
    const { session, transport, count } = flowing({ token: "t0" });
    expect(await statusOf(session)).toBe(200);
    expect([count(), authorizations(transport)]).toEqual([1, ["Bearer t0", "Bearer t1"]]);
  });

  it("sends a request once more at most, and refreshes once for it", async () => {
    const { session, transport, server, count } = flowing();
    server.valid = "none";
    expect(await statusOf(session)).toBe(401);
    expect([count(), transport.arrivals.length]).toEqual([2, 2]);
    expect(await statusOf(session)).toBe(401);
    expect([count(), transport.arrivals.length]).toEqual([3, 4]);
  });

  it("leaves other failures to the caller", async () => {
    const auth = tokenRefresh({ token: "t", refresh: () => "u" });
    const { session, transport } = authenticated(auth, { status: 403 });
    expect(await statusOf(session)).toBe(403);
    expect(transport.arrivals).toHaveLength(1);
  });

  it("renews once for all calls that wait, and for those that come meanwhile", async () => {
    const server = gate();
    const tokens = new Source();
    const auth = tokenRefresh({ token: "t0", refresh: tokens.refresh });
    const { session, transport } = authenticated(auth, (arrival) => server.answer(arrival));
    const calls = Array.from({ length: 20 }, () => statusOf(session));
    await turns();
    calls.push(statusOf(session));
    await turns();
    expect([tokens.count, transport.arrivals.length]).toEqual([1, 20]);
    tokens.give();
    expect(new Set(await Promise.all(calls))).toEqual(new Set([200]));
    expect([tokens.count, transport.arrivals.length]).toEqual([1, 41]);
  });

  it("simply sends again what was sent with an older token", async () => {
    const server = gate();
    const late = Promise.withResolvers<void>();
    let count = 0;
    const auth = tokenRefresh({ token: "t0", refresh: () => `t${++count}` });
    const { session, transport } = authenticated(auth, (arrival) => ({
      ...server.answer(arrival),
      ...(arrival.path === "/late" ? { after: late.promise } : {}),
    }));
    const slow = statusOf(session, "/late");
    await turns();
    expect(await statusOf(session)).toBe(200);
    late.resolve();
    expect(await slow).toBe(200);
    expect(count).toBe(1);
    expect(authorizations(transport)).toEqual(
      ["t0", "t0", "t1", "t1"].map((token) => `Bearer ${token}`),
    );
  });

  it("rejects all that wait when a refresh fails, each with an error of its own, and then tries again", async () => {
    const tokens = new Source();
    const auth = tokenRefresh({ refresh: tokens.refresh });
    const { session, transport } = authenticated(auth, {});
    const cause = new Error("the token server is away");
    const calls = ["/1", "/2", "/3"].map((path) => failure(session.get(path)));
    await turns();
    tokens.break(cause);
    const errors = await Promise.all(calls);
    for (const [i, error] of errors.entries()) {
      expect([error.code, error.cause, error.retryable]).toEqual(["ERR_AUTH", cause, false]);
      expect(error.message).toBe(
        `GET http://origin.test/${i + 1}: the token could not be refreshed (ERR_AUTH). See cause.`,
      );
    }
    expect([tokens.count, transport.arrivals.length]).toEqual([1, 0]);
    const next = statusOf(session);
    await turns();
    tokens.give();
    expect(await next).toBe(200);
    expect(tokens.count).toBe(2);
  });

  it("rejects so when a refresh throws, or gives no token", async () => {
    for (const refresh of [
      () => {
        throw new Error("no");
      },
      () => undefined as never,
      () => null as never,
      () => ({}) as never,
      () => "",
      () => "a b",
      () => ({ token: "a", expiresAt: "soon" as never }),
      () => ({ token: "a", expiresAt: new Date("soon") }),
    ]) {
      const { session } = authenticated(tokenRefresh({ refresh }), {});
      const error = await failure(session.get("/"));
      expect(error.code).toBe("ERR_AUTH");
      expect(error.cause).toBeInstanceOf(Error);
    }
  });

  it("bounds a refresh that hangs, tells it, and tries again with the next call", async () => {
    vi.useFakeTimers();
    const tokens = new Source();
    const auth = tokenRefresh({ timeout: 50, refresh: tokens.refresh });
    const { session } = authenticated(auth, {});
    const call = failure(session.get("/"));
    await vi.advanceTimersByTimeAsync(49);
    expect(tokens.signals[0]?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(20);
    const error = await call;
    expect(error.code).toBe("ERR_AUTH");
    expect(error.message).toMatch(/within 50 ms \(ERR_AUTH\).*auth: false/);
    expect(tokens.signals[0]?.aborted).toBe(true);

    // What comes too late is not taken, and what fails too late is nobody's.
    tokens.give("late");
    const next = statusOf(session);
    await vi.advanceTimersByTimeAsync(1);
    expect(tokens.count).toBe(2);
    tokens.give();
    expect(await next).toBe(200);
  });

  it("lets a call end while it waits for a refresh, which goes on for the others", async () => {
    const tokens = new Source();
    const auth = tokenRefresh({ refresh: tokens.refresh });
    const { session } = authenticated(auth, {});
    const controller = new AbortController();
    const ended = failure(session.get("/", { signal: controller.signal }));
    const timed = failure(session.get("/", { timeout: 20 }));
    const other = statusOf(session);
    await turns();
    controller.abort();
    expect((await ended).code).toBe("ERR_ABORTED");
    expect((await timed).code).toBe("ERR_TIMEOUT_TOTAL");
    tokens.give();
    expect(await other).toBe(200);
    expect(tokens.count).toBe(1);
  });

  it("leaves no rejection behind when nobody waits any longer", async () => {
    const surfaced: unknown[] = [];
    const listen = (reason: unknown): void => void surfaced.push(reason);
    process.on("unhandledRejection", listen);
    try {
      const tokens = new Source();
      const auth = tokenRefresh({ refresh: tokens.refresh });
      const { session } = authenticated(auth, {});
      const controller = new AbortController();
      const call = failure(session.get("/", { signal: controller.signal }));
      await turns();
      controller.abort();
      await call;
      tokens.break(new Error("nobody hears it"));
      await turns();
      expect(surfaced).toEqual([]);
    } finally {
      process.off("unhandledRejection", listen);
    }
  });

  it("renews shortly before the token expires", async () => {
    vi.useFakeTimers();
    let count = 0;
    const { session, transport } = authenticated(
      tokenRefresh({
        refresh: () => ({ token: `t${++count}`, expiresAt: Date.now() + 60_000 }),
        early: 5_000,
      }),
      {},
    );
    for (const wait of [0, 54_999, 1, 54_999]) {
      await vi.advanceTimersByTimeAsync(wait);
      await statusOf(session);
    }
    expect(authorizations(transport)).toEqual(
      ["t1", "t1", "t2", "t2"].map((token) => `Bearer ${token}`),
    );
  });

  it("uses at least half the life of a token that is short-lived", async () => {
    vi.useFakeTimers();
    let count = 0;
    const { session, transport } = authenticated(
      tokenRefresh({ refresh: () => ({ token: `t${++count}`, expiresAt: Date.now() + 1_000 }) }),
      {},
    );
    for (const wait of [0, 499, 1]) {
      await vi.advanceTimersByTimeAsync(wait);
      await statusOf(session);
    }
    expect(authorizations(transport)).toEqual(["Bearer t1", "Bearer t1", "Bearer t2"]);
  });

  it("fetches at once where the first token has expired", async () => {
    const expiresAt = new Date(Date.now() - 1_000);
    const { session, transport } = flowing({ token: { token: "t0", expiresAt } });
    await statusOf(session);
    expect(authorizations(transport)).toEqual(["Bearer t1"]);
  });

  it("does not believe that a token is over as it is fetched", async () => {
    let count = 0;
    const { session, transport } = authenticated(
      // Seconds, where milliseconds are meant.
      tokenRefresh({ refresh: () => ({ token: `t${++count}`, expiresAt: Date.now() / 1000 }) }),
      {},
    );
    await statusOf(session);
    await statusOf(session);
    expect(authorizations(transport)).toEqual(["Bearer t1", "Bearer t1"]);
  });

  it("does not send content again that can be sent only once, and is then ready for the next", async () => {
    const { session, transport } = flowing({ token: "t0" });
    const upload = (): { body: ReadableStream<Uint8Array> } => ({ body: new Blob(["x"]).stream() });
    expect((await session.post("/", upload())).status).toBe(401);
    expect((await session.post("/", upload())).status).toBe(200);
    expect(authorizations(transport)).toEqual(["Bearer t0", "Bearer t1"]);
  });

  it.each([
    ["no refresh", {}, /tokenRefresh\.refresh is undefined/],
    ["a scheme with space", { scheme: "a b" }, /tokenRefresh\.scheme/],
    ["a negative time", { early: -1 }, /tokenRefresh\.early/],
    ["no time at all", { timeout: 0 }, /tokenRefresh\.timeout/],
    ["a token that is none", { token: "a b" }, /the token holds a character/],
  ])("refuses %s", async (_what, options, message) => {
    const refresh = "refresh" in options || _what === "no refresh" ? {} : { refresh: () => "a" };
    const error = await failure(() => tokenRefresh({ ...refresh, ...options } as never));
    expect(error.code).toBe("ERR_INVALID_OPTION");
    expect(error.message).toMatch(message);
  });
});
