/* The transport on Node. `transport-fetch.ts` has the same exports for all else. */

import type { Transport } from "@anyhttp/core";
import { undiciTransport } from "@anyhttp/transport-undici";

/** Makes the transport that this runtime does best with: undici on Node, the platform's `fetch` elsewhere. */
export function defaultTransport(): Transport {
  return undiciTransport();
}
