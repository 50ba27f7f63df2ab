/* Digest authentication (RFC 7616): what is answered, with which nonce and count, and what is left to the caller. */

import { type Auth, digest } from "@anyhttp/core";
import {
  absent,
  type Arrival,
  atMost,
  call,
  type Case,
  defineCase,
  type Fields,
  type Kit,
  matching,
  plain,
  present,
  read,
  respond,
  together,
  utf8,
} from "../../case.ts";

const account = ["Mufasa", "Circle of Life"] as const;
const asMufasa = (): { readonly auth: Auth } => ({ auth: digest(...account) });

/** A challenge of the common kind, with more in it. */
const asks = (nonce: string, more = ""): Fields => [
  [
    "www-authenticate",
    `Digest realm="a, \\"b\\"", nonce="${nonce}", qop="auth", algorithm=SHA-256, opaque="o=="${more}`,
  ],
];
const denied = (nonce: string, more = "") => respond(401, asks(nonce, more), "who are you?");
const welcome = respond(200, [], "welcome");

/** What a request said in `authorization`, by parameter. */
function said({ fields }: Arrival): Record<string, string> {
  const value = fields.find(([name]) => /^authorization$/i.test(name))?.[1] ?? "";
  const params: Record<string, string> = {};
  for (const [, name = "", quoted, plainly] of value.matchAll(
    /([\w*]+)=(?:"((?:[^"\\]|\\.)*)"|([^, ]*))/g,
  ))
    params[name] = quoted?.replaceAll(/\\(.)/g, "$1") ?? plainly ?? "";
  return params;
}

async function sha256(...parts: readonly string[]): Promise<string> {
  const bytes = new TextEncoder().encode(parts.join(":"));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** For each request that was authenticated: nonce and count, or what is wrong with it. */
async function judged(kit: Kit): Promise<readonly string[]> {
  const { arrivals } = await kit.origin.ledger();
  const known = arrivals.map((arrival) => ({ ...arrival, params: said(arrival) }));
  return Promise.all(
    known
      .filter(({ params }) => params["response"] !== undefined)
      .map(async ({ method, target, content, params }) => {
        const { realm = "", uri = "", nonce = "", nc = "", cnonce = "", qop = "" } = params;
        const asked = [method, target];
        if (qop === "auth-int") asked.push(await sha256(content));
        const right = await sha256(
          await sha256(account[0], realm, account[1]),
          ...[nonce, nc, cnonce, qop],
          await sha256(...asked),
        );
        if (params["response"] !== right) return "wrong response";
        return uri === target ? `${nonce} ${nc}` : `wrong uri ${uri}`;
      }),
  );
}

/** Does something, and notes how each authenticated request was, in order or, where several were under way, sorted. */
const noting =
  (work: (kit: Kit) => Promise<readonly Awaited<ReturnType<Kit["call"]>>[]>, sort = false) =>
  async (kit: Kit) => {
    const seen = await work(kit);
    const all = await judged(kit);
    kit.note("judged", sort ? all.toSorted() : all);
    return seen;
  };

/** Makes calls in turn. */
const inTurn =
  (...calls: readonly ReturnType<typeof call>[]) =>
  async (kit: Kit) => {
    const seen = [];
    for (const one of calls) seen.push(await kit.call(one));
    return seen;
  };

/** Challenges that cannot be answered, and what is wrong with them. */
const senseless: readonly (readonly [name: string, value: string])[] = [
  ["an open quote", 'Digest realm="a", nonce="b'],
  ["no nonce", 'Digest realm="a", qop="auth"'],
  ["two nonces", 'Digest realm="a", nonce="b", nonce="c"'],
  ["an unknown algorithm", 'Digest realm="a", nonce="b", algorithm=ROT-13, qop="auth"'],
  ["an unknown qop", 'Digest realm="a", nonce="b", qop="auth-conf"'],
  ["another scheme", 'Basic realm="Digest, nonce=b"'],
  ["nothing", ""],
  ["commas", ", ,, ,"],
  ["a token", "Digest YWJj=="],
  ["many names", `Digest ${"a=b, ".repeat(1000)}a=c`],
];

/** Cases of `session/auth` about Digest. */
export const authDigestCases: readonly Case[] = [
  defineCase({
    id: "session/auth/digest-answers-a-challenge",
    title: "a Digest challenge must be answered by the same request, once more",
    level: "must",
    spec: ["RFC 7616 §3.4"],
    catalogue: ["V-AU-01"],
    session: asMufasa,
    origin: [denied("n1"), welcome],
    perform: noting(inTurn(call("POST", "a?b=c", { body: "content" }))),
    expect: {
      calls: [{ status: 200, content: "welcome" }],
      arrivals: [
        { method: "POST", content: "content", fields: { authorization: absent } },
        {
          method: "POST",
          path: "a?b=c",
          content: "content",
          fields: { authorization: matching(/, opaque="o=="/) },
        },
      ],
      facts: { judged: ["n1 00000001"] },
    },
    hint: "check the computation, and which target goes into it",
  }),
  defineCase({
    id: "session/auth/digest-counts",
    title: "requests after the first must be authenticated at once, and be counted",
    level: "must",
    spec: ["RFC 7616 §3.4", "RFC 7616 §3.6"],
    session: asMufasa,
    origin: [denied("n1"), welcome, welcome, welcome],
    perform: noting(inTurn(call("GET", "a"), call("PUT", "b", { json: 1 }), call("HEAD", "c"))),
    expect: {
      calls: [{ status: 200 }, { status: 200 }, { status: 200 }],
      facts: { judged: ["n1 00000001", "n1 00000002", "n1 00000003"] },
    },
    hint: "check that the nonce is kept",
  }),
  defineCase({
    id: "session/auth/digest-counts-calls-at-once",
    title: "requests at once must each have a count of their own",
    level: "must",
    spec: ["RFC 7616 §3.4"],
    session: asMufasa,
    origin: {
      first: [denied("n1"), welcome],
      a: [welcome],
      b: [welcome],
      c: [welcome],
      d: [welcome],
    },
    perform: noting(async (kit) => {
      const first = await kit.call(call("GET", "first"));
      const calls = ["a", "b", "c", "d"].map((path) => kit.call(call("GET", path)));
      return [first, ...(await Promise.all(calls))];
    }, true),
    expect: {
      calls: Array.from({ length: 5 }, () => ({ status: 200 })),
      facts: { judged: [1, 2, 3, 4, 5].map((count) => `n1 0000000${count}`) },
    },
    hint: "check that the count is taken before anything is waited for",
  }),
  defineCase({
    id: "session/auth/digest-challenges-at-once",
    title: "calls that are challenged at once must each answer their own challenge",
    level: "must",
    spec: ["RFC 7616 §3.4"],
    session: asMufasa,
    origin: { a: [denied("n1"), welcome], b: [denied("n2"), welcome], c: [denied("n3"), welcome] },
    perform: noting(
      (kit) => Promise.all(["a", "b", "c"].map((path) => kit.call(call("GET", path)))),
      true,
    ),
    expect: {
      calls: [{ status: 200 }, { status: 200 }, { status: 200 }],
      facts: { judged: ["n1 00000001", "n2 00000001", "n3 00000001"] },
    },
    hint: "check that a challenge is answered by the request that got it",
  }),
  defineCase({
    id: "session/auth/digest-stale-nonce",
    title:
      "a nonce that is called stale must be replaced by the new one, without another challenge",
    level: "must",
    spec: ["RFC 7616 §3.3"],
    session: asMufasa,
    origin: [denied("n1"), welcome, denied("n2", ", stale=true"), welcome, welcome],
    perform: noting(inTurn(call("GET", "a"), call("GET", "b"), call("GET", "c"))),
    expect: {
      calls: [{ status: 200 }, { status: 200 }, { status: 200 }],
      facts: { judged: ["n1 00000001", "n1 00000002", "n2 00000001", "n2 00000002"] },
    },
    hint: "check the parameter stale",
  }),
  defineCase({
    id: "session/auth/digest-stale-for-ever",
    title: "a request must be sent once more at most, though each nonce is called stale",
    level: "must",
    catalogue: ["V-AU-01"],
    session: asMufasa,
    origin: [1, 2, 3, 4].map((n) => denied(`n${n}`, ", stale=true")),
    perform: [call("GET", "a"), call("GET", "b", { throwHttpErrors: false })],
    expect: {
      calls: [{ error: { code: "ERR_STATUS" } }, { status: 401, content: "who are you?" }],
      arrivals: 4,
    },
    hint: "check what bounds the tries",
  }),
  defineCase({
    id: "session/auth/digest-wrong-password",
    title: "a second 401 must be given to the caller, and its nonce not be used again",
    level: "must",
    spec: ["RFC 7616 §3.3"],
    catalogue: ["V-AU-01"],
    session: { auth: digest(account[0], "wrong") },
    origin: [denied("n1"), denied("n2"), denied("n3"), denied("n4")],
    perform: [call("GET", "a"), call("GET", "b")],
    expect: {
      calls: [{ error: { code: "ERR_STATUS" } }, { error: { code: "ERR_STATUS" } }],
      arrivals: [
        { fields: { authorization: absent } },
        { fields: { authorization: present } },
        { path: "b", fields: { authorization: absent } },
        { path: "b", fields: { authorization: present } },
      ],
    },
    hint: "check what is kept of a challenge whose answer was refused",
  }),
  defineCase({
    id: "session/auth/digest-next-nonce",
    title: "the next nonce that a response names must be used, counted anew",
    level: "must",
    spec: ["RFC 7616 §3.5"],
    session: asMufasa,
    origin: [
      denied("n1"),
      respond(200, [["authentication-info", 'nextnonce="n2", qop=auth']]),
      respond(200, [["authentication-info", 'qop=auth, nextnonce="n3"']]),
      welcome,
    ],
    perform: noting(inTurn(call("GET", "a"), call("GET", "b"), call("GET", "c"))),
    expect: {
      calls: [{ status: 200 }, { status: 200 }, { status: 200 }],
      facts: { judged: ["n1 00000001", "n2 00000001", "n3 00000001"] },
    },
    hint: "check the field authentication-info",
  }),
  defineCase({
    id: "session/auth/digest-strongest-challenge",
    title: "of several challenges the strongest must be answered, wherever it stands",
    level: "must",
    spec: ["RFC 9110 §11.6.1", "RFC 7616 §3.7"],
    catalogue: ["V-AU-01"],
    session: asMufasa,
    origin: [
      respond(401, [
        [
          "www-authenticate",
          'Basic realm="Digest nonce=0", Digest realm="r", nonce="md5", qop=auth',
        ],
        [
          "www-authenticate",
          'Negotiate, Digest realm="r", nonce="n1", qop=auth, algorithm=SHA-256',
        ],
      ]),
      welcome,
    ],
    perform: noting(inTurn(call("GET", "a"))),
    expect: { calls: [{ status: 200 }], facts: { judged: ["n1 00000001"] } },
    hint: "check how several field lines, and several challenges in one, are taken apart",
  }),
  defineCase({
    id: "session/auth/digest-senseless-challenges",
    title: "a challenge that cannot be answered must leave the 401 to the caller",
    level: "must",
    catalogue: ["V-AU-01"],
    session: () => ({ ...asMufasa(), throwHttpErrors: false }),
    origin: senseless.map(([, value]) => respond(401, [["www-authenticate", value]], "no")),
    perform: senseless.map((_, i) => call("GET", `${i}`)),
    expect: {
      calls: senseless.map(() => ({ status: 401, content: "no" })),
      arrivals: senseless.map(() => ({ fields: { authorization: absent } })),
    },
    hint: "check the parser of challenges",
  }),
  defineCase({
    id: "session/auth/digest-content-once",
    title: "content that can be sent only once must not be sent again: the 401 is the caller's",
    level: "must",
    catalogue: ["V-AU-01"],
    requires: { requestStreaming: "half-duplex" },
    otherwise: { kind: "refuses", capability: "requestStreaming", option: "body" },
    session: asMufasa,
    origin: [denied("n1"), welcome],
    perform: noting(
      inTurn(
        call("POST", "a", () => ({ body: new Blob(["once"]).stream(), throwHttpErrors: false })),
        call("POST", "b", () => ({ body: new Blob(["twice"]).stream() })),
      ),
    ),
    expect: {
      calls: [{ status: 401, content: "who are you?" }, { status: 200 }],
      arrivals: [{ content: "once" }, { path: "b", content: "twice" }],
      facts: { judged: ["n1 00000001"] },
    },
    hint: "check that the challenge is kept for the next call all the same",
  }),
  defineCase({
    id: "session/auth/digest-content-anew",
    title: "content that a function makes must be made anew for the request that answers",
    level: "must",
    requires: { requestStreaming: "half-duplex" },
    otherwise: { kind: "refuses", capability: "requestStreaming", option: "body" },
    session: asMufasa,
    origin: [denied("n1"), welcome],
    perform: call("POST", "a", () => ({ body: () => new Blob(["content"]).stream() })),
    expect: {
      status: 200,
      arrivals: [
        { content: "content", fields: { authorization: absent } },
        { content: "content", fields: { authorization: present } },
      ],
    },
    hint: "check that content is opened for each exchange",
  }),
  defineCase({
    id: "session/auth/digest-hashes-content",
    title: "content must be part of the answer where the server asks for nothing less",
    level: "must",
    spec: ["RFC 7616 §3.4.3"],
    session: asMufasa,
    origin: [
      respond(401, [
        ["www-authenticate", 'Digest realm="r", nonce="n1", qop="auth-int", algorithm=SHA-256'],
      ]),
      welcome,
      welcome,
    ],
    perform: noting(inTurn(call("POST", "a", { body: utf8("content") }), call("GET", "b"))),
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      facts: { judged: ["n1 00000001", "n1 00000002"] },
    },
    hint: "check that the hash is that of the bytes that are sent",
  }),
  defineCase({
    id: "session/auth/digest-frees-the-connection",
    title: "the 401 that is answered must free its connection and its slot for the answer",
    level: "must",
    session: () => ({ ...asMufasa(), limits: { concurrency: 1 } }),
    origin: { a: [denied("n1"), welcome], b: [denied("n2"), welcome] },
    perform: together(call("GET", "a"), call("GET", "b")),
    expect: {
      calls: [
        { status: 200, content: "welcome" },
        { status: 200, content: "welcome" },
      ],
      arrivals: 4,
      // A connection may not be back in its pool at once: without `discard`, each request would have one of its own.
      connections: atMost(2),
    },
    hint: "check that the response is discarded before the request is sent again",
  }),
  defineCase({
    id: "session/auth/digest-of-each-origin",
    title: "nonces of one origin must not be used for another",
    level: "must",
    doors: { other: plain() },
    session: { allowOtherOrigins: true },
    origin: { a: [denied("n1"), welcome], b: [denied("n2"), welcome] },
    perform: noting(async (kit) => {
      const { auth } = asMufasa();
      return inTurn(
        call("GET", "a", { auth }),
        call("GET", "{other}b", { auth }, read.discard),
      )(kit);
    }),
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: [
        { door: "main", fields: { authorization: absent } },
        { door: "main", fields: { authorization: present } },
        { door: "other", fields: { authorization: absent } },
        { door: "other", fields: { authorization: present } },
      ],
      facts: { judged: ["n1 00000001", "n2 00000001"] },
    },
    hint: "check that what is known of an origin is kept by origin",
  }),
];
