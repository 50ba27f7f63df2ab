/* Transports that declare something else than they do. */

import type { Capabilities } from "@anyhttp/core";
import { type Broken, spoilt } from "./broken.ts";

/** The other value of each capability, which a transport with all of them at their best can understate. */
const worst: Capabilities = {
  redirects: "opaque",
  contentCoding: "decoded",
  requestStreaming: "none",
  responseStreaming: "whole",
  streamLength: "chunked",
  uploadProgress: "handed-over",
  getContent: "refused",
  methods: "fetch",
  setCookie: "hidden",
  fieldLines: "combined",
  trailers: "discarded",
  failureDetail: "opaque",
  connectTimeout: "merged",
  forbiddenFields: "fetch",
  addedFields: "platform",
  connectionInfo: "hidden",
  connectionPool: "hidden",
  cookies: "ambient",
  tls: "ambient",
  expectContinue: "none",
  informational: "hidden",
};

/** The probes of a capability; they say in which direction a declaration is wrong. */
const kebab = (key: string): string =>
  key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** One for each capability, and so one for each that will ever be added. */
export const understatements: readonly Broken[] = Object.entries(worst).map(([key, value]) => ({
  name: `understates-${kebab(key)}`,
  spoil: (correct) => spoilt(correct, { capabilities: { [key]: value as string } }),
  caught: { [`probe/${kebab(key)}/*`]: new RegExp(`the capability ${key} is understated`) },
}));
