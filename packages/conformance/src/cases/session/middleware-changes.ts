/* What middleware may change of a request, for this call alone, and which changes are refused. */

import { absent, call, type Case, defineCase, respond } from "../../case.ts";
import type { Middleware } from "@anyhttp/core";

const changesUrl: Middleware = (request, next) => next(request.with({ url: "elsewhere?x=1" }));
const changesMethod: Middleware = (request, next) => next(request.with({ method: "put" }));
const changesBody: Middleware = (request, next) => next(request.with({ body: "changed" }));
const dropsBody: Middleware = (request, next) => next(request.with({ body: null }));

/** Cases of `session/middleware` about changes. */
export const middlewareChangeCases: readonly Case[] = [
  defineCase({
    id: "session/middleware/changes-headers",
    title: "middleware must be able to set and to remove a field",
    level: "must",
    session: () => ({
      headers: { "x-unwanted": "1" },
      middleware: [
        ((request, next) => {
          request.headers.set("x-wanted", "2").delete("x-unwanted");
          return next(request);
        }) satisfies Middleware,
      ],
    }),
    origin: [respond(200), respond(200)],
    perform: [call("GET", "a"), call("GET", "b", { headers: { "x-wanted": "1" } })],
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: [
        { fields: { "x-wanted": "2", "x-unwanted": absent } },
        { fields: { "x-wanted": "2", "x-unwanted": absent } },
      ],
    },
    hint: "check that changed headers are those that are sent, and that the session keeps its own",
  }),
  defineCase({
    id: "session/middleware/changes-of-headers-stay-in-the-call",
    title: "a field that middleware adds must not appear in the next call",
    level: "must",
    session: () => {
      let first = true;
      const once: Middleware = (request, next) => {
        if (first) request.headers.set("x-once", "1");
        first = false;
        return next(request);
      };
      return { middleware: [once] };
    },
    origin: [respond(200), respond(200)],
    perform: [call("GET", "a"), call("GET", "b")],
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: [{ fields: { "x-once": "1" } }, { fields: { "x-once": absent } }],
    },
    hint: "check that requests do not share the session's list of fields",
  }),
  defineCase({
    id: "session/middleware/changes-url",
    title: "middleware must be able to change the URL, relative to that of the request",
    level: "must",
    session: () => ({ middleware: [changesUrl] }),
    origin: [respond(200)],
    perform: call("GET", "a/b"),
    expect: { status: 200, url: "{main}a/elsewhere?x=1", arrivals: [{ path: "a/elsewhere?x=1" }] },
    hint: "check what with({ url }) resolves against",
  }),
  defineCase({
    id: "session/middleware/changes-method-and-content",
    title: "middleware must be able to change method and content",
    level: "must",
    session: () => ({ middleware: [changesMethod, changesBody] }),
    origin: [respond(200)],
    perform: call("POST", "a", { json: { a: 1 } }),
    expect: {
      status: 200,
      arrivals: [{ method: "PUT", content: "changed", framing: "length" }],
    },
    hint: "check what with({ method, body }) makes",
  }),
  defineCase({
    id: "session/middleware/removes-content",
    title: "middleware must be able to remove the content",
    level: "must",
    session: () => ({ middleware: [dropsBody] }),
    origin: [respond(200)],
    perform: call("DELETE", "a", { body: "x" }),
    expect: { status: 200, arrivals: [{ method: "DELETE", content: "" }] },
    hint: "check that null is not taken for nothing said",
  }),
  defineCase({
    id: "session/middleware/its-wrong-change-is-refused",
    title: "a change by middleware that is not valid must be refused, and nothing be sent",
    level: "must",
    session: () => ({
      middleware: [
        ((request, next) =>
          request.url.endsWith("a")
            ? next(request.with({ headers: { "x-a": "1\r\nx-b: 2" } }))
            : next(request)) satisfies Middleware,
      ],
    }),
    origin: [respond(200)],
    perform: [call("GET", "a"), call("GET", "b")],
    expect: {
      calls: [
        { error: { name: "InvalidRequestError", code: "ERR_INVALID_HEADER", requestSent: "no" } },
        { status: 200 },
      ],
      arrivals: [{ path: "b" }],
    },
    hint: "check that headers are checked wherever they enter",
  }),
  defineCase({
    id: "session/middleware/framing-fields-are-refused",
    title: "a field by middleware that frames the message must be refused, and nothing be sent",
    level: "must",
    spec: ["RFC 9112 §11.2"],
    session: () => ({
      middleware: [
        ((request, next) => {
          if (request.url.endsWith("a")) request.headers.set("transfer-encoding", "chunked");
          return next(request);
        }) satisfies Middleware,
      ],
    }),
    origin: [respond(200)],
    perform: [call("POST", "a", { body: "x" }), call("GET", "b")],
    expect: {
      calls: [
        { error: { name: "InvalidRequestError", code: "ERR_INVALID_HEADER", requestSent: "no" } },
        { status: 200 },
      ],
      arrivals: [{ path: "b" }],
    },
    hint: "check that headers are checked after middleware too: request smuggling begins here",
  }),
];
