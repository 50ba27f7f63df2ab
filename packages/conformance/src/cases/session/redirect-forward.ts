/* `redirect.forward`: which of the caller's fields may follow to another origin because the caller says so. */

import { absent, call, type Case, defineCase, plain, refuses, respond } from "../../case.ts";

const to = (location: string, status = 302) => respond(status, [["location", location]]);
const visible = { redirects: "visible" } as const;
const otherwise = refuses("redirects", "redirect");

/** Cases of `session/redirect` about `forward`. */
export const redirectForwardCases: readonly Case[] = [
  defineCase({
    id: "session/redirect/forward-names-what-follows",
    title: "fields that redirect.forward names must follow to another origin, and no others",
    level: "must",
    catalogue: ["V-RED-02"],
    requires: visible,
    otherwise,
    doors: { other: plain(), third: plain() },
    origin: [to("{other}b"), to("{third}c"), respond(200)],
    perform: call("GET", "a", {
      headers: { "X-Trace": ["1", "2"], "x-api-key": "secret", accept: "text/x" },
      redirect: { forward: ["x-trace"] },
    }),
    expect: {
      status: 200,
      arrivals: [
        { door: "main", fields: { "x-trace": "1, 2", "x-api-key": "secret" } },
        { door: "other", fields: { "x-trace": "1, 2", "x-api-key": absent, accept: "text/x" } },
        { door: "third", fields: { "x-trace": "1, 2", "x-api-key": absent, accept: "text/x" } },
      ],
    },
    hint: "check that names are compared in lower case, for each redirect",
  }),
  defineCase({
    id: "session/redirect/forward-of-the-session",
    title: "redirect.forward of a session must hold for its calls, and a call's must replace it",
    level: "must",
    catalogue: ["V-RED-02"],
    requires: visible,
    otherwise: {
      kind: "expects",
      expect: {
        calls: [
          { error: { name: "UnsupportedError", fields: { option: "redirect" } } },
          { error: { name: "UnsupportedError", fields: { option: "redirect" } } },
          { status: 200 },
        ],
      },
      origin: [respond(200)],
    },
    doors: { other: plain() },
    session: { redirect: { forward: ["x-a"] }, headers: { "x-a": "1", "x-b": "2" } },
    origin: [
      to("{other}b"),
      respond(200),
      to("{other}b"),
      respond(200),
      to("{other}b"),
      respond(200),
    ],
    perform: [
      call("GET", "a"),
      call("GET", "a", { redirect: { forward: ["X-B"] } }),
      call("GET", "a", { redirect: { forward: [] } }),
    ],
    expect: {
      calls: [{ status: 200 }, { status: 200 }, { status: 200 }],
      arrivals: [
        {},
        { door: "other", fields: { "x-a": "1", "x-b": absent } },
        {},
        { door: "other", fields: { "x-a": absent, "x-b": "2" } },
        {},
        { door: "other", fields: { "x-a": absent, "x-b": absent } },
      ],
    },
    hint: "check how redirect is merged, and that a list is replaced, not added to",
  }),
  defineCase({
    id: "session/redirect/forward-of-credentials",
    title: "authorization must follow to another origin if redirect.forward names it",
    level: "must",
    catalogue: ["V-RED-02"],
    requires: visible,
    otherwise,
    doors: { other: plain() },
    origin: [to("{other}b"), respond(200)],
    perform: call("GET", "a", {
      headers: { authorization: "Bearer meant", "x-other": "1" },
      redirect: { forward: ["Authorization"] },
    }),
    expect: {
      status: 200,
      arrivals: [
        { door: "main" },
        { door: "other", fields: { authorization: "Bearer meant", "x-other": absent } },
      ],
    },
    hint: "check that what the caller names is honoured",
  }),
  defineCase({
    id: "session/redirect/forward-does-not-bring-content-fields-back",
    title: "fields of content that was dropped must stay dropped if redirect.forward names them",
    level: "must",
    spec: ["RFC 9110 §15.4"],
    catalogue: ["V-RED-05"],
    requires: visible,
    otherwise,
    doors: { other: plain() },
    origin: [to("{other}b", 303), respond(200)],
    perform: call("POST", "a", {
      body: "x",
      headers: { "content-type": "text/x", "content-digest": "sha-256=:x:" },
      redirect: { forward: ["content-type", "content-digest", "content-length"] },
    }),
    expect: {
      status: 200,
      arrivals: [
        { method: "POST", content: "x" },
        {
          method: "GET",
          framing: "none",
          fields: { "content-type": absent, "content-digest": absent, "content-length": absent },
        },
      ],
    },
    hint: "check in which order fields are dropped",
  }),
  defineCase({
    id: "session/redirect/forward-of-host-is-refused",
    title: "redirect.forward must not take host, nor anything that is no field name",
    level: "must",
    catalogue: ["V-RED-01"],
    origin: [],
    perform: [["host"], ["x-a", "Host"], ["x a"], [""], [5], "x-a", null].map((forward) =>
      call("GET", "a", { redirect: { forward } }),
    ),
    expect: {
      calls: Array.from({ length: 7 }, () => ({
        error: { name: "InvalidRequestError", code: "ERR_INVALID_OPTION", requestSent: "no" },
      })),
      connections: 0,
    },
    hint: "check that the names are looked at when the options are",
  }),
];
