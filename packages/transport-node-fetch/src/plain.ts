/* What makes node-fetch do nothing but what it is asked. */

import type { RequestInit } from "node-fetch";

/** What node-fetch 2 knows beside. */
interface OptionsOf2 {
  readonly timeout: number;
}

/** Switches node-fetch's helpfulness off. Sent with every request, so that a user's own `fetch` has no say either. */
export const plainRequest: Readonly<RequestInit & OptionsOf2> = Object.freeze({
  // Core follows redirects, and `follow: 0` makes sure.
  redirect: "manual",
  follow: 0,
  // Core decodes, strictly.
  compress: false,
  // No limit on content, and the parser as strict as Node's default whatever flags the process has.
  size: 0,
  // Core has the clocks.
  timeout: 0,
  insecureHTTPParser: false,
  // The fields of the request are written below node-fetch, and those that Object.prototype may have are nobody's.
  headers: {},
  referrer: "",
  referrerPolicy: "no-referrer",
  // Pieces as large as the socket hands them over; back-pressure begins where core's own does.
  highWaterMark: 65_536,
  // Cancellation closes the connection; a platform signal would only tell node-fetch to do the same.
  signal: null,
} satisfies RequestInit & OptionsOf2);
