/* The error tree (DESIGN §6): a closed set, told in one form, without secrets, and never left to surface by itself. */

import {
  always,
  atMost,
  call,
  type Case,
  close,
  containing,
  content,
  defineCase,
  expects,
  filler,
  greeting,
  head,
  lacking,
  matching,
  oneOf,
  present,
  raw,
  refused,
  reset,
  respond,
  secure,
  sequence,
  stall,
  truncate,
} from "../../case.ts";

const other = { allowOtherOrigins: true };

/** Cases of `session/errors` about the tree. */
export const errorTreeCases: readonly Case[] = [
  defineCase({
    id: "session/errors/closed-set",
    title: "whatever goes wrong must reject with an HttpError",
    level: "must",
    session: other,
    doors: {
      gone: refused(),
      rude: greeting(reset()),
      silent: greeting(close()),
      expired: secure("expired"),
    },
    origin: {
      // What arrives at a door that has closed already.
      a: [always(stall())],
      reset: [reset()],
      closed: [close()],
      garbage: [sequence(raw("this is not HTTP\r\n\r\n"), close())],
      head: [sequence(raw("HTTP/1.1 200 OK\r\ncontent-le"), close())],
      short: [truncate(200, 10, "12345")],
      chunk: [sequence(head(200, [["transfer-encoding", "chunked"]]), content("zz\r\n"), close())],
      stalled: [stall()],
      json: [respond(200, [], "{")],
      status: [respond(500)],
    },
    perform: [
      call("GET", "{gone}a"),
      call("GET", "{rude}a"),
      call("GET", "{silent}a"),
      call("GET", "{expired}a"),
      call("POST", "reset", { body: "x" }),
      call("POST", "closed", { body: "x" }),
      call("GET", "garbage"),
      call("GET", "head", { timeout: 5000 }),
      call("GET", "short"),
      call("GET", "chunk"),
      call("GET", "stalled", { timeout: 200 }),
      call("GET", "json", {}, "json"),
      call("GET", "status"),
    ],
    expect: {
      calls: Array.from({ length: 13 }, () => ({
        error: {
          name: matching(/Error$/),
          code: matching(/^ERR_[A-Z_]+$/),
          phase: oneOf("connect", "write", "response", "read", "total", "parse"),
          requestSent: oneOf("no", "maybe", "yes"),
          attempt: 1,
          message: matching(/^(GET|POST) \S+: .+ \(ERR_[A-Z_]+\)\. /),
        },
      })),
      arrivals: present,
    },
    hint: "check which errors of the library reach the caller as they are",
  }),
  defineCase({
    id: "session/errors/one-form-of-message",
    title: "a message must name the method, the URL, what failed, the code and a remedy",
    level: "must",
    session: other,
    doors: { gone: refused() },
    origin: [],
    requires: { failureDetail: "phased" },
    otherwise: expects({ error: { message: matching(/^DELETE \S+a\?b=c: .+ \(ERR_\w+\)\. \S/) } }),
    perform: call("DELETE", "{gone}a?b=c"),
    expect: {
      error: {
        name: "ConnectError",
        code: "ERR_CONNECT_REFUSED",
        phase: "connect",
        requestSent: "no",
        retryable: true,
        message: matching(/^DELETE \{gone\}a\?b=c: .+ \(ERR_CONNECT_REFUSED\)\. \S/),
        cause: present,
      },
      arrivals: [],
    },
    hint: "check that errors of the transport are attributed to the request",
  }),
  defineCase({
    id: "session/errors/no-secrets-of-the-request",
    title: "neither message nor toJSON must tell credentials of the request",
    level: "must",
    catalogue: ["V-XS-02"],
    origin: [respond(500, [["set-cookie", "sid=hidden-1"]], "content hidden-2")],
    async perform(kit) {
      const seen = await kit.call(
        call("POST", "a?api_key=hidden-3&page=1&access_token=hidden-4#hidden-5", {
          headers: { authorization: "Bearer hidden-6", "x-api-key": "hidden-7" },
          json: { password: "hidden-8" },
        }),
      );
      kit.note("json", JSON.stringify(seen.error?.error));
      kit.note("text", String(seen.error?.error));
      return seen;
    },
    expect: {
      error: { code: "ERR_STATUS", message: lacking("hidden") },
      facts: { json: lacking("hidden"), text: matching(/page=1/) },
    },
    hint: "check what is redacted from URLs, and what toJSON holds",
  }),
  defineCase({
    id: "session/errors/no-secrets-of-a-wrong-url",
    title: "an error about a URL must not tell the credentials in it",
    level: "must",
    catalogue: ["V-XS-02"],
    origin: [respond(200)],
    async perform(kit) {
      const { host } = new URL(kit.urls["main"] ?? "");
      const seen = [
        await kit.call(call("GET", `http://user:hidden@${host}/a`)),
        await kit.call(call("GET", "http://user:hidden@:bad/a")),
        await kit.call(call("GET", "ftp://user:hidden@host/a")),
        await kit.call(call("GET", `http:\\\\user:hidden@${host}/a`)),
        await kit.call(call("GET", ` ht\ntp://user:hidden@${host}/a`)),
      ];
      kit.note("json", JSON.stringify(seen.map(({ error }) => error?.error)));
      return [...seen, await kit.call(call("GET", "right"))];
    },
    expect: {
      calls: [
        ...Array.from({ length: 5 }, () => ({
          error: {
            name: "InvalidRequestError",
            code: "ERR_INVALID_URL",
            requestSent: "no",
            message: lacking("hidden"),
          },
        })),
        { status: 200 },
      ],
      facts: { json: lacking("hidden") },
      arrivals: [{ path: "right" }],
    },
    hint: "check that a URL that cannot be parsed is redacted too",
  }),
  defineCase({
    id: "session/errors/bounded",
    title: "message and toJSON must be bounded however long the URL is",
    level: "must",
    origin: [respond(404, [], filler(100_000))],
    async perform(kit) {
      const seen = await kit.call(call("GET", `a?${filler(6000)}`));
      kit.check(seen.error !== undefined, "an error");
      kit.note("message", seen.error?.message.length);
      kit.note("json", JSON.stringify(seen.error?.error).length);
      return seen;
    },
    expect: {
      error: { code: "ERR_STATUS" },
      facts: { message: atMost(2000), json: atMost(4000) },
    },
    hint: "check that texts are cut",
  }),
  defineCase({
    id: "session/errors/to-json",
    title: "toJSON must tell name, code, phase, requestSent and the request",
    level: "must",
    origin: [respond(404)],
    async perform(kit) {
      const seen = await kit.call(call("GET", "a"));
      kit.check(seen.error !== undefined, "an error");
      const told = JSON.parse(JSON.stringify(seen.error?.error)) as Record<string, unknown>;
      for (const key of ["name", "code", "phase", "requestSent", "retryable", "attempt"]) {
        kit.note(key, told[key]);
      }
      kit.note("request", told["request"]);
      return seen;
    },
    expect: {
      error: { code: "ERR_STATUS" },
      facts: {
        name: "StatusError",
        code: "ERR_STATUS",
        phase: "response",
        requestSent: "yes",
        retryable: false,
        attempt: 1,
        request: { method: "GET", url: "{main}a" },
      },
    },
    hint: "check what toJSON holds",
  }),
  defineCase({
    id: "session/errors/nobody-awaits",
    title: "a call that fails while nobody awaits it must fail in silence",
    level: "must",
    catalogue: ["V-LK-02"],
    session: other,
    doors: { gone: refused() },
    origin: [truncate(200, 10, "12345"), respond(500), respond(200, [], "next")],
    async perform(kit) {
      void kit.session.get(`${kit.urls["gone"]}a`);
      void kit.session.get("a", { timeout: -1 });
      const unread = await kit.within(5000, kit.session.get("a"), "the head");
      void kit.session.get("b");
      await kit.origin.arrived(2);
      const seen = await kit.call(call("GET", "c"));
      await kit.within(5000, unread.trailers, "the content to end");
      return seen;
    },
    expect: { status: 200, content: "next" },
    hint: "check that each promise that may reject has somebody who handles it",
  }),
  defineCase({
    id: "session/errors/content-can-be-read-once",
    title: "content that is read a second time must reject with ERR_CONTENT_USED",
    level: "must",
    origin: [respond(200, [], "once")],
    async perform(kit) {
      const response = await kit.within(5000, kit.session.get("a"), "the head");
      const again = () => Promise.resolve(response) as ReturnType<typeof kit.session.get>;
      return [await kit.observe(again, "text"), await kit.observe(again, "bytes")];
    },
    expect: {
      calls: [
        { status: 200, content: "once" },
        { error: { name: "ContentError", code: "ERR_CONTENT_USED" } },
      ],
    },
    hint: "check that a second reader is told so, rather than given nothing",
  }),
  defineCase({
    id: "session/errors/bad-json",
    title: "content that is not JSON must reject json() with a ParseError that has a cause",
    level: "must",
    spec: ["RFC 8259 §2"],
    origin: [respond(200, [], "<html>"), respond(204)],
    perform: [call("GET", "a", {}, "json"), call("GET", "b", {}, "json")],
    expect: {
      calls: [
        {
          error: {
            name: "ParseError",
            code: "ERR_PARSE_JSON",
            phase: "parse",
            requestSent: "yes",
            cause: containing("SyntaxError"),
            fields: { issues: [] },
          },
        },
        { status: 204, error: { code: "ERR_PARSE_JSON", message: containing("empty") } },
      ],
    },
    hint: "check that errors of the parser do not escape",
  }),
];
