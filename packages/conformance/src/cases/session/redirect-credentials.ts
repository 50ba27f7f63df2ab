/* What of a request goes to another origin by way of a redirect (RFC 9110 §15.4): nothing that says who the caller is. */

import { absent, call, type Case, defineCase, plain, refuses, respond } from "../../case.ts";
import { followedUnseen } from "./redirect-unseen.ts";

const leave = (to: string, status = 302) => respond(status, [["location", to]]);

/** Cases of `session/redirect` about credentials. */
export const redirectCredentialCases: readonly Case[] = [
  defineCase({
    id: "session/redirect/authorization-stays-within-its-origin",
    title: "a redirect to another origin must be followed without the caller's authorization",
    level: "must",
    spec: ["RFC 9110 §15.4"],
    catalogue: ["V-RED-01"],
    requires: { redirects: "visible" },
    otherwise: followedUnseen({ status: 200 }),
    doors: { other: plain() },
    origin: [leave("{other}b"), respond(200)],
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
  defineCase({
    id: "session/redirect/cookie-stays-within-its-origin",
    title: "a redirect to another origin must be followed without the caller's cookie field",
    level: "must",
    spec: ["RFC 9110 §15.4"],
    catalogue: ["V-RED-01"],
    requires: { redirects: "visible", forbiddenFields: "none" },
    otherwise: refuses("forbiddenFields", 'headers["cookie"]'),
    doors: { other: plain() },
    origin: [leave("{other}b"), respond(200)],
    perform: call("GET", "a", { headers: { cookie: "sid=secret" } }),
    expect: {
      status: 200,
      arrivals: [
        { door: "main", fields: { cookie: "sid=secret" } },
        { door: "other", fields: { cookie: absent } },
      ],
    },
    hint: "check the list of fields that may go to another origin",
  }),
  defineCase({
    id: "session/redirect/proxy-authorization-stays-within-its-origin",
    title: "a redirect to another origin must be followed without proxy-authorization",
    level: "must",
    spec: ["RFC 9110 §15.4", "RFC 9110 §11.7.2"],
    catalogue: ["V-RED-01"],
    requires: { redirects: "visible", forbiddenFields: "none" },
    otherwise: refuses("forbiddenFields", 'headers["proxy-authorization"]'),
    doors: { other: plain() },
    origin: [leave("{other}b"), respond(200)],
    perform: call("GET", "a", { headers: { "Proxy-Authorization": "Basic c2VjcmV0" } }),
    expect: {
      status: 200,
      arrivals: [{ door: "main" }, { door: "other", fields: { "proxy-authorization": absent } }],
    },
    hint: "check that names of fields are compared in lower case",
  }),
  defineCase({
    id: "session/redirect/custom-fields-stay-within-their-origin",
    title: "a redirect to another origin must be followed without fields of unknown meaning",
    level: "must",
    spec: ["RFC 9110 §15.4"],
    catalogue: ["V-RED-02"],
    requires: { redirects: "visible" },
    otherwise: followedUnseen({ status: 200 }),
    doors: { other: plain() },
    session: { headers: { "x-api-key": "secret" } },
    origin: [leave("{other}b"), respond(200)],
    perform: call("GET", "a", { headers: { "x-csrf-token": "secret" } }),
    expect: {
      status: 200,
      arrivals: [
        { door: "main", fields: { "x-api-key": "secret", "x-csrf-token": "secret" } },
        { door: "other", fields: { "x-api-key": absent, "x-csrf-token": absent } },
      ],
    },
    hint: "check that what is not on the safe list is dropped, a session's own fields included",
  }),
  defineCase({
    id: "session/redirect/safe-fields-go-along",
    title: "a redirect to another origin should be followed with fields that say what is wanted",
    level: "should",
    spec: ["RFC 9110 §15.4"],
    requires: { redirects: "visible" },
    otherwise: followedUnseen({ status: 200 }),
    doors: { other: plain() },
    origin: [leave("{other}b"), respond(200)],
    perform: call("GET", "a", {
      headers: { accept: "text/x", "accept-language": "de", "if-none-match": '"1"' },
    }),
    expect: {
      status: 200,
      arrivals: [
        { door: "main" },
        {
          door: "other",
          fields: { accept: "text/x", "accept-language": "de", "if-none-match": '"1"' },
        },
      ],
    },
    hint: "check the list of fields that may go to another origin",
  }),
  defineCase({
    id: "session/redirect/dropped-fields-do-not-return",
    title: "a field dropped on the way to another origin must not return on the way back",
    level: "must",
    spec: ["RFC 9110 §15.4"],
    catalogue: ["V-RED-01"],
    requires: { redirects: "visible" },
    otherwise: followedUnseen({ status: 200 }),
    doors: { other: plain() },
    origin: [leave("{other}b"), leave("{main}c"), respond(200)],
    perform: call("GET", "a", { headers: { authorization: "Bearer secret" } }),
    expect: {
      status: 200,
      url: "{main}c",
      arrivals: [
        { door: "main", fields: { authorization: "Bearer secret" } },
        { door: "other", fields: { authorization: absent } },
        { door: "main", fields: { authorization: absent } },
      ],
    },
    hint: "check that each redirect begins with the fields of the one before",
  }),
  defineCase({
    id: "session/redirect/other-host-is-another-origin",
    title: "another name of the same host must count as another origin",
    level: "must",
    spec: ["RFC 6454 §5"],
    catalogue: ["V-RED-01"],
    requires: { redirects: "visible" },
    otherwise: followedUnseen({ status: 200 }),
    origin: [leave("http://127.0.0.1:{main.port}{main.path}b"), respond(200)],
    perform: call("GET", "a", { headers: { authorization: "Bearer secret" } }),
    expect: {
      status: 200,
      arrivals: [
        { fields: { authorization: "Bearer secret" } },
        { path: "b", fields: { authorization: absent } },
      ],
    },
    doors: { main: plain({ host: "localhost" }) },
    hint: "check that origins are compared by name, not by address",
  }),
  defineCase({
    id: "session/redirect/content-goes-to-another-origin",
    title: "a 307 to another origin must be followed with the content and its type",
    level: "must",
    spec: ["RFC 9110 §15.4.8", "Fetch §4.4"],
    catalogue: ["V-RED-01", "V-RED-05"],
    requires: { redirects: "visible" },
    otherwise: followedUnseen({ status: 200 }),
    doors: { other: plain() },
    origin: [leave("{other}b", 307), respond(200)],
    perform: call("POST", "a", { json: { a: 1 }, headers: { authorization: "Bearer secret" } }),
    expect: {
      status: 200,
      arrivals: [
        { door: "main", content: '{"a":1}' },
        {
          door: "other",
          method: "POST",
          content: '{"a":1}',
          fields: { "content-type": "application/json", authorization: absent },
        },
      ],
    },
    hint: "check that content-type is on the list of fields that may go to another origin",
  }),
];
