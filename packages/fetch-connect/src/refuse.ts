/* Refusals of what cannot be. */

import { InvalidRequestError, UnsupportedError } from "@anyhttp/core";

/** The error of an option of the transport. */
export function wrong(what: string, remedy: string): InvalidRequestError {
  return new InvalidRequestError("ERR_INVALID_OPTION", what, remedy);
}

const common = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/;

/** Refuses a method that fetch would send as another one, in silence. */
export function checkMethod(transport: string, method: string, href: string): void {
  if (common.test(method)) return;
  try {
    if (new Request(href, { method }).method === method) return;
  } catch {
    // It knows no such method.
  }
  throw unsupported(transport, `send the method ${method}`, "method", "methods", "use another");
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
