/* Streamed request content on its way into fetch: failures told as they are, and never without an end in sight. */

import type { OutgoingStream } from "@anyhttp/core";

/**
 * Bytes that may go out without the event loop turning. A source that always has more to a peer that always takes more
 * would let no timer fire and no abort come through.
 */
const stretch = 1_048_576;

/** Streamed content that can be stopped. */
export interface Upload {
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  /**
   * Ends asking; the stream then neither ends nor fails, which would finish the request.
   * @returns Whether something is left that was not asked for.
   */
  stop(): boolean;
  /** Breaks off what {@link stop} has left, when the response is over and can come to no harm. */
  abandon(): void;
}

/**
 * @param onEnd Called when the source has been taken whole.
 * @param onFail Hears the very error that the source failed with.
 */
export function startUpload(
  { source }: OutgoingStream,
  onEnd: () => void,
  onFail: (error: unknown) => void,
): Upload {
  const iterator = source[Symbol.asyncIterator]();
  const never = new Promise<never>(() => undefined);
  let over = false;
  let run = 0;

  const stop = (): boolean => {
    if (over) return false;
    over = true;
    // Nobody is left to be told that stopping failed.
    iterator.return?.().then(undefined, () => undefined);
    return true;
  };

  const pull = async (
    to: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>,
  ): Promise<void> => {
    if (run >= stretch) {
      run = 0;
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    if (over) return never;
    try {
      const piece = await iterator.next();
      if (over) return await never;
      if (!piece.done) {
        run += piece.value.byteLength + 1_024;
        return to.enqueue(piece.value);
      }
      over = true;
      onEnd();
      to.close();
    } catch (error) {
      if (over) return never;
      over = true;
      onFail(error);
      throw error;
    }
  };

  let controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | null = null;
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start: (own) => void (controller = own),
      pull,
      cancel: () => void stop(),
    },
    { highWaterMark: 0 },
  );
  return { stop, stream, abandon: () => controller?.error(new Error("nobody waits for it")) };
}
