/* Transports that get wrong what goes on between the head of a request and its content. */

import { type TransportBody } from "@anyhttp/core";
import { type Broken, spoilt, withRequest } from "./broken.ts";
import { reoptioned } from "./policies.ts";

/** The same content, of whose end its source is not told. */
function unreturned(body: TransportBody | null): TransportBody | null {
  if (body === null || !("source" in body)) return body;
  const { source, length } = body;
  return {
    length,
    source: {
      [Symbol.asyncIterator]() {
        const pieces = source[Symbol.asyncIterator]();
        return { next: () => pieces.next() };
      },
    },
  };
}

/** Ways to get it wrong. */
export const brokenExpectations: readonly Broken[] = [
  {
    name: "expects-nothing",
    spoil: (correct) =>
      spoilt(correct, { request: (request) => withRequest(request, { expectContinue: false }) }),
    caught: { "probe/expect-continue/*": /the capability expectContinue is overstated/ },
  },
  {
    name: "hides-informational-responses",
    spoil: (correct) =>
      spoilt(correct, {
        request: (request) =>
          withRequest(request, {
            trace: {
              mark: (step) => request.trace.mark(step),
              connected: (connection, reused) => request.trace.connected(connection, reused),
              watchesUpload: request.trace.watchesUpload,
              wrote: (bytes) => request.trace.wrote(bytes),
              informational: null,
            },
          }),
      }),
    caught: {
      "probe/informational/*": /the capability informational is overstated/,
      "session/informational/told-*": /told: expected/,
      "session/informational/before-*": /told: expected/,
      "session/informational/kept-connection": /told: expected/,
      "session/informational/thirty": /told: expected/,
    },
  },
  {
    name: "asks-nobody",
    session: reoptioned((options) => ({ ...options, expectContinue: undefined })),
    caught: {
      "session/expect/held-until-100-*": /did not expect the content|field expect: expected/,
      "session/expect/final-*-instead": /content: expected "", got/,
      "session/expect/redirect-*-instead": /content: expected "", got|got ERR_REDIRECT_REPLAY/,
      "session/expect/417-with-*": /expected a response, got ERR_STATUS/,
      "session/expect/417-twice": /content: expected "again"/,
      "session/expect/wait-is-over-*": /after: expected|settled after/,
      "session/expect/closes-*": /has not settled/,
      "session/expect/*-while-waiting": /content: expected "", got/,
      "session/expect/wait-without-end": /content: expected "", got/,
      "session/expect/credentials-after-401": /expected a response, got ERR_STATUS/,
      "session/expect/retry-after-*": /expected a response, got/,
      "session/expect/option-*": /expected an error "ERR_INVALID_OPTION"|error\.name: expected/,
    },
  },
  {
    name: "never-closes-sources",
    spoil: (correct) =>
      spoilt(correct, {
        request: (request) => withRequest(request, { body: unreturned(request.body) }),
      }),
    caught: { "transport/uploads/early-*-closes-*": /returned: expected 1, got 0/ },
  },
];
