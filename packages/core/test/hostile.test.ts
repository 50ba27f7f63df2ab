/* What servers control, at 64 KiB and in shapes that cost patterns and lists the most: it costs no more than its length. */

import { describe, expect, it } from "vitest";
import { parseChallenges, parseParams } from "../src/auth/challenges.ts";
import { contentCodings } from "../src/content/decode.ts";
import { PieceIterator } from "../src/content/piece-iterator.ts";
import { fieldValue } from "../src/http/field.ts";
import { parseLinks } from "../src/http/link.ts";
import { charset } from "../src/http/media-type.ts";
import { cookiePairs } from "../src/http/set-cookie.ts";
import { type ContentReceiver, HttpHeaders } from "../src/index.ts";
import { toldWait } from "../src/limits/rate-fields.ts";
import { redactText, redactUrl } from "../src/redact.ts";
import { retryAfterDelay } from "../src/retry/delay.ts";

const size = 65_536;

const repeated = [
  ...[" ", "a", "a ", "0", "0.", '"', "\\", '\\"', "=", ";", "; ", ";a=", ';a="', ",", ", ", ", a"],
  ...["<", "<a>", "<a>;", '<a>;a="', "/", "//a", "@", "#", "%", "%25", "?a=", "&pass=", "pass:"],
  ...["a:", "1:", ";charset ", "bearer ", "Mon, ", "r=0;", "("],
];
const before = ["", "a", "0", "http://", "Digest ", 'Digest a="', '<a>;a="', ";charset=", ", "];
const behind = ["", "x", '"', "=", " GMT"];

const readers: readonly [name: string, read: (text: string) => unknown][] = [
  ["fields on their way out", (text) => fieldValue("x", text.replaceAll("\n", ""))],
  ["link", (text) => parseLinks(text, "http://a.test/")],
  ["content-type", charset],
  ["set-cookie", (text) => cookiePairs([text])],
  ["content-encoding", contentCodings],
  ["www-authenticate", (text) => parseChallenges([text])],
  ["authentication-info", parseParams],
  ["retry-after", (text) => retryAfterDelay(HttpHeaders.over(["retry-after", text]))],
  [
    "rate limits",
    (text) =>
      toldWait(
        429,
        [
          ...["retry-after", "ratelimit", "ratelimit-policy", "x-ratelimit-reset"],
          ...["x-ratelimit-remaining", "date"],
        ].flatMap((name) => [name, text]),
      ),
  ],
  ["URLs in messages", redactUrl],
  ["texts in messages", redactText],
];

describe("64 KiB of a server's", () => {
  // What is quadratic takes seconds for each of some of them, and so never comes to the end.
  it.each(readers)("%s are read at once", { timeout: 60_000 }, (_name, read) => {
    let done = 0;
    for (const start of before)
      for (const part of repeated)
        for (const end of behind) {
          read(start + part.repeat(size / part.length) + end);
          done++;
        }
    expect(done).toBe(before.length * repeated.length * behind.length);
  });

  it("of field lines of one name are told as a record", () => {
    const count = size;
    const lines = Array.from({ length: 2 * count }, (_, i) => (i % 2 ? "v" : "x"));
    const { x } = HttpHeaders.over(lines).toJSON();
    expect(x).toHaveLength(count);
  });

  it("in pieces of one byte reach a reader that is behind", async () => {
    const calls: string[] = [];
    let receiver: ContentReceiver | undefined;
    const pieces = new PieceIterator(
      {
        start: (to) => void (receiver = to),
        pause: () => void calls.push("pause"),
        resume: () => void calls.push("resume"),
        cancel: () => undefined,
      },
      Infinity,
      { method: "GET", url: "http://origin.test/" },
    );
    const first = pieces.next();
    // All that a library that is paused late may have in hand.
    for (let i = 0; i < 4 * size; i++) receiver?.data(Uint8Array.of(i));
    expect((await first).value).toEqual(Uint8Array.of(0));
    for (let i = 1; i < 4 * size; i++)
      expect((await pieces.next()).value?.[0], `piece ${i}`).toBe(i & 255);
    expect(calls).toEqual(["pause", "resume"]);
  });
});
