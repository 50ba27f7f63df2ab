/* Which connection a call may travel on: one to the same scheme, host and port, of the same session (ids `session/pools/…`). */

import {
  always,
  call,
  type Case,
  defineCase,
  expects,
  gate,
  notApplicable,
  plain,
  present,
  respond,
  secure,
  sequence,
  together,
} from "../../case.ts";

const other = { allowOtherOrigins: true };
// Which connection a platform takes is its own business.
const own = { tls: "configurable" } as const;
const ok = respond(200, [], "ok");

/** Cases of `session/pools`. */
export const poolCases: readonly Case[] = [
  defineCase({
    id: "session/pools/https-is-not-sent-over-http",
    title: "a call by https must not travel on an open connection that http has made to that port",
    level: "must",
    spec: ["RFC 9110 §4.3.3"],
    catalogue: ["V-POOL-05"],
    session: other,
    origin: [ok],
    async perform(kit) {
      const first = await kit.call(call("GET", "a"));
      const second = await kit.call(
        call("POST", "https://{main.host}{main.path}b", { body: "secret", timeout: 2000 }),
      );
      kit.note("first", first.content);
      return second;
    },
    expect: { error: { requestSent: present }, arrivals: [{ path: "a" }], facts: { first: "ok" } },
    hint: "check that the scheme is part of a pool's key",
  }),
  defineCase({
    id: "session/pools/http-is-not-sent-over-https",
    title: "a call by http must not travel on an open connection that https has made to that port",
    level: "must",
    spec: ["RFC 9110 §4.3.3"],
    catalogue: ["V-POOL-05"],
    doors: { main: secure() },
    session: other,
    origin: [ok],
    async perform(kit) {
      const first = await kit.call(call("GET", "a"));
      const second = await kit.call(
        call("POST", "http://{main.host}{main.path}b", { body: "plain", timeout: 2000 }),
      );
      kit.note("first", first.content);
      return second;
    },
    expect: { error: { requestSent: present }, arrivals: [{ path: "a" }], facts: { first: "ok" } },
    hint: "check that the scheme is part of a pool's key",
  }),
  defineCase({
    id: "session/pools/names-of-one-address",
    title: "two names of one address must not share a connection",
    level: "must",
    spec: ["RFC 9110 §4.3.1"],
    catalogue: ["V-POOL-05"],
    requires: own,
    otherwise: expects({ calls: [{ status: 200 }, { status: 200 }, { status: 200 }] }),
    doors: { main: plain({ host: "localhost" }) },
    session: other,
    origin: [ok, ok, ok],
    perform: [
      call("GET", "a"),
      call("GET", "http://127.0.0.1:{main.port}{main.path}b"),
      call("GET", "c"),
    ],
    expect: {
      calls: [{ status: 200 }, { status: 200 }, { status: 200 }],
      arrivals: [{ connection: 1 }, { connection: 2 }, { connection: 1 }],
    },
    hint: "check that pools are kept by the name in the URL",
  }),
  defineCase({
    id: "session/pools/certificate-of-another-name",
    title:
      "a connection that is good for one name must not serve one that it has no certificate for",
    level: "must",
    spec: ["RFC 9110 §4.3.3"],
    catalogue: ["V-POOL-03", "V-POOL-04"],
    requires: { failureDetail: "phased", ...own },
    otherwise: expects({
      calls: [{ status: 200 }, { error: { name: present } }, { status: 200 }],
      arrivals: 2,
    }),
    doors: { main: secure(), bad: secure("wrong-host") },
    session: other,
    origin: [ok, ok],
    perform: [call("GET", "a"), call("POST", "{bad}b", { body: "secret" }), call("GET", "c")],
    expect: {
      calls: [
        { status: 200 },
        { error: { name: "TlsError", code: "ERR_TLS_HOSTNAME", requestSent: "no" } },
        { status: 200 },
      ],
      arrivals: [{ connection: 1 }, { door: "main", connection: 1 }],
    },
    hint: "check that names are verified for each connection, resumed ones as well",
  }),
  defineCase({
    id: "session/pools/resumed-session-is-verified",
    title: "a connection that resumes a TLS session must be verified like the first",
    level: "must",
    spec: ["RFC 8446 §2.2"],
    catalogue: ["V-POOL-04"],
    requires: { failureDetail: "phased", ...own },
    otherwise: notApplicable("tls"),
    doors: { bad: secure("wrong-host") },
    session: other,
    origin: [],
    perform: [
      call("POST", "{bad}a", { body: "secret" }),
      call("POST", "{bad}b", { body: "secret" }),
      call("POST", "{bad}c", { body: "secret" }),
    ],
    expect: {
      calls: Array.from({ length: 3 }, () => ({
        error: { name: "TlsError", code: "ERR_TLS_HOSTNAME", requestSent: "no" },
      })),
      arrivals: 0,
    },
    hint: "check that a session is not kept of a connection that was refused",
  }),
  defineCase({
    id: "session/pools/sessions-of-other-transports",
    title: "sessions on transports of their own must not share connections",
    level: "must",
    catalogue: ["V-POOL-03", "V-POOL-05"],
    requires: own,
    otherwise: expects({ calls: [{ status: 200 }, { status: 200 }] }),
    doors: { main: secure() },
    origin: [ok, ok],
    async perform(kit) {
      const second = kit.makeSession();
      return [await kit.call(call("GET", "a")), await kit.observe(() => second.get("b"))];
    },
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: [{ connection: 1 }, { connection: 2 }],
    },
    hint: "check that nothing is pooled beyond a transport",
  }),
  defineCase({
    id: "session/pools/calls-alike-are-not-one",
    title:
      "calls to one URL at once must each be sent, and get the response to their own credentials",
    level: "must",
    catalogue: ["V-POOL-05"],
    origin: {
      a: ["one", "two", "three"].map((name) =>
        sequence(gate("go"), respond(200, [["cache-control", "max-age=60"]], name)),
      ),
    },
    async perform(kit) {
      const calls = ["1", "2", "3"].map((token) =>
        kit.call(call("GET", "a", { headers: { authorization: `Bearer ${token}` } })),
      );
      await kit.origin.arrived(3);
      await kit.origin.open("go");
      const seen = await Promise.all(calls);
      const { arrivals } = await kit.origin.ledger();
      const sent = arrivals.map(({ fields }) => {
        return String(fields.find(([name]) => name.toLowerCase() === "authorization")?.[1]);
      });
      // On connections of their own they may arrive in any order.
      kit.note("sent", sent.toSorted());
      kit.note("contents", seen.map((one) => String(one.content)).toSorted());
    },
    expect: {
      arrivals: 3,
      facts: {
        sent: ["Bearer 1", "Bearer 2", "Bearer 3"],
        contents: ["one", "three", "two"],
      },
    },
    hint: "check that nothing is coalesced by URL",
  }),
  defineCase({
    id: "session/pools/responses-are-not-kept",
    title: "a response that may be kept must be asked for again by a call with other credentials",
    level: "must",
    spec: ["RFC 9111 §3.5"],
    catalogue: ["V-POOL-05"],
    origin: [
      respond(200, [["cache-control", "public, max-age=60"]], "one"),
      respond(200, [["cache-control", "public, max-age=60"]], "two"),
    ],
    perform: [
      call("GET", "a", { headers: { authorization: "Bearer 1" } }),
      call("GET", "a", { headers: { authorization: "Bearer 2" } }),
    ],
    expect: {
      calls: [{ content: "one" }, { content: "two" }],
      arrivals: [
        { fields: { authorization: "Bearer 1" } },
        { fields: { authorization: "Bearer 2" } },
      ],
    },
    hint: "check that no cache stands below the session",
  }),
  defineCase({
    id: "session/pools/two-that-never-end",
    title:
      "a call behind two that never end must be timed out in the queue, and freed slots serve on",
    level: "must",
    catalogue: ["F-POL-01"],
    session: { limits: { concurrency: 2 } },
    origin: { a: [always(gate("never"))], b: [ok] },
    async perform(kit) {
      const controller = new AbortController();
      const stuck = [1, 2].map(() => kit.call(call("GET", "a", { signal: controller.signal })));
      await kit.origin.arrived(2);
      const third = await kit.call(call("POST", "b", { body: "x", timeout: { queue: 200 } }));
      controller.abort("enough");
      await Promise.all(stuck);
      return [third, await kit.call(call("GET", "b"))];
    },
    expect: {
      calls: [
        {
          error: {
            name: "TimeoutError",
            code: "ERR_TIMEOUT_QUEUE",
            phase: "queue",
            requestSent: "no",
            retryable: true,
          },
        },
        { status: 200, content: "ok" },
      ],
      arrivals: [{ path: "a" }, { path: "a" }, { path: "b", method: "GET" }],
    },
    exclusive: true,
    hint: "check that a slot is a place of its own, and given back by an abort",
  }),
  defineCase({
    id: "session/pools/two-hundred-uploads",
    title:
      "two hundred uploads of 64 KB at once must arrive whole, on no more connections than slots",
    level: "must",
    catalogue: ["F-POL-03"],
    session: { limits: { concurrency: 16, perOrigin: 16 } },
    origin: { a: [always(respond(200, [], "ok"))] },
    async perform(kit) {
      const body = new Uint8Array(65_536).fill(120);
      const calls = Array.from({ length: 200 }, () => kit.session.post("a", { body }).text());
      const texts = await kit.within(9000, Promise.all(calls), "all of them");
      const { arrivals, connections } = await kit.origin.ledger();
      kit.note("ok", texts.filter((text) => text === "ok").length);
      kit.note(
        "whole",
        arrivals.filter((one) => one.complete && one.contentLength === 65_536).length,
      );
      kit.note("at most", kit.capabilities.tls !== "configurable" || connections.length <= 16);
    },
    expect: { facts: { ok: 200, whole: 200, "at most": true } },
    exclusive: true,
    hint: "check that a connection serves again as soon as its exchange is over",
  }),
  defineCase({
    id: "session/pools/two-calls-together",
    title: "two calls at once to two origins must each travel on a connection of its own origin",
    level: "must",
    catalogue: ["V-POOL-05"],
    doors: { other: plain() },
    session: other,
    origin: { a: [respond(200, [], "main")], b: [respond(200, [], "other")] },
    perform: [together(call("GET", "a"), call("GET", "{other}b"))],
    expect: {
      calls: [{ content: "main" }, { content: "other" }],
      arrivals: [
        { door: "main", path: "a" },
        { door: "other", path: "b" },
      ],
    },
    hint: "check that ports are part of a pool's key",
  }),
];
