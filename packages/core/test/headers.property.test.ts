/* Header fields against a list of pairs: how call headers lie over defaults, and what goes in comes out. */

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeHeaders } from "../src/headers.ts";
import { HttpHeaders } from "../src/index.ts";
import { holds, patience } from "./support/generated.ts";

type Pair = [name: string, value: string];

const name = fc.oneof(
  fc.constantFrom("a", "A", "b", "Set-Cookie", "set-cookie", "__proto__", "constructor"),
  fc.stringMatching(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,6}$/),
);
const value = fc.stringMatching(/^[\t -~\x80-\xff]{0,6}$/);
const pairs = fc.array(fc.tuple(name, value), { maxLength: 8 });
const trimmed = (all: readonly Pair[]): Pair[] =>
  all.map(([key, text]) => [key, text.replaceAll(/^[\t ]+|[\t ]+$/g, "")]);
const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
const flat = (all: readonly Pair[]): string[] => all.flat();

/** A record as people write one: values, arrays of them, and what removes a field. */
const record = fc
  .array(
    fc.tuple(
      name,
      fc.oneof(
        value,
        fc.array(value, { maxLength: 3 }),
        fc.integer(),
        fc.boolean(),
        fc.constantFrom(null, undefined),
      ),
    ),
    { maxLength: 6 },
  )
  .map((entries) => new Map(entries));

describe("header fields", () => {
  it("that are given again replace all lines of their name, and no others", patience, () =>
    holds(
      300,
      fc.property(pairs, pairs, (base, over) => {
        const merged = mergeHeaders(flat(base), over);
        const kept = base.filter(([key]) => !over.some(([other]) => same(key, other)));
        expect(merged).toEqual(flat([...kept, ...trimmed(over)]));
      }),
    ),
  );

  it(
    "of a record repeat for arrays, and are removed by null, undefined and nothing",
    patience,
    () =>
      holds(
        300,
        fc.property(pairs, record, (base, over) => {
          const entries = [...over];
          // Own members, whatever they are called.
          const given = Object.fromEntries(entries) as Record<string, string>;
          const lines = entries.flatMap(([key, one]) =>
            [one]
              .flat()
              .flatMap((item): Pair[] =>
                item === null || item === undefined ? [] : [[key, String(item)]],
              ),
          );
          const kept = base.filter(([key]) => !entries.some(([other]) => same(key, other)));
          const ordered = Object.keys(given).flatMap((key) =>
            lines.filter(([other]) => other === key),
          );
          expect(mergeHeaders(flat(base), given)).toEqual(flat([...kept, ...trimmed(ordered)]));
        }),
      ),
  );

  it("come out as they went in", patience, () =>
    holds(
      300,
      fc.property(pairs, name, (all, wanted) => {
        const headers = new HttpHeaders(all);
        const model = trimmed(all);
        expect([...headers]).toEqual(model);
        expect([...new HttpHeaders(headers)]).toEqual(model);
        expect(headers.size).toBe(all.length);
        const of = model.filter(([key]) => same(key, wanted)).map(([, text]) => text);
        expect(headers.getAll(wanted)).toEqual(of);
        expect(headers.get(wanted)).toBe(of.length > 0 ? of.join(", ") : null);
        expect(headers.has(wanted)).toBe(of.length > 0);
        const json = headers.toJSON();
        expect(Object.getPrototypeOf(json)).toBeNull();
        expect([json[wanted.toLowerCase()] ?? []].flat()).toEqual(of);
      }),
    ),
  );

  it("agree with the platform's, which combines them", patience, () =>
    holds(
      200,
      fc.property(pairs, (all) => {
        const headers = new HttpHeaders(all);
        const platform = new Headers(all);
        for (const [key, text] of platform)
          if (key !== "set-cookie") expect(headers.get(key)).toBe(text);
        expect(headers.getSetCookie()).toEqual(platform.getSetCookie());
      }),
    ),
  );

  it("refuse what would break a head, whatever surrounds it", patience, () =>
    holds(
      200,
      fc.property(
        name,
        value,
        fc.constantFrom("\r", "\n", "\0", "\r\n", "\x7f", "\u0100"),
        value,
        (key, before, bad, after) => {
          const headers = new HttpHeaders({ kept: "1" });
          expect(() => headers.append(key, before + bad + after)).toThrow("holds");
          expect(() => headers.set(key, [before, before + bad + after])).toThrow("holds");
          expect([...headers]).toEqual([["kept", "1"]]);
        },
      ),
    ),
  );
});
