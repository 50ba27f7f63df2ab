/* What switches undici's own helpfulness off. Each line is pinned by a conformance case. */

import type { Client } from "undici";

/** Options of every `Client`: core owns the clocks, one exchange runs on a connection at a time, nothing is cut short. */
export const inert: Readonly<Client.Options> = Object.freeze({
  // case: session/timeout/response — undici's timers fire in steps of a second.
  headersTimeout: 0,
  // case: session/timeout/read
  bodyTimeout: 0,
  // case: transport/framing/keep-alive — a connection carries one exchange at a time.
  pipelining: 1,
  // Field lines, trailers and connections are those of HTTP/1.1 until `http2` is a capability.
  allowH2: false,
  // case: transport/content/declared-length-mismatch
  strictContentLength: true,
  maxResponseSize: -1,
});
