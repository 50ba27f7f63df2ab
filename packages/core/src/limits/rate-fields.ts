/*
 * What servers say of their rate limits: the fields of draft-ietf-httpapi-ratelimit-headers, the forms that came before
 * them, and Retry-After (RFC 9110 §10.2.3).
 */

import { httpDate } from "../http/date.ts";
import { fieldValues, firstValue } from "../headers.ts";
import type { FieldLines } from "../transport.ts";

/** Numbers above these cannot be seconds or milliseconds to wait: they are seconds or milliseconds since 1970. */
const sinceEpoch = { seconds: 1e9, milliseconds: 1e11 };

interface Item {
  readonly name: string;
  readonly params: ReadonlyMap<string, string>;
}

/** How long to wait before the next request, in milliseconds, as the fields of a response say; 0: they do not. */
export function toldWait(status: number, fields: FieldLines): number {
  const after = status === 429 || status === 503 ? firstValue(fields, "retry-after") : undefined;
  return Math.max(waitUntil(after, fields), exhausted(fields));
}

/** How long until there is something remaining again of a limit that has nothing remaining now, in milliseconds. */
function exhausted(fields: FieldLines): number {
  let longest = 0;
  const told = (reset: string | undefined): void => {
    longest = Math.max(longest, waitUntil(reset, fields));
  };
  const windows = new Map<string, string | undefined>();
  for (const item of items(fields, "ratelimit-policy"))
    windows.set(item.name, item.params.get("w"));
  // "default";r=0;t=30, and remaining=0, reset=30 of an earlier draft, whose members make one item together.
  const earlier = new Map<string, string>();
  for (const { name, params } of items(fields, "ratelimit")) {
    const [key, value] = pair(name);
    if (value !== "") earlier.set(key, value);
    else if (isNone(params.get("r"))) told(params.get("t") ?? windows.get(name));
  }
  if (isNone(earlier.get("remaining"))) told(earlier.get("reset"));
  for (const prefix of ["ratelimit-", "x-ratelimit-", "x-rate-limit-"])
    if (isNone(firstValue(fields, `${prefix}remaining`)))
      told(firstValue(fields, `${prefix}reset`));
  return longest;
}

/** Milliseconds until a time as servers write it: seconds from now, seconds or milliseconds since 1970, or a date. */
function waitUntil(text: string | undefined, fields: FieldLines): number {
  const value = text?.trim() ?? "";
  const number = /^\d+(\.\d+)?$/.test(value) ? Number(value) : NaN;
  if (number < sinceEpoch.seconds) return number * 1000;
  // By the server's own clock where it tells the time, as that of this machine may be wrong.
  const present = httpDate(firstValue(fields, "date") ?? "") || Date.now();
  const at = number < sinceEpoch.milliseconds ? number * 1000 : number || httpDate(value);
  return Math.max(0, at - present) || 0;
}

function isNone(remaining: string | undefined): boolean {
  return remaining !== undefined && /^\s*-?0+(\.0+)?\s*$/.test(remaining);
}

/**
 * The members of a list of items with parameters (RFC 9651 §3.1), as far as numbers are concerned. In linear time,
 * whatever the server sends: a quoted string that does not end goes to the end.
 */
function items(fields: FieldLines, name: string): Item[] {
  return split(fieldValues(fields, name).join(), ",").map((member) => {
    const [first = "", ...params] = split(member, ";");
    return { name: first, params: new Map(params.map(pair)) };
  });
}

function split(text: string, separator: "," | ";"): string[] {
  const part = separator === "," ? /(?:"[^"]*"?|[^",])+/g : /(?:"[^"]*"?|[^";])+/g;
  return Array.from(text.matchAll(part), ([found]) => found.trim());
}

function pair(text: string): [name: string, value: string] {
  const [name = "", value = ""] = text.split("=", 2);
  return [name.trim(), value.trim()];
}
