/* The rate limit: what may be said, the defaults, and what of it is checked. */

import type { HttpRequest } from "../request.ts";
import { flag, invalidOption, lay, milliseconds, type Rule, type Rules } from "../options/rules.ts";
import { MemoryRateStore, type RateStore } from "./rate-store.ts";

/** How many requests are sent in a time. Each exchange counts: each hop of a redirect, each attempt. */
export interface RateLimitOptions {
  /** How many in an `interval`, in the long run; a whole number from 1. */
  readonly requests: number;
  /** The time that `requests` are for, in milliseconds. Default: 1000. */
  readonly interval?: number | undefined;
  /**
   * How many may go at once after a pause. Default: 1, so that they are spread evenly and no interval ever sees more
   * than `requests`; with a larger one it sees up to `requests + burst - 1`.
   */
  readonly burst?: number | undefined;
  /**
   * What is counted together: each origin by itself, the whole session, or whatever gives the same text. Default:
   * `"origin"`.
   */
  readonly per?: "origin" | "session" | ((request: HttpRequest) => string) | undefined;
  /**
   * Whether servers are believed that say how long to wait: `RateLimit` and its predecessors with nothing remaining,
   * `Retry-After` with status 429 and 503. Default: `false`.
   */
  readonly learn?: boolean | undefined;
  /** How long a server is believed at most, in milliseconds; `false`: however long. Default: 3 600 000. */
  readonly maxWait?: number | false | undefined;
  /** Where it is counted. Default: in memory. */
  readonly store?: RateStore | undefined;
}

/** Every option with its value. */
export type RateLimitSettings = {
  readonly [K in keyof RateLimitOptions]-?: K extends "maxWait"
    ? number
    : NonNullable<RateLimitOptions[K]>;
};

const rules: Rules<RateLimitSettings> = {
  requests: whole,
  interval(value, _base, option) {
    if (Number.isFinite(value) && (value as number) > 0) return value as number;
    throw invalidOption(option, value, "Pass milliseconds above 0.");
  },
  burst: whole,
  per(value, _base, option) {
    if (value === "origin" || value === "session" || typeof value === "function")
      return value as RateLimitSettings["per"];
    throw invalidOption(option, value, 'Pass "origin", "session", or a function that names it.');
  },
  learn: flag,
  maxWait: milliseconds,
  store(value, _base, option) {
    const { take, block } = Object(value) as Partial<RateStore>;
    if (typeof take === "function" && typeof block === "function") return value as RateStore;
    throw invalidOption(option, value, "Pass an object with the methods take and block.");
  },
};

/** Replaces what was said before; `false`: no rate limit. */
export const rateLimitRule: Rule<RateLimitSettings | null> = (value, _base, option) => {
  if (value === false) return null;
  const base: RateLimitSettings = {
    requests: 0,
    interval: 1000,
    burst: 1,
    per: "origin",
    learn: false,
    maxWait: 3_600_000,
    store: new MemoryRateStore(),
  };
  const settings = lay(rules, base, value, `${option}.`);
  return { ...settings, requests: whole(settings.requests || undefined, 0, `${option}.requests`) };
};

function whole(value: unknown, _base: number, option: string): number {
  if (Number.isInteger(value) && (value as number) > 0) return value as number;
  throw invalidOption(option, value, "Pass a whole number of at least 1.");
}
