/* Limits and policies hold on every hop: what ends a call at its first URL ends it at the last one too. */

import type { Middleware } from "@anyhttp/core";
import {
  absent,
  call,
  type Case,
  type CertificateKind,
  content,
  defineCase,
  oneOf,
  expects,
  filler,
  head,
  plain,
  present,
  refuses,
  respond,
  secure,
  sequence,
  stall,
} from "../../case.ts";
import { followedUnseen } from "./redirect-unseen.ts";

const to = (location: string, status = 302) => respond(status, [["location", location]]);
const visible = { redirects: "visible" } as const;

/** What must be refused of a server that a redirect leads to, as of one that is called by itself. */
const certificates: readonly (readonly [kind: CertificateKind, code: string])[] = [
  ["wrong-host", "ERR_TLS_HOSTNAME"],
  ["expired", "ERR_TLS_EXPIRED"],
  ["self-signed", "ERR_TLS_UNTRUSTED"],
  ["other-authority", "ERR_TLS_UNTRUSTED"],
];

const certificateCases = certificates.map(([kind, code]) =>
  defineCase({
    id: `session/redirect/certificate-${kind}`,
    title: `a redirect to a server whose certificate is ${kind} must end before anything is sent`,
    level: "must",
    spec: ["RFC 9110 §4.3.4"],
    catalogue: ["V-RED-07", "V-RED-01"],
    requires: { ...visible, failureDetail: "phased" },
    otherwise: expects({ error: { code: "ERR_NETWORK" } }),
    doors: { main: secure(), bad: secure(kind) },
    origin: [to("{bad}b", 307)],
    perform: call("POST", "a", { body: "secret" }),
    expect: {
      error: { name: "TlsError", code, phase: "connect", requestSent: "no" },
      arrivals: [{ door: "main", path: "a" }],
    },
    hint: "check that each connection is verified, whatever led to it",
  }),
);

const counted: Middleware = async (request, next) => {
  const response = await next(request);
  response.headers.set("x-seen", `${request.url} ${response.url} ${response.history.length}`);
  return response;
};

/** How many redirects are followed, by where that is said. */
const limits: readonly (readonly [name: string, session: object, options: object, max: number])[] =
  [
    ["call-0", {}, { max: 0 }, 0],
    ["call-1", {}, { max: 1 }, 1],
    ["session-0", { max: 0 }, {}, 0],
    ["session-1", { max: 1 }, {}, 1],
    ["call-over-session", { max: 5 }, { max: 1 }, 1],
    ["session-under-call", { max: 1, allowDowngrade: true }, { allowDowngrade: false }, 1],
  ];

const limitCases = limits.map(([name, session, options, max]) =>
  defineCase({
    id: `session/redirect/max-of-the-${name}`,
    title: `redirect.max ${max} (${name.replaceAll("-", " ")}) must hold, and no other`,
    level: "must",
    catalogue: ["V-RED-07"],
    requires: visible,
    otherwise: refuses("redirects", "redirect"),
    session: { redirect: session },
    origin: [to("b"), to("c", 307)].slice(0, max + 1),
    perform: call("GET", "a", { redirect: options }),
    expect: {
      status: max === 0 ? 302 : 307,
      url: max === 0 ? "{main}a" : "{main}b",
      history: max === 0 ? [] : [{ status: 302, url: "{main}a" }],
      error: { name: "RedirectError", code: "ERR_REDIRECT_LIMIT" },
    },
    hint: "check how redirect is merged, and that 0 counts",
  }),
);

/** Cases of `session/redirect` about policies. */
export const redirectPolicyCases: readonly Case[] = [
  ...certificateCases,
  ...limitCases,
  defineCase({
    id: "session/redirect/size-limit-holds-at-the-end",
    title: "maxResponseSize must hold for the response at the end of redirects",
    level: "must",
    catalogue: ["V-RED-07", "V-DOS-02"],
    requires: visible,
    otherwise: followedUnseen({ error: { code: "ERR_CONTENT_TOO_LARGE" } }),
    doors: { other: plain() },
    origin: [to("b"), to("{other}c", 307), respond(200, [], filler(2000))],
    perform: call("GET", "a", { maxResponseSize: 1000 }),
    expect: {
      url: "{other}c",
      error: { name: "ContentError", code: "ERR_CONTENT_TOO_LARGE", fields: { limit: absent } },
    },
    hint: "check that each request of a call has the settings of the call",
  }),
  defineCase({
    id: "session/redirect/size-limit-is-not-of-the-redirects",
    title: "content of a redirect must not count against maxResponseSize",
    level: "must",
    catalogue: ["V-RED-07"],
    requires: visible,
    otherwise: followedUnseen({ status: 200 }),
    origin: [
      respond(302, [["location", "b"]], filler(5000)),
      respond(307, [["location", "c"]], filler(5000)),
      respond(200, [], filler(1000)),
    ],
    perform: call("GET", "a", { maxResponseSize: 1000 }),
    expect: { status: 200, content: filler(1000), url: "{main}c" },
    hint: "check that what nobody reads is not measured",
  }),
  defineCase({
    id: "session/redirect/codings-are-undone-at-the-end",
    title: "broken coded content at the end of redirects must be an error",
    level: "must",
    catalogue: ["V-RED-07"],
    requires: visible,
    // Where content comes whole, it fails before there is a head.
    otherwise: followedUnseen({ error: { name: oneOf("ContentError", "ConnectionError") } }),
    origin: [
      respond(
        302,
        [
          ["location", "b"],
          ["content-encoding", "gzip"],
        ],
        "no gzip at all",
      ),
      respond(200, [["content-encoding", "gzip"]], "no gzip either"),
    ],
    perform: call("GET", "a"),
    expect: {
      url: "{main}b",
      // A platform that decodes by itself may not tell why it broke off.
      error: {
        name: "ContentError",
        code: oneOf("ERR_CONTENT_DECODE", "ERR_CONTENT_TRUNCATED"),
      },
    },
    hint: "check that content of the redirect itself is not decoded, and that of the last response is",
  }),
  defineCase({
    id: "session/redirect/read-limit-holds-at-the-end",
    title: "timeout.read must hold for the response at the end of redirects",
    level: "must",
    catalogue: ["V-RED-07"],
    requires: visible,
    otherwise: followedUnseen({ error: { code: "ERR_TIMEOUT_READ" } }),
    origin: [to("b"), sequence(head(200, [["content-length", "100"]]), content("begun"), stall())],
    perform: call("GET", "a", { timeout: { read: 300 } }),
    expect: {
      url: "{main}b",
      error: { name: "TimeoutError", code: "ERR_TIMEOUT_READ", fields: { limit: 300 } },
    },
    exclusive: true,
    hint: "check that each exchange of a call has the clocks of the call",
  }),
  defineCase({
    id: "session/redirect/status-policy-holds-at-the-end",
    title: "throwHttpErrors false must hold at the end of redirects",
    level: "must",
    catalogue: ["V-RED-07"],
    requires: visible,
    otherwise: followedUnseen({ status: 404, content: "not here" }),
    origin: [to("b"), respond(404, [], "not here")],
    perform: call("GET", "a", { throwHttpErrors: false }),
    expect: { status: 404, content: "not here", url: "{main}b", redirected: true },
    hint: "check that the policy is asked once, for the last response",
  }),
  defineCase({
    id: "session/redirect/middleware-sees-the-end",
    title: "middleware must be called once around all redirects, and see where they led",
    level: "must",
    catalogue: ["V-RED-07"],
    requires: visible,
    otherwise: followedUnseen({ status: 200 }),
    session: () => ({ middleware: [counted] }),
    origin: [to("b"), to("c"), respond(200)],
    perform: call("GET", "a"),
    expect: { status: 200, headers: { "x-seen": "{main}a {main}c 2" } },
    hint: "check the order of the ladder",
  }),
  defineCase({
    id: "session/redirect/abort-between-two-origins",
    title: "an abort must end a call that a redirect has led to another origin",
    level: "must",
    catalogue: ["V-RED-07"],
    requires: visible,
    otherwise: followedUnseen({ error: { code: "ERR_ABORTED" } }),
    doors: { other: plain() },
    origin: [to("{other}b"), stall()],
    async perform(kit) {
      const controller = new AbortController();
      const seen = kit.call(call("GET", "a", { signal: controller.signal }));
      await kit.origin.arrived(2);
      controller.abort("enough");
      return kit.within(2000, seen, "the call to settle");
    },
    expect: {
      error: { name: "AbortError", code: "ERR_ABORTED", cause: "enough" },
      arrivals: [{ door: "main" }, { door: "other" }],
    },
    hint: "check that the signal is that of each exchange in turn",
  }),
  defineCase({
    id: "session/redirect/limit-across-origins",
    title: "redirects to and fro between two origins must be counted together",
    level: "must",
    catalogue: ["V-RED-07", "V-DOS-05"],
    requires: visible,
    otherwise: refuses("redirects", "redirect"),
    doors: { other: plain() },
    origin: [to("{other}b"), to("{main}c", 307), to("{other}d", 308), to("{main}e", 301)],
    perform: call("GET", "a", { redirect: { max: 3 } }),
    expect: {
      status: 301,
      url: "{other}d",
      history: [
        { status: 302, url: "{main}a" },
        { status: 307, url: "{other}b" },
        { status: 308, url: "{main}c" },
      ],
      error: { name: "RedirectError", code: "ERR_REDIRECT_LIMIT" },
      arrivals: 4,
    },
    hint: "check that the count is the call's, not an origin's",
  }),
  defineCase({
    id: "session/redirect/a-lost-connection-on-the-way",
    title: "a failure behind a redirect must name the request that failed, and be its own error",
    level: "must",
    catalogue: ["V-RED-07"],
    requires: { ...visible, failureDetail: "phased" },
    otherwise: expects({ error: { name: present } }),
    doors: { gone: { kind: "refused" } },
    origin: [to("{gone}b")],
    async perform(kit) {
      const seen = await kit.call(call("GET", "a"));
      const error = seen.error?.error as { request?: { url: string } } | undefined;
      kit.note("url", error?.request?.url);
      return seen;
    },
    expect: {
      error: {
        name: "ConnectError",
        code: "ERR_CONNECT_REFUSED",
        phase: "connect",
        requestSent: "no",
      },
      facts: { url: "{gone}b" },
    },
    hint: "check that errors are attributed to the exchange under way",
  }),
];
