/* The transport: the platform's own fetch, and nothing in between. */

import type { Transport } from "@anyhttp/core";
import { overFetch, unsupported, wrong } from "@anyhttp/fetch-connect";

/** Through which function {@link fetchTransport} sends. */
export interface FetchTransportOptions {
  /** A fetch of your own, with the contract of the platform's. Default: `globalThis.fetch`, looked up once. */
  readonly fetch?: typeof globalThis.fetch;
}

/**
 * Makes a transport over fetch. Connections are the runtime's: there is nothing to configure, and nothing to close.
 * @throws `ERR_UNSUPPORTED` for `tls`, `ERR_INVALID_OPTION` for all else that is not an option.
 */
export function fetchTransport(options: FetchTransportOptions = {}): Transport {
  if (typeof options !== "object" || options === null) {
    throw wrong("the options of fetchTransport are not an object", "Pass { fetch }.");
  }
  const { fetch = globalThis.fetch, ...others } = options;
  if ("tls" in others)
    throw unsupported("fetch", "set `tls`", "tls", "tls", "configure the runtime");
  for (const name of Object.keys(others))
    throw wrong(`there is no option \`${name}\``, "Pass { fetch }.");
  if (typeof fetch !== "function") {
    const what =
      options.fetch === undefined ? "this runtime has no fetch" : "`fetch` is not a function";
    throw wrong(what, "Pass `fetch`, a function with the contract of the platform's.");
  }
  return overFetch("fetch", fetch, options.fetch);
}
