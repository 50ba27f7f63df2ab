/* The transport wherever there is no better one: the platform's own fetch. */

import type { Transport } from "@anyhttp/core";
import { fetchTransport } from "@anyhttp/transport-fetch";

/** Makes the transport that this runtime does best with: undici on Node, the platform's `fetch` elsewhere. */
export function defaultTransport(): Transport {
  return fetchTransport();
}
