/* Names with values, in the shapes in which people have them: alike in `headers`, `params` and `form`. */

import { invalid } from "../errors.ts";
import { shown } from "../redact.ts";

/** A name and its value as text; `null` for a value that is `null` or `undefined`. */
export type Pair = [name: string, value: string | null];

/**
 * The pairs of a record (an array repeats its name), or of an iterable of pairs. Numbers, bigints and booleans become
 * text; an empty array counts as `null`, which pairs of headers cannot have.
 * @throws InvalidRequestError that says which value is wrong.
 */
export function toPairs(input: unknown, option: "headers" | "params" | "form"): Pair[] {
  const pairs: Pair[] = [];
  const refuse = (what: string, value: unknown): Error =>
    invalid(
      option === "headers" ? "HEADER" : "OPTION",
      `${what} is ${shown(value)}`,
      "Pass a record of strings, numbers and booleans (arrays repeat the name), or pairs.",
    );
  const add = (name: unknown, value: unknown, optional: boolean): void => {
    if (typeof name !== "string") throw refuse(`a name in ${option}`, name);
    const nothing = value === null || value === undefined;
    if (nothing ? !optional : !isPlain(value)) throw refuse(`${option}["${name}"]`, value);
    pairs.push([name, isPlain(value) ? String(value) : null]);
  };
  if (typeof input !== "object" || input === null) throw refuse(option, input);
  if (Symbol.iterator in input) {
    for (const pair of input as Iterable<unknown>) {
      if (!Array.isArray(pair) || pair.length !== 2) throw refuse(`an item of ${option}`, pair);
      add(pair[0], pair[1], option !== "headers");
    }
  } else {
    for (const [name, value] of Object.entries(input)) {
      const values: unknown[] = [value].flat();
      for (const one of values.length > 0 ? values : [null]) add(name, one, true);
    }
  }
  return pairs;
}

function isPlain(value: unknown): value is string | number | bigint | boolean {
  const type = typeof value;
  return type === "string" || type === "number" || type === "bigint" || type === "boolean";
}
