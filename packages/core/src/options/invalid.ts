/* The error of a wrong option, and small checks that throw it. */

import { httpError } from "../errors.ts";

/** `option` as the caller wrote it; `why` continues the sentence. */
export function invalidOption(option: string, why: string, remedy: string): Error {
  return httpError("ERR_INVALID_OPTION", { what: `the option ${option} ${why}`, remedy });
}

/** A whole number of at least `least`, or `Infinity` where `false` says "no limit". */
export function wholeNumber(option: string, value: unknown, least: number): number {
  if (value === false || value === Infinity) return Infinity;
  if (typeof value === "number" && Number.isInteger(value) && value >= least) return value;
  throw invalidOption(option, `is ${typeof value === "number" ? value : `of type ${typeof value}`}`, `Pass a whole number of at least ${least}, or false for no limit.`);
}

/** `true` or `false`. */
export function flag(option: string, value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw invalidOption(option, `is of type ${typeof value}`, "Pass true or false.");
}

/** A plain record whose keys are all known; a misspelt option is an error, not a silence. */
export function knownKeys(option: string, value: object, known: ReadonlySet<string>): void {
  for (const key in value) {
    if (!known.has(key)) {
      const prefix = option === "" ? "" : `${option}.`;
      throw invalidOption(`${prefix}${key}`.slice(0, 64), "is unknown", `Known are ${[...known].join(", ")}.`);
    }
  }
}
