/* Credentials that the runner plants where a case has none of its own: no error may show them. */

import type { Capabilities } from "@anyhttp/core";
import type { Case } from "../case/case.ts";
import type { CallOptions, Observation } from "../case/perform.ts";

const secret = "planted-f3a9c1d7";

/** Options of the session with a secret in them, unless the case says or judges something of header fields itself. */
export function plant(
  of: Case,
  options: CallOptions,
  { forbiddenFields }: Capabilities,
): CallOptions {
  if (typeof of.perform === "function" || !of.id.startsWith("transport/")) return options;
  // A browser lets no script send cookies, and asks the origin first if it may send credentials.
  if (forbiddenFields !== "none") return options;
  if ([options, of.perform, of.expect, of.otherwise, of.origin].some(speaksOfFields))
    return options;
  return { headers: { authorization: `Bearer ${secret}`, cookie: `sid=${secret}` }, ...options };
}

/** Whether data says something of header fields anywhere, in a name or in a text. */
function speaksOfFields(value: unknown): boolean {
  if (typeof value === "string") return aboutFields.test(value);
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return false;
  if (Array.isArray(value)) return value.some(speaksOfFields);
  return Object.entries(value).some(([key, item]) => aboutFields.test(key) || speaksOfFields(item));
}

const aboutFields = /header|field|cookie|auth|^head$|exchange|redirect|location/i;

/** Says which errors show what was planted. */
export function disclosures(observations: readonly Observation[]): string[] {
  return observations.flatMap(({ error }) =>
    error && texts(error.error, 5).includes(secret)
      ? [`an error shows credentials of the request: ${error.name}`]
      : [],
  );
}

/** All that printing an error may show. */
function texts(error: unknown, depth: number): string {
  if (!(error instanceof Error) || depth === 0) return text(error);
  const { message, stack, cause } = error;
  return [message, stack, text(error), texts(cause, depth - 1)].join("\n");
}

function text(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    return String(value);
  }
}
