/* The same transport on undici 7: a subject of its own, because one process has one undici. */

import { createRequire, registerHooks } from "node:module";

registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier === "undici" ? "undici7" : specifier, context),
});

const { undiciTransport } = await import("@anyhttp/transport-undici");
const { version } = createRequire(import.meta.url)("undici7/package.json");

export default undiciTransport;
export const library = { name: "undici", version };
