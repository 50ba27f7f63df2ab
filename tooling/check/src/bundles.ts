// Makes programs with `anyhttp` in four bundlers, and looks at what comes of it: that it runs, that nothing of Node is in
// what is for browsers, and that what is not used is not there.
//   node tooling/check/src/bundles.ts [--browser] [--json FILE]
import { spawn } from "node:child_process";
import { mkdtempSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bundlers, type Platform } from "./bundlers.ts";
import { root } from "./steps.ts";
import { green, red } from "./style.ts";
import { Tally } from "./tally.ts";

const { values } = parseArgs({
  options: { json: { type: "string" }, browser: { type: "boolean", default: false } },
});
const tally = new Tally();

function record(bundler: string, check: string, problem: string | undefined, detail = ""): void {
  tally.count(`${bundler}: ${check}`, problem);
  const mark = problem === undefined ? green("ok") : red("failed");
  console.log(`  ${mark} ${bundler}: ${check}${detail && ` (${detail})`}`);
  if (problem !== undefined) console.log(problem.trimEnd().replaceAll(/^/gm, "      "));
}

// Where a program that was bundled without undici finds it.
const cache = join(root, "packages/anyhttp/node_modules/.cache");
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, "bundles-"));

const scripts = new Map<string, string>();
let reported: (text: string) => void = () => undefined;
const server = createServer((request, response) => {
  const { pathname, search } = new URL(request.url ?? "/", "http://origin");
  const send = (type: string, content: string | Uint8Array): void =>
    void response
      .writeHead(200, { "content-type": type, "cache-control": "no-store" })
      .end(content);
  if (pathname === "/items/7") send("application/json", '{"id":7,"name":"lamp"}');
  else if (pathname === "/page")
    send("text/html", `<!doctype html><script type="module" src="/script${search}"></script>`);
  else if (pathname === "/script")
    send("text/javascript", readFileSync(scripts.get(search.slice(1)) ?? ""));
  else {
    response.writeHead(pathname === "/report" ? 204 : 404).end();
    if (pathname === "/report")
      void request
        .toArray()
        .then((pieces) => reported(Buffer.concat(pieces as Buffer[]).toString()));
  }
});
await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** What a program prints on Node. Not in this process's way, which has to answer it. */
function printed(file: string, ...args: string[]): Promise<string> {
  const child = spawn(process.execPath, [file, ...args], { timeout: 20_000 });
  let text = "";
  const collect = (piece: Buffer): void => void (text += piece.toString());
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  return new Promise((resolve) => child.once("close", () => resolve(text.trim())));
}

/** What the page with this script reports from Chromium. */
async function seenInChromium(name: string): Promise<string> {
  const profile = mkdtempSync(join(folder, "profile-"));
  const flags =
    "--headless --no-sandbox --disable-gpu --disable-quic --disable-dev-shm-usage --no-first-run --disable-background-networking --disable-component-update --disable-sync";
  const args = [...flags.split(" "), `--user-data-dir=${profile}`, `${origin}/page?${name}`];
  // A group of its own, because a browser is many processes.
  const child = spawn("chromium", args, { detached: true, stdio: "ignore" });
  try {
    return await new Promise((resolve) => {
      reported = resolve;
      child.once("error", (error) => resolve(error.message));
      child.once("close", (code) => resolve(`chromium ended with ${code}`));
      setTimeout(() => resolve("no report within 30 s"), 30_000).unref();
    });
  } finally {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  }
}

const unequal = (found: string, wanted: string): string | undefined =>
  found === wanted ? undefined : `expected ${wanted}, got ${found}`;

try {
  for (const [name, bundle] of Object.entries(bundlers)) {
    const make = (program: string, platform: Platform): Promise<string> =>
      bundle(
        join(root, "tooling/check/universal", `${program}.mjs`),
        platform,
        folder,
        `${name}-${program}`,
      );
    try {
      const call = await make("call", "node");
      record(
        name,
        "a program for Node runs, on undici",
        unequal(await printed(call, `${origin}/items/7`), "lamp undici"),
      );

      const page = await make("page", "browser");
      const text = readFileSync(page, "utf8");
      const [left] =
        /(?:from|import|require)[\s(]*["'`]node:[a-z/]+|UND_ERR_[A-Z]*/.exec(text) ?? [];
      record(
        name,
        "nothing of Node or undici is in a script for browsers",
        left && `${left} is in it`,
      );
      if (values.browser) {
        scripts.set(name, page);
        record(name, "a script runs in Chromium", unequal(await seenInChromium(name), "lamp"));
      }

      const headers = readFileSync(await make("headers", "browser"), "utf8");
      const share = headers.length / text.length;
      const session = headers.includes("rejectOnStatus") && "the session is in it";
      const detail = `${headers.length} of ${text.length} characters`;
      record(
        name,
        "what is not used is left out",
        session || (share > 0.15 ? detail : undefined),
        detail,
      );
      record(
        name,
        "what is used is there",
        unequal(await printed(`${folder}/${name}-headers.mjs`), "lamp"),
      );
    } catch (error) {
      record(name, "makes bundles", String((error as Error).stack ?? error));
    }
  }
} finally {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
tally.report(values.json);
