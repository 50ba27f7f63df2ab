/* Heads as RFC 9112 allows them, and heads that have been damaged. */

import * as fc from "fast-check";

const characters = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => String.fromCharCode(from + i));
const tokens = characters(0x21, 0x7e).filter((one) => /[!#$%&'*+\-.^_`|~0-9A-Za-z]/.test(one));
const visible = [...characters(0x21, 0x7e), ...characters(0x80, 0xff)];

/** A field name that means nothing to anybody, one that is known, or one that objects have of their own. */
const name: fc.Arbitrary<string> = fc
  .oneof(
    fc.string({ unit: fc.constantFrom(...tokens), minLength: 1, maxLength: 20 }),
    fc.constantFrom("date", "Server", "ETag", "VARY", "Warning", "Content-Type", "Cache-Control"),
    fc.constantFrom("Set-Cookie", "set-cookie", "SET-COOKIE", "Link", "WWW-Authenticate"),
    fc.constantFrom("x-a", "X-A", "x-A", "__proto__", "constructor", "toString", "hasOwnProperty"),
  )
  // These say how to go on, and have tests of their own.
  .filter(
    (one) =>
      !/^(?:content-(?:length|encoding)|transfer-encoding|connection|keep-alive|upgrade|trailer|te|location|refresh)$/i.test(
        one,
      ),
  );

const word = fc.string({ unit: fc.constantFrom(...visible), minLength: 1, maxLength: 12 });
const space = fc.string({ unit: fc.constantFrom(" ", "\t"), minLength: 1, maxLength: 3 });
const words = fc
  .array(fc.tuple(word, space), { maxLength: 4 })
  .map((all) => all.flat().slice(0, -1).join(""));

/** A field line, with what stands around its value. */
export interface Line {
  readonly name: string;
  readonly value: string;
  readonly before: string;
  readonly after: string;
}

const line: fc.Arbitrary<Line> = fc.record({
  name,
  value: words,
  before: fc.oneof(fc.constant(" "), fc.constant(""), space),
  after: fc.oneof(fc.constant(""), space),
});

/** A response head without what frames content. */
export interface Head {
  readonly status: number;
  readonly reason: string;
  readonly lines: readonly Line[];
}

/** Field lines; few, or many. Below the limit of a head at 16 KiB in any case. */
export const lines: fc.Arbitrary<readonly Line[]> = fc.oneof(
  { weight: 9, arbitrary: fc.array(line, { maxLength: 8 }) },
  { weight: 1, arbitrary: fc.array(line, { minLength: 40, maxLength: 120, size: "max" }) },
);

/** A head of a final response that has content. */
export const head: fc.Arbitrary<Head> = fc.record({
  status: fc
    .oneof(fc.constantFrom(200, 404, 500), fc.integer({ min: 200, max: 599 }))
    // Those without content have cases of their own.
    .filter((status) => ![204, 205, 304].includes(status)),
  reason: words,
  lines,
});

/** Name and value of each line. */
export function pairs(all: readonly Line[]): [string, string][] {
  return all.map(({ name: key, value }) => [key, value]);
}

/** The lines as they are sent. */
export function render(all: readonly Line[]): string {
  return all
    .map(({ name: key, before, value, after }) => `${key}:${before}${value}${after}\r\n`)
    .join("");
}

/** One damage: at a place, some octets removed and others put in. */
export interface Damage {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

const odd = fc.constantFrom("\r", "\n", "\0", " ", "\t", ":", "\x7f", "\x80", "\xff", "\r\n", "\r\n\r\n", ",", "1", "9", "-", "a"); // prettier-ignore

/** Damages of a head. */
export const damages: fc.Arbitrary<readonly Damage[]> = fc.array(
  fc.record({
    at: fc.nat(4000),
    remove: fc.constantFrom(0, 0, 1, 1, 2, 10),
    insert: fc.oneof(
      fc.constant(""),
      odd,
      odd,
      fc.tuple(odd, odd).map(([a, b]) => a + b),
    ),
  }),
  { minLength: 1, maxLength: 3 },
);

/** A text, damaged. */
export function damage(text: string, all: readonly Damage[]): string {
  let result = text;
  for (const { at, remove, insert } of all) {
    const place = at % (result.length + 1);
    result = result.slice(0, place) + insert + result.slice(place + remove);
  }
  return result;
}
