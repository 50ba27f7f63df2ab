/* The same transport on axios' fetch adapter, over Node's own fetch, whose known failures are its own. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { axiosTransport } from "@anyhttp/transport-axios";

const { version } = createRequire(import.meta.url)("axios/package.json");
const beside = new URL("../../transport-fetch/known-failures.json", import.meta.url);

export default (options) => axiosTransport({ ...options, adapter: "fetch" });
export const library = { name: "axios", version };
export const knownFailures = JSON.parse(readFileSync(beside, "utf8"));
