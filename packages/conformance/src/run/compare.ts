/* Compares what was seen with what was expected, and says in words where they differ. */

import { isMatcher } from "../case/matchers.ts";
import type { FieldsExpectation } from "../case/expectation.ts";
import type { Fields } from "../case/script.ts";

/** A value in words, bounded. */
export function show(value: unknown, bound = 160): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value, (_key, item: unknown) => {
    return typeof item === "bigint" || typeof item === "function" ? String(item) : item;
  }) as string | undefined;
  if (text === undefined) return typeof value;
  return text.length > bound ? `${text.slice(0, bound)}… (${text.length} characters)` : text;
}

/** What is wrong with a value; `null` if nothing is. `what` names it: `status`. */
export function compare(what: string, expected: unknown, seen: unknown): string | null {
  if (isMatcher(expected)) {
    return expected.matches(seen) ? null : `${what}: expected ${expected.wants}, got ${show(seen)}`;
  }
  if (same(expected, seen)) return null;
  // Bodies that differ far from their beginning would look alike.
  const at =
    typeof expected === "string" && typeof seen === "string" ? difference(expected, seen) : "";
  return `${what}: expected ${show(expected)}, got ${show(seen)}${at}`;
}

/** Compares a record key by key; keys that are not expected are not looked at. */
export function compareRecord(prefix: string, expected: object, seen: object): string[] {
  const known = seen as Readonly<Record<string, unknown>>;
  return Object.entries(expected).flatMap(
    ([key, value]) => compare(`${prefix}${key}`, value, known[key]) ?? [],
  );
}

/** Compares fields by name; see {@link FieldsExpectation}. */
export function compareFields(
  prefix: string,
  expected: FieldsExpectation,
  lines: Fields,
): string[] {
  return Object.entries(expected).flatMap(([name, wanted]) => {
    const values = lines
      .filter(([key]) => key.toLowerCase() === name.toLowerCase())
      .map(([, value]) => value);
    const seen = Array.isArray(wanted)
      ? values
      : values.length === 0
        ? undefined
        : values.join(", ");
    return compare(`${prefix}${name}`, wanted, seen) ?? [];
  });
}

function difference(expected: string, seen: string): string {
  let at = 0;
  while (at < expected.length && expected[at] === seen[at]) at++;
  return at > 40 ? ` (they differ from character ${at})` : "";
}

function same(expected: unknown, seen: unknown): boolean {
  if (isMatcher(expected)) return expected.matches(seen);
  if (Object.is(expected, seen)) return true;
  if (
    typeof expected !== "object" ||
    typeof seen !== "object" ||
    expected === null ||
    seen === null
  )
    return false;
  if (Array.isArray(expected) !== Array.isArray(seen)) return false;
  const [wanted, had] = [expected as Record<string, unknown>, seen as Record<string, unknown>];
  const keys = Object.keys(wanted);
  return (
    keys.length === Object.keys(had).length && keys.every((key) => same(wanted[key], had[key]))
  );
}
