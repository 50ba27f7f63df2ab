/* Content across redirects: sent again to the byte, or refused when it can be sent only once. */

import {
  absent,
  bytes,
  call,
  type Case,
  defineCase,
  type Expectation,
  read,
  refuses,
  respond,
  toBytes,
} from "../../case.ts";
import { followedUnseen } from "./redirect-unseen.ts";

const allBytes = bytes(...Array.from({ length: 256 }, (_, index) => index));

interface Kind {
  readonly name: string;
  readonly options: () => Readonly<Record<string, unknown>>;
  readonly sent: string;
  readonly type: string | typeof absent;
}

const replayed: readonly Kind[] = [
  {
    name: "bytes",
    options: () => ({ body: toBytes(allBytes) }),
    sent: allBytes,
    type: absent,
  },
  {
    name: "json",
    options: () => ({ json: { a: [1, "ü"] } }),
    sent: '{"a":[1,"\u00c3\u00bc"]}',
    type: "application/json",
  },
  {
    name: "form",
    options: () => ({ form: { name: "Jack & Jill" } }),
    sent: "name=Jack+%26+Jill",
    type: "application/x-www-form-urlencoded;charset=UTF-8",
  },
  {
    name: "blob",
    options: () => ({ body: new Blob(["blob", " of bytes"], { type: "text/x" }) }),
    sent: "blob of bytes",
    type: "text/x",
  },
];

const replayedCases = replayed.map(({ name, options, sent, type }) => {
  const expect: Expectation = {
    status: 200,
    arrivals: [
      { method: "POST", path: "a", content: sent, fields: { "content-type": type } },
      {
        method: "POST",
        path: "b",
        content: sent,
        fields: { "content-type": type },
        complete: true,
      },
    ],
  };
  return defineCase({
    id: `session/redirect/content-${name}-is-sent-again`,
    title: `content given as ${name} must be sent again byte by byte when the redirect keeps it`,
    level: "must",
    spec: ["RFC 9110 §15.4.8"],
    catalogue: ["V-RED-05"],
    requires: { redirects: "visible" },
    otherwise: followedUnseen(expect),
    origin: [respond(307, [["location", "b"]]), respond(200)],
    perform: call("POST", "a", options),
    expect,
    hint: "check that the content is opened anew for the second exchange",
  });
});

const oneShot: readonly (readonly [name: "stream" | "iterable", make: () => unknown])[] = [
  [
    "stream",
    () =>
      new ReadableStream({
        start(controller) {
          controller.enqueue(toBytes("once"));
          controller.close();
        },
      }),
  ],
  [
    "iterable",
    async function* once() {
      yield toBytes("once");
    },
  ],
];

const oneShotCases = oneShot.map(([name, make]) =>
  defineCase({
    id: `session/redirect/one-shot-${name}-is-not-replayed`,
    title: `content from a one-shot ${name} must not be sent again: the redirect is an error`,
    level: "must",
    spec: ["RFC 9110 §15.4.9"],
    catalogue: ["V-RED-05"],
    requires: { redirects: "visible", requestStreaming: "half-duplex" },
    otherwise: refuses("requestStreaming", "body"),
    origin: [respond(308, [["location", "b"]])],
    perform: call("POST", "a", () => ({ body: make() })),
    expect: {
      status: 308,
      error: {
        name: "RedirectError",
        code: "ERR_REDIRECT_REPLAY",
        phase: "redirect",
        requestSent: "yes",
      },
      arrivals: [{ path: "a", content: "once", complete: true }],
    },
    hint: "check that nothing but a second copy of the source counts as replayable",
  }),
);

/** Cases of `session/redirect` about content. */
export const redirectContentCases: readonly Case[] = [
  ...replayedCases,
  ...oneShotCases,
  defineCase({
    id: "session/redirect/multipart-keeps-its-boundary",
    title: "a multipart form must be sent again with the boundary that its content-type announces",
    level: "must",
    spec: ["RFC 9110 §15.4.8", "RFC 7578 §4.1"],
    catalogue: ["V-RED-05"],
    requires: { redirects: "visible" },
    otherwise: followedUnseen({ facts: { same: true } }),
    origin: [respond(307, [["location", "b"]]), respond(200)],
    async perform(kit) {
      const form = new FormData();
      form.set("file", new File(["one\r\ntwo"], "two-lines.txt", { type: "text/plain" }));
      const seen = await kit.call(call("POST", "a", { multipart: form }));
      const { arrivals } = await kit.origin.ledger();
      const [first, second] = arrivals.map(({ fields, content: arrived }) => {
        const type = fields.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";
        const boundary = type.split("boundary=")[1] ?? "no boundary";
        return { arrived, framed: arrived.endsWith(`--${boundary}--\r\n`) };
      });
      kit.note("same", first?.arrived === second?.arrived && second?.framed === true);
      return seen;
    },
    expect: { status: 200, facts: { same: true } },
    hint: "check that the boundary is made once per call, not once per exchange",
  }),
  defineCase({
    id: "session/redirect/a-function-makes-its-content-anew",
    title: "content from a function must be made anew for the request that follows",
    level: "must",
    spec: ["RFC 9110 §15.4.8"],
    catalogue: ["V-RED-05"],
    requires: { redirects: "visible", requestStreaming: "half-duplex" },
    otherwise: refuses("requestStreaming", "body"),
    origin: [respond(307, [["location", "b"]]), respond(200)],
    perform: call("PUT", "a", () => {
      let made = 0;
      return {
        async *body() {
          made++;
          yield toBytes(`made ${made} `);
          yield toBytes("time(s)");
        },
      };
    }),
    expect: {
      status: 200,
      arrivals: [
        { content: "made 1 time(s)", framing: "chunked" },
        { content: "made 2 time(s)", framing: "chunked" },
      ],
    },
    hint: "check that a function counts as replayable and is called for each exchange",
  }),
  defineCase({
    id: "session/redirect/one-shot-content-may-be-dropped",
    title: "a redirect that drops the content must be followed even if the content was one-shot",
    level: "must",
    spec: ["RFC 9110 §15.4.4"],
    catalogue: ["V-RED-05"],
    requires: { redirects: "visible", requestStreaming: "half-duplex" },
    otherwise: refuses("requestStreaming", "body"),
    origin: [respond(303, [["location", "b"]]), respond(200, [], "done")],
    perform: call(
      "POST",
      "a",
      () => ({ body: oneShot[0]?.[1](), headers: { "content-type": "text/x" } }),
      read.text,
    ),
    expect: {
      status: 200,
      content: "done",
      arrivals: [
        { method: "POST", content: "once" },
        { method: "GET", framing: "none", fields: { "content-type": absent } },
      ],
    },
    hint: "check that only content that has to go along must be replayable",
  }),
  defineCase({
    id: "session/redirect/content-fields-go-with-the-content",
    title: "when the content is dropped, all fields that describe it must be dropped with it",
    level: "must",
    spec: ["RFC 9110 §15.4", "RFC 9110 §8"],
    catalogue: ["V-RED-05"],
    requires: { redirects: "visible" },
    otherwise: followedUnseen({ status: 200 }),
    origin: [respond(302, [["location", "b"]]), respond(200)],
    perform: call("POST", "a", {
      body: "x",
      headers: {
        "content-type": "text/x",
        "content-language": "de",
        "content-encoding": "identity",
        "content-location": "elsewhere",
        "x-other": "stays",
      },
    }),
    expect: {
      status: 200,
      arrivals: [
        { fields: { "content-language": "de" } },
        {
          method: "GET",
          fields: {
            "content-type": absent,
            "content-language": absent,
            "content-encoding": absent,
            "content-location": absent,
            "content-length": absent,
            "transfer-encoding": absent,
            "x-other": "stays",
          },
        },
      ],
    },
    hint: "check that every field whose name begins with content- is dropped",
  }),
];
