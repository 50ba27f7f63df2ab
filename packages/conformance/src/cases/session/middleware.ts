/* Middleware: the order around a call, calling on again, and what becomes of its errors. */

import {
  absent,
  call,
  type Case,
  containing,
  defineCase,
  matching,
  notApplicable,
  respond,
  stall,
} from "../../case.ts";
import type { Middleware } from "@anyhttp/core";

/** Adds its name to a field on the way in, and to a list on the way out. */
function passing(name: string, log: string[] = []): Middleware {
  return async (request, next) => {
    request.headers.append("x-passed", name);
    const response = await next(request);
    log.push(name);
    return response;
  };
}

const named: Middleware = (request, next) => next(request);
const fails: Middleware = () => {
  throw new RangeError("out of range");
};
const asksTwice: Middleware = async (request, next) => {
  const first = await next(request);
  if (first.status !== 401) return first;
  first.discard();
  request.headers.set("authorization", "Bearer fresh");
  return next(request);
};

/** Cases of `session/middleware` about the chain. */
export const middlewareCases: readonly Case[] = [
  defineCase({
    id: "session/middleware/order",
    title: "middleware must be called in the order given, and return in the reverse order",
    level: "must",
    origin: [respond(200, [], "ok")],
    async perform(kit) {
      const log: string[] = [];
      const session = kit.makeSession({
        middleware: [passing("outer", log), passing("middle", log), passing("inner", log)],
      });
      const seen = await kit.observe(() => session.get("a"));
      kit.note("returned", log);
      return seen;
    },
    expect: {
      status: 200,
      arrivals: [{ fields: { "x-passed": ["outer", "middle", "inner"] } }],
      facts: { returned: ["inner", "middle", "outer"] },
    },
    // A platform that keeps no field lines apart sends one.
    requires: { fieldLines: "raw" },
    otherwise: {
      kind: "expects",
      expect: {
        status: 200,
        arrivals: [{ fields: { "x-passed": "outer, middle, inner" } }],
        facts: { returned: ["inner", "middle", "outer"] },
      },
    },
    hint: "check how the chain is composed",
  }),
  defineCase({
    id: "session/middleware/calls-next-again",
    title: "middleware must be able to call next again and answer with the second response",
    level: "must",
    session: () => ({ middleware: [asksTwice] }),
    origin: [respond(401, [], "who are you?"), respond(200, [], "welcome")],
    perform: call("POST", "a", { json: { a: 1 } }),
    expect: {
      status: 200,
      content: "welcome",
      arrivals: [
        { content: '{"a":1}', fields: { authorization: absent } },
        { content: '{"a":1}', fields: { authorization: "Bearer fresh" } },
      ],
    },
    hint: "check that middleware stands below the policy of statuses, and content can be sent again",
  }),
  defineCase({
    id: "session/middleware/stands-around-redirects",
    title: "middleware must be called once for a call, redirects included",
    level: "must",
    session: () => ({ middleware: [passing("once")] }),
    requires: { redirects: "visible" },
    otherwise: notApplicable("redirects"),
    origin: [respond(302, [["location", "b"]]), respond(200)],
    perform: call("GET", "a"),
    expect: {
      status: 200,
      url: "{main}b",
      arrivals: [{ fields: { "x-passed": ["once"] } }, { fields: { "x-passed": ["once"] } }],
    },
    hint: "check where redirects are followed",
  }),
  defineCase({
    id: "session/middleware/its-error-is-wrapped",
    title: "an error of middleware must reject with ERR_MIDDLEWARE, and be its cause",
    level: "must",
    session: () => ({
      middleware: [
        ((request, next) =>
          request.url.endsWith("a") ? fails(request, next) : next(request)) satisfies Middleware,
      ],
    }),
    origin: [respond(200)],
    perform: [call("GET", "a"), call("GET", "b")],
    expect: {
      calls: [
        {
          error: {
            name: "HttpError",
            code: "ERR_MIDDLEWARE",
            cause: "RangeError: out of range",
            message: matching(/^GET \{main\}a: /),
          },
        },
        { status: 200 },
      ],
      arrivals: [{ path: "b" }],
    },
    hint: "check that errors that are not of the tree are wrapped",
  }),
  defineCase({
    id: "session/middleware/sees-the-context",
    title: "middleware must see the context of the session with that of the call laid over it",
    level: "must",
    session: () => ({
      context: { tenant: "one", kept: "yes" },
      middleware: [
        ((request, next) => {
          const { tenant, kept } = request.context;
          request.headers.set("x-context", `${String(tenant)} ${String(kept)}`);
          return next(request);
        }) satisfies Middleware,
      ],
    }),
    origin: [respond(200), respond(200)],
    perform: [call("GET", "a"), call("GET", "b", { context: { tenant: "two" } })],
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: [{ fields: { "x-context": "one yes" } }, { fields: { "x-context": "two yes" } }],
    },
    hint: "check how context is merged",
  }),
  defineCase({
    id: "session/middleware/that-hangs-is-ended",
    title: "timeout.total must end a call whose middleware hangs",
    level: "must",
    session: () => ({
      middleware: [
        ((request, next) =>
          request.url.endsWith("a")
            ? new Promise(() => undefined)
            : next(request)) satisfies Middleware,
      ],
    }),
    origin: [respond(200)],
    perform: [call("GET", "a", { timeout: 150 }), call("GET", "b")],
    expect: {
      calls: [{ error: { code: "ERR_TIMEOUT_TOTAL", requestSent: "no" } }, { status: 200 }],
      arrivals: [{ path: "b" }],
    },
    hint: "check that the deadline of a call does not wait for middleware",
  }),
  defineCase({
    id: "session/middleware/its-exchanges-end-with-the-call",
    title: "timeout.total must end what middleware has under way",
    level: "must",
    session: () => ({ middleware: [passing("through")] }),
    origin: [stall(), respond(200)],
    perform: [call("GET", "a", { timeout: 150 }), call("GET", "b")],
    expect: {
      calls: [{ error: { code: "ERR_TIMEOUT_TOTAL", requestSent: "maybe" } }, { status: 200 }],
    },
    hint: "check that the end of a call reaches its exchanges through middleware",
  }),
  defineCase({
    id: "session/middleware/described",
    title: "describe() must print the chain, outermost first, by the names of its functions",
    level: "must",
    session: () => ({
      middleware: [named, ...([(request, next) => next(request)] satisfies Middleware[])],
      redirect: { max: 3 },
    }),
    requires: { redirects: "visible" },
    otherwise: notApplicable("redirects"),
    origin: [respond(200)],
    async perform(kit) {
      kit.note("described", kit.session.describe());
      kit.note("named", kit.session.describe().endsWith(` ${kit.transport.name}`));
      return kit.call(call("GET", "a"));
    },
    expect: {
      status: 200,
      facts: {
        described: containing("rejectOnStatus → named → anonymous → redirect(max 3) → exchange → "),
        named: true,
      },
    },
    hint: "check what describe() goes through",
  }),
];
