// The origin that examples talk to in place of https://api.example.com: a small shop, some odd corners of HTTP,
// and for every other path an echo of what was received.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

type Answer = (exchange: Exchange) => void | Promise<void>;

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  content: Buffer;
  /** What the path pattern has captured. */
  match: readonly string[];
}

const item = (id: number): object => ({ id, name: `Item ${id}`, price: 10 + id, stock: 3 * id });

function send(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
}

function parsed(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString()) as unknown;
  } catch {
    return null;
  }
}

/** How often each of the flaky paths has failed. */
const failures = new Map<string, number>();

const routes: readonly [method: string, path: RegExp, answer: Answer][] = [
  ["GET", /^\/items$/, ({ response }) => send(response, 200, [1, 2, 3].map(item))],
  ["GET", /^\/items\/(\d+)$/, ({ response, match }) => send(response, 200, item(Number(match[1])))],
  [
    "POST",
    /^\/items$/,
    ({ response, content }) => {
      response.setHeader("location", "/items/8");
      send(response, 201, { ...item(8), ...(parsed(content) as object | null) });
    },
  ],
  [
    "PUT|PATCH",
    /^\/items\/(\d+)$/,
    ({ response, match, content }) =>
      send(response, 200, { ...item(Number(match[1])), ...(parsed(content) as object | null) }),
  ],
  ["DELETE", /^\/items\/(\d+)$/, ({ response }) => void response.writeHead(204).end()],
  [
    "GET",
    /^\/status\/(\d{3})$/,
    ({ response, match }) => send(response, Number(match[1]), { error: `status ${match[1]}` }),
  ],
  // Two failures, and a success.
  [
    "GET",
    /^\/flaky\/(\w+)$/,
    ({ response, match }) => {
      const name = match[1] ?? "";
      const asked = ((failures.get(name) ?? 0) + 1) % 3;
      failures.set(name, asked);
      send(response, asked === 0 ? 200 : 503, { asked });
    },
  ],
  // Three pages of two items, linked.
  [
    "GET",
    /^\/pages\/([123])$/,
    ({ response, match }) => {
      const page = Number(match[1]);
      if (page < 3) response.setHeader("link", `</pages/${page + 1}>; rel="next"`);
      send(response, 200, [2 * page - 1, 2 * page].map(item));
    },
  ],
  [
    "POST",
    /^\/files$/,
    async ({ request, response, content }) => {
      const headers = { "content-type": request.headers["content-type"] ?? "" };
      const form = await new Response(new Uint8Array(content), { headers }).formData();
      const parts = [...form].map(([name, value]) => [
        name,
        typeof value === "string"
          ? value
          : { name: value.name, type: value.type, size: value.size },
      ]);
      send(response, 200, { parts: Object.fromEntries(parts) as object });
    },
  ],
  [
    "GET",
    /^\/redirect\/(\d+)$/,
    ({ response, match }) => {
      const left = Number(match[1]) - 1;
      response.writeHead(302, { location: left > 0 ? `/redirect/${left}` : "/items" }).end();
    },
  ],
  [
    "GET",
    /^\/delay\/(\d+)$/,
    async ({ response, match }) => {
      await sleep(Math.min(Number(match[1]), 10_000));
      send(response, 200, { waited: Number(match[1]) });
    },
  ],
  [
    "GET",
    /^\/(?:bytes|download)(?:\/(\d+))?$/,
    ({ response, match }) => {
      const content = Buffer.alloc(Number(match[1] ?? 100_000), "anyhttp ");
      response.writeHead(200, { "content-type": "application/octet-stream" }).end(content);
    },
  ],
  [
    "GET",
    /^\/lines$/,
    ({ response }) =>
      void response.writeHead(200, { "content-type": "text/plain" }).end("one\ntwo\nthree\n"),
  ],
  [
    "GET",
    /^\/(?:ndjson|changes)$/,
    ({ response }) => {
      const content = [1, 2, 3].map((id) => `${JSON.stringify(item(id))}\n`).join("");
      response.writeHead(200, { "content-type": "application/x-ndjson" }).end(content);
    },
  ],
  // Two events on each connection, until four have come.
  [
    "GET",
    /^\/events$/,
    ({ request, response }) => {
      const last = Number(request.headers["last-event-id"] ?? 0);
      if (last >= 4) return void response.writeHead(204).end();
      const events = [last + 1, last + 2].map((id) => `id: ${id}\nevent: price\ndata: ${id}0\n\n`);
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(`retry: 20\n${events.join("")}`);
    },
  ],
  [
    "GET",
    /^\/report$/,
    ({ response }) => {
      const disposition = "attachment; filename=report.txt; filename*=UTF-8''r%C3%A9sum%C3%A9.txt";
      response.writeHead(200, { "content-disposition": disposition }).end("the report");
    },
  ],
  [
    "GET|POST",
    /^\/login$/,
    ({ response }) => {
      response.setHeader("set-cookie", ["session=abc; Path=/; HttpOnly", "theme=dark; Path=/"]);
      send(response, 200, { ok: true });
    },
  ],
  [
    "GET",
    /^\/me$/,
    ({ request, response }) => {
      if (request.headers.authorization !== undefined) return send(response, 200, { name: "Jack" });
      response.setHeader("www-authenticate", 'Basic realm="shop"');
      return send(response, 401, { error: "who are you?" });
    },
  ],
];

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://origin");
  const path = url.pathname.replace(/^\/v\d+(?=\/)/, "");
  const content = Buffer.concat((await request.toArray()) as Buffer[]);
  const method = request.method === "HEAD" ? "GET" : (request.method ?? "GET");
  for (const [methods, pattern, respond] of routes) {
    const match = pattern.exec(path);
    if (match !== null && methods.split("|").includes(method)) {
      await respond({ request, response, url, content, match });
      return;
    }
  }
  send(response, 200, {
    method: request.method,
    path,
    args: Object.fromEntries(url.searchParams),
    headers: request.headers,
    data: content.toString(),
    json: parsed(content),
    form: Object.fromEntries(new URLSearchParams(content.toString())),
  });
}

export async function startOrigin(): Promise<{ url: string; close: () => void }> {
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
