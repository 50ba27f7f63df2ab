/* Heads that are none, line by line (RFC 9112 §4 and §5; ids `transport/heads/…`). */

import {
  atMost,
  call,
  type Case,
  close,
  defineCase,
  expects,
  gate,
  matching,
  raw,
  respond,
  sequence,
} from "../../case.ts";
import { opaqueFailure, upgraded } from "./degraded.ts";
import { brokenOff } from "./sources.ts";

const never = gate("never");
const rest = "content-length: 0\r\n\r\n";
const field = (text: string): string => `HTTP/1.1 200 OK\r\n${text}\r\n${rest}`;
const lf = "V-RSP-05";
const line = "V-RSP-08";
const garbage = "F-HDR-05";

/** What each must be refused for; nothing of it may be waited for. */
const refusedHeads: readonly (readonly [name: string, what: string, entry: string, text: string])[] =
  [
    ["nul-in-a-name", "NUL in a field name", lf, field("x\0a: 1")],
    ["bare-cr-in-a-value", "a bare CR in a value", lf, field("x-a: 1\r2")],
    ["bare-cr-between-fields", "a bare CR for a line end", lf, field("x-a: 1\rx-b: 2")],
    ["no-colon", "a field line without a colon", lf, field("x-a 1")],
    ["space-before-the-colon", "a space before the colon", lf, field("x-a : 1")],
    ["tab-before-the-colon", "a tab before the colon", lf, field("x-a\t: 1")],
    ["empty-name", "a field without a name", lf, field(": 1")],
    ["space-before-the-first-field", "a first field that is folded", lf, `HTTP/1.1 200 OK\r\n x-a: 1\r\n${rest}`],
    ["control-in-a-name", "a control character in a name", lf, field("x\x01a: 1")],
    ["icy", "a status line of another protocol", line, `ICY 200 OK\r\n${rest}`],
    ["version-2-0", "HTTP/2.0 where HTTP/1 is spoken", line, `HTTP/2.0 200 OK\r\n${rest}`],
    ["version-3-7", "a version that does not exist", line, `HTTP/3.7 200 OK\r\n${rest}`],
    ["version-missing", "a status line without a version", line, `HTTP 200 OK\r\n${rest}`],
    ["status-99", "a status of two digits", line, `HTTP/1.1 99 OK\r\n${rest}`],
    ["status-099", "a status below 100", line, `HTTP/1.1 099 OK\r\n${rest}`],
    ["status-1000", "a status of four digits", line, `HTTP/1.1 1000 OK\r\n${rest}`],
    ["status-worded", "a status in letters", line, `HTTP/1.1 abc OK\r\n${rest}`],
    ["status-negative", "a status with a minus", line, `HTTP/1.1 -1 OK\r\n${rest}`],
    ["status-missing", "no status", line, `HTTP/1.1 \r\n${rest}`],
    ["upgrade-to-something-else", "101 to a protocol of the server's choice", line, "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n"],
    ["upgrade-without-a-name", "101 to no protocol at all", line, "HTTP/1.1 101 Switching Protocols\r\n\r\n"],
    ["random-octets", "random octets", garbage, "\x8f\x02\xd1\x00\xff\x9a\x0d\x0a\x13\x77\x0d\x0a\x0d\x0a"],
    ["ssh-banner", "a banner of SSH", garbage, "SSH-2.0-OpenSSH_9.6\r\n"],
    ["smtp-banner", "a banner of SMTP", garbage, "220 mail.example ESMTP\r\n"],
    ["tls-alert", "a TLS alert", garbage, "\x15\x03\x03\x00\x02\x02\x46"],
    ["html-without-a-head", "a page without a head", garbage, "<html><body>502 Bad Gateway</body></html>\r\n"],
    ["a-request", "a request", garbage, "GET / HTTP/1.1\r\nhost: x\r\n\r\n"],
  ]; // prettier-ignore

/** What may be read in one of two ways, but never split, lost or made up. */
const eitherWay: readonly (readonly [name: string, what: string, text: string, as: RegExp])[] = [
  ["bare-lf-for-all-line-ends", "bare LF for line ends", `HTTP/1.1 200 OK\nx-a: 1\nx-b: 2\ncontent-length: 2\n\nok`, /^1\|2\|ok$/],
  ["bare-lf-for-one-line-end", "bare LF for one line end", `HTTP/1.1 200 OK\r\nx-a: 1\nx-b: 2\r\ncontent-length: 2\r\n\r\nok`, /^1\|2\|ok$/],
  ["folded-by-a-space", "a folded line", `HTTP/1.1 200 OK\r\nx-a: 1\r\n 2\r\nx-b: 2\r\ncontent-length: 2\r\n\r\nok`, /^1[ \t]+2\|2\|ok$/],
  ["control-in-a-value", "a control character in a value", `HTTP/1.1 200 OK\r\nx-a: 1\x01\r\nx-b: 2\r\ncontent-length: 2\r\n\r\nok`, /^1.\|2\|ok$/],
  ["delete-in-a-value", "DEL in a value", `HTTP/1.1 200 OK\r\nx-a: 1\x7f\r\nx-b: 2\r\ncontent-length: 2\r\n\r\nok`, /^1.\|2\|ok$/],
  ["empty-lines-first", "empty lines before the status line", `\r\n\r\nHTTP/1.1 200 OK\r\nx-a: 1\r\nx-b: 2\r\ncontent-length: 2\r\n\r\nok`, /^1\|2\|ok$/],
]; // prettier-ignore

/** What may come of a location that says too much or too little. */
const allowed = {
  empty: /^ERR_REDIRECT_|^302 $|^200 a$/,
} as const;

/** The same where the platform follows redirects by itself: it may refuse one without a word why. */
const allowedUnseen = {
  empty: /^ERR_REDIRECT_|^ERR_NETWORK$|^302 $|^200 a$/,
} as const;

/** Cases of `transport/heads` about what is no head. */
export const headMalformedCases: readonly Case[] = [
  ...refusedHeads.map(([name, what, entry, text]) =>
    defineCase({
      id: `transport/heads/${name}`,
      title: `${what} is an error, at once, and ends the connection`,
      level: "must",
      spec: ["RFC 9112 §4", "RFC 9112 §5"],
      catalogue: [entry],
      requires: { failureDetail: "phased" },
      otherwise: name.startsWith("upgrade") ? upgraded : opaqueFailure,
      origin: [sequence(raw(text), never)],
      perform: call("GET", "a"),
      expect: {
        error: {
          name: "ProtocolError",
          code: matching(/^ERR_PROTOCOL_(?:HEAD|UPGRADE)$/),
          phase: "response",
          requestSent: "yes",
          retryable: false,
        },
        connections: [{ closed: brokenOff }],
      },
      hint: "check that the parser is in its strict mode, and its error told from a lost connection",
    }),
  ),
  ...eitherWay.map(([name, what, text, as]) =>
    defineCase({
      id: `transport/heads/${name}`,
      title: `${what} must be read as what it stands for, or the response refused`,
      level: "must",
      spec: ["RFC 9112 §2.2", "RFC 9110 §5.5"],
      catalogue: [name === "empty-lines-first" ? garbage : lf],
      origin: [sequence(raw(text), close())],
      async perform(kit) {
        const { headers = [], content, error } = await kit.call(call("GET", "a"));
        const of = (wanted: string): string =>
          headers.find(([key]) => key.toLowerCase() === wanted)?.[1] ?? "";
        const got = `${of("x-a")}|${of("x-b")}|${String(content)}`;
        kit.note("got", error ? error.code : as.test(got) ? "read" : got);
      },
      expect: { facts: { got: matching(/^read$|^ERR_PROTOCOL_HEAD$|^ERR_NETWORK$/) } },
      hint: "check that no field is lost, split or joined to another",
    }),
  ),
  defineCase({
    id: "transport/heads/http-0-9",
    title: "content without a head, as in HTTP/0.9, is an error",
    level: "must",
    spec: ["RFC 9112 §4"],
    catalogue: ["V-RSP-08"],
    requires: { failureDetail: "phased" },
    otherwise: opaqueFailure,
    origin: [sequence(raw("hello"), close())],
    perform: call("GET", "a"),
    expect: { error: { name: "ProtocolError", code: "ERR_PROTOCOL_HEAD" } },
    hint: "check that what comes is not content before a head has come",
  }),
  defineCase({
    id: "transport/heads/407-of-an-origin",
    title: "407 of an origin is a response like any other",
    level: "must",
    spec: ["RFC 9110 §15.5.8"],
    catalogue: ["V-RSP-08"],
    origin: [respond(407, [["proxy-authenticate", "Basic"]], "no"), respond(200, [], "next")],
    perform: [call("GET", "a", { throwHttpErrors: false }), call("GET", "b")],
    expect: {
      calls: [
        { status: 407, content: "no" },
        { status: 200, content: "next" },
      ],
    },
    hint: "check that no credentials are asked for or sent",
  }),
  ...([["empty", "location:", "an empty location"]] as const).map(([name, lines, what]) =>
    defineCase({
      id: `transport/heads/location-${name}`,
      title: `${what} must be refused, or followed to one place that a location names`,
      level: "must",
      spec: ["RFC 9110 §10.2.2"],
      catalogue: ["V-RSP-08"],
      requires: { redirects: "visible" },
      otherwise: expects({
        arrivals: atMost(2),
        facts: { got: matching(allowedUnseen[name]) },
      }),
      origin: {
        a: [raw(`HTTP/1.1 302 Found\r\n${lines}\r\n${rest}`), respond(200, [], "a")],
        b: [{ ...respond(200, [], "b"), repeats: true }],
      },
      async perform(kit) {
        const { content, status, error } = await kit.call(call("GET", "a"));
        kit.note("got", error ? error.code : `${status} ${String(content)}`);
      },
      expect: {
        arrivals: atMost(2),
        facts: { got: matching(allowed[name]) },
      },
      hint: "check that values of several lines are not joined into one reference",
    }),
  ),
];
