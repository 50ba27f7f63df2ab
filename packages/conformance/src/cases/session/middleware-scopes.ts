/* Where middleware stands, and what it may do there: around calls and around attempts, late, hanging, failing. */

import type { Middleware, MiddlewareFunction, NamedMiddleware, Session } from "@anyhttp/core";
import {
  absent,
  call,
  type Case,
  containing,
  content,
  defineCase,
  filler,
  gate,
  head,
  matching,
  notApplicable,
  read,
  respond,
  sequence,
  stall,
} from "../../case.ts";

const ok = respond(200, [], "ok");
const one = { limits: { concurrency: 1 } };
const flood = sequence(head(200, [["content-length", "500000"]]), content(filler(100)), stall());

/** Counts its calls in a field. */
function counting(name: string, scope: "call" | "attempt"): NamedMiddleware {
  let count = 0;
  return {
    name,
    scope,
    handle(request, next) {
      request.headers.append(`x-${name}`, String(++count));
      return next(request);
    },
  };
}

/** Hangs once, then lets pass. */
function hanging(scope: "call" | "attempt"): NamedMiddleware {
  return {
    scope,
    handle: (request, next) =>
      request.url.endsWith("a") ? new Promise(() => undefined) : next(request),
  };
}

const hangs = [
  ["timeout-total", { timeout: 150 }, "ERR_TIMEOUT_TOTAL"],
  ["timeout-attempt", { timeout: { attempt: 150 } }, "ERR_TIMEOUT_ATTEMPT"],
] as const;

/** Cases of `session/middleware` about scopes. */
export const middlewareScopeCases: readonly Case[] = [
  defineCase({
    id: "session/middleware/scopes",
    title:
      "middleware must be called once for a call, or with each attempt of each hop, by its scope",
    level: "must",
    requires: { redirects: "visible" },
    otherwise: notApplicable("redirects"),
    session: () => ({
      retry: { attempts: 2, backoff: 1 },
      middleware: [counting("inner", "attempt"), counting("outer", "call")],
    }),
    origin: [respond(503), respond(302, [["location", "b"]]), respond(503), ok],
    perform: call("GET", "a"),
    expect: {
      status: 200,
      arrivals: [
        { path: "a", fields: { "x-outer": "1", "x-inner": "1" } },
        { path: "a", fields: { "x-outer": "1", "x-inner": "2" } },
        { path: "b", fields: { "x-outer": "1", "x-inner": "3" } },
        { path: "b", fields: { "x-outer": "1", "x-inner": "4" } },
      ],
    },
    hint: "check that what stands within retries begins anew with each of them, its changes as well",
  }),
  defineCase({
    id: "session/middleware/attempt-changes-the-request",
    title: "middleware of an attempt must be able to change the request for that attempt alone",
    level: "must",
    session: () => {
      let attempt = 0;
      const handle: Middleware = (request, next) =>
        next(attempt++ === 0 ? request.with({ url: "?first", body: "changed" }) : request);
      return { retry: { attempts: 2, backoff: 1 }, middleware: [{ scope: "attempt", handle }] };
    },
    origin: [respond(503), ok],
    perform: call("PUT", "a", { body: "own" }),
    expect: {
      status: 200,
      arrivals: [
        { path: "a?first", content: "changed" },
        { path: "a", content: "own" },
      ],
    },
    hint: "check which request a retry begins with",
  }),
  defineCase({
    id: "session/middleware/attempt-calls-next-again",
    title: "middleware of an attempt must be able to send again without its being a retry",
    level: "must",
    session: () => ({
      retry: { attempts: 2, backoff: 1 },
      middleware: [
        {
          scope: "attempt",
          async handle(request, next) {
            const first = await next(request);
            if (first.status !== 401) return first;
            first.discard();
            request.headers.set("x-token", "fresh");
            return next(request);
          },
        } satisfies NamedMiddleware,
      ],
    }),
    origin: [respond(401), respond(503), respond(401), ok],
    perform: call("GET", "a"),
    expect: {
      status: 200,
      arrivals: [
        { fields: { "x-token": absent } },
        { fields: { "x-token": "fresh" } },
        { fields: { "x-token": absent } },
        { fields: { "x-token": "fresh" } },
      ],
    },
    hint: "check what an attempt is",
  }),
  defineCase({
    id: "session/middleware/attempt-fails",
    title: "an error of middleware around an attempt must be ERR_MIDDLEWARE, and not be retried",
    level: "must",
    session: () => ({
      retry: { attempts: 3, backoff: 1 },
      middleware: [
        {
          scope: "attempt",
          handle(request, next) {
            if (request.url.endsWith("b")) return next(request);
            request.headers.set("x-begun", "1");
            throw new RangeError("out of range");
          },
        } satisfies NamedMiddleware,
      ],
    }),
    origin: [ok],
    perform: [call("GET", "a"), call("GET", "b")],
    expect: {
      calls: [
        {
          error: {
            code: "ERR_MIDDLEWARE",
            cause: "RangeError: out of range",
            message: matching(/^GET \{main\}a: /),
            attempt: 1,
          },
        },
        { status: 200 },
      ],
      arrivals: [{ path: "b" }],
    },
    hint: "check that errors which are not of the tree are wrapped wherever they come from",
  }),
  ...hangs.map(([name, options, code]) =>
    defineCase({
      id: `session/middleware/attempt-hangs-until-${name}`,
      title: `${name.replace("-", ".")} must end a call whose middleware around an attempt hangs`,
      level: "must",
      session: () => ({ ...one, middleware: [hanging("attempt")] }),
      origin: [ok],
      perform: [call("GET", "a", options), call("GET", "b")],
      expect: {
        calls: [{ error: { code, requestSent: "no" } }, { status: 200 }],
        arrivals: [{ path: "b" }],
      },
      hint: "check that no deadline waits for middleware",
    }),
  ),
  ...(["call", "attempt"] as const).map((scope) =>
    defineCase({
      id: `session/middleware/abort-while-a-${scope}-hangs`,
      title: `an abort must end a call whose middleware (${scope}) hangs`,
      level: "must",
      catalogue: ["V-LK-02"],
      origin: [ok],
      async perform(kit) {
        const session = kit.makeSession({ ...one, middleware: [hanging(scope)] });
        const controller = new AbortController();
        const first = kit.observe(() => session.get("a", { signal: controller.signal }));
        await new Promise((resolve) => setTimeout(resolve, 10));
        controller.abort("enough");
        return [await first, await kit.observe(() => session.get("b"), read.text)];
      },
      expect: {
        calls: [{ error: { code: "ERR_ABORTED", cause: "enough" } }, { status: 200 }],
        arrivals: [{ path: "b" }],
      },
      hint: "check that a signal does not wait for middleware",
    }),
  ),
  defineCase({
    id: "session/middleware/answers-itself",
    title:
      "middleware must be able to answer with a response that it has kept, and nothing is sent",
    level: "must",
    session: () => {
      const kept = new Map<string, Awaited<ReturnType<Session["get"]>>>();
      const keeping: Middleware = async (request, next) => {
        const response = kept.get(request.url) ?? (await next(request));
        kept.set(request.url, response);
        return response;
      };
      return { middleware: [keeping] };
    },
    origin: [ok],
    perform: [call("GET", "a"), call("HEAD", "a", {}, read.nothing)],
    expect: { calls: [{ status: 200, content: "ok" }, { status: 200 }], arrivals: [{ path: "a" }] },
    hint: "check that a call may do without an exchange",
  }),
  defineCase({
    id: "session/middleware/methods-of-objects",
    title: "middleware that is an object must be called as its method",
    level: "must",
    session: () => {
      class Tenant implements NamedMiddleware {
        readonly #id = "acme";
        handle(...[request, next]: Parameters<MiddlewareFunction>): ReturnType<typeof next> {
          request.headers.set("x-tenant", this.#id);
          return next(request);
        }
      }
      return { middleware: [new Tenant()] };
    },
    origin: [ok],
    perform: call("GET", "a"),
    expect: { status: 200, arrivals: [{ fields: { "x-tenant": "acme" } }] },
    hint: "check what `this` is in a middleware",
  }),
  defineCase({
    id: "session/middleware/looks-late",
    title: "what next gives may fail before middleware looks at it, and nothing must surface",
    level: "must",
    catalogue: ["V-LK-01", "V-LK-02"],
    origin: { a: [stall()], b: [ok] },
    async perform(kit) {
      const late: Middleware = async (request, next) => {
        const response = next(request);
        await new Promise((resolve) => setTimeout(resolve, 100));
        return response;
      };
      const session = kit.makeSession({ ...one, middleware: [late] });
      const controller = new AbortController();
      const first = kit.observe(() => session.get("a", { signal: controller.signal }));
      await kit.origin.arrived(1);
      controller.abort("enough");
      const seen = await first;
      await new Promise((resolve) => setTimeout(resolve, 150));
      return [seen, await kit.observe(() => session.get("b"), read.text)];
    },
    expect: { calls: [{ error: { code: "ERR_ABORTED" } }, { status: 200 }] },
    hint: "check that the promises which next returns are handled",
  }),
  defineCase({
    id: "session/middleware/leaves-an-exchange-behind",
    title: "a call that middleware fails must end the exchange that it has left under way",
    level: "must",
    catalogue: ["V-LK-03"],
    origin: { a: [stall()], b: [ok] },
    async perform(kit) {
      const leaving: Middleware = async (request, next) => {
        if (request.url.endsWith("b")) return next(request);
        void next(request);
        await kit.origin.arrived(1);
        throw new Error("enough");
      };
      const session = kit.makeSession({ ...one, middleware: [leaving] });
      return [
        await kit.observe(() => session.get("a")),
        await kit.observe(() => session.get("b", { timeout: 4000 }), read.text),
      ];
    },
    expect: { calls: [{ error: { code: "ERR_MIDDLEWARE" } }, { status: 200 }] },
    hint: "check what a call that rejects leaves behind",
  }),
  defineCase({
    id: "session/middleware/leaves-a-response-unread",
    title: "a call that middleware fails must give up the response that it has left unread",
    level: "must",
    catalogue: ["V-LK-03"],
    origin: { a: [flood], b: [ok] },
    session: () => ({
      ...one,
      middleware: [
        (async (request, next) => {
          const response = await next(request);
          if (request.url.endsWith("a")) throw new Error("enough");
          return response;
        }) satisfies Middleware,
      ],
    }),
    perform: [call("GET", "a"), call("GET", "b", { timeout: 4000 })],
    expect: { calls: [{ error: { code: "ERR_MIDDLEWARE" } }, { status: 200 }] },
    hint: "check what a call that rejects leaves behind",
  }),
  defineCase({
    id: "session/middleware/comes-after-the-end",
    title: "next must send nothing more once the call is over",
    level: "must",
    origin: { a: [ok], b: [ok] },
    async perform(kit) {
      let again: (() => Promise<unknown>) | undefined;
      const keeping: Middleware = (request, next) => {
        again ??= () => next(request);
        return next(request);
      };
      const session = kit.makeSession({ middleware: [keeping] });
      const first = await kit.observe(() => session.get("a"), read.text);
      const code = await again?.().catch((error: unknown) => (error as { code: unknown }).code);
      kit.note("code", code);
      return [first, await kit.observe(() => session.get("b"), read.text)];
    },
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      facts: { code: "ERR_MIDDLEWARE" },
      arrivals: [{ path: "a" }, { path: "b" }],
    },
    hint: "check that no exchange runs outside the deadline and the signal of its call",
  }),
  defineCase({
    id: "session/middleware/ends-with-a-background-exchange",
    title:
      "what middleware has begun in the background must run to its end, and close() wait for it",
    level: "must",
    origin: { a: [ok], b: [sequence(gate("go"), ok)] },
    async perform(kit) {
      let revalidated: Promise<string> | undefined;
      const stale: Middleware = (request, next) => {
        revalidated = next(request.with({ url: "b" })).then((response) => response.text());
        return next(request);
      };
      const session = kit.makeSession({ middleware: [stale] });
      const seen = await kit.observe(() => session.get("a"), read.text);
      const closing = session.close();
      await kit.neverWithin(100, closing, "close() to resolve");
      await kit.origin.open("go");
      kit.note("revalidated", await kit.within(5000, revalidated ?? Promise.resolve(""), "it"));
      await kit.within(5000, closing, "close()");
      return seen;
    },
    expect: { status: 200, content: "ok", facts: { revalidated: "ok" } },
    hint: "check that a call is over when all its exchanges are",
  }),
  defineCase({
    id: "session/middleware/described-scopes",
    title: "describe() must print what stands where, of extended sessions too",
    level: "must",
    requires: { redirects: "visible" },
    otherwise: notApplicable("redirects"),
    session: () => ({
      retry: { attempts: 3 },
      middleware: [counting("outer", "call"), counting("each", "attempt")],
    }),
    origin: [ok],
    async perform(kit) {
      const extended = kit.session.extend({
        throwHttpErrors: false,
        middleware: [counting("more", "attempt"), counting("own", "call")],
      });
      kit.note("described", kit.session.describe());
      kit.note("extended", extended.describe());
      return kit.observe(() => extended.get("a"), read.text);
    },
    expect: {
      status: 200,
      arrivals: [{ fields: { "x-outer": "1", "x-own": "1", "x-each": "1", "x-more": "1" } }],
      facts: {
        described: containing(
          "rejectOnStatus → outer → redirect(max 10) → retry(3 attempts) → each → exchange → ",
        ),
        extended: matching(
          /^outer → own → redirect\(max 10\) → retry\(3 attempts\) → each → more → exchange → /,
        ),
      },
    },
    hint: "check that the print follows the order in which things stand",
  }),
];
