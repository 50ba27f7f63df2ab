// Which path is answered by what. Patterns: `:` stands for one segment, `*` for the rest of the path.
import { type Exchange, type Handler, Refusal, type Routes } from "./exchange.ts";
import { auth } from "./routes/auth.ts";
import { content } from "./routes/content.ts";
import { cookies } from "./routes/cookies.ts";
import { encodings } from "./routes/encodings.ts";
import { faults } from "./routes/faults.ts";
import { inspection } from "./routes/inspection.ts";
import { redirects } from "./routes/redirects.ts";
import { statuses } from "./routes/statuses.ts";
import { timing } from "./routes/timing.ts";

const routes: Routes = {
  ...inspection,
  ...content,
  ...encodings,
  ...statuses,
  ...redirects,
  ...cookies,
  ...auth,
  ...timing,
  ...faults,
};

const table = Object.entries(routes).map(([pattern, methods]) => ({
  expression: new RegExp(
    `^${pattern.replaceAll("/:", "/([^/]+)").replaceAll("/*", "(?:/(.*))?")}$`,
  ),
  methods: new Map(Object.entries(methods)),
}));

/** Finds the handler and lets it answer. */
export async function route(exchange: Exchange): Promise<void> {
  for (const { expression, methods } of table) {
    const match = expression.exec(exchange.url.pathname);
    if (match === null) continue;
    const parts = match.slice(1).map((part) => decode(part ?? ""));
    const { method } = exchange;
    if (method === "OPTIONS" && !methods.has("ANY")) return allow(exchange, methods, 200);
    // RFC 9110 §9.3.2: HEAD is GET without the content, which node:http leaves out by itself.
    const handler = methods.get(method === "HEAD" ? "GET" : method) ?? methods.get("ANY");
    if (handler === undefined) return allow(exchange, methods, 405);
    return handler(exchange, ...parts);
  }
  throw new Refusal(404, `nothing at ${exchange.url.pathname}`);
}

function allow(
  { response }: Exchange,
  methods: ReadonlyMap<string, Handler>,
  status: number,
): void {
  const names = [...methods.keys(), ...(methods.has("GET") ? ["HEAD"] : []), "OPTIONS"];
  response.writeHead(status, { allow: names.join(", "), "content-length": 0 });
  response.end();
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Refusal(400, `not a path segment: ${part}`);
  }
}
