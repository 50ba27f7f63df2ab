/* A one-shot source held to its word: only bytes come out, as many as were declared, and its errors are named. */

import { httpError, isHttpError } from "../errors.ts";

const encoder = new TextEncoder();

/** The pieces of a source as bytes. Fails with ERR_CONTENT_SOURCE before a byte beyond `length` is passed on. */
export async function* measured(
  source: AsyncIterable<Uint8Array | string>,
  length: number | null,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  let count = 0;
  try {
    for await (const piece of source) {
      const bytes = typeof piece === "string" ? encoder.encode(piece) : (piece as Uint8Array<ArrayBuffer>);
      if (!(bytes instanceof Uint8Array)) throw broken(`the request content yielded ${typeof piece}, not bytes`);
      count += bytes.byteLength;
      if (length !== null && count > length) throw broken(`the request content is longer than its content-length of ${length} bytes`);
      if (bytes.byteLength > 0) yield bytes;
    }
  } catch (cause) {
    throw isHttpError(cause) ? cause : broken("the source of the request content failed", cause);
  }
  if (length !== null && count < length) {
    throw broken(`the request content ended after ${count} bytes of its content-length of ${length}`);
  }
}

function broken(what: string, cause?: unknown): Error {
  return httpError("ERR_CONTENT_SOURCE", { what, cause });
}
