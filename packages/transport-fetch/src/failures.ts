/*
 * Failures of fetch as errors of the tree, where all look alike: browsers and workers tell neither what failed nor
 * when. Node's fetch does; its conditions lead to `failures-node.ts`.
 */

import { ConnectionError, ContentError, type HttpError, isHttpError } from "@anyhttp/core";

/** How much the failures of this fetch tell. */
export const failureDetail: "phased" | "opaque" = "opaque";

/** What fetch rejected with, before there was a head. */
export function mapFetchError(cause: unknown): HttpError {
  if (isHttpError(cause)) return cause;
  const remedy = "Check the address, the server and, in browsers, CORS.";
  return new ConnectionError(
    "ERR_NETWORK",
    "the network failed and the platform does not say how",
    remedy,
    {
      requestSent: "maybe",
      cause,
    },
  );
}

/** What reading the content rejected with. */
export function mapContentError(cause: unknown): HttpError {
  if (isHttpError(cause)) return cause;
  return new ContentError(
    "ERR_CONTENT_TRUNCATED",
    "the response content broke off",
    "Try again; the content so far is not whole.",
    { cause },
  );
}
