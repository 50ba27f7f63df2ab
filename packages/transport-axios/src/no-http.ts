/* Stands for `http.ts` wherever that cannot be: outside of Node, and in bundles for browsers. */

import type { Transport } from "@anyhttp/core";
import type { HttpOptions } from "./options.ts";

/** `null`: the adapter to take where none is named is another one. */
export const overHttp: ((options: HttpOptions) => Transport) | null = null;
