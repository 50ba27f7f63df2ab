/* What must hold of failures where the platform does not say how it failed: an error of the tree all the same. */

import { expects, oneOf, type Otherwise } from "../../case.ts";

/** A failure before the head of the response. */
export const opaqueFailure: Otherwise = expects({
  error: { code: "ERR_NETWORK", requestSent: "maybe" },
});

/** A failure while content is read, after a 200 response. */
export const opaqueContentFailure: Otherwise = expects({
  status: 200,
  error: { code: oneOf("ERR_NETWORK", "ERR_CONTENT_TRUNCATED") },
});

/** A connection that was lost, where there are no facts about it or no word on how it failed. */
export const lostSomehow: Otherwise = expects({
  error: {
    code: oneOf("ERR_DISCONNECTED", "ERR_NETWORK"),
    requestSent: oneOf("maybe", "yes"),
    retryable: false,
  },
  connections: 1,
});
