// `pnpm page [--port N]`: builds the page and serves it together with an origin, so that it can run the suite.
// --build only builds it, for any static server; --quick leaves out traces that would have to be made first, and --fresh
// makes all of them anew.
import { createServer } from "node:net";
import { parseArgs } from "node:util";
import { startOrigin } from "@anyhttp/conformance";
import { buildPage } from "./build.ts";
import { servePage } from "./server.ts";

const usage = "pnpm page [--port N] [--build] [--quick] [--fresh]";

const options = await read();
if (options === usage) {
  console.log(usage);
} else if (typeof options === "string") {
  console.error(options);
  process.exitCode = 2;
} else {
  const { fresh, quick, build, port } = options;
  const traced = { fresh, tell: console.log, ...(quick ? { cases: [] } : {}) };
  const folder = await buildPage({ traced });
  if (build) console.log(`The page is in ${folder}`);
  else await serve(folder, port);
}

async function serve(folder: string, port: number): Promise<void> {
  const origin = await startOrigin();
  try {
    const { url } = await servePage(folder, origin, port);
    console.log(`The conformance page: ${url}\nCtrl+C ends it.`);
  } catch (error) {
    // Somebody took the port while the page was being built.
    console.error(refusal(port, error));
    process.exitCode = 2;
    await origin.close();
  }
}

interface Options {
  readonly fresh: boolean;
  readonly quick: boolean;
  readonly build: boolean;
  readonly port: number;
}

/** What was asked for, or what is wrong with it: to be said before the page is built, which takes its time. */
async function read(): Promise<Options | string> {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: "string", default: "8737" },
        build: { type: "boolean", default: false },
        fresh: { type: "boolean", default: false },
        quick: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) return usage;
    const port = Number(values.port);
    if (!/^\d+$/.test(values.port) || port > 65_535)
      return `--port ${values.port} is no port. Pass a number up to 65535, or 0 for any that is free.`;
    const taken = values.build ? null : await refusalOf(port);
    return taken ?? { ...values, port };
  } catch (error) {
    return `${(error as Error).message}\nUsage: ${usage}`;
  }
}

/** Says why the page could not be served there; `null` if it could. */
async function refusalOf(port: number): Promise<string | null> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ host: "127.0.0.1", port }, resolve);
    });
    await new Promise((resolve) => server.close(resolve));
    return null;
  } catch (error) {
    return refusal(port, error);
  }
}

function refusal(port: number, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const why = code === "EADDRINUSE" ? "it is in use" : (code ?? message);
  return `Cannot serve the page on port ${port}: ${why}. Pass another one, --port N, or --port 0 for any that is free.`;
}
