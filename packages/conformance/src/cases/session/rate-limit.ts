/* The rate limit: when requests leave, which of them count together, and how calls stop waiting. */

import {
  atLeast,
  between,
  call,
  type Case,
  defineCase,
  expects,
  type Kit,
  plain,
  respond,
  together,
} from "../../case.ts";

const ok = respond(200, [], "ok");
const fine = { status: 200, content: "ok" };
const get = (path: string, options = {}) => call("GET", path, options);

/** Milliseconds between the requests on the wire, in order. */
async function gaps(kit: Kit): Promise<number[]> {
  const { wire } = await kit.origin.ledger();
  const times = wire
    .filter(({ what }) => what === "received")
    .map(({ at }) => at)
    .toSorted((one, other) => one - other);
  return times.slice(1).map((time, index) => time - (times[index] ?? 0));
}

/** Cases of `session/rate-limit` about when requests leave. */
export const rateLimitCases: readonly Case[] = [
  defineCase({
    id: "session/rate-limit/spreads-requests",
    title: "requests beyond the rate must wait, and leave one by one at even distances",
    level: "must",
    session: { rateLimit: { requests: 5 } },
    origin: [ok, ok, ok, ok],
    async perform(kit) {
      const seen = await Promise.all(["a", "b", "c", "d"].map((path) => kit.call(get(path))));
      for (const gap of await gaps(kit))
        kit.check(gap > 150 && gap < 300, `200 ms between two requests, and not ${gap}`);
      return seen;
    },
    expect: { calls: [fine, fine, fine, fine] },
    exclusive: true,
    hint: "check that a token is taken before the request is sent",
  }),
  defineCase({
    id: "session/rate-limit/burst",
    title: "as many requests as rateLimit.burst says must leave at once, and no more",
    level: "must",
    session: { rateLimit: { requests: 2, burst: 3 } },
    origin: [ok, ok, ok, ok],
    async perform(kit) {
      const seen = await Promise.all(["a", "b", "c", "d"].map((path) => kit.call(get(path))));
      const [first = NaN, second = NaN, third = NaN] = await gaps(kit);
      kit.check(first + second < 200, `three requests at once, and not in ${first + second} ms`);
      kit.check(third > 250, `500 ms before the fourth, and not ${third}`);
      return seen;
    },
    expect: { calls: [fine, fine, fine, fine] },
    exclusive: true,
    hint: "check what the bucket holds at first",
  }),
  ...(
    [
      ["each-origin-by-itself", {}, "requests to several origins must not wait for each other", 0],
      ["whole-session", { per: "session" }, 'with per: "session" all requests must count', 1],
      [
        "what-a-function-names",
        { per: () => "all" },
        "requests for which rateLimit.per gives the same text must count together",
        1,
      ],
    ] as const
  ).map(([name, options, title, waits]) =>
    defineCase({
      id: `session/rate-limit/${name}`,
      title,
      level: "must",
      session: { allowOtherOrigins: true, rateLimit: { requests: 1, interval: 500, ...options } },
      doors: { other: plain() },
      origin: { a: [ok], b: [ok] },
      async perform(kit) {
        const seen = await Promise.all([kit.call(get("a")), kit.call(get("{other}b"))]);
        const [gap = NaN] = await gaps(kit);
        kit.note("waits", gap > 300 ? 1 : 0);
        return seen;
      },
      expect: { calls: [fine, fine], facts: { waits } },
      exclusive: true,
      hint: "check the key that requests are counted by",
    }),
  ),
  defineCase({
    id: "session/rate-limit/counts-redirects",
    title: "each hop of a redirect must count as a request",
    level: "must",
    requires: { redirects: "visible" },
    otherwise: expects({ status: 200 }),
    session: { rateLimit: { requests: 1, interval: 400 } },
    origin: [respond(302, [["location", "b"]]), ok],
    perform: get("a"),
    expect: { ...fine, redirected: true, after: between(380, 900) },
    exclusive: true,
    hint: "check that the limit stands around each exchange, not around the call",
  }),
  defineCase({
    id: "session/rate-limit/counts-retries",
    title: "each attempt must count as a request",
    level: "must",
    session: {
      rateLimit: { requests: 1, interval: 400 },
      retry: { attempts: 2, backoff: () => 0 },
    },
    origin: [respond(503), ok],
    perform: get("a"),
    expect: { ...fine, after: between(380, 900) },
    exclusive: true,
    hint: "check that the limit stands inside the retries",
  }),
  defineCase({
    id: "session/rate-limit/shared-by-extended-sessions",
    title: "sessions made by extend must share the rate limit",
    level: "must",
    session: { rateLimit: { requests: 1, interval: 400 } },
    origin: [ok, ok],
    async perform(kit) {
      const extended = kit.session.extend({ headers: { "x-extended": "1" } });
      return [await kit.call(get("a")), await kit.observe(() => extended.get("b"))];
    },
    expect: { calls: [fine, { ...fine, after: between(250, 900) }] },
    exclusive: true,
    hint: "check what extended sessions have in common",
  }),
  defineCase({
    id: "session/rate-limit/priority",
    title: "of calls that wait for the rate limit, one of a higher priority must go first",
    level: "must",
    session: { rateLimit: { requests: 1, interval: 150 } },
    origin: [ok, ok, ok, ok],
    perform: [together(get("a"), get("b"), get("c", { priority: 1 }), get("d", { priority: 2 }))],
    expect: {
      calls: [fine, fine, fine, fine],
      arrivals: [{ path: "a" }, { path: "d" }, { path: "c" }, { path: "b" }],
    },
    hint: "check that the priority of the call reaches the line",
  }),
  defineCase({
    id: "session/rate-limit/abort-while-waiting",
    title: "a call that is aborted while it waits must reject at once, and must not use a token",
    level: "must",
    session: { rateLimit: { requests: 1, interval: 1000 } },
    origin: [ok, ok],
    async perform(kit) {
      const controller = new AbortController();
      const first = await kit.call(get("a"));
      const second = kit.call(get("b", { signal: controller.signal }));
      const third = kit.call(get("c"));
      await kit.neverWithin(100, second, "a call beyond the rate to settle");
      kit.note("queued", kit.session.stats.queued);
      controller.abort("enough");
      const left = await kit.within(500, second, "the aborted call to settle");
      kit.note("queued then", kit.session.stats.queued);
      return [first, left, await third];
    },
    expect: {
      calls: [
        fine,
        { error: { code: "ERR_ABORTED", phase: "queue", requestSent: "no" } },
        { ...fine, after: between(700, 1400) },
      ],
      facts: { queued: 2, "queued then": 1 },
      arrivals: [{ path: "a" }, { path: "c" }],
    },
    exclusive: true,
    hint: "check that whoever leaves gives up the place, and that tokens go to whoever is next",
  }),
  defineCase({
    id: "session/rate-limit/timeout-queue",
    title: "timeout.queue must cover the time in which a call waits for the rate limit",
    level: "must",
    session: { rateLimit: { requests: 1, interval: 5000 } },
    origin: [ok],
    perform: [get("a"), get("b", { timeout: { queue: 300 } })],
    expect: {
      calls: [
        fine,
        {
          error: {
            name: "TimeoutError",
            code: "ERR_TIMEOUT_QUEUE",
            phase: "queue",
            requestSent: "no",
            fields: { limit: 300, elapsed: atLeast(299) },
          },
          after: between(295, 360),
        },
      ],
      arrivals: [{ path: "a" }],
    },
    exclusive: true,
    hint: "check that the clock runs before there is a token",
  }),
  defineCase({
    id: "session/rate-limit/queue-is-bounded",
    title: "calls that wait for the rate limit must count as calls that wait",
    level: "must",
    session: { rateLimit: { requests: 1, interval: 300 }, limits: { queue: 1 } },
    origin: [ok, ok],
    perform: [together(get("a"), get("b"), get("c"))],
    expect: {
      calls: [
        fine,
        fine,
        { error: { name: "QueueFullError", code: "ERR_QUEUE_FULL", requestSent: "no" } },
      ],
      arrivals: [{ path: "a" }, { path: "b" }],
    },
    hint: "check that both lines are counted together",
  }),
  defineCase({
    id: "session/rate-limit/force-closes",
    title: "close({ force: true }) must end calls that wait for the rate limit",
    level: "must",
    session: { rateLimit: { requests: 1, interval: 60_000 } },
    origin: [ok],
    async perform(kit) {
      const first = await kit.call(get("a"));
      const second = kit.call(get("b"));
      await kit.neverWithin(50, second, "a call beyond the rate to settle");
      await kit.within(2000, kit.session.close({ force: true }), "the session to close");
      return [first, await kit.within(500, second, "the call to settle")];
    },
    expect: {
      calls: [fine, { error: { code: "ERR_SESSION_CLOSED", requestSent: "no" } }],
      arrivals: [{ path: "a" }],
    },
    hint: "check that the end of a call takes it out of the line, timer and all",
  }),
];
