/* What servers write, read by core's own parsers: text in any slices, and fields that nobody has looked at before. */

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseChallenges, parseParams } from "../src/auth/challenges.ts";
import { contentCodings } from "../src/content/decode.ts";
import { textDecoder, textMark } from "../src/content/text.ts";
import { isHttpError } from "../src/index.ts";
import { parseLinks } from "../src/http/link.ts";
import { charset } from "../src/http/media-type.ts";
import { cookiePairs } from "../src/http/set-cookie.ts";
import { toldWait } from "../src/limits/rate-fields.ts";
import { holds, patience } from "./support/generated.ts";
import { readableText } from "./support/readable.ts";
import { collected } from "./support/session.ts";

const base = "http://a.test/items?page=1";

/** Bytes in slices, some of them empty. */
const sliced = (bytes: Uint8Array, places: readonly number[]): Uint8Array[] => {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length];
  const sorted = ends.toSorted((a, b) => a - b);
  return sorted.map((end, index) => bytes.subarray(sorted[index - 1] ?? 0, end));
};
const places = fc.array(fc.nat(10_000), { maxLength: 12 });

/** Bytes that are mostly line ends, and not always valid in any charset. */
const bytes = fc
  .array(
    fc.oneof(
      fc.constantFrom("\r", "\n", "\r\n", "a", "é", "😀", "\uFEFF", " "),
      fc.uint8Array({ maxLength: 3 }),
    ),
    { maxLength: 60 },
  )
  .map((all) => Uint8Array.from(Buffer.concat(all.map((one) => Buffer.from(one as string)))));

function linesOf(text: string): string[] {
  const all = text.split(/\r\n|\r|\n/);
  if (all.at(-1) === "") all.pop();
  return all;
}

describe("lines", () => {
  it("are the same in any slices, in any charset, valid or not", patience, () =>
    holds(
      300,
      fc.asyncProperty(
        bytes,
        places,
        fc.constantFrom(null, "utf-8", "utf-16le", "iso-8859-1", "shift_jis", "big5"),
        async (all, cuts, label) => {
          const found = await collected(readableText(sliced(all, cuts), label).lines());
          expect(found).toEqual(linesOf(textDecoder(textMark(all) ?? label).decode(all)));
        },
      ),
    ),
  );

  it("of a charset at which the platform fails are told as an error of the tree", patience, () =>
    holds(
      300,
      fc.asyncProperty(
        bytes,
        places,
        fc.constantFrom("gb18030", "iso-2022-jp"),
        async (all, cuts, label) => {
          const found = collected(readableText(sliced(all, cuts), label).lines());
          const seen = await found.catch((error: unknown) => isHttpError(error) && error.code);
          const whole = linesOf(textDecoder(textMark(all) ?? label).decode(all));
          expect([whole, "ERR_CONTENT_DECODE"]).toContainEqual(seen);
        },
      ),
    ),
  );

  it("of JSON give the values in any slices, whatever they are", patience, () =>
    holds(
      200,
      fc.asyncProperty(fc.array(fc.jsonValue(), { maxLength: 6 }), places, async (values, cuts) => {
        const all = new TextEncoder().encode(
          values.map((one) => JSON.stringify(one)).join("\n\r\n"),
        );
        const found = await collected(readableText(sliced(all, cuts)).ndjson());
        expect(JSON.stringify(found)).toBe(JSON.stringify(values));
      }),
    ),
  );
});

/** What fields are made of. */
const scrap = fc.oneof(
  fc.constantFrom("<", ">", ";", ",", "=", '"', "\\", " ", "\t", "rel", "next", "a", "/", "%", "é"),
  fc.constantFrom("rel=next", '; rel="next"', "<a>", "charset", "Path=/", "Digest ", "realm", "qop=", "\\\"", "=="), // prettier-ignore
  fc.constantFrom("0", "9", "-", "t=", "remaining=0", "gzip", "Basic ", "__proto__", "http://["),
);
const text = fc.array(scrap, { maxLength: 30 }).map((all) => all.join(""));

/** Reads a text as each field that is read by a pattern. */
function readAll(value: string): readonly object[] {
  const fields = ["retry-after", value, "ratelimit", value, "ratelimit-policy", value];
  return [
    parseLinks(value, base),
    contentCodings(value),
    parseChallenges([value, value]),
    parseParams(value),
    { charset: charset(value), decoder: textDecoder(charset(value)), wait: toldWait(429, fields) },
  ];
}

describe("fields of a response", () => {
  it("never throw, and only give what makes sense", patience, () =>
    holds(
      500,
      fc.property(text, (value) => {
        readAll(value);
        const links = parseLinks(value, base);
        expect(Object.getPrototypeOf(links)).toBeNull();
        for (const [rel, link] of Object.entries(links)) {
          expect(rel).toMatch(/^\S+$/);
          expect(new URL(link.url).href).toBe(link.url);
        }
        const cookies = cookiePairs([value]);
        expect(Object.getPrototypeOf(cookies)).toBeNull();
        for (const [name, one] of Object.entries(cookies)) {
          expect(name).toMatch(/^[^=;]+$/);
          expect(one).not.toMatch(/;|^\s|\s$/);
        }
        expect(toldWait(429, ["retry-after", value])).toBeGreaterThanOrEqual(0);
      }),
    ),
  );

  it("cost no more than their length, whatever they repeat", patience, () =>
    holds(
      40,
      fc.property(
        text,
        fc.array(scrap, { minLength: 1, maxLength: 4 }),
        text,
        (start, unit, end) => {
          // No clock: what is more than linear takes minutes for this, and the test runs into its own time limit.
          const part = unit.join("");
          const value = start + part.repeat(Math.ceil(30_000 / part.length)) + end;
          expect(readAll(value)).toHaveLength(5);
        },
      ),
    ),
  );
});
