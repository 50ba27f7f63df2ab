/* Transports that get response content wrong. */

import { isHttpError } from "@anyhttp/core";
import { type Broken, mapFields, spoilt, withReceiver } from "./broken.ts";

const empty = new Uint8Array(0);

/** Ways to get response content wrong. */
export const brokenContent: readonly Broken[] = [
  {
    name: "swallows-truncation",
    spoil: (correct) =>
      spoilt(correct, {
        response: (response) =>
          withReceiver(response, (receiver) => ({
            fail: (error) => {
              const truncated = isHttpError(error) && error.code === "ERR_CONTENT_TRUNCATED";
              if (truncated) receiver.end([]);
              else receiver.fail(error);
            },
          })),
      }),
    caught: {
      "transport/framing/short-content-is-truncated":
        /expected an error "ERR_CONTENT_TRUNCATED", got status 200/,
      "transport/truncation/*-in-the-content":
        /expected an error "ERR_CONTENT_TRUNCATED", got status 200/,
      "transport/truncation/*-chunk": /expected an error "ERR_CONTENT_TRUNCATED", got status 200/,
      "transport/truncation/seen-by-*": /"ERR_CONTENT_TRUNCATED", got/,
      "session/reading/short-*-read-as-*": /"ERR_CONTENT_TRUNCATED", got/,
      "session/reading/cut-*-read-as-*": /"ERR_CONTENT_TRUNCATED", got/,
      "session/reading/*-in-every-mode": /wrong: expected \[\], got/,
      "session/reading/*-discarded": /content: expected "given up", got "whole"/,
      "session/integrity/broken-off": /expected an error "ERR_CONTENT_TRUNCATED", got status 200/,
      "transport/truncation/web-stream-errors": /got status 200 with content "an end"/,
    },
  },
  {
    name: "collects-responses",
    spoil: (correct) =>
      spoilt(correct, {
        response(response) {
          const pieces: Uint8Array<ArrayBuffer>[] = [];
          return withReceiver(response, (receiver) => ({
            data: (piece) => void pieces.push(piece),
            end(trailers) {
              for (const piece of pieces) receiver.data(piece);
              receiver.end(trailers);
            },
          }));
        },
      }),
    caught: {
      "probe/response-streaming/*": /the capability responseStreaming is overstated/,
      "transport/content/pieces-come-as-they-are-sent":
        /waited for the first piece|has not settled/,
    },
  },
  {
    name: "loses-body-tail",
    spoil: (correct) =>
      spoilt(correct, {
        response(response) {
          // The last byte is always held back, and never let go.
          let held: Uint8Array<ArrayBuffer> = empty;
          return withReceiver(response, (receiver) => ({
            data(piece) {
              if (held.length > 0) receiver.data(held);
              if (piece.length > 1) receiver.data(piece.subarray(0, -1));
              held = piece.slice(-1);
            },
          }));
        },
      }),
    caught: {
      "transport/content/pieces-come-as-they-are-sent": /first: expected "abc", got "ab"/,

      "transport/framing/chunks-are-joined": /content: expected/,
      "transport/content/read-text": /content: expected/,
      "transport/content/read-bytes*": /content: expected/,
      "transport/content/lines": /content: expected/,
      "transport/content/five-megabytes": /content: expected true, got false/,
      "transport/tls/large-content-both-ways": /content: expected 208000, got 207999/,
      "transport/framing/chunk-sizes": /content: expected/,
      "transport/framing/close-delimited": /content: expected "abcdef", got "abcde"/,
      "session/reading/whole-read-as-*": /call 1: /,
      "session/reading/slowly-read-as-*": /content: expected|got ERR_/,
      "session/reading/again-as-*": /call 2: content: expected/,
      "session/integrity/sha-*": /expected a response, got ERR_CONTENT_INTEGRITY/,
      "session/integrity/upper-case": /expected a response, got ERR_CONTENT_INTEGRITY/,
      "session/integrity/one-of-several": /expected a response, got ERR_CONTENT_INTEGRITY/,
      "session/integrity/strongest-decides": /expected a response, got ERR_CONTENT_INTEGRITY/,
      "session/integrity/options-of-digests": /expected a response, got ERR_CONTENT_INTEGRITY/,
      "session/integrity/pieces-of-what-fits": /expected a response, got ERR_CONTENT_INTEGRITY/,
      "session/integrity/of-an-error": /content: expected "not found", got "not foun"/,
      "session/events/in-any-slices": /content: expected/,
      "session/events/again-*": /data: expected/,
      "session/events/not-again-*": /data: expected/,
      "session/events/holds-no-slot-between": /data: expected/,
      "session/events/as-they-come": /has not settled/,
      "session/events/retry-is-honoured": /data: expected/,
      "session/events/delay-grows": /data: expected/,
      "session/events/attempts-end": /data: expected/,
      "session/events/silence-is-a-timeout": /data: expected/,
      "session/events/total-is-the-end": /data: expected/,
      "session/events/wrong-options": /content: expected "next", got "nex"/,
      "session/reading/no-*-read-as-*": /call 2: content: expected "next", got "nex"/,
      "session/reading/marked-read-as-*": /call 2: content: expected "next", got "nex"/,
      "session/reading/invalid-read-as-*": /call 2: content: expected "next", got "nex"/,
      "session/reading/nan-read-as-*": /call 2: content: expected "next", got "nex"/,
      "session/reading/cut-read-as-*": /call 2: content: expected "next", got "nex"/,
      "session/reading/of-*-read-as-*": /call 2: content: expected "next", got "nex"/,
      "session/reading/with-nul-read-as-*": /call 2: content: expected "next", got "nex"/,
    },
  },
  {
    name: "reports-no-trailers",
    spoil: (correct) =>
      spoilt(correct, {
        response: (response) =>
          withReceiver(response, (receiver) => ({ end: () => receiver.end(null) })),
      }),
    caught: {
      "probe/trailers/trailer-fields-are-handed-over":
        /the capability trailers is overstated: trailers: expected/,
    },
  },
  {
    name: "decodes-content",
    spoil: (correct) =>
      spoilt(correct, {
        // Only the half of it that matters to core: the field is gone, so that the coding stays.
        response: (response) => ({
          ...response,
          headers: mapFields(response.headers, (pairs) =>
            pairs.filter(([name]) => !/^content-encoding$/i.test(name)),
          ),
        }),
      }),
    caught: {
      "session/decoding/gzip-cut-*": /expected an error "ERR_CONTENT_DECODE", got status 200/,
      "session/decoding/gzip-wrong-*": /expected an error "ERR_CONTENT_DECODE", got status 200/,
      "session/decoding/gzip-corrupt": /expected an error "ERR_CONTENT_DECODE", got status 200/,
      "session/decoding/gzip-not-at-all": /expected an error "ERR_CONTENT_DECODE", got status 200/,
      "session/decoding/*-trailing-garbage":
        /expected an error "ERR_CONTENT_DECODE", got status 200/,
      "session/decoding/deflate-cut": /expected an error "ERR_CONTENT_DECODE", got status 200/,
      "session/decoding/deflate-wrong-check":
        /expected an error "ERR_CONTENT_DECODE", got status 200/,
      "session/decoding/br-cut": /expected an error "ERR_CONTENT_DECODE", got status 200/,
      "session/decoding/deflate-raw-cut": /expected an error "ERR_CONTENT_DECODE", got status 200/,
      "session/decoding/inner-coding-cut": /expected an error "ERR_CONTENT_DECODE", got status 200/,
      "session/decoding/zstd-frames": /content: expected "The same text/,
      "session/decoding/decompress-false-passes-deflate*": /header content-encoding: expected/,
      "session/decoding/decompress-false-passes-br": /header content-encoding: expected/,
      "session/decoding/decompress-false-passes-zstd": /header content-encoding: expected/,
      "session/decoding/decompress-false-passes-unknown": /header content-encoding: expected/,
      "session/decoding/zstd-cut": /expected an error "ERR_CONTENT_DECODE", got status 200/,
      "session/decoding/too-many-codings": /expected an error "ERR_CONTENT_DECODE", got status 200/,
      "session/decoding/too-many-codings-and-a-cut": /error\.code: expected "ERR_CONTENT_DECODE"/,
      "session/decoding/unknown-coding": /expected an error "ERR_CONTENT_DECODE", got status 200/,
      "session/decoding/broken-frees-its-slot":
        /expected an error "ERR_CONTENT_DECODE", got status 200/,
      "session/decoding/gzip": /content: expected "The same text/,
      "session/decoding/x-gzip": /content: expected "The same text/,
      "session/decoding/case": /content: expected "The same text/,
      "session/decoding/deflate": /content: expected "The same text/,
      "session/decoding/deflate-raw": /content: expected "The same text/,
      "session/decoding/br": /content: expected "The same text/,
      "session/decoding/zstd": /content: expected "The same text/,
      "session/decoding/stacked*":
        /content: expected "The same text|expected an error "ERR_CONTENT_TOO_LARGE", got status 200/,
      "session/decoding/chunked": /content: expected "The same text/,
      "session/decoding/gzip-members": /content: expected "The same text/,
      "session/decoding/web-stream": /content: expected "The same text/,
      "session/decoding/accept-encoding-of-the-caller": /content: expected "The same text/,
      "session/decoding/error-content": /content: expected "The same text/,
      "session/decoding/fields-stay": /header content-encoding: expected "gzip", got nothing/,
      "session/decoding/decompress-false-gives-what-came":
        /header content-encoding: expected "gzip", got nothing/,
      "session/decoding/nothing-to-decode-*":
        /header content-encoding: expected "gzip", got nothing/,
      "session/decoding/lines": /content: expected \["first","second"\]/,
      "session/reading/coded-read-as-*": /call \d: /,
      "session/reading/*-corrupt-read-as-*": /"ERR_CONTENT_DECODE", got/,
      "session/reading/*-followed-read-as-*": /"ERR_CONTENT_DECODE", got/,
      "session/reading/gzip-cut-read-as-*": /"ERR_CONTENT_DECODE", got/,
      "session/reading/deflate-cut-read-as-*": /"ERR_CONTENT_DECODE", got/,
      "session/reading/br-cut-read-as-*": /"ERR_CONTENT_DECODE", got/,
      "session/reading/zstd-cut-read-as-*": /"ERR_CONTENT_DECODE", got/,
      "session/integrity/of-decoded-content": /expected a response, got ERR_CONTENT_INTEGRITY/,
      "session/decoding/encoded-emptiness": /content: expected ""/,
      "session/decoding/*bomb-is-bounded*":
        /expected an error "ERR_CONTENT_TOO_LARGE", got status 200/,
      "session/decoding/leaving-a-stream-gives-up-the-rest": /content: expected "first/,
    },
  },
  {
    name: "ignores-back-pressure",
    spoil: (correct) =>
      spoilt(correct, {
        response: (response) => ({
          ...response,
          body: {
            start: (receiver) => response.body.start(receiver),
            pause: () => undefined,
            resume: () => undefined,
            cancel: () => response.body.cancel(),
          },
        }),
      }),
    caught: {
      "transport/content/slow-consumer": /sent: expected at most/,
    },
  },
  {
    name: "never-ends-content",
    spoil: (correct) =>
      spoilt(correct, {
        response: (response) => withReceiver(response, () => ({ end: () => undefined })),
      }),
    caught: {
      "session/errors/bounded": /has not settled within/,
      "session/errors/status-content-is-cut": /has not settled within/,
      "session/errors/status-content-stays-readable": /has not settled within/,
      "session/errors/status-of-head": /has not settled within/,
      "session/errors/to-json": /has not settled within/,

      "transport/framing/content-length": /has not settled/,
      "transport/framing/head-with-*": /has not settled/,
    },
  },
  {
    name: "ends-content-twice",
    spoil: (correct) =>
      spoilt(correct, {
        response: (response) =>
          withReceiver(response, (receiver) => ({
            end(trailers) {
              receiver.end(trailers);
              receiver.end(trailers);
            },
          })),
      }),
    caught: {
      "transport/framing/chunks-are-joined":
        /contract: the receiver heard end after the content was over/,
    },
  },
];
