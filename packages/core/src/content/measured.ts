/* A one-shot source held to its word: only bytes come out, as many as were declared, and its errors are named. */

import { ContentError, isHttpError } from "../errors.ts";
import type { ErrorFacts } from "../http-error.ts";

const encoder = new TextEncoder();

/** What gives pieces; streams of Node also have `destroy`. */
export type PieceSource = AsyncIterable<unknown> & { readonly destroy?: () => unknown };

/** The pieces of a source as bytes. Fails with ERR_CONTENT_SOURCE before a byte beyond `length` is passed on. */
export class Measured implements AsyncIterableIterator<Uint8Array<ArrayBuffer>, void> {
  readonly #begin: () => PieceSource;
  readonly #length: number | null;
  #source: PieceSource | null = null;
  #iterator: AsyncIterator<unknown, unknown> | null = null;
  #count = 0;
  #over = false;

  /** @param begin Gives the source; called when the first piece is asked for. */
  constructor(begin: () => PieceSource, length: number | null) {
    this.#begin = begin;
    this.#length = length;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array<ArrayBuffer>, void>> {
    while (!this.#over) {
      const piece = await this.#piece();
      if (piece === null) break;
      if (piece.byteLength > 0) return { done: false, value: piece };
    }
    return { done: true, value: undefined };
  }

  /** Passed on at once, and to a stream of Node as `destroy`: a piece that never comes may be what is waited for. */
  async return(): Promise<IteratorResult<Uint8Array<ArrayBuffer>, void>> {
    const running = !this.#over && this.#iterator;
    this.#over = true;
    if (running) await stop(this.#source as PieceSource, running);
    return { done: true, value: undefined };
  }

  /** The next piece; `null` if there is none. */
  async #piece(): Promise<Uint8Array<ArrayBuffer> | null> {
    let next: IteratorResult<unknown, unknown>;
    try {
      this.#source ??= this.#begin();
      this.#iterator ??= this.#source[Symbol.asyncIterator]();
      next = await this.#iterator.next();
      // What comes, or fails, after the end is nobody's.
      if (this.#over) return null;
      if (next.done) this.#over = true;
    } catch (cause) {
      if (this.#over) return null;
      this.#over = true;
      throw isHttpError(cause)
        ? cause
        : broken("the source of the request content failed", "See cause.", { cause });
    }
    const { value } = next;
    const bytes = typeof value === "string" ? encoder.encode(value) : value;
    if (!next.done && !(bytes instanceof Uint8Array))
      throw this.#wrong(`yielded ${typeof value}, not bytes`, "Yield bytes or strings.");
    const piece = next.done ? null : (bytes as Uint8Array<ArrayBuffer>);
    this.#count += piece?.byteLength ?? 0;
    const length = this.#length ?? (piece ? Infinity : this.#count);
    if (piece ? this.#count > length : this.#count !== length) {
      const how = piece ? "is longer than" : `ended after ${this.#count} bytes of`;
      throw this.#wrong(
        `${how} its content-length of ${length}`,
        "Correct the length, or leave it out.",
      );
    }
    return piece;
  }

  #wrong(how: string, remedy: string): ContentError {
    void this.return();
    return broken(`the request content ${how}`, remedy);
  }
}

async function stop(source: PieceSource, iterator: AsyncIterator<unknown, unknown>): Promise<void> {
  try {
    if (typeof source.destroy === "function") source.destroy();
    else await iterator.return?.();
  } catch {
    // Nobody is left to be told that stopping failed.
  }
}

/** The error of request content that cannot be had. */
export function broken(what: string, remedy: string, facts?: ErrorFacts): ContentError {
  return new ContentError("ERR_CONTENT_SOURCE", what, remedy, { phase: "write", ...facts });
}
