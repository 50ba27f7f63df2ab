/* Timeouts: what may be said, the defaults, and how a call's are laid over a session's. */

import { invalidOption } from "./options/invalid.ts";

/**
 * Limits in milliseconds. `Infinity` or `false` switches one off. Each one that is reached rejects with a
 * `TimeoutError` whose `phase` is its name here.
 */
export interface TimeoutOptions {
  /** The whole call: queue, connect, upload, redirects, and content until it is read or discarded. Default: none. */
  readonly total?: number | false | undefined;
  /** Waiting for a slot in `limits`. Default: none. */
  readonly queue?: number | false | undefined;
  /** A new connection: DNS, TCP, TLS. One from the pool passes at once. Default: 30 000. */
  readonly connect?: number | false | undefined;
  /** From the request fully sent to the head of the response. Default: 300 000. */
  readonly response?: number | false | undefined;
  /** A gap between two pieces of response content; time in which the consumer takes nothing is not counted. Default: 300 000. */
  readonly read?: number | false | undefined;
}

/** A number means `total`. */
export type TimeoutInput = number | false | TimeoutOptions;

/** @internal Every limit, `Infinity` for none. */
export type Timeouts = Readonly<Record<keyof TimeoutOptions, number>>;

/** These end every silence and never a stream that flows. */
export const defaultTimeouts: Timeouts = { total: Infinity, queue: Infinity, connect: 30_000, response: 300_000, read: 300_000 };

const names = new Set(Object.keys(defaultTimeouts));

/** Lays limits over others, field by field. @throws InvalidRequestError for 0, negative, NaN and unknown names. */
export function mergeTimeouts(base: Timeouts, input: TimeoutInput): Timeouts {
  if (typeof input !== "object" || input === null) return { ...base, total: limit("timeout", input) };
  const merged: Record<string, number> = { ...base };
  for (const [name, value] of Object.entries(input)) {
    if (!names.has(name)) throw invalidOption("timeout", `has no limit "${name}"`, `Known are ${[...names].join(", ")}.`);
    if (value !== undefined) merged[name] = limit(`timeout.${name}`, value);
  }
  return merged as Timeouts;
}

function limit(option: string, value: unknown): number {
  if (value === false) return Infinity;
  if (typeof value === "number" && value > 0) return value;
  throw invalidOption(option, `is ${shown(value)}`, "Pass milliseconds above 0, or false for no limit.");
}

function shown(value: unknown): string {
  return typeof value === "number" ? String(value) : `of type ${value === null ? "null" : typeof value}`;
}
