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
    caught: { "transport/framing/chunks-are-joined": /content: expected/ },
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
    caught: {},
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
    caught: {},
  },
  {
    name: "never-ends-content",
    spoil: (correct) =>
      spoilt(correct, {
        response: (response) => withReceiver(response, () => ({ end: () => undefined })),
      }),
    caught: {},
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
