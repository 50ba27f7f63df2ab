/* Content decoders over the platform's `DecompressionStream`, for runtimes without `node:zlib`. */

import type { ContentReceiver } from "../transport.ts";
import type { ContentDecoder, ContentDecoders, DecoderFactory } from "./decoder.ts";
import { pullBody } from "./pull-body.ts";

/** Makes a decoder of a pair of web streams, opened at the first piece so that the format can depend on it. */
function webDecoder(format: (first: number) => string): DecoderFactory {
  return (receiver: ContentReceiver, onDrain: () => void): ContentDecoder => {
    let writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>> | null = null;
    let output: ReturnType<typeof pullBody> | null = null;
    let paused = false;
    let cancelled = false;
    // The read side reports every failure; a write that fails too has nothing to add.
    const ignore = (): void => undefined;

    const open = (first: number): WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>> => {
      const { readable, writable } = new DecompressionStream(format(first) as CompressionFormat);
      output = pullBody(readable.getReader(), (error) => error);
      if (paused) output.pause();
      output.start(receiver);
      return writable.getWriter();
    };

    return {
      write(piece) {
        if (cancelled) return true;
        writer ??= open(piece[0] as number);
        writer.write(piece).catch(ignore);
        if ((writer.desiredSize ?? 1) > 0) return true;
        writer.ready.then(onDrain, ignore);
        return false;
      },
      end() {
        if (cancelled) return;
        // Not one byte came: no member, no stream, nothing to decode.
        if (!writer) return receiver.end(null);
        writer.close().catch(ignore);
      },
      cancel() {
        cancelled = true;
        output?.cancel();
        writer?.abort().catch(ignore);
      },
      pause() {
        paused = true;
        output?.pause();
      },
      resume() {
        paused = false;
        output?.resume();
      },
    };
  };
}

// "deflate" is zlib by RFC 9110 §8.4.1.2, but some servers send it raw; a zlib header begins with method 8.
const deflate = webDecoder((first) => ((first & 0x0f) === 8 ? "deflate" : "deflate-raw"));

const formats: Record<string, [format: string, factory: DecoderFactory]> = {
  gzip: ["gzip", webDecoder(() => "gzip")],
  deflate: ["deflate-raw", deflate],
  br: ["brotli", webDecoder(() => "brotli")],
  zstd: ["zstd", webDecoder(() => "zstd")],
};

/** What this runtime's `DecompressionStream` knows, found by asking it. */
export function webDecoders(): ContentDecoders {
  const found: Record<string, DecoderFactory> = {};
  for (const [coding, [format, factory]] of Object.entries(formats)) {
    try {
      new DecompressionStream(format as CompressionFormat);
      found[coding] = factory;
    } catch {
      // Not known here, so not offered in accept-encoding.
    }
  }
  return found;
}
