/* Failures as `fetch` tells them: the signal's reason, or a TypeError. */

import { isHttpError } from "../errors.ts";

/** What a `fetch`, or the content of its response, fails with. What is not a session's stays what it is. */
export function fetchError(error: unknown, signal: AbortSignal | undefined): unknown {
  if (!isHttpError(error)) return error;
  if (error.code === "ERR_ABORTED" && signal?.aborted) return reasonOf(signal);
  const { message, phase } = error;
  // What fails on its way begins as in browsers: by that clients know it from a mistake of their own, and try again.
  const said = phase === "prepare" ? message : `Failed to fetch (${message})`;
  return new TypeError(said, { cause: error });
}

/** Why a signal fired; what platforms say where it does not tell. */
export function reasonOf({ reason }: AbortSignal): unknown {
  return reason === undefined
    ? new DOMException("This operation was aborted", "AbortError")
    : reason;
}
