/* Secrets that no name gives away, referers, userinfo, tokens: none of them crosses to another origin. */

import type { Middleware } from "@anyhttp/core";
import {
  absent,
  call,
  type Case,
  defineCase,
  expects,
  lacking,
  notApplicable,
  plain,
  refuses,
  respond,
  secure,
} from "../../case.ts";
import { followedUnseen } from "./redirect-unseen.ts";

const to = (location: string, status = 302) => respond(status, [["location", location]]);

/** Fields that hold secrets by custom alone. */
const names = [
  "X-API-Key",
  "X-Auth-Token",
  "Api-Key",
  "X-Amz-Security-Token",
  "X-Goog-Api-Key",
  "Ocp-Apim-Subscription-Key",
  "Private-Token",
  "X-CSRF-Token",
  "X-Forwarded-For",
  "WWW-Authenticate",
  "Authentication",
  "X-Accept",
  "Accept-Token",
  "Content-Secret",
  "If-Secret",
];

const nameCases = names.map((name) =>
  defineCase({
    id: `session/redirect/field-${name.toLowerCase()}-stays`,
    title: `a field ${name} of the caller's must not get to another origin`,
    level: "must",
    spec: ["RFC 9110 §15.4"],
    catalogue: ["V-RED-02"],
    requires: { redirects: "visible" },
    otherwise: followedUnseen({ status: 200 }),
    doors: { other: plain() },
    origin: [to("{other}b", 307), respond(200)],
    perform: call("GET", "a", { headers: { [name]: "secret" } }),
    expect: {
      status: 200,
      arrivals: [
        { door: "main", fields: { [name]: "secret" } },
        { door: "other", fields: { [name]: absent } },
      ],
    },
    hint: "check that the list names what may go, whole names of it",
  }),
);

const signs: Middleware = (request, next) => {
  request.headers.set("x-signature", "secret");
  return next(request);
};

/** Cases of `session/redirect` about secrets. */
export const redirectSecretCases: readonly Case[] = [
  ...nameCases,
  defineCase({
    id: "session/redirect/fields-of-a-middleware-stay",
    title: "what a middleware adds to a request must not get to another origin",
    level: "must",
    spec: ["RFC 9110 §15.4"],
    catalogue: ["V-RED-02"],
    requires: { redirects: "visible" },
    otherwise: followedUnseen({ status: 200 }),
    doors: { other: plain() },
    session: () => ({ middleware: [signs] }),
    origin: [to("{other}b"), respond(200)],
    perform: call("GET", "a"),
    expect: {
      status: 200,
      arrivals: [
        { door: "main", fields: { "x-signature": "secret" } },
        { door: "other", fields: { "x-signature": absent } },
      ],
    },
    hint: "check that fields are dropped from what was sent, not from what was passed",
  }),
  defineCase({
    id: "session/redirect/fields-of-an-extended-session-stay",
    title: "default headers of a session and of one that extends it must not get to another origin",
    level: "must",
    catalogue: ["V-RED-02"],
    requires: { redirects: "visible" },
    otherwise: followedUnseen({ status: 200 }),
    doors: { other: plain() },
    session: { headers: { authorization: "Bearer secret" } },
    origin: [to("{other}b"), respond(200)],
    perform: (kit) => {
      const extended = kit.session.extend({ headers: { "x-api-key": "secret" } });
      return kit.observe(() => extended.get("a"));
    },
    expect: {
      status: 200,
      url: "{other}b",
      arrivals: [
        { door: "main", fields: { authorization: "Bearer secret", "x-api-key": "secret" } },
        { door: "other", fields: { authorization: absent, "x-api-key": absent } },
      ],
    },
    hint: "check that defaults are bound to their origin like all else",
  }),
  defineCase({
    id: "session/redirect/params-stay",
    title: "params of a session and of a call must not be added to a location",
    level: "must",
    catalogue: ["V-RED-02"],
    requires: { redirects: "visible" },
    otherwise: followedUnseen({ status: 200 }),
    doors: { other: plain() },
    session: { params: { key: "secret" } },
    origin: [to("b"), to("{other}c?d=1"), respond(200)],
    perform: call("GET", "a", { params: { token: "secret" } }),
    expect: {
      status: 200,
      url: "{other}c?d=1",
      arrivals: [{ path: "a?key=secret&token=secret" }, { path: "b" }, { path: "c?d=1" }],
    },
    hint: "check that a location is followed as it is",
  }),
  defineCase({
    id: "session/redirect/userinfo-is-ignored-elsewhere",
    title: "credentials in a location on another origin must be ignored",
    level: "must",
    spec: ["RFC 9110 §4.2.4"],
    catalogue: ["V-RED-04"],
    requires: { redirects: "visible" },
    otherwise: notApplicable("redirects"),
    doors: { other: plain() },
    origin: [
      to("http://user:secret@{other.host}{other.path}b"),
      to("//other:secret@{other.host}{other.path}c"),
      respond(200),
    ],
    perform: call("GET", "a", { headers: { authorization: "Bearer ours" } }),
    expect: {
      status: 200,
      url: "{other}c",
      history: [
        { status: 302, url: "{main}a" },
        { status: 302, url: "{other}b" },
      ],
      arrivals: [
        { fields: { authorization: "Bearer ours" } },
        { fields: { authorization: absent, host: ["{other.host}"] } },
        { fields: { authorization: absent, host: ["{other.host}"] } },
      ],
    },
    hint: "check that userinfo neither becomes authorization nor stays in the URL",
  }),
  defineCase({
    id: "session/redirect/referer-is-not-made-up",
    title: "a redirect must be followed without a referer that the caller has not set",
    level: "must",
    spec: ["RFC 9110 §10.1.3"],
    catalogue: ["V-RED-04"],
    requires: { redirects: "visible", addedFields: "none" },
    otherwise: followedUnseen({ status: 200 }),
    doors: { other: plain() },
    origin: [to("b"), to("{other}c"), respond(200)],
    perform: call("GET", "a?token=secret#part"),
    expect: {
      status: 200,
      arrivals: [
        { fields: { referer: absent } },
        { fields: { referer: absent } },
        { fields: { referer: absent } },
      ],
    },
    hint: "check that nothing below the session says where a request comes from",
  }),
  defineCase({
    id: "session/redirect/referer-does-not-leave-its-origin",
    title: "a referer of the caller's must be kept within its origin, and must not leave it",
    level: "must",
    spec: ["RFC 9110 §10.1.3", "RFC 9110 §17.9"],
    catalogue: ["V-RED-04"],
    requires: { redirects: "visible", forbiddenFields: "none" },
    otherwise: refuses("forbiddenFields", 'headers["referer"]'),
    doors: { other: plain() },
    origin: [to("b"), to("{other}c"), respond(200)],
    perform: call("GET", "a", { headers: { referer: "{main}page?token=secret" } }),
    expect: {
      status: 200,
      arrivals: [
        { fields: { referer: "{main}page?token=secret" } },
        { fields: { referer: "{main}page?token=secret" } },
        { fields: { referer: absent } },
      ],
    },
    hint: "check that referer is not on the list of fields that may go along",
  }),
  defineCase({
    id: "session/redirect/referer-does-not-go-down",
    title: "a referer of the caller's must not go from https to http, where that way is allowed",
    level: "must",
    spec: ["RFC 9110 §10.1.3"],
    catalogue: ["V-RED-04"],
    requires: { redirects: "visible", forbiddenFields: "none" },
    otherwise: refuses("redirects", "redirect"),
    doors: { main: secure(), bare: plain({ host: "localhost" }) },
    origin: [to("{bare}b"), respond(200)],
    perform: call("GET", "a", {
      headers: { referer: "{main}page?token=secret" },
      redirect: { allowDowngrade: true },
    }),
    expect: {
      status: 200,
      arrivals: [
        { fields: { referer: "{main}page?token=secret" } },
        { door: "bare", fields: { referer: absent } },
      ],
    },
    hint: "check that referer is not on the list of fields that may go along",
  }),
  defineCase({
    id: "session/redirect/tokens-are-not-told",
    title:
      "an error about a redirect must tell neither tokens of the URL nor those of its location",
    level: "must",
    spec: ["RFC 9110 §17.9"],
    catalogue: ["V-RED-04", "V-XS-02"],
    requires: { redirects: "visible" },
    otherwise: expects({ error: { message: lacking("secret") } }),
    origin: [to("b?access_token=secret-2", 307), to("ftp://u:secret-3@127.0.0.1/?token=secret-4")],
    async perform(kit) {
      const seen = await kit.call(
        call("GET", "a?token=secret-1", { headers: { authorization: "Bearer secret-5" } }),
      );
      const error = seen.error?.error as Error | undefined;
      const told = [String(error), JSON.stringify(error), error?.stack].join("\n");
      kit.note("told", told.match(/secret-\d/g) ?? []);
      return seen;
    },
    expect: {
      status: 302,
      error: { name: "RedirectError", code: "ERR_REDIRECT_REFUSED", message: lacking("secret") },
      facts: { told: [] },
    },
    hint: "check what the message of a RedirectError, its toJSON and its stack are made of",
  }),
  defineCase({
    id: "session/redirect/no-xsrf-header-is-made-of-a-cookie",
    title: "a cookie XSRF-TOKEN must not become a header, neither at its origin nor at another",
    level: "must",
    catalogue: ["V-XS-01"],
    requires: { redirects: "visible", forbiddenFields: "none" },
    otherwise: refuses("forbiddenFields", 'headers["cookie"]'),
    doors: { other: plain() },
    origin: [
      respond(302, [
        ["location", "b"],
        ["set-cookie", "XSRF-TOKEN=secret-2"],
      ]),
      to("//{other.host}{other.path}c"),
      respond(200),
    ],
    perform: call("POST", "a", { headers: { cookie: "XSRF-TOKEN=secret" } }),
    expect: {
      status: 200,
      arrivals: [
        { fields: { "x-xsrf-token": absent, "x-csrf-token": absent } },
        { fields: { "x-xsrf-token": absent, "x-csrf-token": absent } },
        { fields: { "x-xsrf-token": absent, "x-csrf-token": absent, cookie: absent } },
      ],
    },
    hint: "check that the library's own tokens are switched off",
  }),
];
