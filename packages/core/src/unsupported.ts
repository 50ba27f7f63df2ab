/* Refusals: what an option needs and the transport's capabilities rule out, said before anything is sent. */

import type { Capabilities } from "./capabilities.ts";
import { wantedCoding } from "./content/encoded.ts";
import { UnsupportedError } from "./errors.ts";
import { forbiddenField } from "./http/request-fields.ts";
import { defaultSettings } from "./options/settings.ts";
import type { HttpRequest } from "./request.ts";
import type { Transport } from "./transport.ts";

const leaveIt = "Leave it to the platform";

/** @throws UnsupportedError for what the transport cannot do. */
export function checkCapabilities(transport: Transport, request: HttpRequest): void {
  const { capabilities } = transport;
  const { method, content, settings } = request;
  if (capabilities.methods === "fetch" && /^(trace|track)$/i.test(method)) {
    throw unsupported(transport, "method", "methods", "Use another method");
  }
  if (capabilities.getContent === "refused" && content && /^(GET|HEAD)$/.test(method)) {
    throw unsupported(transport, "body", "getContent", "Use a method with content");
  }
  if (capabilities.expectContinue === "none" && content && settings.expectContinue > 0) {
    throw unsupported(transport, "expectContinue", "expectContinue", "Leave it out");
  }
  if (capabilities.contentCoding === "decoded" && !settings.decompress) {
    throw unsupported(transport, "decompress", "contentCoding", leaveIt);
  }
  const coding = settings.compress && wantedCoding(request);
  if (coding && !Object.hasOwn(transport.encoders, coding))
    throw unsupported(transport, "compress", "encoders", "Choose one of them or leave it out");
  const { follow, max, allowDowngrade, forward } = settings.redirect;
  // The platform follows by limits of its own.
  if (
    capabilities.redirects === "opaque" &&
    (!follow || max !== defaultSettings.redirect.max || allowDowngrade || forward.length > 0)
  ) {
    throw unsupported(transport, "redirect", "redirects", leaveIt);
  }
  if (capabilities.cookies === "ambient" && (settings.cookies.jar || settings.cookies.own)) {
    throw unsupported(transport, "cookies", "cookies", leaveIt);
  }
  if (capabilities.setCookie === "hidden" && settings.cookies.jar) {
    throw unsupported(transport, "cookies", "setCookie", leaveIt);
  }
  if (capabilities.forbiddenFields === "fetch") {
    const field = forbiddenField(request.lines);
    if (field) throw unsupported(transport, `headers["${field}"]`, "forbiddenFields", leaveIt);
  }
}

/** The error of an option that needs a capability or an encoder. `instead`: what to do on this transport. */
export function unsupported(
  { name, capabilities, encoders }: Transport,
  option: string,
  capability: keyof Capabilities | "encoders",
  instead: string,
): UnsupportedError {
  const has =
    capability === "encoders"
      ? `are ${Object.keys(encoders).join(", ") || "none"}`
      : `is "${capabilities[capability]}"`;
  const what = `the transport ${name} cannot honour ${option} (its ${capability} ${has})`;
  return new UnsupportedError("ERR_UNSUPPORTED", what, `${instead}, or use another transport.`, {
    fields: { option, transport: name, capability },
  });
}
