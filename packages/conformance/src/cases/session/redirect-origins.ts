/* What another origin is to a redirect, and that none of the caller's credentials gets there (RFC 9110 §15.4). */

import { HttpHeaders } from "@anyhttp/core";
import {
  absent,
  call,
  type Case,
  containing,
  defineCase,
  type Door,
  expects,
  notApplicable,
  oneOf,
  plain,
  present,
  refuses,
  respond,
  secure,
} from "../../case.ts";
import { followedUnseen } from "./redirect-unseen.ts";

const to = (location: string, status = 302) => respond(status, [["location", location]]);

const ours = { authorization: "Bearer secret", "x-api-key": "secret" };
const gone = { authorization: absent, "x-api-key": absent };

/** Fields that only a platform without forbidden ones sends. */
const everything = {
  ...ours,
  cookie: "sid=secret",
  "proxy-authorization": "Basic c2VjcmV0",
};
const nothing = { ...gone, cookie: absent, "proxy-authorization": absent };

/** Finds every name on this machine. */
const lookup = (
  _name: string,
  { all }: { readonly all?: boolean },
  callback: (error: null, found: unknown, family?: number) => void,
): void => {
  const found = { address: "127.0.0.1", family: 4 };
  if (all) setTimeout(callback, 0, null, [found]);
  else setTimeout(callback, 0, null, found.address, found.family);
};

interface Neighbour {
  readonly name: string;
  readonly title: string;
  readonly doors?: Readonly<Record<string, Door>>;
  /** Host of the first request, and of the one that follows. */
  readonly from: string;
  readonly to: string;
  readonly same?: boolean;
}

/** Names of one port, which only their host tells apart. */
const neighbours: readonly Neighbour[] = [
  { name: "subdomain", title: "a subdomain", from: "example.test", to: "a.example.test" },
  { name: "parent-domain", title: "the domain above", from: "a.example.test", to: "example.test" },
  { name: "sibling-domain", title: "a sibling", from: "a.example.test", to: "b.example.test" },
  { name: "look-alike-suffix", title: "a name with the same end", from: "example.test", to: "evil-example.test" },
  { name: "look-alike-prefix", title: "a name with the same beginning", from: "example.test", to: "example.test.evil.test" },
  { name: "final-dot", title: "the same name with a final dot", from: "example.test", to: "example.test." },
  { name: "upper-case", title: "the same name in upper case", from: "example.test", to: "EXAMPLE.TEST", same: true },
  { name: "punycode", title: "the same name in its other spelling", from: "xn--bcher-kva.test", to: "b%C3%BCcher.test", same: true },
]; // prettier-ignore

const neighbourCases = neighbours.map(({ name, title, from, to: next, same = false }) =>
  defineCase({
    id: `session/redirect/origin-${name}`,
    title: same
      ? `${title} must count as the same origin, which keeps the caller's fields`
      : `${title} must count as another origin, which gets none of the caller's credentials`,
    level: "must",
    spec: ["RFC 6454 §5", "RFC 9110 §15.4"],
    catalogue: ["V-RED-01", "V-RED-02"],
    // Where connections are the runtime's own, so are names.
    requires: { redirects: "visible", tls: "configurable", forbiddenFields: "none" },
    otherwise: notApplicable("tls"),
    transport: { lookup },
    session: { baseUrl: `http://${from}:{main.port}{main.path}` },
    origin: [to(`http://${next}:{main.port}{main.path}b`), respond(200, [], "done")],
    perform: call("GET", "a", { headers: everything }),
    expect: {
      status: 200,
      content: "done",
      redirected: true,
      arrivals: [
        { path: "a", fields: { ...everything, host: containing(from) } },
        { path: "b", fields: same ? everything : nothing },
      ],
    },
    hint: "check that hosts are compared whole, as URLs write them",
  }),
);

const statusCases = [301, 302, 303, 307, 308].map((status) =>
  defineCase({
    id: `session/redirect/${status}-leaves-credentials-behind`,
    title: `a ${status} response that leads to another origin must be followed without credentials`,
    level: "must",
    spec: ["RFC 9110 §15.4"],
    catalogue: ["V-RED-01", "V-RED-02"],
    requires: { redirects: "visible", forbiddenFields: "none" },
    otherwise: refuses("forbiddenFields"),
    doors: { other: plain() },
    origin: [to("{other}b", status), respond(200)],
    perform: call("POST", "a", { body: "x", headers: everything }),
    expect: {
      status: 200,
      url: "{other}b",
      arrivals: [
        { door: "main", fields: everything },
        { door: "other", fields: { ...nothing, host: ["{other.host}"] } },
      ],
    },
    hint: "check that fields are dropped for all statuses alike",
  }),
);

/** The same two fields in every shape that `headers` takes. */
const shapes: readonly (readonly [name: string, make: () => unknown])[] = [
  ["record", () => ({ Authorization: "Bearer secret", "X-API-Key": "secret" })],
  ["record-of-lists", () => ({ authorization: ["Bearer secret"], "x-api-key": ["secret"] })],
  ["pairs", () => Object.entries(ours)],
  ["map", () => new Map(Object.entries(ours))],
  ["headers", () => new Headers(ours)],
  ["http-headers", () => new HttpHeaders(ours)],
  ["generator", function* pairs() { yield* Object.entries(ours); }],
]; // prettier-ignore

const shapeCases = shapes.map(([name, make]) =>
  defineCase({
    id: `session/redirect/fields-of-a-${name}-stay`,
    title: `credentials given as a ${name.replaceAll("-", " ")} must not get to another origin`,
    level: "must",
    spec: ["RFC 9110 §15.4"],
    catalogue: ["V-RED-01", "V-RED-02"],
    requires: { redirects: "visible" },
    otherwise: followedUnseen({ status: 200 }),
    doors: { other: plain() },
    origin: [to("{other}b"), respond(200)],
    perform: call("GET", "a", () => ({ headers: make() })),
    expect: {
      status: 200,
      arrivals: [
        { door: "main", fields: ours },
        { door: "other", fields: gone },
      ],
    },
    hint: "check that headers become field lines before anything looks at them",
  }),
);

/** Cases of `session/redirect` about origins. */
export const redirectOriginCases: readonly Case[] = [
  ...neighbourCases,
  ...statusCases,
  ...shapeCases,
  defineCase({
    id: "session/redirect/origin-http-to-https",
    title: "https of the same host must count as another origin",
    level: "must",
    spec: ["RFC 6454 §5"],
    catalogue: ["V-RED-01"],
    requires: { redirects: "visible" },
    otherwise: followedUnseen({ status: 200 }),
    doors: { main: plain({ host: "localhost" }), safe: secure() },
    origin: [to("{safe}b"), respond(200)],
    perform: call("GET", "a", { headers: ours }),
    expect: {
      status: 200,
      url: "{safe}b",
      arrivals: [
        { door: "main", fields: ours },
        { door: "safe", fields: gone },
      ],
    },
    hint: "check that the scheme is part of the origin, on the way up as well",
  }),
  defineCase({
    id: "session/redirect/origin-https-to-http",
    title: "http of the same host must count as another origin, where the way down is allowed",
    level: "must",
    spec: ["RFC 6454 §5"],
    catalogue: ["V-RED-01"],
    requires: { redirects: "visible" },
    otherwise: refuses("redirects", "redirect"),
    doors: { main: secure(), bare: plain({ host: "localhost" }) },
    session: { redirect: { allowDowngrade: true } },
    origin: [to("{bare}b"), respond(200)],
    perform: call("GET", "a", { headers: ours }),
    expect: {
      status: 200,
      url: "{bare}b",
      arrivals: [
        { door: "main", fields: ours },
        { door: "bare", fields: gone },
      ],
    },
    hint: "check that the scheme is part of the origin",
  }),
  defineCase({
    id: "session/redirect/origin-behind-userinfo",
    title: "a location whose userinfo looks like the old host must count as another origin",
    level: "must",
    spec: ["RFC 9110 §4.2.4", "RFC 3986 §7.6"],
    catalogue: ["V-RED-01", "V-RED-04"],
    requires: { redirects: "visible" },
    otherwise: notApplicable("redirects"),
    doors: { other: plain() },
    origin: [to("http://{main.host}@{other.host}{other.path}b"), respond(200)],
    perform: call("GET", "a", { headers: ours }),
    expect: {
      status: 200,
      url: "{other}b",
      arrivals: [
        { door: "main", fields: ours },
        { door: "other", fields: { ...gone, host: ["{other.host}"] } },
      ],
    },
    hint: "check that origins are taken from parsed URLs, never from their text",
  }),
  defineCase({
    id: "session/redirect/origin-with-an-ipv6-zone",
    title: "a location with an IPv6 zone must not be followed",
    level: "must",
    spec: ["WHATWG URL §3.5"],
    catalogue: ["V-RED-01"],
    requires: { redirects: "visible" },
    otherwise: expects({ error: { name: present } }),
    origin: [to("http://[fe80::1%25lo]/b")],
    perform: call("GET", "a", { headers: ours }),
    expect: { status: 302, error: { name: "RedirectError", code: "ERR_REDIRECT_LOCATION" } },
    hint: "check that locations are parsed as URLs, which have no zones",
  }),
  defineCase({
    id: "session/redirect/host-field-does-not-leave-its-origin",
    title: "a host field of the caller's must not get to another origin",
    level: "must",
    spec: ["RFC 9110 §7.2"],
    catalogue: ["V-RED-01"],
    requires: { redirects: "visible", forbiddenFields: "none" },
    otherwise: refuses("forbiddenFields"),
    doors: { other: plain() },
    origin: [to("{other}b"), to("c"), respond(200)],
    async perform(kit) {
      const { error } = await kit.call(call("GET", "a", { headers: { host: "virtual.test" } }));
      const hosts = (await kit.origin.ledger()).arrivals.map(({ fields }) => {
        return fields.find(([name]) => name.toLowerCase() === "host")?.[1];
      });
      // Where the field cannot be set at all, that is as safe.
      kit.note("first", hosts[0] ?? error?.code);
      kit.note("leaked", hosts.slice(1).includes("virtual.test"));
    },
    expect: {
      arrivals: oneOf(0, 3),
      facts: { first: oneOf("virtual.test", "ERR_UNSUPPORTED"), leaked: false },
    },
    hint: "check that host is not on the list of fields that may go along",
  }),
  defineCase({
    id: "session/redirect/origins-of-a-chain",
    title: "each of several origins in a row must be held against the one before it",
    level: "must",
    spec: ["RFC 9110 §15.4"],
    catalogue: ["V-RED-01"],
    requires: { redirects: "visible" },
    otherwise: followedUnseen({ status: 200 }),
    doors: { second: plain(), third: plain() },
    origin: [to("b", 307), to("{second}c", 308), to("d", 301), to("{third}e", 302), respond(200)],
    perform: call("GET", "a", { headers: { ...ours, accept: "text/x" } }),
    expect: {
      status: 200,
      url: "{third}e",
      arrivals: [
        { door: "main", path: "a", fields: ours },
        { door: "main", path: "b", fields: ours },
        { door: "second", path: "c", fields: { ...gone, accept: "text/x" } },
        { door: "second", path: "d", fields: { ...gone, accept: "text/x" } },
        { door: "third", path: "e", fields: { ...gone, accept: "text/x" } },
      ],
    },
    hint: "check that what was dropped stays dropped",
  }),
];
