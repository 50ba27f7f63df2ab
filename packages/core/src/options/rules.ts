/* Rules for options: how each is checked and laid over what held before; and the record of rules at work. */

import { invalid } from "../errors.ts";
import { isStray } from "../record.ts";
import { shown } from "../redact.ts";

/** Checks one value. `option`: its name as the caller wrote it. Returns what is kept. */
export type Rule<T> = (value: unknown, base: T, option: string) => T;

/** A rule for each option; `null` for those that somebody else looks at. */
export type Rules<T> = { readonly [K in keyof T]-?: Rule<T[K]> | null };

/** The error of an option with a wrong value. */
export function invalidOption(option: string, value: unknown, remedy: string): Error {
  return invalid("OPTION", `the option ${option} is ${shown(value)}`, remedy);
}

/**
 * Lays options over a base, which is returned itself where they say nothing.
 * @param prefix Stands before their names in messages.
 * @throws InvalidRequestError for what is wrong, and for a misspelt option, which is never passed over in silence.
 */
export function lay<T extends object>(
  rules: Partial<Rules<T>>,
  base: T,
  input: unknown,
  prefix = "",
): T {
  if (typeof input !== "object" || input === null) {
    throw invalidOption(
      prefix.slice(0, -1) || "options",
      input,
      `Pass { ${Object.keys(rules).join(", ")} }.`,
    );
  }
  for (const name in input) {
    if (!Object.hasOwn(rules, name) && !isStray(input, name)) {
      throw invalid(
        "OPTION",
        `the option ${prefix}${name.slice(0, 64)} is unknown`,
        `Known are ${Object.keys(rules).join(", ")}.`,
      );
    }
  }
  let laid = base;
  // Not their keys, which would be a new array for each call.
  for (const name in rules) {
    const rule = rules[name];
    // Whoever looks at it instead is to read it once, as it may be a getter.
    const value = rule && (input as Partial<T>)[name];
    if (!rule || value === undefined || isStray(input, name)) continue;
    if (laid === base) laid = { ...base };
    laid[name] = rule(value, base[name], prefix + name);
  }
  return laid;
}

/** A record of options, merged field by field. `short`: the field that a value stands for which is no record. */
export function record<T extends object>(rules: Rules<T>, short?: keyof T): Rule<T> {
  return (value, base, option) => {
    if (short === undefined || typeof value === "object")
      return lay(rules, base, value, `${option}.`);
    return { ...base, [short]: rules[short]?.(value, base[short], option) };
  };
}

/** `true` or `false`. */
export function flag(value: unknown, _base: boolean, option: string): boolean {
  if (typeof value === "boolean") return value;
  throw invalidOption(option, value, "Pass true or false.");
}

/** A whole number of at least `least`; `false` or `Infinity` for no limit. */
export function count(least: number): Rule<number> {
  return (value, _base, option) => {
    if (value === false || value === Infinity) return Infinity;
    if (Number.isInteger(value) && (value as number) >= least) return value as number;
    throw invalidOption(
      option,
      value,
      `Pass a whole number of at least ${least}, or false for no limit.`,
    );
  };
}

/** Milliseconds; `false` or `Infinity` for no limit. */
export function milliseconds(value: unknown, _base: number, option: string): number {
  if (value === false) return Infinity;
  if (typeof value === "number" && value > 0) return value;
  throw invalidOption(option, value, "Pass milliseconds above 0, or false for no limit.");
}

/** An array of which each item is right. `what`: what they are, for the message. */
export function listOf<T>(what: string, isRight: (item: unknown) => item is T): Rule<readonly T[]> {
  return (value, _base, option) => {
    if (Array.isArray(value) && value.every(isRight)) return value;
    throw invalidOption(option, value, `Pass an array of ${what}.`);
  };
}

/** A function. `what`: its parameters and result, for the message. */
export function callable<T>(what: string): Rule<T> {
  return (value, _base, option) => {
    if (typeof value === "function") return value as T;
    throw invalidOption(option, value, `Pass a function ${what}.`);
  };
}
