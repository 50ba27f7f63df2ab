/* Tokens that are renewed: once for all who wait, and at most one request more for each of them. */

import { tokenRefresh } from "@anyhttp/core";
import {
  absent,
  call,
  type Case,
  defineCase,
  gate,
  matching,
  respond,
  sequence,
} from "../../case.ts";

const denied = respond(401, [["www-authenticate", 'Bearer error="invalid_token"']], "expired");
const welcome = respond(200, [], "welcome");
const bearing = (token: string) => ({ fields: { authorization: [`Bearer ${token}`] } });

/** A promise, and how it is settled. */
function later<T>(): {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
} {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}

/** Cases of `session/auth` about tokens that are renewed. */
export const authRefreshCases: readonly Case[] = [
  defineCase({
    id: "session/auth/token-is-fetched-when-needed",
    title: "a token must be fetched before the first request, and then be kept",
    level: "must",
    session() {
      let count = 0;
      return { auth: tokenRefresh({ refresh: () => `t${++count}` }) };
    },
    origin: [welcome, welcome],
    perform: [call("GET", "a"), call("GET", "b")],
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: [bearing("t1"), bearing("t1")],
    },
    hint: "check that nothing is sent without a token",
  }),
  defineCase({
    id: "session/auth/token-is-renewed-on-401",
    title: "a 401 must renew the token, and the request be sent once more, content included",
    level: "must",
    spec: ["RFC 6750 §3.1"],
    session() {
      let count = 0;
      return { auth: tokenRefresh({ token: "t0", refresh: () => `t${++count}` }) };
    },
    origin: [denied, welcome],
    perform: call("POST", "a", { json: { a: 1 } }),
    expect: {
      status: 200,
      content: "welcome",
      arrivals: [
        { ...bearing("t0"), method: "POST", content: '{"a":1}' },
        { ...bearing("t1"), method: "POST", content: '{"a":1}' },
      ],
    },
    hint: "check that the new value goes with the request",
  }),
  defineCase({
    id: "session/auth/token-refused-for-ever",
    title: "a request must be sent once more at most, whatever token is refused",
    level: "must",
    catalogue: ["V-AU-01"],
    session() {
      let count = 0;
      return { auth: tokenRefresh({ token: "t0", refresh: () => `t${++count}` }) };
    },
    origin: [denied, denied],
    perform: call("GET", "a"),
    expect: {
      error: { code: "ERR_STATUS", fields: { status: 401 } },
      arrivals: [bearing("t0"), bearing("t1")],
    },
    hint: "check what bounds the tries",
  }),
  defineCase({
    id: "session/auth/one-refresh-for-all",
    title: "calls that are refused at once must wait for one new token",
    level: "must",
    origin: {
      a: [sequence(gate("all"), denied), welcome],
      b: [sequence(gate("all"), denied), welcome],
      c: [sequence(gate("all"), denied), welcome],
      d: [welcome],
    },
    async perform(kit) {
      const token = later<string>();
      const asked = later<void>();
      let count = 0;
      const session = kit.makeSession({
        auth: tokenRefresh({
          token: "t0",
          refresh() {
            count++;
            asked.resolve();
            return token.promise;
          },
        }),
      });
      const calls = ["a", "b", "c"].map((path) => kit.observe(() => session.get(path)));
      await kit.origin.arrived(3);
      await kit.origin.open("all");
      await kit.within(2000, asked.promise, "a token to be asked for");
      calls.push(kit.observe(() => session.get("d")));
      token.resolve("t1");
      const seen = await Promise.all(calls);
      kit.note("refreshes", count);
      return seen;
    },
    expect: {
      calls: Array.from({ length: 4 }, () => ({ status: 200, content: "welcome" })),
      arrivals: [
        ...Array.from({ length: 3 }, () => bearing("t0")),
        ...Array.from({ length: 4 }, () => bearing("t1")),
      ],
      facts: { refreshes: 1 },
    },
    hint: "check that calls share the refresh that is under way",
  }),
  defineCase({
    id: "session/auth/an-older-token-is-no-reason-to-refresh",
    title: "a request that was refused with an older token must simply be sent again",
    level: "must",
    origin: { slow: [sequence(gate("slow"), denied), welcome], fast: [denied, welcome] },
    async perform(kit) {
      let count = 0;
      const session = kit.makeSession({
        auth: tokenRefresh({ token: "t0", refresh: () => `t${++count}` }),
      });
      const slow = kit.observe(() => session.get("slow"));
      await kit.origin.arrived(1);
      const fast = await kit.observe(() => session.get("fast"));
      await kit.origin.open("slow");
      const seen = [fast, await slow];
      kit.note("refreshes", count);
      return seen;
    },
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: [bearing("t0"), bearing("t0"), bearing("t1"), bearing("t1")],
      facts: { refreshes: 1 },
    },
    hint: "check that the value that was sent is compared with the present one",
  }),
  defineCase({
    id: "session/auth/a-failed-refresh-ends-all-who-wait",
    title: "a refresh that fails must end all calls that wait for it, and none that come after",
    level: "must",
    origin: [welcome],
    async perform(kit) {
      const first = later<string>();
      let count = 0;
      const session = kit.makeSession({
        auth: tokenRefresh({ refresh: () => (count++ === 0 ? first.promise : "t1") }),
      });
      const calls = ["a", "b"].map((path) => kit.observe(() => session.get(path)));
      first.reject(new RangeError("no token today"));
      return [...(await Promise.all(calls)), await kit.observe(() => session.get("c"))];
    },
    expect: {
      calls: [
        ...["a", "b"].map((path) => ({
          error: {
            code: "ERR_AUTH",
            requestSent: "no",
            cause: "RangeError: no token today",
            message: matching(
              new RegExp(`^GET \\{main\\}${path}: the token could not be refreshed`),
            ),
          },
        })),
        { status: 200 },
      ],
      arrivals: [{ ...bearing("t1"), path: "c" }],
    },
    hint: "check that each call gets an error of its own, about its own request",
  }),
  defineCase({
    id: "session/auth/a-refresh-that-hangs",
    title: "a refresh that hangs must end within its own limit, and each call within its own",
    level: "must",
    exclusive: true,
    origin: [welcome],
    async perform(kit) {
      let signal: AbortSignal | undefined;
      let hangs = true;
      const session = kit.makeSession({
        auth: tokenRefresh({
          timeout: 600,
          refresh(given) {
            signal = given;
            return hangs ? new Promise<string>(() => undefined) : "t1";
          },
        }),
      });
      const controller = new AbortController();
      const calls = [
        kit.observe(() => session.get("a", { timeout: 200 })),
        kit.observe(() => session.get("b", { signal: controller.signal })),
        kit.observe(() => session.get("c")),
      ];
      await calls[0];
      controller.abort("enough");
      const seen = await Promise.all(calls);
      kit.note("told", signal?.aborted);
      hangs = false;
      return [...seen, await kit.observe(() => session.get("d"))];
    },
    expect: {
      calls: [
        { error: { code: "ERR_TIMEOUT_TOTAL" } },
        { error: { code: "ERR_ABORTED", cause: "enough" } },
        { error: { code: "ERR_AUTH", message: matching(/within 600 ms/) } },
        { status: 200 },
      ],
      arrivals: [{ ...bearing("t1"), path: "d" }],
      facts: { told: true },
    },
    hint: "check that nobody waits for a refresh longer than they said",
  }),
  defineCase({
    id: "session/auth/a-refresh-by-the-same-session",
    title: "a refresh must be able to use the session and its only slot, without authentication",
    level: "must",
    origin: [denied, respond(200, [], "t1"), welcome],
    async perform(kit) {
      const session = kit.makeSession({
        limits: { concurrency: 1 },
        auth: tokenRefresh({
          token: "t0",
          refresh: (signal): Promise<string> =>
            session.post("token", { auth: false, signal }).text(),
        }),
      });
      return kit.observe(() => session.get("a"));
    },
    expect: {
      status: 200,
      content: "welcome",
      arrivals: [
        bearing("t0"),
        { method: "POST", path: "token", fields: { authorization: absent } },
        bearing("t1"),
      ],
    },
    hint: "check that nothing is held while a token is asked for",
  }),
  defineCase({
    id: "session/auth/a-token-is-renewed-before-it-expires",
    title: "a token that is about to expire must be renewed before it is sent",
    level: "must",
    session() {
      let count = 0;
      return {
        auth: tokenRefresh({
          token: { token: "t0", expiresAt: Date.now() - 1 },
          refresh: () => ({ token: `t${++count}`, expiresAt: new Date(Date.now() + 3_600_000) }),
        }),
      };
    },
    origin: [welcome, welcome],
    perform: [call("GET", "a"), call("GET", "b")],
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: [bearing("t1"), bearing("t1")],
    },
    hint: "check how expiresAt is compared with the time",
  }),
];
