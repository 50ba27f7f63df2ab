/* A one-shot source held to its word: only bytes come out, as many as were declared, and its errors are named. */

import { ContentError, isHttpError } from "../errors.ts";
import type { ErrorFacts } from "../http-error.ts";

const encoder = new TextEncoder();

/**
 * The pieces of a source as bytes. Fails with ERR_CONTENT_SOURCE before a byte beyond `length` is passed on.
 * @param begin Gives the source; called when the first piece is asked for.
 */
export async function* measured(
  begin: () => AsyncIterable<Uint8Array | string>,
  length: number | null,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  let count = 0;
  try {
    // oxlint-disable-next-line anyhttp/no-for-await -- the source is any iterable of the caller's, to be ended whatever happens
    for await (const piece of begin()) {
      const bytes =
        typeof piece === "string" ? encoder.encode(piece) : (piece as Uint8Array<ArrayBuffer>);
      if (!(bytes instanceof Uint8Array))
        throw broken(
          `the request content yielded ${typeof piece}, not bytes`,
          "Yield bytes or strings.",
        );
      count += bytes.byteLength;
      if (length !== null && count > length) break;
      if (bytes.byteLength > 0) yield bytes;
    }
  } catch (cause) {
    throw isHttpError(cause)
      ? cause
      : broken("the source of the request content failed", "See cause.", { cause });
  }
  if (length !== null && count !== length) {
    const how = count > length ? "is longer than" : `ended after ${count} bytes of`;
    throw broken(
      `the request content ${how} its content-length of ${length}`,
      "Correct the field, or leave it out.",
    );
  }
}

/** The error of request content that cannot be had. */
export function broken(what: string, remedy: string, facts?: ErrorFacts): ContentError {
  return new ContentError("ERR_CONTENT_SOURCE", what, remedy, { phase: "write", ...facts });
}
