/* Content that a redirect drops or keeps, by kind: nothing of it is left behind, nothing of it is made up. */

import {
  absent,
  atMost,
  call,
  type Case,
  defineCase,
  expects,
  filler,
  notApplicable,
  oneOf,
  plain,
  refuses,
  respond,
  secure,
  toBytes,
} from "../../case.ts";
import { followedUnseen } from "./redirect-unseen.ts";

const to = (location: string, status = 302) => respond(status, [["location", location]]);
const visible = { redirects: "visible" } as const;
const described = {
  "content-type": absent,
  "content-length": absent,
  "content-encoding": absent,
  "content-language": absent,
  "transfer-encoding": absent,
  expect: absent,
};

function form(): FormData {
  const made = new FormData();
  made.set("x", "1");
  return made;
}

interface Kind {
  readonly name: string;
  readonly options: () => Readonly<Record<string, unknown>>;
  readonly streamed?: boolean;
}

const kinds: readonly Kind[] = [
  { name: "text", options: () => ({ body: "x=1" }) },
  { name: "json", options: () => ({ json: { x: 1 } }) },
  { name: "multipart", options: () => ({ multipart: form() }) },
  { name: "stream", options: () => ({ body: new Blob(["x=1"]).stream() }), streamed: true },
  {
    name: "iterable",
    streamed: true,
    options: () => ({
      async *body() {
        yield toBytes("x=1");
      },
    }),
  },
];

const droppedCases = kinds.flatMap(({ name, options, streamed = false }) =>
  [301, 302, 303].map((status) =>
    defineCase({
      id: `session/redirect/${status}-drops-${name}`,
      title: `a ${status} response to POST that leads to another origin must drop content given as ${name}`,
      level: "must",
      spec: ["RFC 9110 §15.4"],
      catalogue: ["V-RED-05"],
      requires: { ...visible, ...(streamed && { requestStreaming: "half-duplex" as const }) },
      otherwise: streamed
        ? refuses("requestStreaming", "body")
        : followedUnseen({ status: 200, arrivals: 2 }),
      doors: { other: plain() },
      origin: [to("{other}b", status), respond(200)],
      perform: call("POST", "a", () => ({
        ...options(),
        headers: { "content-language": "de", "content-encoding": "identity" },
      })),
      expect: {
        status: 200,
        arrivals: [
          { method: "POST", complete: true, fields: { "content-language": "de" } },
          { door: "other", method: "GET", framing: "none", content: "", fields: described },
        ],
      },
      hint: "check that content goes together with all that describes it",
    }),
  ),
);

const keptCases = [301, 302, 307, 308].flatMap((status) =>
  (["DELETE", "PATCH"] as const).map((method) =>
    defineCase({
      id: `session/redirect/${status}-${method.toLowerCase()}-keeps-its-content`,
      title: `a ${status} response to ${method} must be followed with the same content`,
      level: "must",
      spec: ["RFC 9110 §15.4", "Fetch §4.4"],
      catalogue: ["V-RED-05"],
      requires: visible,
      otherwise: followedUnseen({ status: 200, arrivals: 2 }),
      doors: { other: plain() },
      origin: [to("{other}b", status), respond(200)],
      perform: call(method, "a", {
        body: filler(70_000),
        headers: { "content-type": "text/x", "content-language": "de" },
      }),
      expect: {
        status: 200,
        arrivals: [
          { method, contentLength: 70_000 },
          {
            door: "other",
            method,
            framing: "length",
            contentLength: 70_000,
            filler: true,
            complete: true,
            fields: { "content-type": "text/x", "content-language": "de" },
          },
        ],
      },
      hint: "check that 301 and 302 change POST alone",
    }),
  ),
);

/** Cases of `session/redirect` about what becomes of content. */
export const redirectRewritingCases: readonly Case[] = [
  ...droppedCases,
  ...keptCases,
  ...[307, 308].map((status) =>
    defineCase({
      id: `session/redirect/${status}-of-one-shot-content-elsewhere`,
      title: `a ${status} response to one-shot content must be an error, and nothing must be sent elsewhere`,
      level: "must",
      spec: ["RFC 9110 §15.4"],
      catalogue: ["V-RED-05"],
      requires: { ...visible, requestStreaming: "half-duplex" },
      otherwise: refuses("requestStreaming", "body"),
      doors: { other: plain() },
      origin: [to("{other}b", status)],
      perform: call("POST", "a", () => ({ body: new Blob(["x=1"]).stream() })),
      expect: {
        status,
        error: { name: "RedirectError", code: "ERR_REDIRECT_REPLAY", requestSent: "yes" },
        arrivals: [{ door: "main", content: "x=1" }],
      },
      hint: "check that no empty or partial content stands in for what is used up",
    }),
  ),
  defineCase({
    id: "session/redirect/secret-content-does-not-go-down",
    title: "content must not go from https to http unless that is allowed",
    level: "must",
    spec: ["RFC 9110 §17.1"],
    catalogue: ["V-RED-05"],
    requires: visible,
    // Whether a page may go there is the platform's to say; it has to say so.
    otherwise: expects(
      { facts: { got: oneOf(200, "ERR_NETWORK") }, arrivals: atMost(2) },
      {
        origin: [to("{bare}b", 307), respond(200)],
        async perform(kit) {
          const { status, error } = await kit.call(call("POST", "a", { body: "secret" }));
          kit.note("got", error?.code ?? status);
        },
      },
    ),
    doors: { main: secure(), bare: plain({ host: "localhost" }) },
    origin: [to("{bare}b", 307)],
    perform: call("POST", "a", { body: "secret" }),
    expect: {
      status: 307,
      error: { name: "RedirectError", code: "ERR_REDIRECT_REFUSED" },
      arrivals: [{ door: "main", content: "secret" }],
    },
    hint: "check that schemes are compared before anything is sent",
  }),
  defineCase({
    id: "session/redirect/allowed-content-goes-down",
    title: "with allowDowngrade, content must go from https to http whole",
    level: "must",
    catalogue: ["V-RED-05"],
    requires: visible,
    otherwise: refuses("redirects", "redirect"),
    doors: { main: secure(), bare: plain({ host: "localhost" }) },
    origin: [to("{bare}b", 308), respond(200)],
    perform: call("PUT", "a", { body: "meant", redirect: { allowDowngrade: true } }),
    expect: {
      status: 200,
      arrivals: [
        { door: "main", content: "meant" },
        { door: "bare", method: "PUT", content: "meant", complete: true },
      ],
    },
    hint: "check that redirect.allowDowngrade reaches the rule",
  }),
  defineCase({
    id: "session/redirect/declared-length-is-declared-again",
    title: "a length that the caller has declared must be declared again within the origin",
    level: "must",
    spec: ["RFC 9112 §6.2"],
    catalogue: ["V-RED-05"],
    requires: { ...visible, requestStreaming: "half-duplex", streamLength: "declared" },
    otherwise: notApplicable("streamLength"),
    origin: [to("b", 307), respond(200)],
    perform: call("PUT", "a", () => ({
      headers: { "content-length": 5 },
      async *body() {
        yield toBytes("123");
        yield toBytes("45");
      },
    })),
    expect: {
      status: 200,
      arrivals: [
        { framing: "length", content: "12345" },
        { framing: "length", content: "12345", complete: true },
      ],
    },
    hint: "check that the field is taken from the request, not from what was sent",
  }),
  defineCase({
    id: "session/redirect/dropped-content-does-not-return",
    title: "content that one redirect has dropped must not return with the next",
    level: "must",
    spec: ["RFC 9110 §15.4.4"],
    catalogue: ["V-RED-05"],
    requires: visible,
    otherwise: followedUnseen({ status: 200, arrivals: 3 }),
    origin: [to("b", 303), to("c", 307), respond(200)],
    perform: call("PUT", "a", { json: { x: 1 } }),
    expect: {
      status: 200,
      arrivals: [
        { method: "PUT", content: '{"x":1}' },
        { method: "GET", framing: "none", fields: described },
        { method: "GET", framing: "none", fields: described },
      ],
    },
    hint: "check that each redirect begins with the request of the one before",
  }),
  defineCase({
    id: "session/redirect/delete-turns-into-get-without-content",
    title: "a 303 response to DELETE with content must be followed by GET without it",
    level: "must",
    spec: ["RFC 9110 §15.4.4"],
    catalogue: ["V-RED-05"],
    requires: visible,
    otherwise: followedUnseen({ status: 200, arrivals: 2 }),
    origin: [to("b", 303), respond(200)],
    perform: call("DELETE", "a", { json: { x: 1 } }),
    expect: {
      status: 200,
      arrivals: [
        { method: "DELETE", content: '{"x":1}' },
        { method: "GET", framing: "none", fields: described },
      ],
    },
    hint: "check that 303 changes every method but GET and HEAD",
  }),
];
