/* What becomes of the content of a redirect itself, and of the status at the end of redirects. */

import {
  afterContent,
  atMost,
  call,
  type Case,
  content,
  defineCase,
  filler,
  head,
  matching,
  oneOf,
  respond,
  sequence,
  stall,
} from "../../case.ts";
import { followedUnseen } from "./redirect-unseen.ts";

/** Cases of `session/redirect` about the redirect responses themselves. */
export const redirectResponseCases: readonly Case[] = [
  defineCase({
    id: "session/redirect/its-own-content-is-discarded",
    title: "the content of a redirect should be taken off the connection so that it serves again",
    level: "should",
    spec: ["RFC 9112 §9.3"],
    // Which connection a platform takes is its own business.
    requires: { redirects: "visible", connectionInfo: "exposed" },
    otherwise: followedUnseen({ status: 200, content: "done" }),
    origin: [
      respond(302, [["location", "b"]], "<p>Moved</p>"),
      respond(307, [["location", "c"]], "<p>Moved again</p>"),
      respond(200, [], "done"),
    ],
    perform: call("GET", "a"),
    expect: { status: 200, content: "done", arrivals: 3, connections: 1 },
    hint: "check that a redirect's content is read away rather than its connection closed",
  }),
  defineCase({
    id: "session/redirect/its-own-content-is-not-waited-for",
    title:
      "content of a redirect that never ends must not hold up the request that follows for long",
    level: "must",
    spec: ["RFC 9110 §15.4"],
    requires: { redirects: "visible" },
    otherwise: followedUnseen({ status: 200, content: "done" }),
    origin: [
      sequence(
        afterContent(),
        head(302, [
          ["location", "b"],
          ["content-length", "1000000"],
        ]),
        content(filler(1000)),
        stall(),
      ),
      respond(200, [], "done"),
    ],
    perform: call("GET", "a"),
    expect: { status: 200, content: "done", arrivals: 2, after: atMost(2000) },
    hint: "check that the content of a redirect is given up after a moment",
  }),
  defineCase({
    id: "session/redirect/an-error-status-at-its-end",
    title: "an error status at the end of redirects must reject with the URL that answered",
    level: "must",
    requires: { redirects: "visible" },
    otherwise: followedUnseen({ error: { name: "StatusError" } }),
    origin: [respond(301, [["location", "b"]]), respond(404, [], "not here")],
    perform: call("GET", "a"),
    expect: {
      status: 404,
      url: "{main}b",
      history: [{ status: 301, url: "{main}a" }],
      error: { code: "ERR_STATUS", message: matching(/answered 404/), fields: { status: 404 } },
      arrivals: 2,
      connections: oneOf(1, 2),
    },
    hint: "check that the history is set before the status is judged",
  }),
];
