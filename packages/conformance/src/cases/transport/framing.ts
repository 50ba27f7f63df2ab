/* How the content of a response is delimited (RFC 9112 §6), and what follows when that is broken. */

import {
  absent,
  bytes,
  call,
  type Case,
  defineCase,
  expects,
  present,
  read,
  respondChunked,
  truncate,
} from "../../case.ts";

/** Cases of `transport/framing`. */
export const framingCases: readonly Case[] = [
  defineCase({
    id: "transport/framing/short-content-is-truncated",
    title: "content that ends before its declared length is an error, not a short success",
    level: "must",
    spec: ["RFC 9112 §8"],
    requires: { failureDetail: "phased" },
    otherwise: expects({ status: 200, error: { name: present } }),
    origin: [truncate(200, 10, "12345")],
    perform: call("GET", "a", {}, read.bytes),
    expect: {
      status: 200,
      error: {
        name: "ContentError",
        code: "ERR_CONTENT_TRUNCATED",
        phase: "read",
        requestSent: "yes",
      },
    },
    hint: "check that the end of the connection is not taken for the end of the content",
  }),
  defineCase({
    id: "transport/framing/chunks-are-joined",
    title: "chunked content arrives whole, whatever the size of its chunks",
    level: "must",
    spec: ["RFC 9112 §7.1"],
    origin: [respondChunked(200, [], [bytes(0), "abc", bytes(255, 0, 13, 10)])],
    perform: call("GET", "a", {}, read.bytes),
    expect: {
      status: 200,
      content: `\0abc${bytes(255, 0, 13, 10)}`,
      headers: { "content-length": absent },
      arrivals: [{ method: "GET", path: "a" }],
    },
    hint: "check that chunk framing is undone byte by byte",
  }),
];
