/* Redirects that lead nowhere a client may go: several places, other schemes, sockets, on any hop. */

import {
  call,
  type Case,
  defineCase,
  expects,
  notApplicable,
  oneOf,
  plain,
  present,
  respond,
} from "../../case.ts";
import { followedUnseen } from "./redirect-unseen.ts";

const to = (location: string, status = 302) => respond(status, [["location", location]]);
const several = {
  status: 302,
  url: "{main}a",
  error: {
    name: "RedirectError",
    code: "ERR_REDIRECT_LOCATION",
    phase: "redirect",
    requestSent: "yes",
    retryable: false,
  },
  arrivals: 1,
} as const;

/** Joined by the platform, two locations may look like one name with a comma, which stays within the origin. */
const joinedUnseen = (first: string) =>
  expects(
    { facts: { got: oneOf("an error", "neither"), elsewhere: 0 }, arrivals: oneOf(1, 2) },
    {
      origin: [
        respond(302, [
          ["location", first],
          ["Location", "{other}c"],
        ]),
        respond(200, [], "neither"),
      ],
      async perform(kit) {
        const { error, content } = await kit.call(call("GET", "a"));
        const { arrivals } = await kit.origin.ledger();
        kit.note("got", error ? "an error" : content);
        // Either place by itself would have been chosen from the two.
        const chosen = ({ door, path }: { door: string; path: string }) =>
          door !== "main" || path === "b";
        kit.note("elsewhere", arrivals.filter(chosen).length);
      },
    },
  );

/** Schemes that libraries have been seen to follow, or to open files and sockets for. */
const schemes: readonly (readonly [name: string, location: string])[] = [
  ["blob", "blob:http://127.0.0.1/0a1b"],
  ["gopher", "gopher://127.0.0.1/1"],
  ["javascript", "javascript:alert(1)"],
  ["ws", "ws://{main.host}/"],
  ["wss", "wss://{main.host}/"],
  ["about", "about:blank"],
  ["mailto", "mailto:jack@example.test"],
  ["unix", "unix:/tmp/socket:/path"],
  ["http-unix", "http+unix://%2Ftmp%2Fsocket/path"],
  ["view-source", "view-source:http://{main.host}/"],
  ["file-of-the-host", "file://localhost/etc/hostname"],
  ["upper-case-file", "FILE:///etc/hostname"],
  ["node", "node:fs"],
];

const schemeCases = schemes.map(([name, location]) =>
  defineCase({
    id: `session/redirect/refused-${name}`,
    title: `a location such as ${JSON.stringify(location)} must not be followed`,
    level: "must",
    spec: ["RFC 9110 §10.2.2", "RFC 9110 §17.1"],
    catalogue: ["V-URL-04", "V-RED-07"],
    requires: { redirects: "visible" },
    otherwise: expects({ error: { name: present } }),
    origin: [to("b"), to(location, 307)],
    perform: call("GET", "a"),
    expect: {
      status: 307,
      url: "{main}b",
      history: [{ status: 302, url: "{main}a" }],
      error: { name: "RedirectError", code: "ERR_REDIRECT_REFUSED", requestSent: "yes" },
    },
    hint: "check that the scheme is looked at for every redirect, before anything is opened",
  }),
);

/** Cases of `session/redirect` about places. */
export const redirectPlaceCases: readonly Case[] = [
  ...schemeCases,
  defineCase({
    id: "session/redirect/several-locations",
    title: "a redirect with two locations that differ must not be followed",
    level: "must",
    spec: ["RFC 9110 §10.2.2", "RFC 9110 §5.3"],
    catalogue: ["V-RSP-08", "V-URL-04"],
    requires: { redirects: "visible" },
    otherwise: joinedUnseen("{main}b"),
    doors: { other: plain() },
    origin: [
      respond(302, [
        ["location", "{main}b"],
        ["location", "{other}c"],
      ]),
    ],
    perform: call("GET", "a"),
    expect: several,
    hint: "check that lines are neither joined nor chosen from",
  }),
  defineCase({
    id: "session/redirect/several-locations-relative-first",
    title: "a redirect with a relative and an absolute location must not be followed",
    level: "must",
    spec: ["RFC 9110 §10.2.2"],
    catalogue: ["V-RSP-08"],
    requires: { redirects: "visible" },
    otherwise: joinedUnseen("b"),
    doors: { other: plain() },
    origin: [
      respond(302, [
        ["location", "b"],
        ["Location", "{other}c"],
      ]),
    ],
    perform: call("GET", "a"),
    expect: several,
    hint: "check that names of fields are compared in lower case",
  }),
  defineCase({
    id: "session/redirect/several-relative-locations",
    title: "a redirect with two relative locations that differ must not be followed to either",
    level: "must",
    spec: ["RFC 9110 §10.2.2"],
    catalogue: ["V-RSP-08"],
    requires: { redirects: "visible", fieldLines: "raw" },
    // Joined by the platform, they may look like one name with a comma, which stays within the origin.
    otherwise: expects(
      { facts: { got: oneOf("an error", "neither") }, arrivals: oneOf(1, 2) },
      {
        origin: {
          a: [
            respond(302, [
              ["location", "b"],
              ["location", "c"],
            ]),
          ],
          "b,%20c": [respond(200, [], "neither")],
        },
        async perform(kit) {
          const { error, content } = await kit.call(call("GET", "a"));
          kit.note("got", error ? "an error" : content);
        },
      },
    ),
    origin: [
      respond(302, [
        ["location", "b"],
        ["location", "c"],
      ]),
    ],
    perform: call("GET", "a"),
    expect: several,
    hint: "check that lines are neither joined nor chosen from",
  }),
  defineCase({
    id: "session/redirect/several-locations-in-one-line",
    title: "a location in which somebody has joined two must not be followed",
    level: "must",
    spec: ["RFC 9110 §10.2.2", "RFC 9110 §5.3"],
    catalogue: ["V-RSP-08"],
    requires: { redirects: "visible" },
    otherwise: notApplicable("redirects"),
    doors: { other: plain() },
    origin: [to("{main}b, {other}c")],
    perform: call("GET", "a"),
    expect: several,
    hint: "check that a comma and a space are not taken for part of a path",
  }),
  defineCase({
    id: "session/redirect/the-same-location-twice",
    title: "a redirect that names one place twice may be followed there",
    level: "may",
    spec: ["RFC 9110 §10.2.2"],
    catalogue: ["V-RSP-08"],
    requires: { redirects: "visible" },
    otherwise: followedUnseen({ status: 200, content: "done" }),
    origin: [
      respond(302, [
        ["location", "{main}b"],
        ["location", "{main}b"],
      ]),
      respond(200, [], "done"),
    ],
    perform: call("GET", "a"),
    expect: { status: 200, content: "done", url: "{main}b" },
    hint: "check that lines which are alike count once",
  }),
  defineCase({
    id: "session/redirect/commas-within-a-location",
    title: "commas in a location must be followed as they are, and a space behind one encoded",
    level: "must",
    spec: ["RFC 3986 §2.2"],
    requires: { redirects: "visible" },
    otherwise: followedUnseen({ status: 200, arrivals: 3 }),
    origin: [to("b,c;d,/e?f=g,h"), to("i?name=Smith, John"), respond(200)],
    perform: call("GET", "a"),
    expect: {
      status: 200,
      url: "{main}b,c;d,/i?name=Smith,%20John",
      arrivals: [
        { path: "a" },
        { path: "b,c;d,/e?f=g,h" },
        { path: "b,c;d,/i?name=Smith,%20John" },
      ],
    },
    hint: "check that a comma by itself separates nothing",
  }),
  defineCase({
    id: "session/redirect/fragment-of-the-request",
    title:
      "the fragment of a request must be sent nowhere, and be inherited by locations that have none",
    level: "must",
    spec: ["RFC 9110 §10.2.2", "RFC 9110 §7.1", "Fetch §5.5"],
    requires: { redirects: "visible" },
    otherwise: followedUnseen({ status: 200 }),
    origin: [to("b"), to("c#other"), to("d?e=1"), respond(200)],
    perform: call("GET", "a#part", {}, ({ fragment }) => Promise.resolve(fragment)),
    expect: {
      status: 200,
      url: "{main}d?e=1",
      content: "#other",
      history: [
        { status: 302, url: "{main}a" },
        { status: 302, url: "{main}b" },
        { status: 302, url: "{main}c" },
      ],
      arrivals: [{ path: "a" }, { path: "b" }, { path: "c" }, { path: "d?e=1" }],
    },
    hint: "check that fragments are taken off, as `url` of Fetch's responses has none",
  }),
  defineCase({
    id: "session/redirect/unix-is-a-host-like-any-other",
    title: "a location such as http://unix:/scratch must be looked up, never opened as a socket",
    level: "must",
    spec: ["RFC 9110 §4.2.1"],
    catalogue: ["V-URL-04"],
    // Where connections are the runtime's own, so are names.
    requires: { redirects: "visible", tls: "configurable" },
    otherwise: notApplicable("tls"),
    transport: {
      lookup(name: string, _options: object, callback: (error: Error) => void) {
        const error = Object.assign(new Error(`there is no ${name}`), { code: "ENOTFOUND" });
        setTimeout(callback, 0, error);
      },
    },
    session: { baseUrl: "http://127.0.0.1:{main.port}{main.path}" },
    origin: [to("http://unix:/tmp/socket:/path")],
    perform: call("GET", "a"),
    expect: {
      error: { name: "DnsError", code: "ERR_DNS_NOT_FOUND", requestSent: "no" },
      arrivals: 1,
    },
    hint: "check that a server cannot choose how it is connected to",
  }),
];
