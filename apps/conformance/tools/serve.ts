// `pnpm page [--port N]`: builds the page and serves it together with an origin, so that it can run the suite.
// --build only builds it, for any static server; --quick leaves out traces that would have to be made first, and --fresh
// makes all of them anew.
import { parseArgs } from "node:util";
import { startOrigin } from "@anyhttp/conformance";
import { buildPage } from "./build.ts";
import { servePage } from "./server.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8737" },
    build: { type: "boolean", default: false },
    fresh: { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
  },
});
const traced = { fresh: values.fresh, tell: console.log, ...(values.quick ? { cases: [] } : {}) };
const folder = await buildPage({ traced });
if (values.build) {
  console.log(`The page is in ${folder}`);
} else {
  const origin = await startOrigin();
  const { url } = await servePage(folder, origin, Number(values.port));
  console.log(`The conformance page: ${url}\nCtrl+C ends it.`);
}
