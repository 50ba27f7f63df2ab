/* The same transport, given a node-fetch 2 of the user's own, which sees each response. */

import { createRequire } from "node:module";
import { nodeFetchTransport } from "@anyhttp/transport-node-fetch";
import fetch from "node-fetch2";

const { version } = createRequire(import.meta.url)("node-fetch2/package.json");

export default (options) => nodeFetchTransport({ ...options, fetch });
export const library = { name: "node-fetch", version };
