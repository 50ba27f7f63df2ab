// The origin that plays the services behind the SDKs, and says what came: a second witness.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A request as it came. */
interface Arrival {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly content: Buffer;
  /** Whether the client has closed the connection before the answer was over. */
  gone: boolean;
}

type Route = (exchange: {
  arrival: Arrival;
  response: ServerResponse;
  /** How many requests with the same path and the same content have come before. */
  before: number;
}) => void | Promise<void>;

export interface Origin {
  readonly url: string;
  readonly arrivals: Arrival[];
  /** Waits until so many requests have come. */
  arrived(count: number): Promise<void>;
  /** Waits until the client has given a request up. */
  gone(arrival: Arrival | undefined): Promise<void>;
  reset(): void;
  close(): Promise<void>;
}

const json = (
  response: ServerResponse,
  value: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void => {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(value));
};

const unavailable = { "retry-after": "0", "retry-after-ms": "1" };
const events = (...all: unknown[]): string =>
  all.map((one) => `data: ${typeof one === "string" ? one : JSON.stringify(one)}\n\n`).join("");

/** What each service answers; the first whose pattern fits. */
const routes: readonly (readonly [RegExp, Route])[] = [
  // Answers with a head and one piece, and never ends.
  [/\/endless/, ({ response }) => void response.writeHead(200).write("first\n")],
  // Answers nothing.
  [/\/silent/, () => undefined],
  // 503 twice, then well.
  [
    /\/flaky/,
    ({ response, before }) =>
      before < 2
        ? json(response, { error: { message: "not now" } }, 503, unavailable)
        : json(response, { id: 7, data: { id: 7 }, object: "list" }),
  ],
  [/\/missing/, ({ response }) => json(response, { message: "no such thing" }, 404)],
  // Pieces, one by one.
  [
    /\/pieces/,
    async ({ response }) => {
      response.writeHead(200, { "content-type": "text/plain" });
      for (const piece of ["one\n", "two\n", "three\n"]) {
        response.write(piece);
        await sleep(5);
      }
      response.end();
    },
  ],
  [
    /\/chat\/completions/,
    async ({ response, arrival }) => {
      const asked = JSON.parse(String(arrival.content)) as { stream?: boolean; model: string };
      if (asked.model === "silent") return;
      if (!asked.stream)
        return json(response, {
          id: "c1",
          choices: [{ index: 0, message: { role: "assistant", content: "Hello" } }],
        });
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const content of ["Hel", "lo", ", you"]) {
        response.write(events({ id: "c1", choices: [{ index: 0, delta: { content } }] }));
        await sleep(5);
        if (asked.model === "endless") return;
      }
      response.end(events("[DONE]"));
    },
  ],
  [
    /\/graphql/,
    ({ response, arrival }) => {
      const { query, variables } = JSON.parse(String(arrival.content)) as {
        query: string;
        variables?: { id?: number };
      };
      if (query.includes("missing"))
        return json(response, { errors: [{ message: "no such field" }] }, 400);
      return json(response, { data: { item: { id: variables?.id ?? 0, name: "crate" } } });
    },
  ],
  // A form comes back as what was in it.
  [
    /\/(files|upload)/,
    async ({ response, arrival }) => {
      const type = arrival.headers["content-type"] ?? "";
      const form = await new Response(new Uint8Array(arrival.content), {
        headers: { "content-type": type },
      })
        .formData()
        .catch(() => null);
      if (!form) return json(response, { text: String(arrival.content), type });
      const parts: Record<string, unknown> = {};
      for (const [name, value] of form)
        parts[name] =
          typeof value === "string"
            ? value
            : { name: value.name, type: value.type, text: await value.text() };
      return json(response, { id: "f1", object: "file", parts });
    },
  ],
  [
    /\/models/,
    ({ response }) => json(response, { object: "list", data: [{ id: "m1", object: "model" }] }),
  ],
  [
    /\/repos\//,
    ({ response }) =>
      json(response, { id: 1, full_name: "octo/cat" }, 200, { "x-ratelimit-remaining": "59" }),
  ],
  [
    /\/items/,
    ({ response, arrival }) =>
      arrival.method === "GET"
        ? json(response, [{ id: 7, name: "crate" }], 200, { "content-range": "0-0/1" })
        : json(response, [JSON.parse(String(arrival.content) || "{}")], 201),
  ],
];

export async function startOrigin(): Promise<Origin> {
  const arrivals: Arrival[] = [];
  const watchers = new Set<() => void>();
  const changed = (): void => {
    for (const watcher of watchers) watcher();
  };
  const until = (what: string, condition: () => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      const late = (): void => reject(new Error(`the origin waited for ${what}, in vain`));
      const timer = setTimeout(late, 5000);
      const look = (): void => {
        if (!condition()) return;
        clearTimeout(timer);
        watchers.delete(look);
        resolve();
      };
      watchers.add(look);
      look();
    });

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const content = Buffer.concat((await request.toArray()) as Buffer[]);
    const { method = "", url: path = "", headers } = request;
    const arrival = { method, path, headers, content, gone: false };
    const before = arrivals.filter((one) => one.path === path && one.content.equals(content));
    response.once("close", () => {
      arrival.gone = !response.writableFinished;
      changed();
    });
    arrivals.push(arrival);
    changed();
    const [, route] = routes.find(([pattern]) => pattern.test(path)) ?? [];
    if (route) await route({ arrival, response, before: before.length });
    else json(response, { path }, 404);
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrivals,
    arrived: (count) => until(`${count} requests`, () => arrivals.length >= count),
    gone: (arrival) => until("a connection to be closed", () => arrival?.gone === true),
    reset: () => void arrivals.splice(0),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
