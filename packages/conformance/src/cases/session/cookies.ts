/*
 * What a session does with a jar (ids `session/cookies/…`): when it asks, what it sends, and what happens if the jar
 * fails. The jar here is a small one: which cookies belong to which URL is tested with `@anyhttp/cookies` itself.
 */

import type { CookieJar } from "@anyhttp/core";
import {
  absent,
  call,
  type Case,
  content,
  defineCase,
  filler,
  head,
  notApplicable,
  plain,
  read,
  refuses,
  respond,
  secure,
  sequence,
} from "../../case.ts";

const manual = { cookies: "manual", setCookie: "visible" } as const;
const otherwise = notApplicable("cookies");
const ok = respond(200, [], "ok");

/** Keeps the pairs of each origin; knows no attributes. */
class SmallJar implements CookieJar {
  readonly asked: string[] = [];
  readonly sites = new Set<string>();
  readonly #pairs = new Map<string, Map<string, string>>();

  constructor(kept: Readonly<Record<string, readonly string[]>> = {}) {
    for (const [origin, pairs] of Object.entries(kept)) this.#keep(origin, pairs);
  }

  cookiesFor(...[{ url }, site]: Parameters<CookieJar["cookiesFor"]>): string | null {
    this.asked.push(`for ${new URL(url).pathname.split("/").at(-1)}`);
    this.sites.add(site);
    const pairs = this.#pairs.get(new URL(url).origin);
    return pairs ? [...pairs.values()].join("; ") : null;
  }

  store(...[{ url }, response, site]: Parameters<CookieJar["store"]>): void {
    this.asked.push(`of ${new URL(url).pathname.split("/").at(-1)}`);
    this.sites.add(site);
    const lines = response.headers.getSetCookie();
    this.#keep(
      new URL(url).origin,
      lines.map((line) => line.split(";")[0] ?? ""),
    );
  }

  #keep(origin: string, pairs: readonly string[]): void {
    const kept = this.#pairs.get(origin) ?? new Map<string, string>();
    for (const pair of pairs) kept.set(pair.split("=")[0] ?? "", pair);
    if (kept.size > 0) this.#pairs.set(origin, kept);
  }
}

/** The same, answering later. */
function slow(jar: CookieJar): CookieJar {
  const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
  return {
    cookiesFor: (request, site) => later().then(() => jar.cookiesFor(request, site)),
    store: (request, response, site) => later().then(() => jar.store(request, response, site)),
  };
}

const setting = (...pairs: readonly string[]): [string, string][] =>
  pairs.map((pair) => ["set-cookie", `${pair}; Path=/`]);

/** What a jar may do wrong, and whether the request has been sent by then. */
const faults: readonly (readonly [name: string, sent: number, Partial<CookieJar>])[] = [
  ["store-throws", 1, { store: () => fail() }],
  ["store-rejects", 1, { store: async () => fail() }],
  ["look-up-throws", 0, { cookiesFor: () => fail() }],
  ["look-up-rejects", 0, { cookiesFor: async () => fail() }],
];

function fail(): never {
  throw new RangeError("the store is down");
}

/** Cases of `session/cookies`. */
export const cookieCases: readonly Case[] = [
  defineCase({
    id: "session/cookies/refused-where-ambient",
    title: "a jar must be refused where the platform keeps cookies of its own",
    level: "must",
    requires: { cookies: "manual" },
    otherwise: refuses("cookies", "cookies"),
    session: () => ({ cookies: { cookiesFor: () => "a=1", store: () => undefined } }),
    origin: [ok],
    perform: call("GET", "a"),
    expect: { status: 200, arrivals: [{ fields: { cookie: ["a=1"] } }] },
    hint: "check that no jar is passed over in silence",
  }),
  defineCase({
    id: "session/cookies/of-a-call-refused-where-ambient",
    title: "cookies of a call must be refused where the platform keeps cookies of its own",
    level: "must",
    requires: { cookies: "manual" },
    otherwise: refuses("cookies", "cookies"),
    origin: [ok],
    perform: call("GET", "a", { cookies: { a: "1", b: "2" } }),
    expect: { status: 200, arrivals: [{ fields: { cookie: ["a=1; b=2"] } }] },
    hint: "check that no cookie is passed over in silence",
  }),
  ...(["at-once", "later"] as const).map((when) =>
    defineCase({
      id: `session/cookies/kept-${when}`,
      title: `a cookie that a response sets must be sent with the next request (a jar that answers ${when})`,
      level: "must",
      spec: ["RFC 6265bis §5.8.3"],
      requires: manual,
      otherwise,
      origin: [respond(200, setting("sid=1", "theme=dark"), "ok"), ok],
      async perform(kit) {
        const jar = new SmallJar();
        const session = kit.makeSession({ cookies: when === "later" ? slow(jar) : jar });
        return [
          await kit.observe(() => session.get("a"), read.text),
          await kit.observe(() => session.get("b"), read.text),
        ];
      },
      expect: {
        calls: [{ status: 200 }, { status: 200 }],
        arrivals: [{ fields: { cookie: absent } }, { fields: { cookie: ["sid=1; theme=dark"] } }],
      },
      hint: "check that each set-cookie line reaches the jar by itself, before the caller has the response",
    }),
  ),
  defineCase({
    id: "session/cookies/hops-and-attempts",
    title: "the jar must be asked for each hop and each attempt, and be told each response",
    level: "must",
    requires: { ...manual, redirects: "visible" },
    otherwise,
    origin: [
      respond(302, [["location", "b"], ...setting("hop=1")]),
      respond(503, setting("busy=1")),
      respond(404, setting("last=1"), "no"),
      ok,
    ],
    async perform(kit) {
      const jar = new SmallJar();
      const session = kit.makeSession({ cookies: jar, retry: { attempts: 2, backoff: 1 } });
      const first = await kit.observe(() => session.get("a"));
      kit.note("asked", [...jar.asked]);
      kit.note(
        "sites",
        [...jar.sites].map((site) => site.split("/").at(-1)),
      );
      return [first, await kit.observe(() => session.get("c"), read.text)];
    },
    expect: {
      calls: [{ error: { code: "ERR_STATUS" } }, { status: 200 }],
      arrivals: [
        { path: "a", fields: { cookie: absent } },
        { path: "b", fields: { cookie: ["hop=1"] } },
        { path: "b", fields: { cookie: ["hop=1; busy=1"] } },
        { path: "c", fields: { cookie: ["hop=1; busy=1; last=1"] } },
      ],
      facts: {
        asked: ["for a", "of a", "for b", "of b", "for b", "of b"],
        sites: ["a"],
      },
    },
    hint: "check that cookies stand within redirects and retries, and errors of status set them too",
  }),
  defineCase({
    id: "session/cookies/other-origins",
    title:
      "a redirect to another origin must be sent with the cookies of that origin, and no others",
    level: "must",
    catalogue: ["V-CK-01"],
    requires: { ...manual, redirects: "visible" },
    otherwise,
    doors: { other: plain() },
    session: { allowOtherOrigins: true },
    origin: [respond(302, [["location", "{other}b"]]), ok],
    async perform(kit) {
      const { urls } = kit;
      const at = (door: string): string => new URL(urls[door] ?? "").origin;
      const cookies = new SmallJar({ [at("main")]: ["main=1"], [at("other")]: ["other=1"] });
      const session = kit.makeSession({ allowOtherOrigins: true, cookies });
      return kit.observe(() => session.get("a", { cookies: { own: "1" } }), read.text);
    },
    expect: {
      status: 200,
      arrivals: [
        { door: "main", fields: { cookie: ["main=1; own=1"] } },
        { door: "other", fields: { cookie: ["other=1"] } },
      ],
    },
    hint: "check that what a call brings belongs to the origin that it was meant for",
  }),
  defineCase({
    id: "session/cookies/own-field-is-left-behind",
    title:
      "a cookie field of the caller's must not follow to another origin, where the jar is asked",
    level: "must",
    catalogue: ["V-CK-01"],
    requires: { ...manual, redirects: "visible" },
    otherwise,
    doors: { other: plain() },
    origin: [respond(302, [["location", "{other}b"]]), ok],
    async perform(kit) {
      const other = new URL(kit.urls["other"] ?? "").origin;
      const cookies = new SmallJar({ [other]: ["other=1"] });
      const session = kit.makeSession({ cookies });
      return kit.observe(() => session.get("a", { headers: { cookie: "x=1" } }), read.text);
    },
    expect: {
      status: 200,
      arrivals: [
        { door: "main", fields: { cookie: ["x=1"] } },
        { door: "other", fields: { cookie: ["other=1"] } },
      ],
    },
    hint: "check that the field is dropped with the other credentials",
  }),
  defineCase({
    id: "session/cookies/secure-doors",
    title: "what the jar keeps for https must not be asked for on http, and the reverse",
    level: "must",
    catalogue: ["V-CK-03"],
    requires: { ...manual, redirects: "visible" },
    otherwise,
    doors: { main: plain({ host: "localhost" }), other: secure() },
    origin: [respond(302, [["location", "{other}b"]]), respond(302, [["location", "{main}c"]]), ok],
    async perform(kit) {
      const { origin } = new URL(kit.urls["other"] ?? "");
      const cookies = new SmallJar({ [origin]: ["secure=1"] });
      const session = kit.makeSession({ cookies, redirect: { allowDowngrade: true } });
      return kit.observe(() => session.get("a"), read.text);
    },
    expect: {
      status: 200,
      arrivals: [
        { path: "a", fields: { cookie: absent } },
        { path: "b", fields: { cookie: ["secure=1"] } },
        { path: "c", fields: { cookie: absent } },
      ],
    },
    hint: "check that no hop is sent with the cookies of the one before",
  }),
  defineCase({
    id: "session/cookies/of-a-call",
    title: "cookies of a call must win over those of the same name in the jar, and not be kept",
    level: "must",
    requires: manual,
    otherwise,
    origin: [ok, ok, ok],
    async perform(kit) {
      const { origin } = new URL(kit.urls["main"] ?? "");
      const session = kit.makeSession({ cookies: new SmallJar({ [origin]: ["a=1", "b=1"] }) });
      return [
        await kit.observe(() => session.get("a", { cookies: { b: "2", c: "2" } }), read.text),
        await kit.observe(() => session.get("b", { headers: { cookie: "x=1" } }), read.text),
        await kit.observe(() => session.get("c"), read.text),
      ];
    },
    expect: {
      calls: [{ status: 200 }, { status: 200 }, { status: 200 }],
      arrivals: [
        { fields: { cookie: ["a=1; b=2; c=2"] } },
        { fields: { cookie: ["x=1"] } },
        { fields: { cookie: ["a=1; b=1"] } },
      ],
    },
    hint: "check that the caller has the last word, for this call",
  }),
  defineCase({
    id: "session/cookies/switched-off",
    title: "cookies: false must send none of the jar's, and keep none",
    level: "must",
    requires: manual,
    otherwise,
    origin: [respond(200, setting("new=1"), "ok"), ok, ok],
    async perform(kit) {
      const { origin } = new URL(kit.urls["main"] ?? "");
      const session = kit.makeSession({ cookies: new SmallJar({ [origin]: ["a=1"] }) });
      const without = session.extend({ cookies: false });
      return [
        await kit.observe(() => session.get("a", { cookies: false }), read.text),
        await kit.observe(() => without.get("b"), read.text),
        await kit.observe(() => session.get("c"), read.text),
      ];
    },
    expect: {
      calls: [{ status: 200 }, { status: 200 }, { status: 200 }],
      arrivals: [
        { fields: { cookie: absent } },
        { fields: { cookie: absent } },
        { fields: { cookie: ["a=1"] } },
      ],
    },
    hint: "check that such a call does not touch the jar at all",
  }),
  ...faults.map(([name, sent, fault]) =>
    defineCase({
      id: `session/cookies/${name}`,
      title: "a jar that fails must fail the call with ERR_MIDDLEWARE, and free its slot",
      level: "must",
      catalogue: ["V-LK-03"],
      requires: manual,
      otherwise,
      origin: [
        ...Array.from({ length: sent }, () =>
          sequence(head(200, [["content-length", "50000"]]), content(filler(50_000))),
        ),
        ok,
      ],
      async perform(kit) {
        let failing = true;
        const jar = new SmallJar();
        const cookies: CookieJar = {
          cookiesFor: (request, site) =>
            ((failing && fault.cookiesFor) || jar.cookiesFor).call(jar, request, site),
          store: (request, response, site) =>
            ((failing && fault.store) || jar.store).call(jar, request, response, site),
        };
        const session = kit.makeSession({ cookies, limits: { concurrency: 1 } });
        const first = await kit.observe(() => session.get("a"));
        failing = false;
        return [first, await kit.observe(() => session.get("b", { timeout: 4000 }), read.text)];
      },
      expect: {
        calls: [
          { error: { code: "ERR_MIDDLEWARE", cause: "RangeError: the store is down" } },
          { status: 200 },
        ],
        arrivals: sent + 1,
      },
      hint: "check that a response which nobody will get is given up",
    }),
  ),
  defineCase({
    id: "session/cookies/line-breaks",
    title: "a cookie with a line break in it, wherever the jar has it from, must not be sent",
    level: "must",
    spec: ["RFC 9112 §11.1"],
    requires: manual,
    otherwise,
    origin: [ok],
    async perform(kit) {
      const cookies = { cookiesFor: () => "a=1\r\nx-b: 2", store: () => undefined };
      const session = kit.makeSession({ cookies });
      return [
        await kit.observe(() => session.get("a")),
        await kit.observe(() => kit.session.get("b"), read.text),
      ];
    },
    expect: {
      calls: [{ error: { code: "ERR_INVALID_HEADER", requestSent: "no" } }, { status: 200 }],
      arrivals: [{ path: "b" }],
    },
    hint: "check that what a store holds is checked like everything else",
  }),
];
