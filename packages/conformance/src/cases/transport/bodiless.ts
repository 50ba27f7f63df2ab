/* Responses that have no content whatever their fields say, and those before the final one (ids `transport/framing/…`). */

import { absent, call, type Case, defineCase, head, raw, respond, sequence } from "../../case.ts";
import { upgraded } from "./degraded.ts";
import { brokenOff } from "./sources.ts";

/** A case in which a response has no content, and the next call gets the response to itself. */
function bodiless(
  id: string,
  title: string,
  spec: string,
  status: number,
  response: ReturnType<typeof head>,
  method = "GET",
): Case {
  return defineCase({
    id: `transport/framing/${id}`,
    title,
    level: "must",
    spec: [spec, "RFC 9112 §6.3"],
    catalogue: ["V-RSP-06"],
    origin: [response, respond(200, [], "next")],
    perform: [call(method, "a"), call("GET", "b")],
    expect: {
      calls: [
        { status, content: "" },
        { status: 200, content: "next" },
      ],
    },
    hint: "check that the end of such a head is the end of the response",
  });
}

/** Cases of `transport/framing` about responses without content. */
export const bodilessCases: readonly Case[] = [
  bodiless(
    "head-with-content-length",
    "a response to HEAD has no content, whatever its content-length says",
    "RFC 9110 §9.3.2",
    200,
    head(200, [["content-length", "1000"]]),
    "HEAD",
  ),
  bodiless(
    "head-with-transfer-encoding",
    "a response to HEAD has no content, although it says that it is chunked",
    "RFC 9110 §9.3.2",
    200,
    head(200, [["transfer-encoding", "chunked"]]),
    "HEAD",
  ),
  bodiless(
    "head-with-content-encoding",
    "a response to HEAD has nothing to decode, whatever its content-encoding says",
    "RFC 9110 §9.3.2",
    200,
    head(200, [
      ["content-length", "20"],
      ["content-encoding", "gzip"],
    ]),
    "HEAD",
  ),
  bodiless("204", "a 204 response has no content", "RFC 9110 §15.3.5", 204, head(204)),
  bodiless(
    "204-with-content-length",
    "a 204 response has no content, whatever its content-length says",
    "RFC 9110 §15.3.5",
    204,
    head(204, [["content-length", "5"]]),
  ),
  bodiless(
    "205",
    "a 205 response ends with its framing, which must be empty",
    "RFC 9110 §15.3.6",
    205,
    head(205, [["content-length", "0"]]),
  ),
  bodiless(
    "304-with-content-length",
    "a 304 response has no content, whatever its content-length says",
    "RFC 9110 §15.4.5",
    304,
    head(304, [
      ["content-length", "1000"],
      ["etag", '"a"'],
    ]),
  ),
  ...([100, 102, 103] as const).map((status) =>
    defineCase({
      id: `transport/framing/informational-${status}`,
      title: `a ${status} response before the final one must be passed over, its fields with it`,
      level: "must",
      spec: ["RFC 9110 §15.2"],
      catalogue: ["F-HDR-04"],
      origin: [
        sequence(
          head(status, [
            ["link", "</a.css>; rel=preload"],
            ["x-early", "1"],
          ]),
          respond(200, [["x-late", "2"]], "final"),
        ),
      ],
      perform: call("GET", "a"),
      expect: {
        status: 200,
        content: "final",
        headers: { "x-early": absent, link: absent, "x-late": "2" },
        connections: 1,
      },
      hint: "check that responses are read until one is final",
    }),
  ),
  defineCase({
    id: "transport/framing/informational-many",
    title: "several informational responses, with content to be sent, are all passed over",
    level: "must",
    spec: ["RFC 9110 §15.2"],
    catalogue: ["F-HDR-04"],
    origin: [
      sequence(head(103, [["x-a", "1"]]), head(102), head(103, [["x-a", "2"]]), respond(201)),
    ],
    perform: call("POST", "a", { body: "x".repeat(100_000) }),
    expect: {
      status: 201,
      headers: { "x-a": absent },
      arrivals: [{ contentLength: 100_000, complete: true }],
    },
    hint: "check that sending goes on after an informational response",
  }),
  defineCase({
    id: "transport/framing/upgrade-unasked",
    title: "101 without having been asked for is an error, at once, and the connection is closed",
    level: "must",
    spec: ["RFC 9110 §7.8"],
    catalogue: ["V-RSP-08"],
    requires: { failureDetail: "phased" },
    otherwise: upgraded,
    origin: [
      raw("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: chat\r\n\r\nhello"),
    ],
    perform: call("GET", "a"),
    expect: {
      error: {
        name: "ProtocolError",
        code: "ERR_PROTOCOL_UPGRADE",
        phase: "response",
        requestSent: "yes",
        retryable: false,
      },
      connections: [{ closed: brokenOff }],
    },
    hint: "check that an upgrade is neither waited for nor taken for an informational response",
  }),
];
