/* Refusals: what an option needs and the transport's capabilities rule out, said before anything is sent. */

import type { Capabilities } from "./capabilities.ts";
import { type HttpError, httpError } from "./errors.ts";
import { forbiddenField } from "./http/request-fields.ts";
import { defaultRedirect } from "./options/settings.ts";
import type { HttpRequest } from "./request.ts";
import type { Transport } from "./transport.ts";

/** The error of an option that needs a capability. */
export function unsupported(transport: Transport, option: string, capability: keyof Capabilities, remedy: string): HttpError {
  const { name, capabilities } = transport;
  return httpError("ERR_UNSUPPORTED", {
    what: `the transport ${name} cannot honour ${option} (its ${capability} is "${capabilities[capability]}")`,
    remedy,
    fields: { option, transport: name, capability },
  });
}

/** @throws UnsupportedError for what the transport cannot do. */
export function checkCapabilities(transport: Transport, request: HttpRequest): void {
  const { capabilities } = transport;
  const { method, content, settings } = request;
  if (capabilities.methods === "fetch" && /^(trace|track)$/i.test(method)) {
    throw unsupported(transport, "method", "methods", `Use another method, or a transport that sends ${method}.`);
  }
  if (capabilities.getContent === "refused" && content && (method === "GET" || method === "HEAD")) {
    throw unsupported(transport, "body", "getContent", `Use a method with content, or a transport that sends it with ${method}.`);
  }
  if (capabilities.contentCoding === "decoded" && !settings.decompress) {
    throw unsupported(transport, "decompress", "contentCoding", "Use a transport that leaves content as it is sent.");
  }
  const { follow, max, allowDowngrade } = settings.redirect;
  // The platform follows by limits of its own.
  if (capabilities.redirects === "opaque" && (!follow || max !== defaultRedirect.max || allowDowngrade)) {
    throw unsupported(transport, "redirect", "redirects", "Leave it to the platform, or use a transport that shows redirects.");
  }
  if (capabilities.requestStreaming === "none" && content && !content.replayable) {
    throw unsupported(transport, "body", "requestStreaming", "Pass the content as bytes or a Blob.");
  }
  if (capabilities.forbiddenFields === "fetch") {
    const field = forbiddenField(request.lines);
    if (field !== undefined) {
      throw unsupported(transport, `headers["${field}"]`, "forbiddenFields", "Leave it to the platform, or use a transport that lets it be set.");
    }
  }
}
