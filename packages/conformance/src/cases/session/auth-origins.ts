/* Credentials that a session has: where they go, and where they never do (RFC 9110 §11.6.2, RFC 7617, RFC 6750). */

import { type Auth, basic, bearer } from "@anyhttp/core";
import {
  absent,
  call,
  type Case,
  defineCase,
  matching,
  plain,
  present,
  respond,
} from "../../case.ts";
import { followedUnseen } from "./redirect-unseen.ts";

/** `Mufasa:Circle of Life`. */
const mufasa = "Basic TXVmYXNhOkNpcmNsZSBvZiBMaWZl";
const asMufasa = (): { readonly auth: Auth } => ({ auth: basic("Mufasa", "Circle of Life") });
const to = (location: string) => respond(302, [["location", location]]);

/** Throws what is no error of the tree. */
const brokenAuth: Auth = {
  name: "broken",
  origin: null,
  authorize() {
    throw new RangeError("no credentials today");
  },
  answered: () => false,
};

/** Cases of `session/auth` about origins, and about what goes without being asked for. */
export const authOriginCases: readonly Case[] = [
  defineCase({
    id: "session/auth/basic-goes-with-the-first-request",
    title: "user and password must go with the first request, in UTF-8 and base64",
    level: "must",
    spec: ["RFC 7617 §2"],
    catalogue: ["V-AU-01"],
    session: () => ({ auth: basic("J\xe4s\xf8n", "\u{1f511}: \xe9") }),
    origin: [respond(200, [], "welcome")],
    perform: call("GET", "a"),
    expect: {
      status: 200,
      content: "welcome",
      // RFC 7617 §2.1, and Python's base64 of it.
      arrivals: [{ fields: { authorization: ["Basic SsOkc8O4bjrwn5SROiDDqQ=="] } }],
    },
    hint: "check how the octets of user and password are made",
  }),
  defineCase({
    id: "session/auth/bearer-is-asked-for-each-exchange",
    title: "a function that gives a token must be asked before each exchange",
    level: "must",
    spec: ["RFC 6750 §2.1"],
    session() {
      let count = 0;
      return { auth: bearer(() => Promise.resolve(`token-${++count}`)) };
    },
    origin: [respond(200), respond(200)],
    perform: [call("GET", "a"), call("GET", "b")],
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: [
        { fields: { authorization: ["Bearer token-1"] } },
        { fields: { authorization: ["Bearer token-2"] } },
      ],
    },
    hint: "check that the value is not kept",
  }),
  defineCase({
    id: "session/auth/refused-credentials-are-not-sent-again",
    title: "a 401 to credentials that cannot be renewed must be given to the caller",
    level: "must",
    spec: ["RFC 9110 §15.5.2"],
    session: asMufasa,
    origin: [respond(401, [["www-authenticate", 'Basic realm="a"']], "who?")],
    perform: call("GET", "a"),
    expect: { error: { code: "ERR_STATUS", fields: { status: 401 } }, arrivals: 1 },
    hint: "check that only what learns from a challenge asks for another exchange",
  }),
  defineCase({
    id: "session/auth/the-callers-own-field-stands",
    title: "an authorization that the caller gave must not be replaced, nor joined by another",
    level: "must",
    session: asMufasa,
    origin: [respond(200), respond(200)],
    perform: [call("GET", "a", { headers: { Authorization: "Custom mine" } }), call("GET", "b")],
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: [
        { fields: { authorization: ["Custom mine"] } },
        { fields: { authorization: [mufasa] } },
      ],
    },
    hint: "check that it is looked for before credentials are asked for",
  }),
  defineCase({
    id: "session/auth/a-call-goes-without",
    title: "a call with auth: false must go without the credentials of the session",
    level: "must",
    session: asMufasa,
    origin: [respond(200), respond(200), respond(200)],
    perform: [
      call("GET", "a", { auth: false }),
      call("GET", "b", () => ({ auth: bearer("another") })),
      call("GET", "c"),
    ],
    expect: {
      calls: [{ status: 200 }, { status: 200 }, { status: 200 }],
      arrivals: [
        { fields: { authorization: absent } },
        { fields: { authorization: ["Bearer another"] } },
        { fields: { authorization: [mufasa] } },
      ],
    },
    hint: "check how auth of a call is laid over that of the session",
  }),
  defineCase({
    id: "session/auth/stays-within-the-base",
    title: "credentials of a session must not go to another origin than that of its base",
    level: "must",
    catalogue: ["V-RED-02"],
    doors: { other: plain() },
    session: () => ({ ...asMufasa(), allowOtherOrigins: true }),
    origin: [respond(200), respond(200)],
    perform: [call("GET", "{other}a"), call("GET", "b")],
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: [
        { door: "other", fields: { authorization: absent } },
        { door: "main", fields: { authorization: [mufasa] } },
      ],
    },
    hint: "check that the origin of credentials is compared with that of each request",
  }),
  defineCase({
    id: "session/auth/an-origin-of-their-own",
    title: "credentials for another origin than the base must go there, and nowhere else",
    level: "must",
    doors: { other: plain() },
    origin: [respond(200), respond(200)],
    async perform(kit) {
      const { other = "" } = kit.urls;
      const session = kit.makeSession({
        allowOtherOrigins: true,
        auth: basic("Mufasa", "Circle of Life", { origin: new URL(other).origin }),
      });
      return [
        await kit.observe(() => session.get("a")),
        await kit.observe(() => session.get(`${other}b`)),
      ];
    },
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: [
        { door: "main", fields: { authorization: absent } },
        { door: "other", fields: { authorization: [mufasa] } },
      ],
    },
    hint: "check that an origin of the credentials' own comes before that of the base",
  }),
  defineCase({
    id: "session/auth/of-a-call-stay-within-its-origin",
    title: "credentials of a call must stay within the origin that it was made to, there and back",
    level: "must",
    spec: ["RFC 9110 §15.4"],
    catalogue: ["V-RED-01", "V-RED-02"],
    requires: { redirects: "visible" },
    // A platform that follows by itself drops them for good (Fetch, HTTP-redirect fetch, step 13).
    otherwise: followedUnseen({
      status: 200,
      arrivals: [
        { door: "main", fields: { authorization: [mufasa] } },
        { door: "main", fields: { authorization: [mufasa] } },
        { door: "other", fields: { authorization: absent } },
        { door: "main" },
      ],
    }),
    doors: { other: plain() },
    origin: [to("b"), to("{other}c"), to("{main}d"), respond(200)],
    perform: call("GET", "a", asMufasa),
    expect: {
      status: 200,
      url: "{main}d",
      arrivals: [
        { door: "main", fields: { authorization: [mufasa] } },
        { door: "main", fields: { authorization: [mufasa] } },
        { door: "other", fields: { authorization: absent } },
        { door: "main", fields: { authorization: [mufasa] } },
      ],
    },
    hint: "check that credentials are asked for before each exchange, for its own target",
  }),
  defineCase({
    id: "session/auth/another-name-is-another-origin",
    title: "credentials must not go to another name of the same host and port",
    level: "must",
    spec: ["RFC 6454 §5"],
    catalogue: ["V-RED-01"],
    requires: { redirects: "visible" },
    otherwise: followedUnseen({
      status: 200,
      arrivals: [
        { fields: { authorization: [mufasa] } },
        { path: "b", fields: { authorization: absent } },
      ],
    }),
    doors: { main: plain({ host: "localhost" }) },
    session: asMufasa,
    origin: [to("http://127.0.0.1:{main.port}{main.path}b"), respond(200)],
    perform: call("GET", "a"),
    expect: {
      status: 200,
      arrivals: [
        { fields: { authorization: [mufasa] } },
        { path: "b", fields: { authorization: absent } },
      ],
    },
    hint: "check that origins are compared by name, not by address",
  }),
  defineCase({
    id: "session/auth/what-it-throws-is-named",
    title: "what authentication throws must end the call as ERR_AUTH, with nothing sent",
    level: "must",
    session: { auth: brokenAuth },
    origin: [respond(200)],
    perform: [call("GET", "a"), call("GET", "b", { auth: false })],
    expect: {
      calls: [
        {
          error: {
            name: "HttpError",
            code: "ERR_AUTH",
            requestSent: "no",
            retryable: false,
            cause: "RangeError: no credentials today",
            message: matching(/^GET \{main\}a: .*\(ERR_AUTH\)/),
          },
        },
        { status: 200 },
      ],
      arrivals: [{ path: "b" }],
    },
    hint: "check that what is foreign is wrapped",
  }),
  defineCase({
    id: "session/auth/wrong-credentials-are-refused-early",
    title: "credentials that no field can carry must be refused, and not be shown",
    level: "must",
    spec: ["RFC 7617 §2", "RFC 6750 §2.1"],
    catalogue: ["V-AU-01"],
    session: { auth: bearer(() => "se cret\r\nx-injected: 1") },
    origin: [respond(200)],
    async perform(kit) {
      const refused = (make: () => unknown): string => {
        try {
          make();
        } catch (error) {
          return error instanceof Error && !error.message.includes("se cret")
            ? error.name
            : "a secret is shown";
        }
        return "not refused";
      };
      kit.note("refused", [
        refused(() => basic("us:er", "se cret")),
        refused(() => basic("user\n", "se cret")),
        refused(() => basic("user", "se cret\0")),
        refused(() => bearer("se cret")),
        refused(() => bearer("")),
        refused(() => basic("user", "p", { origin: "https://example.com/path" })),
      ]);
      return [
        await kit.observe(() => kit.session.get("a")),
        await kit.observe(() => kit.session.get("b", { auth: basic("", "") })),
      ];
    },
    expect: {
      calls: [{ error: { name: "InvalidRequestError", requestSent: "no" } }, { status: 200 }],
      arrivals: [{ path: "b", fields: { authorization: present, "x-injected": absent } }],
      facts: { refused: Array<string>(6).fill("InvalidRequestError") },
    },
    hint: "check what is allowed in a user name, a password and a token",
  }),
];
