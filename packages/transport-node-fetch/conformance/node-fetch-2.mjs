/* The same transport where node-fetch 2 is what is installed. */

import { createRequire, registerHooks } from "node:module";

registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier === "node-fetch" ? "node-fetch2" : specifier, context),
});

const { nodeFetchTransport } = await import("@anyhttp/transport-node-fetch");
const { version } = createRequire(import.meta.url)("node-fetch2/package.json");

export default nodeFetchTransport;
export const library = { name: "node-fetch", version };
