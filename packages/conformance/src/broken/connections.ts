/* Transports that mistreat connections, signals and failures. */

import { httpError, isHttpError, type ExchangeSignal } from "@anyhttp/core";
import { type Broken, spoilt, withRequest } from "./broken.ts";
import { silent } from "../run/exchange.ts";

/** Ways to mistreat connections, signals and failures. */
export const brokenConnections: readonly Broken[] = [
  {
    name: "ignores-abort",
    spoil: (correct) =>
      spoilt(correct, {
        request: (request) =>
          withRequest(request, { signal: { aborted: false, reason: undefined, onabort: null } }),
      }),
    caught: {
      "session/abort/while-waiting-for-the-head":
        /connection 1: closed: expected one of .*, got null/,
    },
  },
  {
    name: "wrong-reason",
    spoil: (correct) =>
      spoilt(correct, {
        request(request) {
          const signal: ExchangeSignal = { aborted: false, reason: undefined, onabort: null };
          request.signal.onabort = () => signal.onabort?.(new Error("This operation was aborted"));
          return withRequest(request, { signal });
        },
      }),
    caught: {
      "session/abort/while-waiting-for-the-head":
        /contract: send rejected with Error: This operation was aborted/,
    },
  },
  {
    name: "leaks-connection",
    spoil: (correct) => spoilt(correct, { close: () => Promise.resolve() }),
    caught: {
      "transport/framing/chunks-are-joined": /a connection was left open after session\.close\(\)/,
    },
  },
  {
    name: "closes-each-connection",
    spoil: (correct) =>
      spoilt(correct, {
        request: (request) =>
          withRequest(request, { headers: [...request.headers, "connection", "close"] }),
      }),
    caught: {
      "session/pools/names-of-one-address": /request 3: connection: expected 1, got 3/,
      "transport/framing/kept-alive": /request \d: connection: expected 1|connections: expected 1/,
      "transport/tls/kept-alive":
        /requests that arrived: expected 2, got 3|connections: expected 1, got 2/,
    },
  },
  {
    name: "asks-once-about-a-certificate",
    options(options) {
      const { checkServerIdentity: check, ...tls } = (options.tls ?? {}) as {
        readonly ca?: string;
        readonly checkServerIdentity?: (...about: unknown[]) => unknown;
      };
      if (!check) return options;
      let answer: { readonly error: unknown } | null = null;
      const once: typeof check = (...about) => (answer ??= { error: check(...about) }).error;
      const asking = { ...tls, checkServerIdentity: once };
      return { ...options, tls: asking };
    },
    caught: {
      "session/pools/certificate-is-shown-by-tls-*": /shown: expected .*, got \["certificate"\]/,
      "session/pools/identity-is-checked-of-a-resumed-session": /call 2: .* expected "TlsError"/,
      "session/pools/identity-is-checked-by-each-transport": /call 3: expected a response, got/,
    },
  },
  {
    name: "all-failures-look-alike",
    spoil: (correct) =>
      spoilt(correct, {
        send: (request, transport) =>
          transport.send(request).catch((error: unknown) => {
            throw isHttpError(error) ? httpError("ERR_NETWORK", { cause: error }) : error;
          }),
      }),
    caught: {
      "transport/truncation/connection-refused":
        /error\.code: expected "ERR_CONNECT_REFUSED", got "ERR_NETWORK"/,
      "transport/truncation/*-before-any-byte": /got "ERR_NETWORK"/,
      "session/pools/identity-check-that-throws":
        /error\.name: expected "TlsError", got "ConnectionError"/,
      "session/redirect/a-lost-connection-on-the-way":
        /error\.code: expected .*"ERR_CONNECT_REFUSED", got "ERR_NETWORK"/,
      "transport/tls/wrong-host": /error\.code: expected "ERR_TLS_HOSTNAME", got "ERR_NETWORK"/,
      "transport/framing/bad-*-line": /got "ERR_NETWORK"/,
      "transport/framing/head-too-large": /got "ERR_NETWORK"/,
      "probe/failure-detail/*": /the capability failureDetail is overstated/,
    },
  },
  {
    name: "never-says-connected",
    spoil: (correct) =>
      spoilt(correct, {
        request: (request) => withRequest(request, { trace: silent }),
      }),
    caught: {
      "session/timeout/response-fires-on-time": /error\.(?:code|phase)|has not settled/,
      "probe/connect-timeout/*": /the capability connectTimeout is overstated: begun/,
      "probe/connection-info/*": /the capability connectionInfo is overstated/,
    },
  },
  {
    name: "throws-synchronously",
    spoil: (correct) => ({
      ...correct,
      decoders: correct.decoders,
      encoders: correct.encoders,
      send() {
        throw new Error("not now");
      },
    }),
    caught: { "transport/framing/chunks-are-joined": /contract: send threw instead of rejecting/ },
  },
  {
    name: "lets-rejections-escape",
    spoil: (correct) =>
      spoilt(correct, {
        send(request, transport) {
          void Promise.reject(new Error("nobody handles this"));
          return transport.send(request);
        },
      }),
    caught: {
      "transport/framing/chunks-are-joined":
        /escaped: unhandledRejection: Error: nobody handles this/,
    },
  },
];
