// Serves the page as built, on loopback, and says where the origin is, if there is one.
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
};

/** A page that is served. */
export interface ServedPage extends AsyncDisposable {
  readonly url: string;
}

/** Serves a folder; `origin` is told at `origin.json`. Port 0 is any that is free. */
export async function servePage(
  folder: string,
  origin: { readonly url: string; readonly ca: string } | null,
  port = 0,
): Promise<ServedPage> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://page");
    if (origin && pathname === "/origin.json") {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ url: origin.url, ca: origin.ca }));
      return;
    }
    const path = normalize(decodeURIComponent(pathname === "/" ? "/index.html" : pathname));
    const file = join(folder, path);
    if (!file.startsWith(folder) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      "content-type": types[extname(file)] ?? "application/octet-stream",
      "cache-control": "no-cache",
    });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port }, resolve);
  });
  const { port: used } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${used}/`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
