/* The fields of a request that Node's fetch loses in silence. */

import type { Target } from "@anyhttp/core";
import { unsupported } from "./refuse.ts";

/** It takes all fields that Fetch forbids but `host`, and loses `__proto__` on its way into an object. */
export function lostFields(
  fields: Readonly<Record<string, string>>,
  { host }: Target,
): readonly string[] {
  const other = (fields["host"] ?? host) !== host;
  const proto = Object.hasOwn(fields, "__proto__");
  if (!other && !proto) return none;
  return ["host", "__proto__"].filter((name) => (name === "host" ? other : proto));
}

const none: readonly string[] = Object.freeze([]);

/** The refusal of such a field. */
export function lost(transport: string, name: string): Error {
  const field =
    name === "host" ? "a `host` field other than the URL's" : `a field named \`${name}\``;
  return unsupported(transport, `send ${field}`, "headers", "forbiddenFields", "leave it out");
}
