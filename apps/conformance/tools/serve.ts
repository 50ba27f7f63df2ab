// `pnpm page [--port N]`: builds the page and serves it together with an origin, so that it can run the suite.
// `pnpm page --build` only builds it, for any static server.
import { parseArgs } from "node:util";
import { startOrigin } from "@anyhttp/conformance";
import { buildPage } from "./build.ts";
import { servePage } from "./server.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8737" },
    build: { type: "boolean", default: false },
  },
});
const folder = await buildPage();
if (values.build) {
  console.log(`The page is in ${folder}`);
} else {
  const origin = await startOrigin();
  const { url } = await servePage(folder, origin, Number(values.port));
  console.log(`The conformance page: ${url}\nCtrl+C ends it.`);
}
