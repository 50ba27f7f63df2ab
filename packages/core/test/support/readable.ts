/* Pieces of content under the readers, without a session around them. */

import type { HttpResponse } from "../../src/index.ts";
import { ContentReaders } from "../../src/readers.ts";

/** What readers that go line by line see of a response. */
class Readable extends ContentReaders {
  readonly status = 200;
  readonly request = { method: "GET", url: "http://origin.test/" };
  readonly contentType: string;
  discarded = 0;
  readonly #pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

  constructor(pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>, contentType: string) {
    super();
    this.#pieces = pieces;
    this.contentType = contentType;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    for await (const piece of this.#pieces) yield piece;
  }

  discard(): void {
    this.discarded++;
  }

  protected override get source(): HttpResponse {
    return this as unknown as HttpResponse;
  }
}

/** Content of a type, in these pieces. */
export function readable(
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  contentType = "",
): Readable {
  return new Readable(pieces, contentType);
}

/** Text in this charset, in these pieces; none: no charset is declared. */
export function readableText(
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  charset: string | null = null,
): Readable {
  return readable(pieces, charset === null ? "text/plain" : `text/plain; charset=${charset}`);
}
