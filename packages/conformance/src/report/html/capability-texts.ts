/* What each capability is about, for readers of the table. A new capability breaks this file's build on purpose. */

import type { Capabilities } from "@anyhttp/core";

/** In the order of the table. */
export const capabilityTexts: Readonly<Record<keyof Capabilities, string>> = {
  redirects: "Whether a 3xx response arrives as it is",
  contentCoding: "Whether content arrives as sent, or already decoded",
  requestStreaming: "Whether request content can be sent while it is produced",
  responseStreaming: "Whether response content is handed over while it comes",
  streamLength: "How streamed content of a known length is framed",
  uploadProgress: "What upload progress counts",
  getContent: "Whether GET and HEAD may have content",
  methods: "Which methods may be used",
  setCookie: "Whether set-cookie fields can be seen",
  fieldLines: "Whether field lines keep their order, case and number",
  trailers: "Whether trailer fields are handed over",
  failureDetail: "Whether failures tell what failed and when",
  connectTimeout: "Whether connecting has a clock of its own",
  forbiddenFields: "Which request fields the caller may not set",
  addedFields: "Whether the platform adds fields of its own",
  connectionInfo: "Whether HTTP version and addresses are known",
  connectionPool: "Whether idle connections can be counted",
  cookies: "Whether cookies are the caller's or the platform's",
  tls: "Whether TLS can be configured for each transport",
  expectContinue: "Whether content can wait until the server asks for it",
  informational: "Whether 1xx responses are told",
};
