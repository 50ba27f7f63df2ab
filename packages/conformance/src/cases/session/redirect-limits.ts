/* How many redirects are followed, what is told of them, and what `redirect: false` gives. */

import {
  absent,
  always,
  between,
  call,
  type Case,
  defineCase,
  expects,
  matching,
  present,
  refuses,
  respond,
} from "../../case.ts";
import { followedUnseen } from "./redirect-unseen.ts";

const hop = (to: string, status = 302) => respond(status, [["location", to]]);

/** Cases of `session/redirect` about limits, history and `redirect: false`. */
export const redirectLimitCases: readonly Case[] = [
  defineCase({
    id: "session/redirect/loop-ends-after-ten",
    title: "a loop must end with an error after ten redirects",
    level: "must",
    catalogue: ["V-DOS-05"],
    spec: ["RFC 9110 §15.4"],
    requires: { redirects: "visible" },
    otherwise: expects({ error: { name: present }, arrivals: present }),
    origin: [always(hop("a"))],
    perform: call("GET", "a"),
    expect: {
      status: 302,
      url: "{main}a",
      error: {
        name: "RedirectError",
        code: "ERR_REDIRECT_LIMIT",
        phase: "redirect",
        requestSent: "yes",
        message: matching(/more than 10 redirects/),
      },
      arrivals: between(11, 11),
    },
    hint: "check that redirects are counted per call, and that the first request is none",
  }),
  defineCase({
    id: "session/redirect/max-is-the-number-followed",
    title: "redirect.max redirects must be followed",
    level: "must",
    catalogue: ["V-DOS-05"],
    requires: { redirects: "visible" },
    otherwise: refuses("redirects", "redirect"),
    origin: [hop("b"), hop("c"), respond(200, [], "done")],
    perform: call("GET", "a", { redirect: { max: 2 } }),
    expect: { status: 200, content: "done", url: "{main}c" },
    hint: "check the comparison with redirect.max for being off by one",
  }),
  defineCase({
    id: "session/redirect/one-more-than-max",
    title: "one redirect more than redirect.max must be an error",
    level: "must",
    catalogue: ["V-DOS-05", "V-RED-07"],
    requires: { redirects: "visible" },
    otherwise: refuses("redirects", "redirect"),
    origin: [hop("b"), hop("c"), hop("d")],
    perform: call("GET", "a", { redirect: { max: 2 } }),
    expect: {
      status: 302,
      url: "{main}c",
      error: { code: "ERR_REDIRECT_LIMIT", message: matching(/more than 2 redirects/) },
    },
    hint: "check the comparison with redirect.max for being off by one",
  }),
  defineCase({
    id: "session/redirect/max-zero",
    title: "with redirect.max 0 the first redirect must be an error",
    level: "must",
    catalogue: ["V-RED-07"],
    requires: { redirects: "visible" },
    otherwise: refuses("redirects", "redirect"),
    session: { redirect: { max: 0 } },
    origin: [hop("b")],
    perform: call("GET", "a"),
    expect: { status: 302, error: { name: "RedirectError", code: "ERR_REDIRECT_LIMIT" } },
    hint: "check that 0 is not taken for nothing said",
  }),
  defineCase({
    id: "session/redirect/false-hands-the-response-over",
    title: "with redirect: false a redirect must be handed over with its location and content",
    level: "must",
    requires: { redirects: "visible" },
    otherwise: refuses("redirects", "redirect"),
    origin: [respond(302, [["location", "b"]], "moved")],
    perform: call("GET", "a", { redirect: false }),
    expect: {
      status: 302,
      content: "moved",
      url: "{main}a",
      redirected: false,
      history: [],
      headers: { location: "b" },
    },
    hint: "check that the transport itself does not follow redirects",
  }),
  defineCase({
    id: "session/redirect/follow-false-of-the-session",
    title: "a session's redirect.follow false must hold unless a call says otherwise",
    level: "must",
    catalogue: ["V-RED-07"],
    requires: { redirects: "visible" },
    otherwise: expects(
      { calls: [{ error: { name: "UnsupportedError", requestSent: "no" } }, { status: 200 }] },
      { origin: [hop("c"), respond(200)] },
    ),
    session: { redirect: { follow: false } },
    origin: [hop("b", 307), hop("c"), respond(200)],
    perform: [call("GET", "a"), call("GET", "b", { redirect: true })],
    expect: {
      calls: [
        { status: 307, redirected: false },
        { status: 200, redirected: true, url: "{main}c" },
      ],
      arrivals: [{ path: "a" }, { path: "b" }, { path: "c" }],
    },
    hint: "check how redirect is merged field by field",
  }),
  defineCase({
    id: "session/redirect/history-is-kept",
    title: "the history must hold status and URL of each redirect, oldest first",
    level: "must",
    catalogue: ["V-RED-07"],
    requires: { redirects: "visible" },
    otherwise: followedUnseen({ status: 200 }),
    origin: [hop("b?x=1", 301), hop("c", 307), hop("d", 308), respond(200)],
    perform: call("GET", "a"),
    expect: {
      status: 200,
      url: "{main}d",
      redirected: true,
      history: [
        { status: 301, url: "{main}a" },
        { status: 307, url: "{main}b?x=1" },
        { status: 308, url: "{main}c" },
      ],
    },
    hint: "check that each hop is added once, with the URL that answered it",
  }),
  defineCase({
    id: "session/redirect/history-has-the-fields",
    title: "the history must hold the fields of each redirect, set-cookie lines apart",
    level: "must",
    requires: { redirects: "visible", setCookie: "visible" },
    otherwise: followedUnseen({ status: 200 }),
    origin: [
      respond(302, [
        ["location", "b"],
        ["set-cookie", "a=1"],
        ["set-cookie", "b=2"],
      ]),
      respond(200),
      respond(200),
    ],
    async perform(kit) {
      const response = await kit.within(5000, kit.session.get("a"), "the response");
      const [first] = response.history;
      kit.note("location", first?.headers.get("location"));
      kit.note("cookies", first?.headers.getSetCookie());
      return kit.call(call("GET", "c"));
    },
    expect: {
      status: 200,
      facts: { location: "b", cookies: ["a=1", "b=2"] },
      arrivals: 3,
    },
    hint: "check that a hop keeps the headers of its response",
  }),
  defineCase({
    id: "session/redirect/none-leaves-no-history",
    title: "a response without redirects must have an empty history",
    level: "must",
    origin: [respond(200, [["location", "elsewhere"]])],
    perform: call("GET", "a"),
    expect: { status: 200, url: "{main}a", redirected: false, history: [] },
    hint: "check what history and redirected are without redirects",
  }),
  defineCase({
    id: "session/redirect/same-origin-keeps-fields",
    title: "a redirect within the origin must keep the caller's fields",
    level: "must",
    catalogue: ["V-RED-01"],
    requires: { redirects: "visible" },
    otherwise: followedUnseen({ status: 200 }),
    origin: [hop("b"), respond(200)],
    perform: call("GET", "a", {
      headers: { authorization: "Bearer secret", "x-custom": "1", accept: "text/x" },
    }),
    expect: {
      status: 200,
      arrivals: [
        { fields: { authorization: "Bearer secret" } },
        {
          fields: {
            authorization: "Bearer secret",
            "x-custom": "1",
            accept: "text/x",
            "content-length": absent,
          },
        },
      ],
    },
    hint: "check that fields are dropped across origins only",
  }),
];
