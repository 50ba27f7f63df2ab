/* `toFetch(session)`: what a fetch promises, over whatever transport: requests and their content (ids `session/fetch/…`). */

import {
  absent,
  bytes,
  call,
  type Case,
  type CallOptions,
  chunk,
  defineCase,
  expects,
  type Expectation,
  fetching,
  head,
  lastChunk,
  type Matcher,
  matching,
  oneOf,
  requesting,
  respond,
  respondChunked,
  respondJson,
  satisfying,
  sequence,
  toBytes,
  utf8,
} from "../../case.ts";

const spec = (section: string): readonly string[] => [`WHATWG Fetch ${section}`];
const half = { method: "POST", duplex: "half" };

/** A stream that is not there at once. */
function slowly(...pieces: string[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      const piece = pieces.shift();
      if (piece === undefined) controller.close();
      else controller.enqueue(toBytes(piece));
    },
  });
}

function form(): FormData {
  const made = new FormData();
  made.append("name", "Jack");
  made.append("file", new File(["text"], "a.txt", { type: "text/plain" }));
  return made;
}

interface Kind {
  readonly name: string;
  readonly body: () => unknown;
  readonly sent: string | ReturnType<typeof matching>;
  readonly type: string | typeof absent;
}

// A Request writes it down by itself, and some end it without a line break (RFC 2046 §5.1.1 has none).
const formSent = matching(
  /^--(.+)\r\ncontent-disposition: form-data; name="name"\r\n\r\nJack\r\n--\1\r\n[^]*text\r\n--\1--(?:\r\n)?$/i,
);
const every = bytes(...Array.from({ length: 256 }, (_, index) => index));

const kinds: readonly Kind[] = [
  { name: "text", body: () => "ü", sent: utf8("ü"), type: "text/plain;charset=UTF-8" },
  { name: "bytes", body: () => toBytes(every), sent: every, type: absent },
  { name: "a-buffer", body: () => toBytes(every).buffer, sent: every, type: absent },
  {
    name: "a-blob",
    body: () => new Blob(["x"], { type: "image/png" }),
    sent: "x",
    type: "image/png",
  },
  {
    name: "parameters",
    body: () => new URLSearchParams({ a: "1 2" }),
    sent: "a=1+2",
    type: "application/x-www-form-urlencoded;charset=UTF-8",
  },
  {
    name: "a-form",
    body: form,
    sent: formSent,
    type: matching(/^multipart\/form-data; ?boundary=/),
  },
];

/** The type of a request that says what a Request of this runtime says. */
function toldType(init: CallOptions): Matcher {
  return satisfying("the type that the Request tells", (value) => {
    const { headers } = new Request("https://a.test/", init);
    return (value ?? null) === headers.get("content-type");
  });
}

const kindCases = kinds.flatMap(({ name, body, sent, type }) => {
  const expect: Expectation = {
    status: 200,
    content: "done",
    arrivals: [
      {
        method: "POST",
        framing: "length",
        content: sent,
        complete: true,
        fields: { "content-type": type },
      },
    ],
  };
  const init = (): CallOptions => ({ method: "POST", body: body() });
  return [
    defineCase({
      id: `session/fetch/sends-${name}`,
      title: `fetch must send a body that is ${name.replace("-", " ")} whole, with its type and length`,
      level: "must",
      spec: spec("§5.2"),
      origin: [respond(200, [], "done")],
      perform: fetching("a", init),
      expect,
      hint: "check which content and type toFetch hands over",
    }),
    defineCase({
      id: `session/fetch/sends-${name}-of-a-request`,
      title: `fetch must send the body of a Request that is ${name.replace("-", " ")} with its length`,
      level: "must",
      spec: spec("§5.2"),
      origin: [respond(200, [], "done")],
      perform: requesting("a", init),
      expect: {
        ...expect,
        arrivals: [
          {
            ...(expect.arrivals as readonly object[])[0],
            // Where a Request gives its content away late, it goes chunked.
            framing: oneOf("length", "chunked"),
            // Bun's does not tell the type of text.
            ...(name === "text" && { fields: { "content-type": toldType(init()) } }),
          },
        ],
      },
      hint: "check that what of a Request is there at once is sent whole",
    }),
  ];
});

const typeError = { name: "TypeError" } as const;

/** Mistakes that a fetch refuses before anything is sent. */
const mistakes: readonly (readonly [name: string, what: string, init: CallOptions])[] = [
  ["content-of-get", "content of a GET request", { body: "x" }],
  ["a-forbidden-method", "the method CONNECT", { method: "connect" }],
  ["an-object-as-body", "an object as body", { method: "POST", body: { a: 1 } }],
  ["an-unknown-redirect", "a redirect mode that there is none of", { redirect: "off" }],
  ["a-wrong-header", "a header name with a space", { headers: { "a b": "c" } }],
  ["what-is-only-cached", "content that could only be in a cache", { cache: "only-if-cached" }],
  ["a-dispatcher", "a dispatcher, which is another fetch's", { dispatcher: {} }],
];

const mistakeCases = mistakes.map(([name, what, init]) =>
  defineCase({
    id: `session/fetch/refuses-${name}`,
    title: `fetch must refuse ${what} with a TypeError before anything is sent`,
    level: "must",
    spec: spec("§5.4"),
    origin: [],
    perform: fetching("a", init),
    expect: { error: { ...typeError, message: matching(/^(?!Failed to fetch)/) }, arrivals: [] },
    hint: "check what toFetch looks at before it calls",
  }),
);

/** Cases of `session/fetch` about requests and what comes back. */
export const fetchCases: readonly Case[] = [
  ...kindCases,
  ...mistakeCases,
  defineCase({
    id: "session/fetch/streams-its-content",
    title: "fetch must send a stream as it comes, in the order of its pieces",
    level: "must",
    spec: spec("§5.2"),
    requires: { requestStreaming: "half-duplex" },
    otherwise: expects({
      error: { ...typeError, code: "ERR_UNSUPPORTED", fields: { capability: "requestStreaming" } },
      arrivals: [],
    }),
    origin: [respond(200)],
    perform: fetching("a", () => ({ ...half, body: slowly("one ", "two") })),
    expect: {
      status: 200,
      arrivals: [
        {
          method: "POST",
          framing: "chunked",
          content: "one two",
          fields: { "content-type": absent },
        },
      ],
    },
    hint: "check that a stream is handed over, not read first",
  }),
  defineCase({
    id: "session/fetch/streams-the-content-of-a-request",
    title: "fetch must send all of a Request whose body takes its time",
    level: "must",
    spec: spec("§5.4"),
    origin: [respond(200)],
    perform: requesting("a", () => ({ ...half, body: slowly("one ", "two") })),
    requires: { requestStreaming: "half-duplex" },
    // A runtime that cannot stream makes a text of a stream, or reads it whole.
    otherwise: expects({ status: 200, arrivals: 1 }),
    expect: { status: 200, arrivals: [{ method: "POST", content: "one two", complete: true }] },
    hint: "check that what of a Request is late is not lost",
  }),
  defineCase({
    id: "session/fetch/normalises-methods",
    title: "fetch must send the well-known methods in upper case",
    level: "must",
    spec: spec("§2.2.1"),
    origin: [respond(200), respond(200)],
    perform: [fetching("a", { method: "post" }), fetching("a", { method: "delete" })],
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: [{ method: "POST" }, { method: "DELETE" }],
    },
    hint: "check where methods are normalised",
  }),
  defineCase({
    id: "session/fetch/lays-its-headers-over",
    title: "headers of a fetch must replace those of the session with the same name, and no others",
    level: "must",
    session: { headers: { "x-one": "1", "x-two": "2" } },
    origin: [respond(200)],
    perform: fetching("a", { headers: [["X-Two", "3"]] }),
    expect: { status: 200, arrivals: [{ fields: { "x-one": "1", "x-two": "3" } }] },
    hint: "check how headers are merged",
  }),
  defineCase({
    id: "session/fetch/drops-fields-of-the-connection",
    title: "fetch must drop the fields that only the transport writes, not fail because of them",
    level: "must",
    spec: spec("§2.2.2"),
    origin: [respond(200)],
    perform: fetching("a", {
      method: "POST",
      body: "x",
      headers: { "transfer-encoding": "gzip", upgrade: "h2c", te: "trailers", "x-own": "1" },
    }),
    expect: {
      status: 200,
      arrivals: [{ framing: "length", fields: { "x-own": "1", upgrade: absent, te: absent } }],
    },
    hint: "check which fields toFetch leaves out",
  }),
  defineCase({
    id: "session/fetch/asks-caches-on-the-way",
    title: "a fetch that wants nothing stored must tell caches on the way",
    level: "must",
    spec: spec("§4.5"),
    origin: [respond(200)],
    perform: fetching("a", { cache: "no-store" }),
    expect: {
      status: 200,
      arrivals: [{ fields: { "cache-control": "no-cache", pragma: "no-cache" } }],
    },
    hint: "check what toFetch makes of init.cache",
  }),
  defineCase({
    id: "session/fetch/other-origins-are-refused",
    title: "fetch must not leave the base URL of its session unless that is allowed",
    level: "must",
    doors: { other: { kind: "plain" } },
    origin: [],
    perform: fetching("{other}a"),
    expect: { error: { ...typeError, code: "ERR_INVALID_URL", requestSent: "no" }, arrivals: [] },
    hint: "check that toFetch calls through the session's own checks",
  }),
  defineCase({
    id: "session/fetch/any-status-resolves",
    title: "fetch must resolve whatever the status, with all that the head says",
    level: "must",
    spec: spec("§5.6"),
    origin: [respond(404, [["x-own", "1"]], "no such thing"), respond(503, [], "busy")],
    perform: [fetching("a"), fetching("b#top")],
    expect: {
      calls: [
        {
          status: 404,
          statusText: "Not Found",
          ok: false,
          url: "{main}a",
          redirected: false,
          headers: { "x-own": "1", "content-length": "13" },
          content: "no such thing",
        },
        { status: 503, url: "{main}b", content: "busy" },
      ],
    },
    hint: "check that throwHttpErrors is off, and what the Response is made of",
  }),
  defineCase({
    id: "session/fetch/set-cookie-lines-stay-apart",
    title: "a Response must tell each set-cookie line by itself",
    level: "must",
    spec: spec("§5.1"),
    requires: { setCookie: "visible" },
    otherwise: expects({ status: 200, content: [] }),
    origin: [
      respond(200, [
        ["set-cookie", "a=1; Expires=Wed, 01 Jan 2031 00:00:00 GMT"],
        ["set-cookie", "b=2"],
      ]),
    ],
    perform: fetching("a", {}, ({ headers }) => Promise.resolve(headers.getSetCookie())),
    expect: { status: 200, content: ["a=1; Expires=Wed, 01 Jan 2031 00:00:00 GMT", "b=2"] },
    hint: "check that field lines are appended, not set",
  }),
  ...[204, 205, 304].map((status) =>
    defineCase({
      id: `session/fetch/status-${status}-has-no-body`,
      title: `a Response of status ${status} must have null as its body and free its connection`,
      level: "must",
      spec: spec("§2.2.3"),
      origin: [respond(status), respond(200, [], "next")],
      perform: [fetching("a", {}, ({ body }) => Promise.resolve(body)), fetching("b")],
      session: { limits: { concurrency: 1 } },
      expect: {
        calls: [
          { status, content: null },
          { status: 200, content: "next" },
        ],
      },
      hint: "check the statuses that have no body",
    }),
  ),
  defineCase({
    id: "session/fetch/head-has-no-body",
    title: "the Response to a HEAD request must have null as its body, and its fields",
    level: "must",
    spec: spec("§4.1"),
    origin: [respond(200, [["content-length", "5"]], "hello"), respond(200, [], "next")],
    session: { limits: { concurrency: 1 } },
    perform: [
      fetching("a", { method: "HEAD" }, ({ body }) => Promise.resolve(body)),
      fetching("b"),
    ],
    expect: {
      calls: [
        { status: 200, headers: { "content-length": "5" }, content: null },
        { status: 200, content: "next" },
      ],
    },
    hint: "check that a HEAD request leaves nothing to read",
  }),
  defineCase({
    id: "session/fetch/an-odd-status-is-told",
    title: "a status that the constructor of Response refuses must be told as it is",
    level: "must",
    origin: [respond(799, [], "odd", { reason: "Odd" })],
    perform: fetching("a", {}, async (response) => [
      response.clone().status,
      await response.text(),
    ]),
    expect: { status: 799, ok: false, content: [799, "odd"] },
    hint: "check what happens to statuses of 600 and above",
  }),
  defineCase({
    id: "session/fetch/reads-json",
    title: "the content of a Response must be read as JSON",
    level: "must",
    origin: [respondJson({ a: [1, "ü"] })],
    perform: fetching("a", {}, "json"),
    expect: { status: 200, content: { a: [1, "ü"] } },
    hint: "check the stream of the Response",
  }),
  defineCase({
    id: "session/fetch/reads-a-form",
    title: "the content of a Response must be read as a form, by its type",
    level: "must",
    origin: [respond(200, [["content-type", "application/x-www-form-urlencoded"]], "a=1&b=%C3%BC")],
    perform: fetching("a", {}, "formData"),
    expect: {
      status: 200,
      content: [
        ["a", "1"],
        ["b", "ü"],
      ],
    },
    hint: "check that the Response has the content type",
  }),
  defineCase({
    id: "session/fetch/streams-what-comes",
    title: "the body of a Response must give its pieces in order",
    level: "must",
    origin: [respondChunked(200, [], ["one ", every, " three"])],
    perform: fetching("a", {}, "pieces"),
    expect: { status: 200, content: `one ${every} three` },
    hint: "check the stream of the Response",
  }),
  defineCase({
    id: "session/fetch/clones",
    title: "both a Response and its clone must give all of the content",
    level: "must",
    spec: spec("§5.5"),
    origin: [respondChunked(200, [], ["one ", "two"])],
    perform: fetching("a", {}, async (response) => {
      const clone = response.clone();
      return [await response.text(), await clone.text(), clone.url === response.url];
    }),
    expect: { status: 200, content: ["one two", "one two", true] },
    hint: "check what a clone keeps",
  }),
  defineCase({
    id: "session/fetch/memory-is-not-shared",
    title: "pieces that a reader takes away must not take other pieces along",
    level: "must",
    origin: [
      sequence(
        head(200, [["transfer-encoding", "chunked"]]),
        ...Array.from({ length: 9 }, () => chunk("abc")),
        lastChunk(),
      ),
    ],
    perform: fetching("a", {}, async ({ body }) => {
      const reader = (body as ReadableStream<Uint8Array<ArrayBuffer>> | null)?.getReader();
      const pieces: Uint8Array[] = [];
      for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
        // What is transferred is gone for whoever shares its memory.
        pieces.push(structuredClone(next.value, { transfer: [next.value.buffer] }));
      }
      return pieces.map((piece) => new TextDecoder().decode(piece)).join("");
    }),
    expect: { status: 200, content: "abc".repeat(9) },
    hint: "check that views of shared memory are copied",
  }),
  defineCase({
    id: "session/fetch/goes-with-other-calls",
    title: "calls of a session and of its fetch must share its slots",
    level: "must",
    session: { limits: { concurrency: 1 } },
    origin: [respond(200, [], "one"), respond(200, [], "two"), respond(200, [], "three")],
    perform: [call("GET", "a"), fetching("b"), call("GET", "c")],
    expect: {
      calls: [
        { status: 200, content: "one" },
        { status: 200, content: "two" },
        { status: 200, content: "three" },
      ],
    },
    hint: "check that content which was read gives its slot back",
  }),
];
