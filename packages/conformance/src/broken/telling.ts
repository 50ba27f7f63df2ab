/* Transports that tell something else than what happened, or repeat what failed. */

import { type ErrorCode, type HttpError, httpError, isHttpError } from "@anyhttp/core";
import { type Broken, spoilt, withReceiver } from "./broken.ts";

/** Rejects with other errors. */
const failing =
  (map: (error: HttpError) => HttpError): NonNullable<Broken["spoil"]> =>
  (correct) =>
    spoilt(correct, {
      send: (request, transport) =>
        transport.send(request).catch((error: unknown) => {
          throw isHttpError(error) ? map(error) : error;
        }),
    });

/** Another code in place of these. */
const recoding = (to: ErrorCode, ...from: readonly ErrorCode[]): NonNullable<Broken["spoil"]> =>
  failing((error) => (from.includes(error.code) ? httpError(to, { cause: error }) : error));

/** Ways to tell something else. */
export const brokenTelling: readonly Broken[] = [
  {
    name: "repeats-by-itself",
    spoil: (correct) =>
      spoilt(correct, {
        send: (request, transport) =>
          transport.send(request).catch((error: unknown) => {
            const lost = isHttpError(error) && error.code.startsWith("ERR_DISCONNECTED");
            if (lost) return transport.send(request);
            throw error;
          }),
      }),
    caught: {
      "transport/truncation/fresh-is-not-sent-again": /an unexpected request arrived/,
      "transport/truncation/stale-is-not-sent-again-*": /an unexpected request arrived/,
      "transport/truncation/answered-is-not-sent-again": /an unexpected request arrived/,
      "transport/truncation/*-before-any-byte": /an unexpected request arrived/,
    },
  },
  {
    name: "does-not-know-stale-connections",
    spoil: recoding("ERR_DISCONNECTED", "ERR_DISCONNECTED_IDLE"),
    caught: {
      "transport/truncation/stale-*-is-sent-again*": /expected a response, got ERR_DISCONNECTED/,
    },
  },
  {
    name: "takes-every-loss-for-a-stale-connection",
    spoil: recoding("ERR_DISCONNECTED_IDLE", "ERR_DISCONNECTED"),
    caught: {
      "transport/truncation/fresh-is-not-sent-again": /an unexpected request arrived/,
      "transport/truncation/stale-is-sent-again-once": /error\.code: expected "ERR_DISCONNECTED"/,
    },
  },
  {
    name: "says-that-nothing-was-sent",
    spoil: failing((error) =>
      httpError(error.code, { requestSent: "no", phase: error.phase, cause: error.cause }),
    ),
    caught: {
      "transport/truncation/*-before-any-byte": /requestSent: expected "maybe", got "no"/,
      "transport/truncation/reset-while-content-is-sent": /requestSent: expected "maybe", got "no"/,
      "transport/framing/no-http-at-all": /requestSent: expected "yes", got "no"/,
    },
  },
  {
    name: "tells-no-certificates-apart",
    spoil: recoding(
      "ERR_TLS_HANDSHAKE",
      "ERR_TLS_HOSTNAME",
      "ERR_TLS_EXPIRED",
      "ERR_TLS_UNTRUSTED",
    ),
    caught: {
      "transport/tls/wrong-host": /expected "ERR_TLS_HOSTNAME", got "ERR_TLS_HANDSHAKE"/,
      "transport/tls/expired": /expected "ERR_TLS_EXPIRED", got "ERR_TLS_HANDSHAKE"/,
      "transport/tls/self-signed": /expected "ERR_TLS_UNTRUSTED", got "ERR_TLS_HANDSHAKE"/,
      "session/redirect/certificate-*": /expected "ERR_TLS_\w+", got "ERR_TLS_HANDSHAKE"/,
      "session/trust/despite-*": /expected "ERR_TLS_HOSTNAME", got "ERR_TLS_HANDSHAKE"/,
      "session/pools/certificate-of-another-name":
        /expected "ERR_TLS_HOSTNAME", got "ERR_TLS_HANDSHAKE"/,
      "session/pools/resumed-session-is-verified":
        /expected "ERR_TLS_HOSTNAME", got "ERR_TLS_HANDSHAKE"/,
      "transport/tls/other-authority": /expected "ERR_TLS_UNTRUSTED", got "ERR_TLS_HANDSHAKE"/,
    },
  },
  {
    name: "takes-broken-chunks-for-an-end",
    spoil: (correct) =>
      spoilt(correct, {
        response: (response) =>
          withReceiver(response, (receiver) => ({
            fail: (error) => {
              const framing = isHttpError(error) && error.code === "ERR_PROTOCOL_FRAMING";
              if (framing) receiver.end([]);
              else receiver.fail(error);
            },
          })),
      }),
    caught: {
      "transport/framing/chunk-size-*": /expected an error "ERR_PROTOCOL_FRAMING", got status 200/,
      "transport/framing/chunk-longer-than-its-size": /got status 200/,
    },
  },
  {
    name: "hands-over-buffers-of-a-pool",
    spoil: (correct) =>
      spoilt(correct, {
        response(response) {
          const pool = new Uint8Array(65_536);
          return withReceiver(response, (receiver) => ({
            data(piece) {
              // The next piece overwrites the one before.
              for (let at = 0; at < piece.length; at += pool.length) {
                const part = piece.subarray(at, at + pool.length);
                pool.set(part);
                receiver.data(pool.subarray(0, part.length));
              }
            },
          }));
        },
      }),
    caught: { "transport/content/five-megabytes": /content: expected true, got false/ },
  },
  {
    name: "never-gives-up",
    spoil: (correct) =>
      spoilt(correct, {
        response: (response) => ({
          ...response,
          body: {
            start: (receiver) => response.body.start(receiver),
            pause: () => response.body.pause(),
            resume: () => response.body.resume(),
            cancel: () => undefined,
          },
        }),
      }),
    caught: {
      "transport/content/leaving-the-loop-gives-up": /closed: expected one of .*, got null/,
      "transport/content/max-response-size": /closed: expected one of .*, got null/,
      "session/reading/disposed-while-read-as-*": /closed: expected one of .*, got null/,
      "session/reading/left-while-read-as-*": /closed: expected one of .*, got null/,
      "session/reading/left-while-waiting-as-*": /closed: expected one of .*, got null/,
      "session/events/leaving-closes": /closed: expected one of .*, got null/,
      "session/events/bounded": /closed: expected one of .*, got null/,
    },
  },
  {
    name: "collects-content",
    spoil: (correct) =>
      spoilt(correct, {
        response: (response) => {
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
      "transport/content/pieces-come-as-they-are-sent":
        /waited 2000 ms for the first piece|has not settled/,
      "transport/content/lines-come-as-they-are-sent":
        /waited 2000 ms for the first line|has not settled/,
    },
  },
];
