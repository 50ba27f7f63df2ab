// One call with `anyhttp` in every runtime: that it loads there, and takes the transport that it should.
//   node tooling/matrix/src/smoke.ts [RUNTIME…] [--json FILE]
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Tally } from "../../check/src/tally.ts";
import { atEnd } from "../../../packages/conformance/src/cli/at-end.ts";
import { bundleOf } from "./bundle.ts";
import { runtimes } from "./cells.ts";
import type { Work } from "./runtimes/launcher.ts";
import { known } from "./usage.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "string" } },
});

const program = `
  import { get, Session } from "anyhttp";
  const create = null;
  async function work(order) {
    const report = (body) => fetch(new URL("report", order), { method: "POST", body });
    try {
      const { name } = await get(new URL("items/7", order)).json();
      const session = new Session();
      const transport = session.describe().split(" ").at(-1);
      await session.close();
      await report(name + " " + transport);
    } catch (error) {
      await report("failed: " + (error?.stack ?? error));
    }
  }`;

const served = new Map<string, { type: string; content: string | Uint8Array }>();
let reported: (text: string) => void = () => undefined;
const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? "/", "http://origin");
  const page = served.get(pathname);
  if (pathname === "/report") {
    response.writeHead(204).end();
    void request.toArray().then((pieces) => reported(Buffer.concat(pieces as Buffer[]).toString()));
  } else if (page) response.writeHead(200, { "content-type": page.type }).end(page.content);
  else response.writeHead(404).end();
});
await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

function serve(path: string, type: string, content: string | Uint8Array): string {
  served.set(path, { type, content });
  return `${origin}${path}`;
}
serve("/items/7", "application/json", '{"id":7,"name":"lamp"}');

const scratch = mkdtempSync(join(tmpdir(), "anyhttp-smoke-"));
atEnd(() => rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
const caFile = join(scratch, "authority.pem");
// What runtimes are to trust they are told when they start, though nothing here is encrypted.
const subject = ["-subj", "/CN=smoke", "-keyout", join(scratch, "key.pem"), "-out", caFile];
spawnSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", ...subject]);

const tally = new Tally();
for (const name of positionals.length > 0 ? positionals : Object.keys(runtimes)) {
  const { platform, launch } = known("runtime", name, runtimes);
  const stop = new AbortController();
  const folder = join(scratch, name);
  mkdirSync(folder);
  const bundle = join(folder, `smoke-${name}.mjs`);
  writeFileSync(bundle, bundleOf(platform, program));
  const report = new Promise<string>((resolve) => (reported = resolve));
  const late = setTimeout(() => stop.abort(), 60_000);
  const work = {
    bundle,
    caFile,
    scratch: folder,
    desk: { serve },
    order: `${origin}/`,
    signal: stop.signal,
    started: () => undefined,
  } as unknown as Work;
  const outcome = await Promise.race([report, launch(work).catch(String)]);
  clearTimeout(late);
  stop.abort();
  const wanted = platform === "node" ? "lamp undici" : "lamp fetch";
  tally.count(name, outcome === wanted ? undefined : outcome);
  console.log(`  ${outcome === wanted ? "ok" : "failed"} ${name}: ${outcome}`);
}
server.close();
server.closeAllConnections();
tally.report(values.json);
process.exit();
