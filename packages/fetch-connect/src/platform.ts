/*
 * What is particular to the fetch of a platform: nothing here, where all failures look alike. Node's differs, and its
 * conditions lead to `platform-node.ts`, which has the same exports.
 */

import { ConnectionError, ContentError, type HttpError, isHttpError } from "@anyhttp/core";
import { holdBySignal, type TakeHold } from "./hold.ts";

/** Whether this is Node's own fetch. */
export function isNode(): boolean {
  return false;
}

/** The hold on this platform's fetch. */
export const takeHold = (): TakeHold => holdBySignal;

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
