/* The connection ends at every single octet of a response (ids `transport/cuts/…`). */

import {
  type Answer,
  call,
  type Case,
  close,
  cut,
  defineCase,
  head,
  matching,
  content,
  raw,
  reset,
  satisfying,
  secure,
  sequence,
  together,
} from "../../case.ts";

const headText =
  "HTTP/1.1 200 OK\r\ndate: Tue, 01 Jan 2030 00:00:00 GMT\r\ncontent-type: text/plain\r\nx-a: 1\r\nx-b: two words\r\ncontent-length: 0\r\n\r\n";
const codedHead = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
const coded = "5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nx-sum: 1\r\n\r\n";
const endings = [
  ["fin", close()],
  ["rst", reset()],
] as const;

/** One call for each octet after which the connection ends; all must fail with the same code. */
function cuts(
  about: Pick<Case, "id" | "title" | "catalogue" | "hint">,
  lengths: readonly number[],
  answer: (length: number) => Answer,
  codes: RegExp,
): Case {
  return defineCase({
    ...about,
    level: "must",
    spec: ["RFC 9112 §8"],
    session: { limits: { perOrigin: 50 } },
    origin: Object.fromEntries(lengths.map((length) => [`c${length}`, [answer(length)]])),
    async perform(kit) {
      const calls = lengths.map((length) => kit.call(call("GET", `c${length}`)));
      const seen = await Promise.all(calls);
      const wrong = seen.flatMap(({ error, content: got }, index) => {
        return error && codes.test(error.code ?? "") ? [] : [[lengths[index], error?.code ?? got]];
      });
      kit.note("wrong", wrong);
    },
    expect: { facts: { wrong: satisfying("none", (all) => (all as unknown[]).length === 0) } },
  });
}

const upTo = (length: number): number[] => Array.from({ length: length - 1 }, (_, i) => i + 1);

/** Cases of `transport/cuts`. */
export const cutCases: readonly Case[] = [
  ...endings.map(([ending, end]) =>
    cuts(
      {
        id: `transport/cuts/${ending}-at-each-octet-of-a-head`,
        title: `a head that ends (${ending}) at any octet is no response`,
        catalogue: ["F-HDR-01"],
        hint: "check that nothing of a head is handed over before all of it has come",
      },
      upTo(headText.length),
      (length) => sequence(raw(headText.slice(0, length)), end),
      /^ERR_DISCONNECTED$|^ERR_PROTOCOL_HEAD$|^ERR_NETWORK$/,
    ),
  ),
  ...endings.map(([ending, end]) =>
    cuts(
      {
        id: `transport/cuts/${ending}-at-each-octet-of-chunks`,
        title: `chunked content that ends (${ending}) at any octet is not whole`,
        catalogue: ["F-BOD-02"],
        hint: "check that the last line break counts too",
      },
      upTo(coded.length),
      (length) => sequence(raw(codedHead), content(coded.slice(0, length)), end),
      /^ERR_CONTENT_TRUNCATED$|^ERR_NETWORK$/,
    ),
  ),
  ...endings.map(([ending, end]) =>
    cuts(
      {
        id: `transport/cuts/${ending}-at-each-octet-of-content`,
        title: `content that ends (${ending}) at any octet before its length is not whole`,
        catalogue: ["F-BOD-01"],
        hint: "check that octets are counted, and none is made up",
      },
      upTo(12),
      (length) =>
        sequence(
          head(200, [["content-length", "12"]]),
          content("hello world!".slice(0, length)),
          end,
        ),
      /^ERR_CONTENT_TRUNCATED$|^ERR_NETWORK$/,
    ),
  ),
  defineCase({
    id: "transport/cuts/tls-without-goodbye-in-the-content",
    title: "a TLS connection that ends without close_notify must not end declared content well",
    level: "must",
    spec: ["RFC 9112 §9.8"],
    catalogue: ["F-BOD-01", "F-BOD-03"],
    doors: { main: secure() },
    origin: [sequence(head(200, [["content-length", "10"]]), content("hello"), cut())],
    perform: call("GET", "a"),
    expect: { status: 200, error: { code: matching(/^ERR_CONTENT_TRUNCATED$|^ERR_NETWORK$/) } },
    hint: "check that TLS hides no truncation",
  }),
  defineCase({
    id: "transport/cuts/tls-without-goodbye-in-chunks",
    title: "a TLS connection that ends without close_notify must not end chunked content well",
    level: "must",
    spec: ["RFC 9112 §9.8"],
    catalogue: ["F-BOD-02", "F-BOD-03"],
    doors: { main: secure() },
    origin: [
      sequence(head(200, [["transfer-encoding", "chunked"]]), content("5\r\nhello\r\n"), cut()),
    ],
    perform: call("GET", "a"),
    expect: { status: 200, error: { code: matching(/^ERR_CONTENT_TRUNCATED$|^ERR_NETWORK$/) } },
    hint: "check that TLS hides no truncation",
  }),
  defineCase({
    id: "transport/cuts/nothing-at-all-of-many",
    title: "connections that end before any octet, many at once, each fail one call",
    level: "must",
    catalogue: ["F-CON-02"],
    origin: Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`p${i}`, [close()]])),
    perform: together(
      ...Array.from({ length: 20 }, (_, i) => call("POST", `p${i}`, { body: "x" })),
    ),
    expect: {
      calls: Array.from({ length: 20 }, () => ({
        error: { code: matching(/^ERR_DISCONNECTED$|^ERR_NETWORK$/), retryable: false },
      })),
      connections: 20,
    },
    session: { limits: { perOrigin: 20 } },
    hint: "check that exactly one connection is made for each",
  }),
];
