/* Which method a redirect is followed with, and whether the content goes along (RFC 9110 §15.4, Fetch §4.4). */

import {
  absent,
  call,
  type Case,
  defineCase,
  type Expectation,
  read,
  respond,
} from "../../case.ts";
import { followedUnseen } from "./redirect-unseen.ts";

type Row = readonly [
  status: 301 | 302 | 303 | 307 | 308,
  method: string,
  follows: string,
  spec: string,
];

const rows: readonly Row[] = [
  [301, "GET", "GET", "RFC 9110 §15.4.2"],
  [301, "HEAD", "HEAD", "RFC 9110 §15.4.2"],
  [301, "POST", "GET", "RFC 9110 §15.4.2"],
  [301, "PUT", "PUT", "RFC 9110 §15.4.2"],
  [302, "GET", "GET", "RFC 9110 §15.4.3"],
  [302, "HEAD", "HEAD", "RFC 9110 §15.4.3"],
  [302, "POST", "GET", "RFC 9110 §15.4.3"],
  [302, "PUT", "PUT", "RFC 9110 §15.4.3"],
  [302, "DELETE", "DELETE", "RFC 9110 §15.4.3"],
  [303, "GET", "GET", "RFC 9110 §15.4.4"],
  [303, "HEAD", "HEAD", "RFC 9110 §15.4.4"],
  [303, "POST", "GET", "RFC 9110 §15.4.4"],
  [303, "PUT", "GET", "RFC 9110 §15.4.4"],
  [303, "DELETE", "GET", "RFC 9110 §15.4.4"],
  [307, "GET", "GET", "RFC 9110 §15.4.8"],
  [307, "HEAD", "HEAD", "RFC 9110 §15.4.8"],
  [307, "POST", "POST", "RFC 9110 §15.4.8"],
  [307, "PUT", "PUT", "RFC 9110 §15.4.8"],
  [308, "GET", "GET", "RFC 9110 §15.4.9"],
  [308, "HEAD", "HEAD", "RFC 9110 §15.4.9"],
  [308, "POST", "POST", "RFC 9110 §15.4.9"],
  [308, "PUT", "PUT", "RFC 9110 §15.4.9"],
];

/** Cases of `session/redirect` about methods. */
export const redirectMethodCases: readonly Case[] = rows.map(([status, method, follows, spec]) => {
  const sends = method === "POST" || method === "PUT";
  const keeps = sends && follows === method;
  const slug = follows === method ? "stays" : "turns-into";
  const expect: Expectation = {
    status: 200,
    content: follows === "HEAD" ? "" : "done",
    url: "{main}b",
    redirected: true,
    history: [{ status, url: "{main}a" }],
    arrivals: [
      { method, path: "a", content: sends ? "x=1" : "" },
      {
        method: follows,
        path: "b",
        ...(keeps
          ? { content: "x=1", framing: "length", fields: { "content-type": "text/x" } }
          : { framing: "none", fields: { "content-type": absent, "content-length": absent } }),
      },
    ],
  };
  const name = `${method.toLowerCase()}-${slug}${follows === method ? "" : `-${follows.toLowerCase()}`}`;
  return defineCase({
    id: `session/redirect/${status}-${name}`,
    title: `a ${status} response to ${method} must be followed by ${follows}${
      sends ? ` ${keeps ? "with the same" : "without"} content` : ""
    }`,
    level: "must",
    spec: [spec],
    catalogue: ["V-RED-05"],
    requires: { redirects: "visible" },
    otherwise: followedUnseen(expect),
    origin: [respond(status, [["location", "b"]]), respond(200, [], "done")],
    perform: call(
      method,
      "a",
      sends ? { body: "x=1", headers: { "content-type": "text/x" } } : {},
      read.text,
    ),
    expect,
    hint: "check the table of methods, and that content-* fields are dropped together with the content",
  });
});
