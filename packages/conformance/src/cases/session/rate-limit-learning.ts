/* What the rate limit learns from servers, and the store that it counts in. */

import { call, type Case, defineCase, type Fields, type Kit, respond } from "../../case.ts";

const ok = respond(200, [], "ok");
const fine = { status: 200, content: "ok" };
const get = (path: string) => call("GET", path, { throwHttpErrors: false });

/** Two calls in turn, and whether the second had to wait. */
async function both(kit: Kit) {
  const first = await kit.call(get("a"));
  const second = await kit.call(get("b"));
  kit.note("waited", second.after > 500);
  return [first, second];
}

const told: readonly [name: string, status: number, fields: Fields, waited: boolean][] = [
  ["retry-after-of-429", 429, [["retry-after", "1"]], true],
  ["retry-after-of-503", 503, [["Retry-After", "1"]], true],
  ["retry-after-of-404", 404, [["retry-after", "5"]], false],
  [
    "retry-after-as-a-date",
    429,
    [
      ["date", "Thu, 01 Jan 2026 00:00:00 GMT"],
      ["retry-after", "Thu, 01 Jan 2026 00:00:01 GMT"],
    ],
    true,
  ],
  ["rate-limit", 200, [["RateLimit", '"default";r=0;t=1']], true],
  ["rate-limit-with-something-left", 200, [["ratelimit", '"default";r=1;t=5']], false],
  [
    "rate-limit-policy",
    200,
    [
      ["ratelimit-policy", '"default";q=10;w=1'],
      ["ratelimit", '"default";r=0'],
    ],
    true,
  ],
  ["rate-limit-of-an-earlier-draft", 200, [["ratelimit", "limit=10, remaining=0, reset=1"]], true],
  [
    "rate-limit-in-three-fields",
    200,
    [
      ["RateLimit-Limit", "10"],
      ["RateLimit-Remaining", "0"],
      ["RateLimit-Reset", "1"],
    ],
    true,
  ],
  [
    "x-rate-limit",
    200,
    [
      ["X-RateLimit-Remaining", "0"],
      ["X-RateLimit-Reset", "1"],
    ],
    true,
  ],
  [
    "x-rate-limit-since-1970",
    200,
    [
      ["date", "Thu, 01 Jan 2026 00:00:00 GMT"],
      ["X-RateLimit-Remaining", "0"],
      ["X-RateLimit-Reset", String(Date.parse("2026-01-01T00:00:01Z") / 1000)],
    ],
    true,
  ],
];

/** Cases of `session/rate-limit` about servers and stores. */
export const rateLimitLearningCases: readonly Case[] = [
  ...told.map(([name, status, fields, waited]) =>
    defineCase({
      id: `session/rate-limit/learns-${name}`,
      title: waited
        ? "with rateLimit.learn the next request must wait as long as the server has said"
        : "what a server says must hold up nobody if it does not mean that",
      level: "must",
      session: { rateLimit: { requests: 1000, learn: true } },
      origin: [respond(status, fields, "first"), ok],
      perform: both,
      expect: { calls: [{ status, content: "first" }, fine], facts: { waited } },
      exclusive: true,
      hint: "check which fields are read, and as what",
    }),
  ),
  defineCase({
    id: "session/rate-limit/learns-no-more-than-is-believed",
    title: "a server must not be believed for longer than rateLimit.maxWait",
    level: "must",
    session: { rateLimit: { requests: 1000, learn: true, maxWait: 700 } },
    origin: [respond(429, [["retry-after", "999999999"]], "first"), ok],
    perform: both,
    expect: { calls: [{ status: 429 }, fine], facts: { waited: true } },
    exclusive: true,
    hint: "check that what is told is bounded",
  }),
  defineCase({
    id: "session/rate-limit/learns-only-if-asked",
    title: "without rateLimit.learn requests must not wait because of what a server says",
    level: "must",
    session: { rateLimit: { requests: 1000 } },
    origin: [respond(429, [["retry-after", "5"]], "first"), ok],
    perform: both,
    expect: { calls: [{ status: 429 }, fine], facts: { waited: false } },
    exclusive: true,
    hint: "check that learning is off by default",
  }),
  defineCase({
    id: "session/rate-limit/store",
    title: "a store that answers later must be asked before each request, by key",
    level: "must",
    origin: [ok, ok],
    async perform(kit) {
      const asked: string[] = [];
      const session = kit.makeSession({
        rateLimit: {
          requests: 5,
          per: () => "key",
          store: {
            take: (key: string) => Promise.resolve(asked.push(key) === 2 ? 100 : 0),
            block: () => undefined,
          },
        },
      });
      const first = await kit.observe(() => session.get("a"));
      const second = await kit.observe(() => session.get("b"));
      kit.note("asked", asked);
      return [first, second];
    },
    expect: { calls: [fine, fine], facts: { asked: ["key", "key", "key"] } },
    hint: "check that a wait is followed by another question",
  }),
  defineCase({
    id: "session/rate-limit/store-fails",
    title: "if the store fails the call must reject with an error of the tree, and nothing be sent",
    level: "must",
    origin: [ok],
    async perform(kit) {
      let down = true;
      const session = kit.makeSession({
        rateLimit: {
          requests: 5,
          store: {
            take: () => (down ? Promise.reject(new Error("the store is down")) : 0),
            block: () => undefined,
          },
        },
      });
      const first = await kit.observe(() => session.get("a"));
      down = false;
      return [first, await kit.observe(() => session.get("b"))];
    },
    expect: {
      calls: [
        {
          error: {
            name: "HttpError",
            code: "ERR_MIDDLEWARE",
            phase: "queue",
            requestSent: "no",
            cause: "Error: the store is down",
          },
        },
        fine,
      ],
      arrivals: [{ path: "b" }],
    },
    hint: "check what becomes of those who wait for an answer",
  }),
];
