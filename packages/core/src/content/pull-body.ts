/* The receiving half of an exchange, for libraries that offer a web stream to read from. */

import type { ContentReceiver, ResponseBody } from "../transport.ts";

/** What `ReadableStreamDefaultReader` offers, and all that is used of it. */
export interface PieceReader {
  read(): Promise<{ done: boolean; value?: Uint8Array<ArrayBuffer> | undefined }>;
  cancel(reason?: unknown): Promise<void>;
}

/**
 * A {@link ResponseBody} over a reader of a web stream; `null` for no content.
 * @param mapError Makes the `HttpError` of what a read rejects with.
 */
export function pullBody(
  reader: PieceReader | null,
  mapError: (error: unknown) => unknown,
): ResponseBody {
  let receiver: ContentReceiver | null = null;
  let paused = false;
  let reading = false;
  let over = false;

  const pump = async (): Promise<void> => {
    if (reading) return;
    reading = true;
    try {
      while (!paused && !over && receiver) {
        const { done, value } = reader ? await reader.read() : { done: true, value: undefined };
        if (over) return;
        if (done) {
          over = true;
          receiver.end(null);
        } else if (value && value.byteLength > 0) receiver.data(value);
      }
    } catch (error) {
      if (over) return;
      over = true;
      receiver?.fail(mapError(error));
    } finally {
      reading = false;
    }
  };

  return {
    start(to) {
      receiver = to;
      void pump();
    },
    pause() {
      paused = true;
    },
    resume() {
      paused = false;
      if (receiver) void pump();
    },
    cancel() {
      if (over) return;
      over = true;
      // A stream that is errored already rejects here; there is nobody left to tell.
      reader?.cancel().catch(() => undefined);
    },
  };
}
