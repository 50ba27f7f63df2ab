/* Request methods (RFC 9110 §9): which arrive, how they are spelt, and which are refused. */

import {
  absent,
  call,
  type Case,
  defineCase,
  type Observation,
  read,
  refuses,
  respond,
} from "../../case.ts";

const unframed = { "content-length": absent, "transfer-encoding": absent, "content-type": absent };

const bare: readonly Case[] = ["GET", "HEAD", "OPTIONS", "DELETE"].map((method) =>
  defineCase({
    id: `transport/method/${method.toLowerCase()}-without-content`,
    title: `${method} without content is sent without any framing of content`,
    level: "must",
    spec: ["RFC 9110 §9.3", "RFC 9110 §8.6"],
    origin: [respond(200, [], "ok")],
    perform: call(method, "a"),
    expect: {
      status: 200,
      content: method === "HEAD" ? "" : "ok",
      arrivals: [{ method, path: "a", version: "1.1", framing: "none", fields: unframed }],
    },
    hint: "check that the library is told that there is no content, not that it is empty",
  }),
);

const carrying: readonly Case[] = ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"].map((method) =>
  defineCase({
    id: `transport/method/${method.toLowerCase()}-carries-content`,
    title: `${method} carries content with its exact length`,
    level: "must",
    spec: ["RFC 9110 §9.3", "RFC 9112 §6.2"],
    origin: [respond(200, [], "ok")],
    perform: call(method, "a", { body: "some content" }),
    expect: {
      status: 200,
      content: "ok",
      arrivals: [{ method, path: "a", framing: "length", content: "some content", complete: true }],
    },
    hint: "check that no method is taken for one that has no content",
  }),
);

const empty: readonly Case[] = ["POST", "PUT"].map((method) =>
  defineCase({
    id: `transport/method/${method.toLowerCase()}-without-content-says-so`,
    title: `${method} without content should be sent with content-length: 0`,
    level: "should",
    spec: ["RFC 9110 §8.6"],
    origin: [respond(200)],
    perform: call(method, "a"),
    expect: {
      status: 200,
      arrivals: [{ method, content: "", fields: { "content-length": "0" } }],
    },
    hint: "check that the absence of content is said where the method gives content a meaning",
  }),
);

/** Cases of `transport/method`. */
export const methodCases: readonly Case[] = [
  ...bare,
  ...carrying,
  ...empty,
  defineCase({
    id: "transport/method/shortcuts-name-their-methods",
    title: "each shortcut of a session sends the method that it is named after",
    level: "must",
    origin: [200, 200, 200, 200, 200, 200, 200].map((status) => respond(status)),
    async perform(kit) {
      const { session } = kit;
      const shortcuts = [
        () => session.get("get"),
        () => session.head("head"),
        () => session.options("options"),
        () => session.post("post"),
        () => session.put("put"),
        () => session.patch("patch"),
        () => session.delete("delete"),
      ];
      const seen: Observation[] = [];
      for (const shortcut of shortcuts) seen.push(await kit.observe(shortcut));
      return seen;
    },
    expect: {
      calls: Array.from({ length: 7 }, () => ({ status: 200 })),
      arrivals: ["get", "head", "options", "post", "put", "patch", "delete"].map((name) => ({
        method: name.toUpperCase(),
        path: name,
      })),
    },
    hint: "check that the method reaches the library as given",
  }),
  defineCase({
    id: "transport/method/known-names-are-upper-cased",
    title: "well-known methods are sent in upper case, PATCH among them",
    level: "must",
    spec: ["RFC 9110 §9.1"],
    origin: [respond(200), respond(200), respond(200)],
    perform: [call("get", "a"), call("patch", "a", { body: "x" }), call("Delete", "a")],
    expect: {
      calls: [{ status: 200 }, { status: 200 }, { status: 200 }],
      arrivals: [{ method: "GET" }, { method: "PATCH", content: "x" }, { method: "DELETE" }],
    },
    hint: "check that PATCH is upper-cased too, which Fetch leaves out",
  }),
  defineCase({
    id: "transport/method/unknown-names-keep-their-case",
    title: "a method that is not well known must be sent in the case it was given",
    level: "must",
    spec: ["RFC 9110 §9.1"],
    origin: [respond(200), respond(200)],
    perform: [call("Purge", "a"), call("report", "a")],
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: [{ method: "Purge" }, { method: "report" }],
    },
    hint: "check that the library does not upper-case methods by itself",
  }),
  defineCase({
    id: "transport/method/any-token-is-a-method",
    title: "a method may be any token, with every character that tokens allow",
    level: "must",
    spec: ["RFC 9110 §9.1", "RFC 9110 §5.6.2"],
    origin: [respond(200), respond(200)],
    perform: [call("PROPFIND", "a"), call("M-SEARCH!#$%&'*+.^_`|~9", "a")],
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: [
        { method: "PROPFIND", content: "" },
        { method: "M-SEARCH!#$%&'*+.^_`|~9", content: "", fields: unframed },
      ],
    },
    hint: "check that the library has no list of methods, and frames no content for those it does not know",
  }),
  defineCase({
    id: "transport/method/unknown-method-carries-content",
    title: "a method that is not well known carries content like any other",
    level: "must",
    spec: ["RFC 9110 §9.1"],
    origin: [respond(200)],
    perform: call("REPORT", "a", { body: "some content" }),
    expect: {
      status: 200,
      arrivals: [{ method: "REPORT", framing: "length", content: "some content" }],
    },
    hint: "check that the content is framed by its length, whatever the method",
  }),
  defineCase({
    id: "transport/method/trace",
    title: "TRACE is sent without content",
    level: "must",
    spec: ["RFC 9110 §9.3.8"],
    requires: { methods: "any" },
    otherwise: refuses("methods", "method"),
    origin: [respond(200, [["content-type", "message/http"]], "TRACE")],
    perform: call("TRACE", "a"),
    expect: { status: 200, content: "TRACE", arrivals: [{ method: "TRACE", framing: "none" }] },
    hint: "check the capability `methods`: Fetch forbids TRACE",
  }),
  defineCase({
    id: "transport/method/get-with-content",
    title: "content of a GET request is sent, framed by its length",
    level: "may",
    spec: ["RFC 9110 §9.3.1"],
    requires: { getContent: "sent" },
    otherwise: refuses("getContent", "body"),
    origin: [respond(200)],
    perform: call("GET", "a", { body: "query" }),
    expect: {
      status: 200,
      arrivals: [{ method: "GET", framing: "length", content: "query", complete: true }],
    },
    hint: "check that content is neither dropped in silence nor sent without framing",
  }),
  defineCase({
    id: "transport/method/head-with-content",
    title: "content of a HEAD request is sent, framed by its length",
    level: "may",
    spec: ["RFC 9110 §9.3.2"],
    requires: { getContent: "sent" },
    otherwise: refuses("getContent", "body"),
    origin: [respond(200)],
    perform: call("HEAD", "a", { body: "query" }),
    expect: {
      status: 200,
      content: "",
      arrivals: [{ method: "HEAD", framing: "length", content: "query", complete: true }],
    },
    hint: "check that content is neither dropped in silence nor sent without framing",
  }),
  defineCase({
    id: "transport/method/content-of-get-is-not-the-next-request",
    title: "content of a GET request must not be taken for a request of its own",
    level: "must",
    spec: ["RFC 9112 §6.3"],
    catalogue: ["V-SMG-03"],
    requires: { getContent: "sent" },
    otherwise: refuses("getContent", "body"),
    origin: [respond(200)],
    perform: call("GET", "a", { body: "GET /smuggled HTTP/1.1\r\nhost: a\r\n\r\n" }, read.text),
    expect: {
      status: 200,
      arrivals: [{ method: "GET", path: "a", framing: "length", contentLength: 35 }],
    },
    hint: "check that content-length is sent with methods that rarely have content",
  }),
  defineCase({
    id: "transport/method/connect-is-refused",
    title: "CONNECT is refused in any case of letters, because a tunnel is no exchange",
    level: "must",
    spec: ["RFC 9110 §9.3.6"],
    origin: [],
    perform: [call("CONNECT", "a"), call("connect", "a")],
    expect: {
      calls: [
        { error: { name: "InvalidRequestError", code: "ERR_INVALID_METHOD", requestSent: "no" } },
        { error: { name: "InvalidRequestError", code: "ERR_INVALID_METHOD", requestSent: "no" } },
      ],
      connections: 0,
    },
    hint: "check that methods are looked at before anything is sent",
  }),
  defineCase({
    id: "transport/method/only-tokens-are-methods",
    title: "a method that is not a token is refused before anything is sent",
    level: "must",
    spec: ["RFC 9110 §9.1", "RFC 9110 §5.6.2"],
    catalogue: ["V-INJ-02"],
    origin: [],
    perform: [
      "",
      "GE T",
      "GET /x HTTP/1.1\r\nx-injected: 1\r\n\r\nGET",
      "GÉT",
      "GET\0",
      "GET:",
    ].map((method) => call(method, "a")),
    expect: {
      calls: Array.from({ length: 6 }, () => ({
        error: { name: "InvalidRequestError", code: "ERR_INVALID_METHOD", phase: "prepare" },
      })),
      connections: 0,
    },
    hint: "check that no part of the request line can be written through the method",
  }),
];
