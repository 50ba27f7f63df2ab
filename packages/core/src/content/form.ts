/* Forms and queries as pairs: records, lists of pairs, and `URLSearchParams`, alike in `form` and `params`. */

import { httpError } from "../errors.ts";

/** One value; numbers, bigints and booleans become text. `null` and `undefined` are left out. */
export type FormValue = string | number | bigint | boolean | null | undefined;

/** A record (an array repeats its name), pairs, or `URLSearchParams`. */
export type FormInput =
  | URLSearchParams
  | Iterable<readonly [name: string, value: FormValue]>
  | Readonly<Record<string, FormValue | readonly FormValue[]>>;

/** The pairs of an input, as `application/x-www-form-urlencoded` (WHATWG URL §5). */
export function formText(input: FormInput): string {
  return toSearchParams(input, "form").toString();
}

/** The pairs of an input. @throws InvalidRequestError for values that are neither text nor numbers nor booleans. */
export function toSearchParams(input: FormInput, option: "form" | "params"): URLSearchParams {
  if (input instanceof URLSearchParams) return input;
  const pairs = new URLSearchParams();
  const add = (name: unknown, value: unknown): void => {
    if (value === null || value === undefined) return;
    if (typeof name !== "string" || !/^(string|number|bigint|boolean)$/.test(typeof value)) {
      throw invalid(option, `the value of "${String(name)}" is ${Array.isArray(value) ? "a nested array" : `of type ${typeof value}`}`);
    }
    pairs.append(name, String(value));
  };
  if (typeof input !== "object" || input === null) throw invalid(option, `it is of type ${typeof input}`);
  if (Symbol.iterator in input) {
    for (const pair of input) {
      if (!Array.isArray(pair) || pair.length !== 2) throw invalid(option, "a list has to hold [name, value] pairs");
      add(pair[0], pair[1]);
    }
  } else {
    for (const [name, value] of Object.entries(input)) {
      if (Array.isArray(value)) for (const one of value) add(name, one);
      else add(name, value);
    }
  }
  return pairs;
}

function invalid(option: string, why: string): Error {
  return httpError("ERR_INVALID_OPTION", {
    what: `${option} cannot be sent: ${why}`,
    remedy: "Pass a record of strings, numbers and booleans (arrays repeat the name), pairs, or URLSearchParams.",
  });
}
