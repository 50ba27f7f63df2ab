/*
 * What is particular to the fetch of a platform: nothing here, where all failures look alike. Node's differs, and its
 * conditions lead to `platform-node.ts`, which has the same exports.
 */

import { ConnectionError, ContentError, type HttpError, isHttpError } from "@anyhttp/core";

/** Whether this is Node's own fetch. */
export function isNode(): boolean {
  return false;
}

/** Refuses the fields that fetch would lose in silence: none is known of. */
export function checkFields(_fields: Readonly<Record<string, string>>, _host: string): void {}

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
