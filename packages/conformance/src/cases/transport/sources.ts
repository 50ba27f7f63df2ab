/* Sources of request content for cases, and what becomes of connections that cannot be used again. */

import { type Matcher, oneOf } from "../../case.ts";

/** A connection that the client has ended. */
export const brokenOff: Matcher = oneOf("client-fin", "client-reset");

/** A stream of these byte strings. */
export function stream(...pieces: readonly string[]): ReadableStream<Uint8Array> {
  const left = pieces.map((piece) => Uint8Array.from(piece, (octet) => octet.charCodeAt(0)));
  return new ReadableStream({
    pull(controller) {
      const piece = left.shift();
      if (piece) controller.enqueue(piece);
      else controller.close();
    },
  });
}

/** An async iterable of these pieces. */
export async function* iterable(
  ...pieces: readonly (string | Uint8Array)[]
): AsyncGenerator<string | Uint8Array, void> {
  for (const piece of pieces) yield await Promise.resolve(piece);
}
