/* Small pieces for transports: request content as a stream of bytes, its length, and the signal as a platform one. */

import { Measured } from "./measured.ts";
import type { ExchangeSignal, OutgoingStream, TransportBody } from "../transport.ts";

/** Whether request content is a one-shot stream. */
export function isStream(body: TransportBody | null): body is OutgoingStream {
  return body !== null && "source" in body;
}

/** Number of bytes of request content: 0 for none, `null` if it is not known. */
export function bodyLength(body: TransportBody | null): number | null {
  if (body === null) return 0;
  if (body instanceof Uint8Array) return body.byteLength;
  return isStream(body) ? body.length : body.size;
}

/** Request content as an async iterable of pieces, whatever its kind. */
export function bodyPieces(body: TransportBody): AsyncIterable<Uint8Array<ArrayBuffer>> {
  if (isStream(body)) return body.source;
  // A file behind a Blob may be gone, or another by now.
  return body instanceof Uint8Array
    ? once(body)
    : new Measured(() => streamPieces(body.stream()), body.size);
}

async function* once(piece: Uint8Array<ArrayBuffer>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  yield piece;
}

/** The pieces of a web stream. Safari's streams are not iterable, and not every runtime cancels on `return()`. */
export function streamPieces<T>(stream: ReadableStream<T>): AsyncIterable<T> {
  return { [Symbol.asyncIterator]: () => new StreamPieces(stream.getReader()) };
}

class StreamPieces<T> implements AsyncIterator<T, void> {
  readonly #reader: ReadableStreamDefaultReader<T>;

  constructor(reader: ReadableStreamDefaultReader<T>) {
    this.#reader = reader;
  }

  async next(): Promise<IteratorResult<T, void>> {
    let isOver = true;
    try {
      const next = await this.#reader.read();
      isOver = next.done;
      return next as IteratorResult<T, void>;
    } finally {
      if (isOver) this.#reader.releaseLock();
    }
  }

  /** At once, and not when a piece has come that may never come. */
  async return(): Promise<IteratorResult<T, void>> {
    const cancelled = this.#reader.cancel();
    this.#reader.releaseLock();
    await cancelled.catch(() => undefined);
    return { done: true, value: undefined };
  }
}

/**
 * A web stream of an async iterable's pieces, pulled one at a time (`ReadableStream.from` is not everywhere). Nothing is
 * asked of the iterable before somebody reads.
 */
export function piecesToStream<T>(pieces: AsyncIterable<T>): ReadableStream<T> {
  let opened: AsyncIterator<T> | undefined;
  const iterator = (): AsyncIterator<T> => (opened ??= pieces[Symbol.asyncIterator]());
  return new ReadableStream<T>(
    {
      async pull(controller) {
        const next = await iterator().next();
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      },
      async cancel() {
        await iterator().return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

/** A platform `AbortSignal` that fires with the exchange's signal. For libraries that want one. */
export function toAbortSignal(signal: ExchangeSignal): AbortSignal {
  if (signal.aborted) return AbortSignal.abort(signal.reason);
  const controller = new AbortController();
  signal.onabort = (reason) => controller.abort(reason);
  return controller.signal;
}
