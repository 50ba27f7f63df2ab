/* `toFetch(session)`: redirect modes, signals, failures, and what of the session holds (ids `session/fetch/…`). */

import { bearer } from "@anyhttp/core";
import {
  aborted,
  absent,
  base64,
  type Case,
  chunk,
  close,
  defineCase,
  type Expectation,
  expects,
  fetching,
  head,
  matching,
  raw,
  refused,
  requesting,
  respond,
  sequence,
  stall,
  truncate,
} from "../../case.ts";
import { followedUnseen } from "./redirect-unseen.ts";

const spec = (section: string): readonly string[] => [`WHATWG Fetch ${section}`];
const visible = { redirects: "visible" } as const;
const typeError = { name: "TypeError" } as const;
const failed = { ...typeError, message: matching(/^Failed to fetch \(GET /) };
const refusedRedirect: Expectation = {
  error: { ...typeError, code: "ERR_UNSUPPORTED", fields: { capability: "redirects" } },
  arrivals: [],
};
const unsupported = expects(refusedRedirect);
const to = (status: number): ReturnType<typeof respond> =>
  respond(status, [["location", "b"]], "moved");
const done = respond(200, [], "done");
const post = { method: "POST", body: "x" };

/** Redirects that are followed: what is asked, and what arrives at the end. */
const followed: readonly (readonly [
  name: string,
  title: string,
  status: number,
  perform: ReturnType<typeof fetching>,
  last: { readonly method: string; readonly content: string },
])[] = [
  ["get", "a GET request", 302, fetching("a"), { method: "GET", content: "" }],
  ["post", "a POST request, as GET", 303, fetching("a", post), { method: "GET", content: "" }],
  ["content", "content", 307, fetching("a", post), { method: "POST", content: "x" }],
  ["a-request", "a Request", 308, requesting("a", post), { method: "POST", content: "x" }],
];

const followedCases = followed.map(([name, title, status, perform, last]) => {
  const expect: Expectation = {
    status: 200,
    content: "done",
    url: "{main}b",
    redirected: true,
    arrivals: [{ path: "a" }, { path: "b", ...last }],
  };
  return defineCase({
    id: `session/fetch/follows-with-${name}`,
    title: `fetch must follow a ${status} response with ${title}, and tell where that led`,
    level: "must",
    spec: spec("§4.4"),
    requires: visible,
    otherwise: followedUnseen(expect),
    origin: [to(status), done],
    perform,
    expect,
    hint: "check what toFetch asks of redirects",
  });
});

const reason = "the case's own reason";
const reasoned = { error: { cause: reason } } as const;
const atHead = sequence(head(200, [["transfer-encoding", "chunked"]]), chunk("one"), stall());

const abortCases = [
  defineCase({
    id: "session/fetch/signal-that-fired-before",
    title: "fetch must reject with the reason of a signal that fired before, and send nothing",
    level: "must",
    spec: spec("§5.6"),
    origin: [],
    perform: aborted(fetching("a"), "before"),
    expect: { ...reasoned, arrivals: [] },
    hint: "check that the reason is not wrapped",
  }),
  defineCase({
    id: "session/fetch/signal-before-the-head",
    title: "fetch must reject with the reason of its signal, and the connection must be closed",
    level: "must",
    spec: spec("§5.6"),
    origin: [stall()],
    async perform(kit) {
      const seen = await kit.call(aborted(fetching("a"), "arrived"));
      await kit.origin.closedByClient(1);
      return seen;
    },
    expect: { ...reasoned, arrivals: [{ path: "a" }] },
    hint: "check that the reason is not wrapped",
  }),
  defineCase({
    id: "session/fetch/signal-of-a-request",
    title: "fetch must reject with the reason of the signal of a Request",
    level: "must",
    spec: spec("§5.4"),
    origin: [stall()],
    perform: aborted(requesting("a"), "arrived"),
    expect: { ...reasoned, arrivals: [{ path: "a" }] },
    hint: "check that the signal of a Request is taken over",
  }),
  defineCase({
    id: "session/fetch/signal-while-content-comes",
    title: "content that is read must break off with the reason of the signal",
    level: "must",
    spec: spec("§5.6"),
    requires: { responseStreaming: "streamed" },
    otherwise: expects(
      { status: 200, ...reasoned },
      { perform: aborted(fetching("a", {}, "pieces"), "head") },
    ),
    origin: [atHead],
    perform: aborted(fetching("a", {}, "pieces"), "piece"),
    expect: { status: 200, ...reasoned },
    hint: "check what the stream of the Response is broken off with",
  }),
  defineCase({
    id: "session/fetch/signal-before-content-is-read",
    title: "content that nobody has begun to read must break off with the reason of the signal",
    level: "must",
    spec: spec("§5.6"),
    origin: [atHead],
    perform: aborted(fetching("a"), "head"),
    expect: { status: 200, ...reasoned },
    hint: "check that the stream hears of the signal",
  }),
];

/** Cases of `session/fetch` about redirects, aborts, failures and the session around it. */
export const fetchFailureCases: readonly Case[] = [
  ...followedCases,
  defineCase({
    id: "session/fetch/redirect-manual",
    title: "with redirect manual fetch must give the redirect itself",
    level: "must",
    spec: spec("§4.4"),
    requires: visible,
    otherwise: unsupported,
    origin: [to(302)],
    perform: fetching("a", { redirect: "manual" }),
    expect: { status: 302, headers: { location: "b" }, redirected: false, content: "moved" },
    hint: "check the redirect modes",
  }),
  defineCase({
    id: "session/fetch/redirect-error",
    title: "with redirect error fetch must fail at a redirect, and free its connection",
    level: "must",
    spec: spec("§4.4"),
    requires: visible,
    otherwise: expects(refusedRedirect, { perform: fetching("a", { redirect: "error" }) }),
    session: { limits: { concurrency: 1 } },
    origin: [to(302), done],
    perform: [fetching("a", { redirect: "error" }), fetching("b", { redirect: "error" })],
    expect: {
      calls: [
        { error: { ...failed, code: "ERR_REDIRECT_REFUSED" } },
        { status: 200, content: "done" },
      ],
    },
    hint: "check the redirect modes",
  }),
  defineCase({
    id: "session/fetch/one-shot-content-is-not-replayed",
    title: "fetch must fail at a redirect that asks again for a stream",
    level: "must",
    spec: spec("§4.4"),
    requires: { ...visible, requestStreaming: "half-duplex" },
    otherwise: { kind: "not-applicable", capability: "requestStreaming" },
    origin: [to(307)],
    perform: fetching("a", () => ({
      method: "POST",
      duplex: "half",
      body: new Blob(["x"]).stream(),
    })),
    expect: { error: { ...typeError, code: "ERR_REDIRECT_REPLAY" } },
    hint: "check that a stream is one-shot",
  }),
  defineCase({
    id: "session/fetch/redirects-have-the-limit-of-the-session",
    title: "fetch must follow no more redirects than its session does",
    level: "must",
    requires: visible,
    otherwise: unsupported,
    session: { redirect: { max: 1 } },
    origin: [to(302), to(302)],
    perform: fetching("a"),
    expect: { error: { ...failed, code: "ERR_REDIRECT_LIMIT" } },
    hint: "check that the session's redirect options hold",
  }),
  ...abortCases,
  defineCase({
    id: "session/fetch/cancelled-content-closes-its-connection",
    title: "content that is cancelled must close its connection and free its slot",
    level: "must",
    session: { limits: { concurrency: 1 } },
    origin: [atHead, done],
    async perform(kit) {
      const first = await kit.call(fetching("a", {}, async ({ body }) => body?.cancel()));
      await kit.origin.closedByClient(1);
      return [first, await kit.call(fetching("b"))];
    },
    expect: {
      calls: [
        { status: 200, content: absent },
        { status: 200, content: "done" },
      ],
    },
    hint: "check what cancel of the stream does",
  }),
  defineCase({
    id: "session/fetch/nobody-there",
    title: "a fetch that finds nobody must fail with a TypeError whose cause says so",
    level: "must",
    spec: spec("§5.6"),
    requires: { failureDetail: "phased" },
    otherwise: expects({ error: { ...failed, code: "ERR_NETWORK" } }),
    doors: { gone: refused() },
    session: { allowOtherOrigins: true },
    origin: [],
    perform: fetching("{gone}a"),
    expect: { error: { ...failed, code: "ERR_CONNECT_REFUSED", requestSent: "no" }, arrivals: [] },
    hint: "check the cause of the TypeError",
  }),
  defineCase({
    id: "session/fetch/no-http",
    title: "a fetch that is answered by no HTTP must fail with a TypeError",
    level: "must",
    origin: [sequence(raw("no HTTP at all\r\n\r\n"), close())],
    perform: fetching("a"),
    expect: { error: { ...failed, code: matching(/^ERR_(PROTOCOL|NETWORK|DISCONNECTED)/) } },
    hint: "check the cause of the TypeError",
  }),
  defineCase({
    id: "session/fetch/content-that-is-cut",
    title: "content that is cut must break off with a TypeError, after the pieces that came",
    level: "must",
    spec: spec("§5.3"),
    origin: [truncate(200, 100, "one")],
    perform: fetching("a"),
    expect: {
      status: 200,
      error: { ...failed, code: matching(/^ERR_(CONTENT_TRUNCATED|NETWORK)$/) },
    },
    hint: "check what the stream of the Response is broken off with",
  }),
  defineCase({
    id: "session/fetch/coded-content-is-decoded",
    title: "the content of a Response must be decoded",
    level: "must",
    spec: spec("§4.6"),
    origin: [
      respond(200, [["content-encoding", "gzip"]], base64("H4sIAAAAAAAAA8tIzcnJBwCGphA2BQAAAA==")),
    ],
    perform: fetching("a"),
    expect: { status: 200, content: "hello" },
    hint: "check that the Response is made of decoded content",
  }),
  defineCase({
    id: "session/fetch/timeouts-of-the-session",
    title: "a timeout of the session must be a TypeError whose cause says which",
    level: "must",
    session: { timeout: { total: 300 } },
    origin: [stall()],
    perform: fetching("a"),
    expect: { error: { ...failed, code: "ERR_TIMEOUT_TOTAL", phase: "total" } },
    hint: "check that a timeout is not taken for an abort",
  }),
  defineCase({
    id: "session/fetch/retries-of-the-session",
    title: "a fetch must be retried as its session says",
    level: "must",
    session: { retry: { attempts: 3, backoff: 1 } },
    origin: [respond(503), respond(503), done],
    perform: fetching("a", { method: "PUT", body: "x" }),
    expect: {
      status: 200,
      content: "done",
      arrivals: [{ content: "x" }, { content: "x" }, { content: "x" }],
    },
    hint: "check that retries come before the Response",
  }),
  defineCase({
    id: "session/fetch/credentials-omit",
    title: "a fetch that omits credentials must send neither the session's auth nor its cookies",
    level: "must",
    spec: spec("§4.6"),
    session: () => ({ auth: bearer("token") }),
    origin: [respond(200)],
    perform: fetching("a", { credentials: "omit" }),
    expect: { status: 200, arrivals: [{ fields: { authorization: absent, cookie: absent } }] },
    hint: "check what credentials: omit switches off",
  }),
];
