// The origin of the smoke test. To a browser it also serves the page, and takes its report.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Origin {
  url: string;
  /** Resolves with what the page that was opened with this query has reported. */
  reported: (query: string) => Promise<string>;
  close: () => void;
}

export async function startOrigin(pageScript: Uint8Array): Promise<Origin> {
  const reports = new Map<string, PromiseWithResolvers<string>>();
  const reportOf = (query: string): PromiseWithResolvers<string> => {
    const known = reports.get(query) ?? Promise.withResolvers<string>();
    reports.set(query, known);
    return known;
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, search } = new URL(request.url ?? "/", "http://origin");
    const send = (type: string, content: string | Uint8Array): void => {
      response.writeHead(200, { "content-type": type, "cache-control": "no-store" }).end(content);
    };
    if (pathname === "/items/7") send("application/json", '{"id":7,"name":"lamp"}');
    else if (pathname === "/page.mjs") send("text/javascript", pageScript);
    else if (pathname === "/page") {
      send("text/html", '<!doctype html><script type="module" src="/page.mjs"></script>');
    } else if (pathname === "/report") {
      const content = Buffer.concat((await request.toArray()) as Buffer[]).toString();
      response.writeHead(204).end();
      reportOf(search).resolve(content);
    } else response.writeHead(404).end();
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    reported: (query) => reportOf(query).promise,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
