/* Headers that are refused before anything is sent: what could end a line, and what belongs to the transport. */

import { call, type Case, defineCase } from "../../case.ts";

const refused = {
  error: {
    name: "InvalidRequestError",
    code: "ERR_INVALID_HEADER",
    phase: "prepare",
    requestSent: "no",
    retryable: false,
  },
} as const;

/** A case in which each of these headers is refused. */
function each(
  about: { readonly id: string; readonly title: string; readonly hint: string },
  spec: readonly string[],
  catalogue: readonly string[],
  headers: readonly unknown[],
): Case {
  return defineCase({
    ...about,
    level: "must",
    spec,
    catalogue,
    origin: [],
    perform: headers.map((value) => call("GET", "a", { headers: value })),
    expect: { calls: headers.map(() => refused), connections: 0 },
  });
}

/** Cases of `transport/fields` about refusals. */
export const fieldsRefusedCases: readonly Case[] = [
  each(
    {
      id: "transport/fields/line-breaks-are-refused",
      title: "a value that holds CR, LF or NUL is refused, wherever it stands",
      hint: "check that values are looked at on entry, before the library trims or joins them",
    },
    ["RFC 9110 §5.5"],
    ["V-INJ-01"],
    [
      { "x-a": "1\r\nx-injected: 2" },
      { "x-a": "1\nx-injected: 2" },
      { "x-a": "1\rx-injected: 2" },
      { "x-a": "1\0" },
      { "x-a": "1\r\n" },
      { "x-a": "\n1" },
      { "x-a": ["1", "2\n3"] },
    ],
  ),
  each(
    {
      id: "transport/fields/controls-are-refused",
      title: "a value that holds another control character is refused",
      hint: "check that no control but the tab gets through",
    },
    ["RFC 9110 §5.5"],
    ["V-INJ-01"],
    [{ "x-a": "a\u0001b" }, { "x-a": "a\u000Bb" }, { "x-a": "a\u001Bb" }, { "x-a": "a\u007Fb" }],
  ),
  each(
    {
      id: "transport/fields/characters-beyond-latin-1-are-refused",
      title: "a value that holds a character without an octet of its own is refused, not cut off",
      hint: "check that no character is truncated to its low octet: U+010A would become a line feed",
    },
    ["RFC 9110 §5.5"],
    ["V-INJ-01"],
    [{ "x-a": "€" }, { "x-a": "\u010A\u010D" }, { "x-a": "👍" }],
  ),
  each(
    {
      id: "transport/fields/names-must-be-tokens",
      title: "a name that is not a token is refused",
      hint: "check names as strictly as values",
    },
    ["RFC 9110 §5.1", "RFC 9110 §5.6.2"],
    ["V-INJ-01"],
    [
      { "": "1" },
      { "x a": "1" },
      { "x-a:": "1" },
      { "x-a\r\nx-injected": "1" },
      { "x-é": "1" },
      { "x(a)": "1" },
      [["x-a ", "1"]],
      { "x a": null },
    ],
  ),
  each(
    {
      id: "transport/fields/framing-is-the-transports",
      title: "headers that frame the message or the connection are refused, in any case of letters",
      hint: "check that no caller can write transfer-encoding or connection",
    },
    ["RFC 9110 §7.6.1", "RFC 9112 §6.1"],
    ["V-SMG-01", "V-SMG-03"],
    [
      { "transfer-encoding": "chunked" },
      { "Transfer-Encoding": "gzip" },
      { connection: "close" },
      { Connection: "x-a" },
      { "keep-alive": "timeout=5" },
      { "proxy-connection": "keep-alive" },
      { te: "trailers" },
      { trailer: "x-a" },
      { upgrade: "websocket" },
      { expect: "100-continue" },
      { "http2-settings": "AAMAAABk" },
    ],
  ),
  each(
    {
      id: "transport/fields/host-and-length-are-single",
      title: "host and content-length given more than once are refused",
      hint: "check that two lines of either never reach the wire",
    },
    ["RFC 9112 §3.2", "RFC 9112 §6.2"],
    ["V-SMG-02"],
    [
      { host: ["a.test", "b.test"] },
      [
        ["Host", "a.test"],
        ["host", "a.test"],
      ],
      { "content-length": ["1", "1"] },
    ],
  ),
  each(
    {
      id: "transport/fields/values-must-be-plain",
      title: "a value that is no string, number or boolean is refused, whatever it would print as",
      hint: "check that nothing is turned into a string on the way",
    },
    [],
    ["V-INJ-01"],
    [
      { "x-a": {} },
      { "x-a": { toString: () => "1\r\nx-injected: 2" } },
      { "x-a": [["1"]] },
      [["x-a", null]],
      [["x-a"]],
      ["x-a: 1"],
      "x-a: 1",
      5,
    ],
  ),
  defineCase({
    id: "transport/fields/session-headers-are-refused-at-once",
    title: "a wrong header of a session is refused when the session is made",
    level: "must",
    catalogue: ["V-INJ-01"],
    origin: [],
    perform(kit) {
      const wrong = [{ "x-a": "1\r\n2" }, { "x a": "1" }, { connection: "close" }, "x"];
      const codes = wrong.map((headers) => {
        try {
          kit.makeSession({ headers });
          return "none";
        } catch (error) {
          return (error as { code?: unknown }).code;
        }
      });
      kit.note("codes", codes);
      return Promise.resolve();
    },
    expect: {
      facts: { codes: Array.from({ length: 4 }, () => "ERR_INVALID_HEADER") },
      connections: 0,
    },
    hint: "check that defaults are checked like the headers of a call",
  }),
];
