/* The one repetition that needs no policy: of a request on a kept-alive connection that had died. */

import { isHttpError } from "../errors.ts";
import { isIdempotent } from "../http/method.ts";
import type { HttpRequest } from "../request.ts";

/**
 * Whether a request may be sent once more, at once, after this failure. RFC 9110 §9.2.2: a client may repeat an
 * idempotent request on its own.
 */
export function isStale(error: unknown, { method, content, settings }: HttpRequest): boolean {
  return (
    isHttpError(error) &&
    error.code === "ERR_DISCONNECTED_IDLE" &&
    settings.retry.resend &&
    isIdempotent(method) &&
    (content?.replayable ?? true)
  );
}
