/* Who a server is, is checked for each connection by the options of its own transport (ids `session/pools/identity-…`). */

import { call, type Case, defineCase, notApplicable, respond, secure } from "../../case.ts";

/** What the check of the case says just now: nothing else runs meanwhile. */
let verdict: Error | "throw" | undefined;
/** What it was shown so far. */
let shown: string[] = [];
const checkServerIdentity = (_: string, { raw }: { readonly raw?: Uint8Array }): unknown => {
  shown.push(raw?.length ? "certificate" : "nothing");
  if (verdict === "throw") throw pinned;
  return verdict;
};

const begin = (): void => {
  verdict = undefined;
  shown = [];
};
const pinned = new Error("the certificate is not the one that is pinned");
// Closed, so that the next call needs a connection of its own, and may resume the TLS session of this one.
const last = respond(200, [["connection", "close"]], "ok");
const own = { tls: "configurable", failureDetail: "phased" } as const;
const common = {
  level: "must",
  requires: own,
  otherwise: notApplicable("tls"),
  transport: { tls: { checkServerIdentity } },
  doors: { main: secure() },
  exclusive: true,
} as const;
const refused = {
  error: { name: "TlsError", code: "ERR_TLS_UNTRUSTED", phase: "connect", requestSent: "no" },
} as const;

/** Cases of `session/pools` about identities. */
export const poolIdentityCases: readonly Case[] = [
  defineCase({
    ...common,
    id: "session/pools/identity-is-checked-by-each-transport",
    title: "a server that one transport has found good must be checked by another all the same",
    spec: ["RFC 9110 §4.3.4", "RFC 8446 §2.2"],
    catalogue: ["V-POOL-03", "V-POOL-04"],
    origin: [last, last],
    async perform(kit) {
      begin();
      const strict = kit.makeSession();
      const first = await kit.call(call("GET", "a"));
      verdict = pinned;
      const second = await kit.observe(() => strict.post("b", { body: "secret" }));
      verdict = undefined;
      const third = await kit.observe(() => strict.get("c"));
      kit.note("asked", shown.length);
      return [first, second, third];
    },
    expect: {
      calls: [{ content: "ok" }, refused, { content: "ok" }],
      arrivals: [{ path: "a" }, { path: "c" }],
      facts: { asked: 3 },
    },
    hint: "check that TLS sessions are kept by transport, and a refused one is not kept",
  }),
  defineCase({
    ...common,
    id: "session/pools/identity-is-checked-of-a-resumed-session",
    title: "a server must be checked again on a connection that resumes a TLS session",
    spec: ["RFC 9110 §4.3.4", "RFC 8446 §2.2"],
    catalogue: ["V-POOL-04"],
    origin: [last],
    async perform(kit) {
      begin();
      const first = await kit.call(call("GET", "a"));
      verdict = pinned;
      return [first, await kit.call(call("POST", "b", { body: "secret" }))];
    },
    expect: { calls: [{ content: "ok" }, refused], arrivals: [{ path: "a" }] },
    hint: "check who is asked about a certificate that does not come again",
  }),
  ...(["1.2", "1.3"] as const).map((version) =>
    defineCase({
      ...common,
      id: `session/pools/certificate-is-shown-by-tls-${version.replace(".", "-")}`,
      title: `a check of its own must be shown a certificate for each TLS ${version} connection`,
      spec: ["RFC 9110 §4.3.4"],
      catalogue: ["V-POOL-04"],
      doors: { main: secure("good", { maxVersion: `TLSv${version}` }) },
      origin: [last, last],
      async perform(kit) {
        begin();
        const calls = [await kit.call(call("GET", "a")), await kit.call(call("GET", "b"))];
        kit.note("shown", shown);
        return calls;
      },
      expect: {
        calls: [{ content: "ok" }, { content: "ok" }],
        facts: { shown: ["certificate", "certificate"] },
      },
      hint: "check that no TLS session is resumed about whose certificate nobody can be asked",
    }),
  ),
  defineCase({
    ...common,
    id: "session/pools/identity-check-that-throws",
    title: "what a check of its own throws must refuse the connection, and end nothing else",
    spec: ["RFC 9110 §4.3.4"],
    catalogue: ["V-POOL-04"],
    origin: [],
    async perform(kit) {
      begin();
      verdict = "throw";
      return kit.call(call("POST", "a", { body: "secret" }));
    },
    expect: { ...refused, arrivals: 0 },
    hint: "check that the library below catches what the user's function throws",
  }),
];
