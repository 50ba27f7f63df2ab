/* Standard Schema (standardschema.dev): content checked and typed by whichever library the caller likes. */

import { isHttpError, unparsable } from "./errors.ts";
import { invalidOption } from "./options/rules.ts";

/** What is used of the interface, version 1. */
export interface Schema<Output = unknown> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

/** The value, or what is wrong with it. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** One thing that does not fit. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** @throws InvalidRequestError for what is no schema, and must not pass for one that all values fit. */
export function checkSchema(schema: Schema | undefined): void {
  // Callers of no type checker may pass anything.
  if (typeof schema?.["~standard"]?.validate !== "function")
    throw invalidOption("schema", schema, "Pass a Standard Schema.");
}

/** @param what What the value is of, for the message. @throws ParseError with the issues; InvalidRequestError. */
export async function parseWith<T>(schema: Schema<T>, value: unknown, what: string): Promise<T> {
  let result: SchemaResult<T>;
  let why: string;
  try {
    checkSchema(schema);
    result = await schema["~standard"].validate(value);
    if (!result.issues) return result.value;
    const first = result.issues[0];
    const place = [...(first?.path ?? [])]
      .map((step) => String(typeof step === "object" ? step?.key : step))
      .join(".");
    why = `${what} does not fit the schema: ${place ? `${place}: ` : ""}${first?.message ?? "no reason given"}`;
  } catch (cause) {
    throw isHttpError(cause)
      ? cause
      : unparsable("SCHEMA", "the schema failed", "See cause.", cause);
  }
  throw unparsable("SCHEMA", why, "See error.issues.", undefined, result.issues);
}
