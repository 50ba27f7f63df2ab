/* Transports that send something other than they were told to. */

import type { Transport, TransportResponse } from "@anyhttp/core";
import { targetOf } from "../run/exchange.ts";
import { type Broken, mapFields, spoilt, withRequest } from "./broken.ts";

function drain(response: TransportResponse): Promise<void> {
  return new Promise((resolve) => {
    response.body.start({ data: () => undefined, end: () => resolve(), fail: () => resolve() });
  });
}

/** Ways to send something else. */
export const brokenRequests: readonly Broken[] = [
  {
    name: "lower-cases-method",
    spoil: (correct) =>
      spoilt(correct, {
        request: (request) => withRequest(request, { method: request.method.toLowerCase() }),
      }),
    caught: {
      "transport/framing/chunks-are-joined": /request 1: method: expected "GET", got "get"/,
      "transport/method/*-carries-content": /method: expected "[A-Z]+", got "[a-z]+"/,
      "transport/method/*-without-content": /method: expected "[A-Z]+", got "[a-z]+"/,
      "transport/method/known-names-are-upper-cased": /method: expected "GET", got "get"/,
    },
  },
  {
    name: "upper-cases-method",
    spoil: (correct) =>
      spoilt(correct, {
        request: (request) => withRequest(request, { method: request.method.toUpperCase() }),
      }),
    caught: {
      "transport/method/unknown-names-keep-their-case": /method: expected "Purge", got "PURGE"/,
    },
  },
  {
    name: "double-sends",
    spoil: (correct) =>
      spoilt(correct, {
        async send(request, transport) {
          await drain(await transport.send(withRequest(request, {})));
          return transport.send(request);
        },
      }),
    caught: {
      "session/errors/status-content-limit-zero": /an unexpected request arrived: GET a/,
      "transport/framing/chunks-are-joined": /an unexpected request arrived: GET a/,
    },
  },
  {
    name: "drops-content",
    spoil: (correct) =>
      spoilt(correct, { request: (request) => withRequest(request, { body: null }) }),
    caught: {
      "session/redirect/303-post-turns-into-get": /request 1: content: expected "x=1", got ""/,
      "session/redirect/*-keeps-its-content": /request 1: contentLength: expected 70000, got 0/,
      "session/redirect/allowed-content-goes-down": /request 1: content: expected "meant", got ""/,
      "session/keys/in-json": /request 1: content: expected/,
      "session/keys/in-a-form": /request 1: content: expected/,
      "session/pools/two-hundred-uploads": /whole: expected 200, got 0/,
      "transport/method/*-carries-content": /content: expected "some content", got ""/,
      "transport/method/*-with-content": /content: expected "query", got ""/,
      "transport/content/iterator-that-was-sent-is-refused":
        /error\.name: expected "InvalidRequestError"/,
      "transport/content/stream-of-*": /content: expected "ab/,
      "transport/content/one-megabyte-*": /contentLength: expected \d+, got 0/,
      "transport/content/multipart-*": /request 1: |boundaries/,
      "session/multipart/filename-*": /parts: expected/,
      "session/form/form-keys-*": /sent: expected/,
      "session/form/a-million-keys": /contentLength: expected 14777779, got 0/,
      "transport/upload-sources/node-stream-of-text": /content: expected/,
      "transport/upload-sources/open-file-is-sent-again": /content: expected/,
    },
  },
  {
    name: "adds-fields",
    spoil: (correct) =>
      spoilt(correct, {
        request: (request) =>
          withRequest(request, { headers: [...request.headers, "accept-language", "*"] }),
      }),
    caught: {
      "transport/fields/nothing-is-added": /field lines: expected no line but x-a/,
      "probe/added-fields/*": /the capability addedFields is overstated/,
    },
  },
  {
    name: "keeps-credentials",
    spoil(correct) {
      let kept: readonly string[] = [];
      return spoilt(correct, {
        request(request) {
          mapFields(request.headers, (pairs) => {
            kept = pairs.find(([name]) => /^authorization$/i.test(name)) ?? kept;
            return pairs;
          });
          return kept.every((part) => request.headers.includes(part))
            ? request
            : withRequest(request, { headers: [...request.headers, ...kept] });
        },
      });
    },
    caught: {
      "session/redirect/authorization-stays-within-its-origin":
        /field authorization: expected nothing, got "Bearer secret"/,
    },
  },
  {
    name: "follows-redirects-itself",
    spoil: (correct) =>
      spoilt(correct, { send: (request, transport) => follow(request, transport) }),
    caught: {
      "session/redirect/303-post-turns-into-get": /redirected: expected true, got false/,
      "probe/redirects/*": /the capability redirects is overstated: status: expected 302/,
    },
  },
];

async function follow(
  request: Parameters<Transport["send"]>[0],
  transport: Transport,
): Promise<TransportResponse> {
  const response = await transport.send(request);
  const at = response.headers.findIndex(
    (name, i) => i % 2 === 0 && name.toLowerCase() === "location",
  );
  if (at < 0) return response;
  await drain(response);
  const target = targetOf(new URL(response.headers[at + 1] ?? "", request.target.href));
  return follow(withRequest(request, { method: "GET", body: null, target }), transport);
}
