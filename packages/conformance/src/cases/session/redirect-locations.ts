/* Where a redirect leads (RFC 9110 §10.2.2): how a location is resolved, and which ones are not followed. */

import {
  absent,
  call,
  type Case,
  defineCase,
  expects,
  type Expectation,
  lacking,
  notApplicable,
  plain,
  present,
  read,
  respond,
  secure,
  utf8,
} from "../../case.ts";
import { followedUnseen } from "./redirect-unseen.ts";

interface Location {
  readonly name: string;
  readonly title: string;
  readonly location: string;
  /** Below the base, as it must arrive; and below the base in `url`, if it is another text. */
  readonly path: string;
  readonly url?: string;
}

const followed: readonly Location[] = [
  {
    name: "relative",
    title: "a relative location must be resolved against the URL of the request",
    location: "../c",
    path: "a/c",
  },
  {
    name: "query-only",
    title: "a location that is only a query must replace the query alone",
    location: "?page=2",
    path: "a/b/start?page=2",
  },
  {
    name: "absolute-path",
    title: "a location that begins with a slash must replace path and query",
    location: "{main.path}c?d=1",
    path: "c?d=1",
  },
  {
    name: "protocol-relative",
    title: "a location that begins with two slashes must keep the scheme alone",
    location: "//{main.host}{main.path}c",
    path: "c",
  },
  {
    name: "absolute",
    title: "an absolute location must be followed as it is",
    location: "{main}c?d=%20e",
    path: "c?d=%20e",
  },
  {
    name: "fragment",
    title: "the fragment of a location must not be sent",
    location: "c#part",
    path: "a/b/c",
  },
  {
    name: "dot-segments",
    title: "dot segments of a location must be removed before it is followed",
    location: "./x/.././../c",
    path: "a/c",
  },
  {
    name: "non-ascii",
    title: "a location that holds UTF-8 should be followed percent-encoded",
    location: utf8("gr\u00fc\u00dfe"),
    path: "a/b/gr%C3%BC%C3%9Fe",
  },
  {
    name: "space",
    title: "a space in a location should be followed percent-encoded",
    location: "two words",
    path: "a/b/two%20words",
  },
];

const followedCases = followed.map(({ name, title, location, path }) => {
  const expect: Expectation = {
    status: 200,
    content: "done",
    url: `{main}${path}`,
    redirected: true,
    arrivals: [{ path: "a/b/start?page=1" }, { path, door: "main" }],
  };
  return defineCase({
    id: `session/redirect/location-${name}`,
    title,
    level: title.includes("should") ? "should" : "must",
    spec: ["RFC 9110 §10.2.2", "RFC 3986 §5"],
    requires: { redirects: "visible" },
    otherwise: followedUnseen(expect),
    origin: [respond(302, [["location", location]]), respond(200, [], "done")],
    perform: call("GET", "a/b/start?page=1", {}, read.text),
    expect,
    hint: "check against what the location is resolved, and that it is serialised as a URL",
  });
});

const refusedLocations: readonly (readonly [name: string, location: string, code: string])[] = [
  ["no-host", "http://", "ERR_REDIRECT_LOCATION"],
  ["bad-port", "http://127.0.0.1:99999/", "ERR_REDIRECT_LOCATION"],
  ["ftp", "ftp://127.0.0.1/file", "ERR_REDIRECT_REFUSED"],
  ["data", "data:text/plain,hello", "ERR_REDIRECT_REFUSED"],
  ["file", "file:///etc/hostname", "ERR_REDIRECT_REFUSED"],
];

const refusedCases = refusedLocations.map(([name, location, code]) =>
  defineCase({
    id: `session/redirect/refused-${name}`,
    title: `a location such as ${JSON.stringify(location)} must not be followed`,
    level: "must",
    spec: ["RFC 9110 §10.2.2", "RFC 9110 §17.1"],
    catalogue: ["V-URL-04"],
    requires: { redirects: "visible" },
    otherwise: expects({ error: { name: present } }),
    origin: [respond(302, [["location", location]])],
    perform: call("GET", "a"),
    expect: {
      status: 302,
      url: "{main}a",
      error: { name: "RedirectError", code, phase: "redirect", requestSent: "yes" },
    },
    hint: "check that a location is parsed, and its scheme looked at, before it is followed",
  }),
);

/** Cases of `session/redirect` about locations. */
export const redirectLocationCases: readonly Case[] = [
  ...followedCases,
  ...refusedCases,
  ...[300, 304, 201].map((status) =>
    defineCase({
      id: `session/redirect/${status}-is-no-redirect`,
      title: `a ${status} response must not be followed even if it has a location`,
      level: "must",
      spec: ["RFC 9110 §15.4"],
      origin: [respond(status, [["location", "b"]])],
      perform: call("GET", "a"),
      expect: { status, url: "{main}a", redirected: false, headers: { location: "b" } },
      hint: "check that only 301, 302, 303, 307 and 308 are followed",
    }),
  ),
  defineCase({
    id: "session/redirect/no-location",
    title: "a redirect without a location must be handed over as it is",
    level: "must",
    spec: ["RFC 9110 §15.4", "Fetch §4.4"],
    origin: [respond(302, [], "nowhere")],
    perform: call("GET", "a"),
    expect: { status: 302, content: "nowhere", url: "{main}a", redirected: false },
    hint: "check that a missing location is no error",
  }),
  defineCase({
    id: "session/redirect/userinfo-is-ignored",
    title: "credentials in a location must be ignored",
    level: "must",
    spec: ["RFC 9110 §4.2.4"],
    catalogue: ["V-RED-04"],
    requires: { redirects: "visible" },
    otherwise: notApplicable("redirects"),
    origin: [
      respond(302, [["location", "http://user:secret@{main.host}{main.path}b"]]),
      respond(200),
    ],
    perform: call("GET", "a"),
    expect: {
      status: 200,
      url: "{main}b",
      arrivals: [
        { path: "a" },
        { path: "b", fields: { authorization: absent, host: "{main.host}" } },
      ],
    },
    hint: "check that userinfo is taken off a location before it is used",
  }),
  defineCase({
    id: "session/redirect/userinfo-is-not-told",
    title: "an error about a redirect must not tell the credentials of its location",
    level: "must",
    spec: ["RFC 9110 §4.2.4"],
    catalogue: ["V-RED-04"],
    requires: { redirects: "visible" },
    otherwise: expects({ error: { message: lacking("secret") } }),
    origin: [respond(302, [["location", "ftp://user:secret@127.0.0.1/"]])],
    perform: call("GET", "a"),
    expect: { status: 302, error: { code: "ERR_REDIRECT_REFUSED", message: lacking("secret") } },
    hint: "check what the message of a RedirectError is made of",
  }),
  defineCase({
    id: "session/redirect/https-to-http-is-refused",
    title: "a redirect from https to http must not be followed unless that is allowed",
    level: "must",
    spec: ["RFC 9110 §17.1"],
    catalogue: ["V-RED-07"],
    requires: { redirects: "visible" },
    otherwise: notApplicable("redirects"),
    doors: { main: secure(), bare: plain() },
    origin: [respond(302, [["location", "{bare}b"]])],
    perform: call("GET", "a"),
    expect: {
      status: 302,
      error: { name: "RedirectError", code: "ERR_REDIRECT_REFUSED", requestSent: "yes" },
      arrivals: [{ door: "main" }],
    },
    hint: "check that the schemes of both URLs are compared",
  }),
  defineCase({
    id: "session/redirect/https-to-http-when-allowed",
    title: "a redirect from https to http must be followed when allowDowngrade is set",
    level: "must",
    requires: { redirects: "visible" },
    otherwise: { kind: "refuses", capability: "redirects", option: "redirect" },
    doors: { main: secure(), bare: plain() },
    origin: [respond(302, [["location", "{bare}b"]]), respond(200, [], "done")],
    perform: call("GET", "a", { redirect: { allowDowngrade: true } }),
    expect: {
      status: 200,
      content: "done",
      url: "{bare}b",
      arrivals: [{ door: "main" }, { door: "bare" }],
    },
    hint: "check that redirect.allowDowngrade reaches the rule",
  }),
  defineCase({
    id: "session/redirect/http-to-https",
    title: "a redirect from http to https must be followed",
    level: "must",
    requires: { redirects: "visible" },
    otherwise: followedUnseen({ status: 200, content: "done" }),
    doors: { safe: secure() },
    origin: [respond(301, [["location", "{safe}b"]]), respond(200, [], "done")],
    perform: call("GET", "a"),
    expect: {
      status: 200,
      content: "done",
      url: "{safe}b",
      arrivals: [{ door: "main" }, { door: "safe", fields: { host: "{safe.host}" } }],
    },
    hint: "check that only the way down is refused",
  }),
];
