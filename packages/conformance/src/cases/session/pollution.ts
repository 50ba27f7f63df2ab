/* A polluted Object.prototype: what somebody has left there is no option of anybody (ids `session/pollution/…`, `session/trust/…`). */

import type { Session } from "@anyhttp/core";
import {
  always,
  type Case,
  defineCase,
  expects,
  notApplicable,
  present,
  respond,
  secure,
} from "../../case.ts";

type Gadget = readonly [name: string, value: unknown];

/**
 * Members as an attacker would choose them: each means something to a session, or to a library below it. Without those
 * that end the platform itself, whoever uses it: `get` and `set` are in every property descriptor, and Node's sockets
 * and streams cannot do with a foreign `timeout`, `signal` or iterator.
 */
const gadgets: readonly Gadget[] = [
  ["adapter", "polluted"],
  ["agent", false],
  ["allowAbsoluteUrls", false],
  ["auth", "polluted:secret"],
  ["baseUrl", "http://polluted.test/"],
  ["baseURL", "http://polluted.test/"],
  ["beforeRedirect", () => undefined],
  ["ca", "polluted"],
  ["cert", "polluted"],
  ["checkServerIdentity", () => undefined],
  ["content", "polluted"],
  ["context", { polluted: "1" }],
  ["data", "polluted"],
  ["decoders", {}],
  ["dispatcher", {}],
  ["duplex", "polluted"],
  ["expectContinue", true],
  ["family", 6],
  ["fetch", () => undefined],
  ["form", { polluted: "1" }],
  ["getHeaders", () => ({ polluted: "1" })],
  ["headers", { polluted: "1" }],
  ["host", "polluted.test"],
  ["hostname", "polluted.test"],
  ["insecureHTTPParser", true],
  ["json", { polluted: 1 }],
  ["localAddress", "127.0.0.9"],
  ["lookup", () => undefined],
  ["maxRedirects", 5],
  ["maxResponseSize", 1],
  ["method", "POST"],
  ["params", { polluted: "1" }],
  ["paramsSerializer", () => "polluted=1"],
  ["parseReviver", () => "polluted"],
  ["password", "polluted"],
  ["path", "/polluted"],
  ["pathname", "/polluted"],
  ["polluted", "1"],
  ["port", 9],
  ["protocol", "https:"],
  ["proxy", { host: "127.0.0.1", port: 9 }],
  ["redirect", "error"],
  ["rejectUnauthorized", false],
  ["responseType", "json"],
  ["search", "?polluted"],
  ["servername", "polluted.test"],
  ["socketPath", "/polluted"],
  ["then", "polluted"],
  ["toJSON", () => "polluted"],
  ["transformRequest", [() => "polluted"]],
  ["transformResponse", [() => "polluted"]],
  ["transport", "polluted"],
  ["upgrade", "polluted"],
  ["url", "/polluted"],
  ["username", "polluted"],
  ["validateStatus", () => false],
  ["withXSRFToken", true],
  ["xsrfCookieName", "polluted"],
]; // prettier-ignore

/** Members that a platform takes for its own when it makes a request. */
const ofPlatforms: readonly Gadget[] = [
  ["body", "polluted"],
  ["query", { polluted: "1" }],
];

/**
 * Does something while `Object.prototype` has a member more, and takes it away again. What hangs is not waited for: the
 * whole process has that member meanwhile.
 */
async function polluted<T>([name, value]: Gadget, during: () => Promise<T>): Promise<T | null> {
  const prototype = Object.prototype as Record<string, unknown>;
  // As a careless merge leaves it: enumerable, and with whatever value was wanted.
  prototype[name] = value;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(resolve, 3000, null)));
  try {
    return await Promise.race([during(), late]);
  } finally {
    delete prototype[name];
    clearTimeout(timer);
  }
}

/** The content that a call gets, or what it says instead. */
async function contentOf(session: Session, options?: object): Promise<string> {
  try {
    return await session.get("a", options).text();
  } catch (error) {
    return (error as Error).message;
  }
}

const kebab = (name: string): string =>
  name
    .replace(/[A-Z]{2,}$/, "-upper-$&")
    .replaceAll(/([a-z])([A-Z]+)/g, "$1-$2")
    .toLowerCase();

const gadgetCase = (gadget: Gadget, platform: boolean): Case => {
  const [name] = gadget;
  return defineCase({
    id: `session/pollution/${kebab(name)}`,
    title: `a call must not be changed by a member ${name} of Object.prototype`,
    level: "must",
    catalogue: ["V-PP-02"],
    // Where connections are the runtime's own, so is what it reads to make a request of.
    ...(platform && { requires: { tls: "configurable" }, otherwise: notApplicable("tls") }),
    origin: [always(respond(200, [], "ok"))],
    async perform(kit) {
      const [first, second] = [kit.makeSession(), kit.makeSession()];
      const options = { headers: { "x-a": "1" }, timeout: { total: 5000 } };
      const before = [await contentOf(first), await contentOf(first, options)];
      const during = await polluted(gadget, async () => [
        await contentOf(second),
        await contentOf(second, options),
      ]);
      kit.note("contents", [...before, ...(during ?? ["nothing"])]);
      const { arrivals } = await kit.origin.ledger();
      const [plain, rich, plainAgain, richAgain] = arrivals.map((one) => one.head + one.content);
      kit.note("alike", arrivals.length === 4 && plain === plainAgain && rich === richAgain);
    },
    expect: { facts: { contents: ["ok", "ok", "ok", "ok"], alike: true } },
    exclusive: true,
    hint: "check that only own members of options are read, and handed to the library below",
  });
};

/** Members that would make a server trusted which is not. */
const trusting: readonly Gadget[] = [
  ["rejectUnauthorized", false],
  ["checkServerIdentity", () => undefined],
  ["servername", "wrong.test"],
  ["verify", () => true],
];

/** Cases of `session/pollution` and `session/trust`. */
export const pollutionCases: readonly Case[] = [
  ...gadgets.map((gadget) => gadgetCase(gadget, false)),
  ...ofPlatforms.map((gadget) => gadgetCase(gadget, true)),
  ...trusting.map((gadget) =>
    defineCase({
      id: `session/trust/despite-${kebab(gadget[0])}`,
      title: `a server must not be trusted because of a member ${gadget[0]} of Object.prototype`,
      level: "must",
      catalogue: ["V-PP-02", "V-TLS-01"],
      requires: { failureDetail: "phased" },
      otherwise: expects({ error: { name: present }, arrivals: 0 }),
      doors: { main: secure("wrong-host") },
      origin: [],
      async perform(kit) {
        const seen = await polluted(gadget, () => kit.observe(() => kit.session.get("a")));
        kit.check(seen !== null, "the call to settle");
        return seen ?? [];
      },
      expect: {
        error: { name: "TlsError", code: "ERR_TLS_HOSTNAME", requestSent: "no" },
        arrivals: 0,
      },
      exclusive: true,
      hint: "check that what is said of TLS is read from own members",
    }),
  ),
  defineCase({
    id: "session/pollution/a-session-made-meanwhile",
    title: "a session that is made while Object.prototype is polluted must be like any other",
    level: "must",
    catalogue: ["V-PP-02"],
    origin: [always(respond(200, [], "ok"))],
    async perform(kit) {
      const headers = { "x-a": "1" };
      const contents = [await contentOf(kit.session.extend({ headers }))];
      for (const name of ["headers", "params", "baseUrl", "redirect", "limits", "json"]) {
        const during = await polluted([name, { polluted: "1" }], async () => {
          const made = kit.session.extend({ headers });
          return [await contentOf(made), await contentOf(made.extend({}))];
        });
        contents.push(...(during ?? ["nothing"]));
      }
      kit.note("contents", [...new Set(contents)]);
      const heads = (await kit.origin.ledger()).arrivals.map(({ head }) => head);
      kit.note("alike", new Set(heads).size === 1);
    },
    expect: { facts: { contents: ["ok"], alike: true }, arrivals: 13 },
    exclusive: true,
    hint: "check that defaults are merged by own members",
  }),
];
