/* `extend`: what a session made of another takes over, option by option, and that the other stays as it was. */

import {
  absent,
  call,
  type Case,
  containing,
  defineCase,
  type Kit,
  type Observation,
  refuses,
  respond,
  stall,
} from "../../case.ts";
import type { Middleware, RequestOptions } from "@anyhttp/core";

const ok = respond(200, [], "ok");

/** Calls by way of a session that is extended with these options. */
function extended(
  kit: Kit,
  options: Parameters<Kit["session"]["extend"]>[0],
  url: string,
  ofCall: RequestOptions = {},
): Promise<Observation> {
  return kit.observe(() => kit.session.extend(options).get(url, ofCall));
}

const marks = (name: string): Middleware => {
  return (request, next) => {
    request.headers.set("x-marks", `${request.headers.get("x-marks") ?? ""}${name}`);
    return next(request);
  };
};

/** Cases of `session/extend`. */
export const extendCases: readonly Case[] = [
  defineCase({
    id: "session/extend/headers",
    title: "headers must replace those of the same name, add others, and remove by null",
    level: "must",
    session: { headers: { "x-kept": "1", "x-replaced": "1", "x-removed": "1" } },
    origin: [ok, ok],
    async perform(kit) {
      const headers = { "X-Replaced": "2", "x-removed": null, "x-added": "2" };
      return [await extended(kit, { headers }, "a"), await kit.call(call("GET", "b"))];
    },
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: [
        {
          fields: { "x-kept": "1", "x-replaced": ["2"], "x-removed": absent, "x-added": "2" },
        },
        {
          fields: { "x-kept": "1", "x-replaced": ["1"], "x-removed": "1", "x-added": absent },
        },
      ],
    },
    hint: "check how headers are merged, and that the first session keeps its own",
  }),
  defineCase({
    id: "session/extend/own-defaults-can-be-removed",
    title: "what a session says by itself must be removable by null",
    level: "must",
    requires: { addedFields: "none" },
    otherwise: { kind: "expects", expect: { status: 200 } },
    origin: [ok],
    perform: call("GET", "a", {
      headers: { "user-agent": null, accept: null, "accept-encoding": null },
    }),
    expect: {
      status: 200,
      arrivals: [{ fields: { "user-agent": absent, accept: absent, "accept-encoding": absent } }],
    },
    hint: "check that neither core nor the library adds them again",
  }),
  defineCase({
    id: "session/extend/params",
    title: "params must replace those of the same name and come after the URL's own",
    level: "must",
    session: { params: { a: 1, b: 1 } },
    origin: [ok, ok],
    async perform(kit) {
      const seen = await extended(kit, { params: { b: [2, 3] } }, "a?a=0", { params: { c: 4 } });
      return [seen, await kit.call(call("GET", "a"))];
    },
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: [{ path: "a?a=0&a=1&b=2&b=3&c=4" }, { path: "a?a=1&b=1" }],
    },
    hint: "check how params are merged",
  }),
  defineCase({
    id: "session/extend/timeout",
    title: "timeouts must be merged limit by limit",
    level: "must",
    session: { timeout: { total: 150, read: 5000 } },
    origin: [stall(), stall()],
    async perform(kit) {
      return [
        await extended(kit, { timeout: { response: 5000 } }, "a"),
        await extended(kit, { timeout: { total: 250 } }, "b"),
      ];
    },
    expect: {
      calls: [
        { error: { code: "ERR_TIMEOUT_TOTAL", fields: { limit: 150 } } },
        { error: { code: "ERR_TIMEOUT_TOTAL", fields: { limit: 250 } } },
      ],
    },
    hint: "check how limits are merged",
  }),
  defineCase({
    id: "session/extend/redirect",
    title: "redirect must be merged field by field",
    level: "must",
    requires: { redirects: "visible" },
    otherwise: refuses("redirects", "redirect"),
    session: { redirect: { max: 1 } },
    origin: [respond(302, [["location", "b"]]), respond(302, [["location", "c"]])],
    perform: (kit) => extended(kit, { redirect: { allowDowngrade: true } }, "a"),
    expect: { error: { code: "ERR_REDIRECT_LIMIT" } },
    hint: "check that a record does not replace the session's as a whole",
  }),
  defineCase({
    id: "session/extend/context",
    title: "context must be merged key by key",
    level: "must",
    session: () => ({
      context: { a: 1, b: 1 },
      middleware: [
        ((request, next) => {
          request.headers.set("x-context", JSON.stringify(request.context));
          return next(request);
        }) satisfies Middleware,
      ],
    }),
    origin: [ok],
    perform: (kit) => extended(kit, { context: { b: 2, c: 2 } }, "a", { context: { c: 3 } }),
    expect: { status: 200, arrivals: [{ fields: { "x-context": '{"a":1,"b":2,"c":3}' } }] },
    hint: "check how context is merged",
  }),
  defineCase({
    id: "session/extend/middleware",
    title: "middleware must be added inside that of the session",
    level: "must",
    session: () => ({ middleware: [marks("a")] }),
    origin: [ok, ok],
    async perform(kit) {
      return [
        await extended(kit, { middleware: [marks("b"), marks("c")] }, "a"),
        await kit.call(call("GET", "b")),
      ];
    },
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: [{ fields: { "x-marks": "abc" } }, { fields: { "x-marks": "a" } }],
    },
    hint: "check where middleware of extended sessions goes",
  }),
  defineCase({
    id: "session/extend/base-url",
    title: "a baseUrl must replace the session's, and its origin be the one that counts",
    level: "must",
    origin: [ok, ok, ok],
    async perform(kit) {
      const baseUrl = `${kit.urls["main"]}v2`;
      return [
        await extended(kit, { baseUrl }, "a"),
        await extended(kit, {}, "b"),
        await kit.call(call("GET", "c")),
      ];
    },
    expect: {
      calls: [{ url: "{main}v2/a" }, { url: "{main}b" }, { url: "{main}c" }],
    },
    hint: "check how baseUrl is merged",
  }),
  defineCase({
    id: "session/extend/the-rest-replaces",
    title: "flags and sizes must replace the session's",
    level: "must",
    session: { throwHttpErrors: true, maxResponseSize: 2 },
    origin: [respond(500, [], "ab"), respond(200, [], "abc"), respond(200, [], "abc")],
    async perform(kit) {
      return [
        await extended(kit, { throwHttpErrors: false }, "a"),
        await extended(kit, { maxResponseSize: 3 }, "b"),
        await kit.call(call("GET", "c")),
      ];
    },
    expect: {
      calls: [
        { status: 500, content: "ab" },
        { status: 200, content: "abc" },
        { error: { name: "ContentError", code: "ERR_CONTENT_TOO_LARGE" } },
      ],
    },
    hint: "check how the options of sessions are merged",
  }),
  defineCase({
    id: "session/extend/of-an-extended-session",
    title: "an extended session must be extended like any other",
    level: "must",
    session: { headers: { "x-a": "1" } },
    origin: [ok],
    perform: (kit) =>
      kit.observe(() => {
        const second = kit.session.extend({ headers: { "x-b": "2" } });
        return second.extend({ headers: { "x-c": "3" } }).get("a");
      }),
    expect: { status: 200, arrivals: [{ fields: { "x-a": "1", "x-b": "2", "x-c": "3" } }] },
    hint: "check that defaults are handed down",
  }),
  defineCase({
    id: "session/extend/same-connections",
    title: "an extended session should use the connections of the session",
    level: "should",
    requires: { connectionInfo: "exposed" },
    otherwise: { kind: "expects", expect: { calls: [{ status: 200 }, { status: 200 }] } },
    origin: [ok, ok],
    async perform(kit) {
      return [await kit.call(call("GET", "a")), await extended(kit, {}, "b")];
    },
    expect: { calls: [{ status: 200 }, { status: 200 }], connections: 1 },
    hint: "check that the transport is shared",
  }),
  defineCase({
    id: "session/extend/refuses-what-cannot-be-shared",
    title: "extend must refuse transport, limits and whatever else it does not know",
    level: "must",
    origin: [ok],
    async perform(kit) {
      const codes = [{ transport: kit.transport }, { limits: {} }, { timout: 5 }, 5, null].map(
        (options) => {
          try {
            kit.session.extend(options as object);
            return "no error";
          } catch (error) {
            return (error as { code?: unknown }).code;
          }
        },
      );
      kit.note("codes", codes);
      kit.note("described", kit.session.extend({}).describe());
      return kit.call(call("GET", "a"));
    },
    expect: {
      status: 200,
      facts: {
        codes: Array.from({ length: 5 }, () => "ERR_INVALID_OPTION"),
        described: containing("exchange"),
      },
    },
    hint: "check which options extend takes",
  }),
];
