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

type Decoder = Transform & { readonly bytesWritten: number };

function decoder(open: (first: number) => Decoder): DecoderFactory {
  return (receiver, onDrain) => {
    let stream: Decoder | null = null;
    let taken = 0;
    const listen = (made: Decoder): Decoder => {
      made.on("data", (piece: Buffer<ArrayBuffer>) => receiver.data(piece));
      made.on("error", (error) => receiver.fail(error));
      made.on("end", () => {
        // Brotli and zstd leave alone what follows their end.
        if (made.bytesWritten === taken) receiver.end(null);
        else receiver.fail(new Error("there are bytes after the end"));
      });
      return made.on("drain", onDrain);
    };
    return {
      write(piece) {
        taken += piece.length;
        return (stream ??= listen(open(piece[0] ?? 0))).write(piece);
      },
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
