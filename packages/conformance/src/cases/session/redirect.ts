/* Redirects, which core follows (RFC 9110 §15.4): what becomes of the method, the content and the credentials. */

import { absent, call, type Case, defineCase, plain, read, refuses, respond } from "../../case.ts";

/** Cases of `session/redirect`. */
export const redirectCases: readonly Case[] = [
  defineCase({
    id: "session/redirect/303-turns-post-into-get",
    title: "a 303 response to POST is followed by GET without content",
    level: "must",
    spec: ["RFC 9110 §15.4.4"],
    requires: { redirects: "visible" },
    otherwise: refuses("redirects"),
    origin: [respond(303, [["location", "b"]]), respond(200, [], "done")],
    perform: call("POST", "a", { body: "x" }, read.text),
    expect: {
      status: 200,
      content: "done",
      url: "{main}b",
      redirected: true,
      arrivals: [
        { method: "POST", path: "a", content: "x" },
        {
          method: "GET",
          path: "b",
          framing: "none",
          fields: { "content-type": absent, "content-length": absent },
        },
      ],
      connections: 1,
    },
    hint: "check that the redirect drops the content-* fields together with the content",
  }),
  defineCase({
    id: "session/redirect/authorization-stays-within-its-origin",
    title: "a redirect to another origin is followed without the caller's authorization",
    level: "must",
    spec: ["RFC 9110 §15.4"],
    catalogue: ["V-RED-01"],
    requires: { redirects: "visible" },
    otherwise: refuses("redirects"),
    doors: { other: plain() },
    // By path, because the second request knocks at another door.
    origin: { a: [respond(302, [["location", "{other}b"]])], b: [respond(200)] },
    perform: call("GET", "a", { headers: { authorization: "Bearer secret" } }),
    expect: {
      status: 200,
      url: "{other}b",
      arrivals: [
        { door: "main", fields: { authorization: "Bearer secret" } },
        { door: "other", fields: { authorization: absent, host: "{other.host}" } },
      ],
    },
    hint: "check that origins are compared by scheme, host and port",
  }),
];
