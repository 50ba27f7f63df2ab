/* Field lines of requests (RFC 9110 §5): order, spelling and merging, as they arrive. */

import {
  absent,
  call,
  type Case,
  defineCase,
  expects,
  matching,
  oneOf,
  refuses,
  respond,
  satisfying,
} from "../../case.ts";

/** The lines whose names begin with `x-`, exactly these. */
const own = (...wanted: readonly (readonly [string, string])[]): ReturnType<typeof satisfying> =>
  satisfying(`the lines ${JSON.stringify(wanted)}, and no others that begin with x-`, (lines) => {
    const found = (lines as string[][]).filter(([name = ""]) => /^x-/i.test(name));
    return JSON.stringify(found) === JSON.stringify(wanted);
  });

const usual = new Set(["host", "connection", "accept", "user-agent", "accept-encoding"]);

/** Cases of `transport/fields` about requests. */
export const fieldsSentCases: readonly Case[] = [
  defineCase({
    id: "transport/fields/request-order-case-and-duplicates",
    title: "field lines of a request are sent in order, apart, and in the case they were given",
    level: "must",
    spec: ["RFC 9110 §5.2", "RFC 9110 §5.3"],
    requires: { fieldLines: "raw" },
    otherwise: expects({
      status: 200,
      arrivals: [{ fields: { "x-b": "1, 4", "x-a": "2", "x-mixed": "3" } }],
    }),
    origin: [respond(200)],
    perform: call("GET", "a", {
      headers: [
        ["x-b", "1"],
        ["x-a", "2"],
        ["X-MiXed", "3"],
        ["X-B", "4"],
      ],
    }),
    expect: {
      status: 200,
      arrivals: [{ fieldLines: own(["x-b", "1"], ["x-a", "2"], ["X-MiXed", "3"], ["X-B", "4"]) }],
    },
    hint: "check that the library gets a list of lines, not a record",
  }),
  defineCase({
    id: "transport/fields/arrays-repeat-the-line",
    title: "an array gives one field line an item",
    level: "must",
    spec: ["RFC 9110 §5.3"],
    requires: { fieldLines: "raw" },
    otherwise: expects({ status: 200, arrivals: [{ fields: { "x-a": "1, 2, c" } }] }),
    origin: [respond(200)],
    perform: call("GET", "a", { headers: { "x-a": [1, "2", "c"] } }),
    expect: {
      status: 200,
      arrivals: [{ fieldLines: own(["x-a", "1"], ["x-a", "2"], ["x-a", "c"]) }],
    },
    hint: "check that several lines of one name are not joined",
  }),
  defineCase({
    id: "transport/fields/every-kind-of-headers",
    title: "headers may be a record, pairs, a Map or the platform's Headers",
    level: "must",
    origin: [respond(200), respond(200), respond(200), respond(200)],
    perform: [
      call("GET", "a", { headers: { "x-a": "1" } }),
      call("GET", "a", { headers: [["x-a", "1"]] }),
      call("GET", "a", () => ({ headers: new Map([["x-a", "1"]]) })),
      call("GET", "a", () => ({ headers: new Headers({ "x-a": "1" }) })),
    ],
    expect: {
      calls: Array.from({ length: 4 }, () => ({ status: 200 })),
      arrivals: Array.from({ length: 4 }, () => ({ fields: { "x-a": ["1"] } })),
    },
    hint: "check that iterables are read as pairs",
  }),
  defineCase({
    id: "transport/fields/nothing-is-added",
    title:
      "no field is sent beside those that were given, the few defaults, and what routing needs",
    level: "must",
    requires: { addedFields: "none" },
    otherwise: expects({ status: 200, arrivals: [{ fields: { "x-a": "1", cookie: absent } }] }),
    origin: [respond(200)],
    perform: call("GET", "a", { headers: { "x-a": "1" } }),
    expect: {
      status: 200,
      arrivals: [
        {
          fieldLines: satisfying(`no line but x-a and ${[...usual].join(", ")}`, (lines) =>
            (lines as string[][]).every(([name = ""]) => {
              return name === "x-a" || usual.has(name.toLowerCase());
            }),
          ),
        },
      ],
    },
    hint: "check the library's own default headers",
  }),
  defineCase({
    id: "transport/fields/numbers-and-booleans",
    title: "numbers and booleans are sent as text",
    level: "must",
    origin: [respond(200)],
    perform: call("GET", "a", { headers: { "x-a": 0, "x-b": 1.5, "x-c": true, "x-d": false } }),
    expect: {
      status: 200,
      arrivals: [{ fields: { "x-a": "0", "x-b": "1.5", "x-c": "true", "x-d": "false" } }],
    },
    hint: "check that falsy values are not taken for absent ones",
  }),
  defineCase({
    id: "transport/fields/empty-value-is-sent",
    title: "a field with an empty value is sent, not left out",
    level: "must",
    spec: ["RFC 9110 §5.5"],
    origin: [respond(200)],
    perform: call("GET", "a", { headers: { "x-empty": "", "x-blank": "  \t " } }),
    expect: { status: 200, arrivals: [{ fields: { "x-empty": [""], "x-blank": [""] } }] },
    hint: "check that empty strings are not taken for absent values",
  }),
  defineCase({
    id: "transport/fields/surrounding-space-is-trimmed",
    title: "white space around a value must not be sent as part of it; white space within is kept",
    level: "must",
    spec: ["RFC 9110 §5.5"],
    origin: [respond(200)],
    perform: call("GET", "a", { headers: { "x-a": " \t a \t b  c\t " } }),
    expect: {
      status: 200,
      arrivals: [{ head: matching(/\r\nx-a: ?a \t b {2}c\r\n/i), fields: { "x-a": "a \t b  c" } }],
    },
    hint: "check that values are trimmed at their ends alone",
  }),
  defineCase({
    id: "transport/fields/obs-text-is-sent-as-latin-1",
    title: "characters up to U+00FF in a value are sent as one octet each",
    level: "must",
    spec: ["RFC 9110 §5.5"],
    origin: [respond(200)],
    perform: call("GET", "a", { headers: { "x-a": "caf\u00E9 \u00FF\u0080" } }),
    expect: { status: 200, arrivals: [{ fields: { "x-a": "caf\u00E9 \u00FF\u0080" } }] },
    hint: "check that heads are written in Latin-1, not in UTF-8",
  }),
  defineCase({
    id: "transport/fields/call-replaces-session",
    title: "a header of a call replaces all lines of that name of the session, in whatever case",
    level: "must",
    session: {
      headers: [
        ["x-a", "1"],
        ["X-A", "2"],
        ["x-keep", "k"],
      ],
    },
    origin: [respond(200), respond(200)],
    perform: [call("GET", "a", { headers: { "X-a": "3" } }), call("GET", "a")],
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: [
        { fields: { "x-a": "3", "x-keep": "k" } },
        { fields: { "x-a": "1, 2", "x-keep": "k" } },
      ],
    },
    hint: "check that names are compared without case, and defaults are not changed by a call",
  }),
  defineCase({
    id: "transport/fields/null-removes-a-default",
    title: "null removes a header of the session, in whatever case",
    level: "must",
    session: { headers: { "x-a": "1", "x-b": "2" } },
    origin: [respond(200)],
    perform: call("GET", "a", { headers: { "X-A": null, "x-b": undefined, "x-c": "3" } }),
    expect: {
      status: 200,
      arrivals: [{ fields: { "x-a": absent, "x-b": absent, "x-c": "3" } }],
    },
    hint: "check that null is not sent as a word",
  }),
  defineCase({
    id: "transport/fields/own-defaults-can-be-removed",
    title: "null removes even accept, user-agent and accept-encoding",
    level: "must",
    requires: { addedFields: "none" },
    otherwise: expects({ status: 200, arrivals: [{ fields: { "x-a": "1" } }] }),
    origin: [respond(200)],
    perform: call("GET", "a", {
      headers: { accept: null, "user-agent": null, "accept-encoding": null, "x-a": "1" },
    }),
    expect: {
      status: 200,
      arrivals: [
        {
          fields: {
            accept: absent,
            "user-agent": absent,
            "accept-encoding": absent,
            "x-a": "1",
          },
        },
      ],
    },
    hint: "check that the library has no defaults of its own that come back",
  }),
  defineCase({
    id: "transport/fields/defaults",
    title:
      "accept, user-agent and accept-encoding are sent where the caller does not say otherwise",
    level: "should",
    spec: ["RFC 9110 §10.1.5", "RFC 9110 §12.5.3"],
    requires: { addedFields: "none", contentCoding: "raw", forbiddenFields: "none" },
    otherwise: expects({ status: 200, arrivals: [{ fields: { accept: "*/*" } }] }),
    origin: [respond(200)],
    perform: call("GET", "a"),
    expect: {
      status: 200,
      arrivals: [
        {
          fields: {
            accept: ["*/*"],
            "user-agent": ["anyhttp"],
            "accept-encoding": matching(/^(?=.*\bgzip\b)(?=.*\bdeflate\b)[a-z, ]+$/),
          },
        },
      ],
    },
    hint: "check that what is asked for is what the decoders can undo",
  }),
  defineCase({
    id: "transport/fields/caller-replaces-defaults",
    title: "accept, user-agent and accept-encoding of the caller are sent once, and as given",
    level: "must",
    requires: { forbiddenFields: "none" },
    otherwise: refuses("forbiddenFields", 'headers["accept-encoding"]'),
    origin: [respond(200)],
    perform: call("GET", "a", {
      headers: { accept: "text/plain", "user-agent": "mine/1", "Accept-Encoding": "identity" },
    }),
    expect: {
      status: 200,
      arrivals: [
        {
          fields: {
            accept: ["text/plain"],
            "user-agent": ["mine/1"],
            "accept-encoding": ["identity"],
          },
        },
      ],
    },
    hint: "check that the library does not add its own beside them",
  }),
  defineCase({
    id: "transport/fields/no-coding-is-asked-for-without-decompress",
    title: "with decompress: false no content coding is asked for",
    level: "must",
    spec: ["RFC 9110 §12.5.3"],
    requires: { contentCoding: "raw" },
    otherwise: refuses("contentCoding", "decompress"),
    origin: [respond(200)],
    perform: call("GET", "a", { decompress: false }),
    expect: {
      status: 200,
      arrivals: [{ fields: { "accept-encoding": oneOf(undefined, "", "identity") } }],
    },
    hint: "check that accept-encoding follows the option",
  }),
  defineCase({
    id: "transport/fields/host-is-overridden-once",
    title: "a host header of the caller is sent in place of the one that follows from the URL",
    level: "must",
    spec: ["RFC 9110 §7.2", "RFC 9112 §3.2"],
    requires: { forbiddenFields: "none" },
    otherwise: refuses("forbiddenFields", 'headers["host"]'),
    origin: [respond(200)],
    perform: call("GET", "a", { headers: { Host: "virtual.test:81" } }),
    expect: {
      status: 200,
      url: "{main}a",
      arrivals: [{ path: "a", fields: { host: ["virtual.test:81"] } }],
    },
    hint: "check that there is exactly one host field",
  }),
  defineCase({
    id: "transport/fields/cookie-is-sent-as-given",
    title: "a cookie header of the caller is sent as it is",
    level: "must",
    spec: ["RFC 6265 §5.4"],
    requires: { forbiddenFields: "none" },
    otherwise: refuses("forbiddenFields", 'headers["cookie"]'),
    origin: [respond(200)],
    perform: call("GET", "a", { headers: { cookie: "a=1; b=c=d" } }),
    expect: { status: 200, arrivals: [{ fields: { cookie: ["a=1; b=c=d"] } }] },
    hint: "check the capability `forbiddenFields`",
  }),
  defineCase({
    id: "transport/fields/many-request-fields",
    title: "a hundred fields, and a value of 4,000 octets, arrive whole",
    level: "must",
    origin: [respond(200)],
    perform: call("GET", "a", {
      headers: {
        ...Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`x-f${i}`, `v${i}`])),
        "x-long": "0123456789".repeat(400),
      },
    }),
    expect: {
      status: 200,
      arrivals: [{ fields: { "x-f0": "v0", "x-f99": "v99", "x-long": "0123456789".repeat(400) } }],
    },
    hint: "check that the library has no limit on the request head",
  }),
  defineCase({
    id: "transport/fields/request-names-like-object-members",
    title: "headers named like members of objects are sent like any other",
    level: "must",
    catalogue: ["V-PP-01"],
    origin: [respond(200)],
    perform: call("GET", "a", {
      headers: [
        ["__proto__", "1"],
        ["constructor", "2"],
        ["toString", "3"],
      ],
    }),
    expect: {
      status: 200,
      arrivals: [{ fields: { ["__proto__"]: "1", constructor: "2", tostring: "3" } }],
    },
    hint: "check that fields are not kept in objects with a prototype",
  }),
];
