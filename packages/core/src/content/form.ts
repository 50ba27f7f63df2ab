/* Forms and queries (WHATWG URL §5): what `form` and `params` take, and the pairs that it makes. */

import { toPairs } from "./pairs.ts";

/** One value; numbers, bigints and booleans become text. `null` and `undefined` are left out. */
export type FormValue = string | number | bigint | boolean | null | undefined;

/** A record (an array repeats its name), pairs, or `URLSearchParams`. */
export type FormInput =
  | URLSearchParams
  | Iterable<readonly [name: string, value: FormValue]>
  | Readonly<Record<string, FormValue | readonly FormValue[]>>;

/** The pairs of an input. @throws InvalidRequestError for values that are neither text nor numbers nor booleans. */
export function toSearchParams(input: FormInput, option: "form" | "params"): URLSearchParams {
  const given = toPairs(input, option).filter((pair): pair is [string, string] => pair[1] !== null);
  return new URLSearchParams(given);
}

/** Lays pairs over others: a name given again replaces all pairs of that name. */
export function mergeParams(base: URLSearchParams | null, input: FormInput): URLSearchParams {
  const added = toSearchParams(input, "params");
  // Not by `has`, which goes through all pairs each time.
  const names = new Set(added.keys());
  const kept = [...(base ?? [])].filter(([name]) => !names.has(name));
  return new URLSearchParams([...kept, ...added]);
}
