/* Transports that get wrong what goes on between the head of a request and its content. */

import { type Broken, spoilt, withRequest } from "./broken.ts";

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
    caught: { "probe/informational/*": /the capability informational is overstated/ },
  },
];
