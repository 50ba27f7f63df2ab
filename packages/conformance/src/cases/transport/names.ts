/* Names and addresses: what a look-up says, and which of several addresses is used (ids `transport/names/…`). */

import {
  atMost,
  call,
  type Case,
  defineCase,
  gate,
  matching,
  notApplicable,
  oneOf,
  respond,
} from "../../case.ts";

/** As `dns.lookup` calls it back: with all addresses if asked for them. */
type Found = readonly { readonly address: string; readonly family: number }[];
type Callback = (error: Error | null, found?: unknown, family?: number) => void;
type Lookup = (hostname: string, options: { readonly all?: boolean }, callback: Callback) => void;

// Where connections are the runtime's own, so are names.
const own = { tls: "configurable" } as const;
const otherwise = notApplicable("tls");
const other = { allowOtherOrigins: true };
const named = "http://somewhere.test:{main.port}{main.path}a";
const four = (address: string) => ({ address, family: 4 });

function failing(code: string): Lookup {
  return (hostname, _options, callback) => {
    const error = Object.assign(new Error(`getaddrinfo ${code} ${hostname}`), { code });
    setTimeout(callback, 0, error);
  };
}

function finding(found: Found): Lookup {
  return (_hostname, { all }, callback) => {
    if (all) setTimeout(callback, 0, null, found);
    else setTimeout(callback, 0, null, found[0]?.address, found[0]?.family);
  };
}

/** Results that are none. */
const senseless: readonly (readonly [name: string, what: string, Lookup])[] = [
  ["no-addresses", "a look-up without addresses", (_name, _options, callback) => void setTimeout(callback, 0, null, [])],
  ["undefined", "a look-up that gives nothing", (_name, _options, callback) => void setTimeout(callback, 0, null)],
  ["no-address", "an address that is none", (_name, { all }, callback) => void setTimeout(callback, 0, null, all ? [four("not an address")] : "not an address", 4)],
  ["thrown", "a look-up that throws", () => { throw new Error("the look-up broke"); }],
]; // prettier-ignore

/** Cases of `transport/names`. */
export const nameCases: readonly Case[] = [
  ...(
    [
      ["not-found", "ENOTFOUND", "ERR_DNS_NOT_FOUND"],
      ["try-again", "EAI_AGAIN", "ERR_DNS_FAILED"],
      ["servfail", "ESERVFAIL", "ERR_DNS_FAILED"],
    ] as const
  ).map(([name, code, expected]) =>
    defineCase({
      id: `transport/names/${name}`,
      title: `a name that cannot be looked up (${code}) is a DnsError`,
      level: "must",
      catalogue: ["F-CON-05"],
      requires: own,
      otherwise,
      transport: { lookup: failing(code) },
      session: other,
      origin: [],
      perform: call("POST", named, { body: "x" }),
      expect: {
        error: { name: "DnsError", code: expected, phase: "connect", requestSent: "no" },
        connections: 0,
      },
      hint: "check that the code of the system's error is looked at",
    }),
  ),
  ...senseless.map(([name, what, lookup]) =>
    defineCase({
      id: `transport/names/${name}`,
      title: `${what} is a DnsError, and nothing escapes`,
      level: "must",
      catalogue: ["F-CON-05"],
      requires: own,
      otherwise,
      transport: { lookup },
      session: other,
      origin: [],
      perform: call("GET", named),
      expect: {
        error: { name: "DnsError", code: "ERR_DNS_FAILED", phase: "connect", requestSent: "no" },
        connections: 0,
      },
      hint: "check that a look-up of the user's is not trusted to be right",
    }),
  ),
  defineCase({
    id: "transport/names/calls-back-twice",
    title: "a look-up that calls back twice makes one connection",
    level: "must",
    catalogue: ["F-CON-05"],
    requires: own,
    otherwise,
    transport: {
      lookup: ((_name, options, callback) => {
        finding([four("127.0.0.1")])("", options, callback);
        finding([four("127.0.0.1")])("", options, callback);
      }) satisfies Lookup,
    },
    session: other,
    origin: [respond(200, [], "ok")],
    perform: call("GET", named),
    expect: { status: 200, content: "ok", connections: 1 },
    hint: "check that the second answer is ignored",
  }),
  defineCase({
    id: "transport/names/never-calls-back",
    title: "timeout.connect must end a look-up that never ends",
    level: "must",
    catalogue: ["F-CON-05", "F-TMO-01"],
    requires: own,
    otherwise,
    transport: { lookup: (() => undefined) satisfies Lookup },
    session: other,
    origin: [],
    perform: call("GET", named, { timeout: { connect: 200 } }),
    expect: {
      error: { code: "ERR_TIMEOUT_CONNECT", phase: "connect", requestSent: "no", retryable: true },
      after: atMost(2000),
    },
    hint: "check that the signal ends what is being connected",
  }),
  defineCase({
    id: "transport/names/aborted",
    title: "an abort must end a look-up that never ends",
    level: "must",
    catalogue: ["F-ABT-01", "F-CON-05"],
    requires: own,
    otherwise,
    transport: { lookup: (() => undefined) satisfies Lookup },
    session: other,
    origin: [],
    perform: call("GET", named, () => ({ signal: AbortSignal.timeout(100) })),
    expect: { error: { code: oneOf("ERR_ABORTED", "ERR_TIMEOUT_TOTAL"), requestSent: "no" } },
    hint: "check that the signal ends what is being connected",
  }),
  defineCase({
    id: "transport/names/a-failure-is-not-kept",
    title: "a name that could not be looked up must be looked up again by the next call",
    level: "must",
    catalogue: ["F-CON-05"],
    requires: own,
    otherwise,
    // Fails every other time, so that a second run is like the first.
    transport: {
      lookup: (() => {
        let asked = 0;
        return (name, options, callback) => {
          const look = asked++ % 2 === 0 ? failing("EAI_AGAIN") : finding([four("127.0.0.1")]);
          look(name, options, callback);
        };
      })() satisfies Lookup,
    },
    origin: [respond(200, [], "ok")],
    perform: [call("GET", named), call("GET", named)],
    session: other,
    expect: { calls: [{ error: { code: "ERR_DNS_FAILED" } }, { status: 200, content: "ok" }] },
    hint: "check that failures are not cached",
  }),
  ...(
    [
      ["first-refuses", "refuses", four("127.0.0.9")],
      ["first-of-another-family", "of IPv6 refuses", { address: "::1", family: 6 }],
      ["first-is-unreachable", "cannot be reached", four("192.0.2.1")],
    ] as const
  ).map(([name, what, dead]) =>
    defineCase({
      id: `transport/names/${name}`,
      title: `when the first address ${what}, the next one is used, and a POST is sent once`,
      level: "must",
      spec: ["RFC 8305 §5"],
      catalogue: ["F-CON-06"],
      requires: own,
      otherwise,
      transport: { lookup: finding([dead, four("127.0.0.1")]) },
      session: other,
      origin: [respond(200, [], "ok")],
      perform: call("POST", named, { body: "x" }),
      expect: {
        status: 200,
        content: "ok",
        arrivals: [{ method: "POST", content: "x" }],
        // A dead address costs the delay of happy eyeballs, not the limit of the connection.
        after: atMost(3000),
      },
      hint: "check that addresses are tried in turn with a delay between them",
    }),
  ),
  defineCase({
    id: "transport/names/all-refuse",
    title: "when every address refuses, the call fails once, and says why of each",
    level: "must",
    catalogue: ["F-CON-06", "F-CON-01"],
    requires: own,
    otherwise,
    transport: { lookup: finding([four("127.0.0.8"), four("127.0.0.9")]) },
    session: other,
    origin: [],
    async perform(kit) {
      const seen = await kit.call(call("GET", named));
      const failed = seen.error?.error as { cause?: { errors?: readonly unknown[] } } | undefined;
      kit.note("causes", failed?.cause?.errors?.map(String).join(" "));
      return seen;
    },
    expect: {
      error: { name: "ConnectError", code: "ERR_CONNECT_REFUSED", requestSent: "no" },
      facts: { causes: matching(/127\.0\.0\.8.*127\.0\.0\.9/) },
      connections: 0,
    },
    hint: "check that the failures of all addresses are kept as the cause",
  }),
  ...(
    [
      ["ipv4", "127.0.0.1"],
      ["ipv6", "[::1]"],
      ["both", "localhost"],
    ] as const
  ).map(([name, host]) =>
    defineCase({
      id: `transport/names/refused-${name}`,
      title: `a port at which nobody listens refuses (${host})`,
      level: "must",
      catalogue: ["F-CON-01"],
      requires: { failureDetail: "phased" },
      otherwise: {
        kind: "expects",
        expect: { error: { code: "ERR_NETWORK" } },
      },
      doors: { gone: { kind: "refused" } },
      session: other,
      origin: { never: [{ ...gate("never"), repeats: true }] },
      perform: call("POST", `http://${host}:{gone.port}/a`, { body: "x" }),
      expect: {
        error: {
          name: "ConnectError",
          // Without IPv6 there is no route to it.
          code: oneOf("ERR_CONNECT_REFUSED", "ERR_CONNECT_UNREACHABLE", "ERR_CONNECT_FAILED"),
          requestSent: "no",
          retryable: true,
        },
        arrivals: 0,
        after: atMost(2000),
      },
      hint: "check that a refusal is not waited for",
    }),
  ),
];
