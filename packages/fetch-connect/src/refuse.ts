/* Refusals of what cannot be. */

import { InvalidRequestError, UnsupportedError } from "@anyhttp/core";

/** The error of an option of the transport. */
export function wrong(what: string, remedy: string): InvalidRequestError {
  return new InvalidRequestError("ERR_INVALID_OPTION", what, remedy);
}

/** The error of what fetch, below this transport, cannot do, and other transports can. */
export function unsupported(
  transport: string,
  act: string,
  option: string,
  capability: string,
  or: string,
): UnsupportedError {
  const remedy = `Use undiciTransport or nodeFetchTransport, or ${or}.`;
  return new UnsupportedError("ERR_UNSUPPORTED", `fetch cannot ${act}`, remedy, {
    fields: { option, transport, capability },
  });
}
