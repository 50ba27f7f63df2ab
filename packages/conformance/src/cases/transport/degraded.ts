/* What must hold of failures where the platform does not say how it failed: an error of the tree all the same. */

import { call, expects, oneOf, type Otherwise } from "../../case.ts";

/** A failure before the head of the response. */
export const opaqueFailure: Otherwise = expects({
  error: { code: "ERR_NETWORK", requestSent: "maybe" },
});

/** A head that cannot be understood: some of it is seen even where the platform's parser says nothing. */
export const opaqueHead: Otherwise = expects({
  error: {
    code: oneOf("ERR_NETWORK", "ERR_PROTOCOL_HEAD", "ERR_PROTOCOL_HEAD_TOO_LARGE"),
    requestSent: oneOf("maybe", "yes"),
  },
});

/** What a platform may read by rules and limits of its own, but is an error if it does not. */
export const readOrRefused: Otherwise = expects(
  { facts: { got: oneOf(200, "ERR_NETWORK", "ERR_PROTOCOL_HEAD") } },
  {
    async perform(kit) {
      const { error, status } = await kit.call(call("GET", "a"));
      kit.note("got", error?.code ?? status);
    },
  },
);

/** A response that switches protocols: its status is seen everywhere. */
export const upgraded: Otherwise = expects({
  error: { code: oneOf("ERR_NETWORK", "ERR_PROTOCOL_UPGRADE") },
});

/** A failure while content is read, after a 200 response; the platform may hear of it before it has told the head. */
export const opaqueContentFailure: Otherwise = expects({
  status: oneOf(200, undefined),
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
