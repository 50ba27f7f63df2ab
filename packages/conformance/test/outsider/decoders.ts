/* Content decoders over node:zlib, as an outsider would write them: the platform's own are stricter than HTTP. */

import type { Transform } from "node:stream";
import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from "node:zlib";
import type { ContentDecoders, DecoderFactory } from "@anyhttp/core";

function decoder(open: (first: number) => Transform): DecoderFactory {
  return (receiver, onDrain) => {
    let stream: Transform | null = null;
    const listen = (made: Transform): Transform => {
      made.on("data", (piece: Buffer<ArrayBuffer>) => receiver.data(piece));
      made.on("error", (error) => receiver.fail(error));
      made.on("end", () => receiver.end(null));
      return made.on("drain", onDrain);
    };
    return {
      write: (piece) => (stream ??= listen(open(piece[0] ?? 0))).write(piece),
      end: () => void (stream ? stream.end() : receiver.end(null)),
      pause: () => void stream?.pause(),
      resume: () => void stream?.resume(),
      cancel: () =>
        void stream
          ?.removeAllListeners()
          .on("error", () => undefined)
          .destroy(),
    };
  };
}

/** Decoders for what Node decodes. */
export const outsiderDecoders: ContentDecoders = {
  gzip: decoder(() => createGunzip()),
  // Some servers send it raw; a zlib header begins with method 8.
  deflate: decoder((first) => ((first & 0x0f) === 8 ? createInflate() : createInflateRaw())),
  br: decoder(() => createBrotliDecompress()),
  zstd: decoder(() => createZstdDecompress()),
};
