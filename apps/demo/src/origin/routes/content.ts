// Routes whose content is the point: a page, bytes of any length, lines of JSON.
import { pipeline } from "node:stream/promises";
import { type Exchange, replyBytes, type Routes, wholeNumber } from "../exchange.ts";
import { headFacts } from "../facts.ts";
import { randomPieces } from "../random-pieces.ts";

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>anyhttp</title>
  </head>
  <body>
    <h1>One library, any transport</h1>
    <p>Grüße vom eingebauten Server. ¡Hola! 你好。</p>
  </body>
</html>
`;

/** Ten times more than httpbin's limit would be, and a limit all the same. */
const largest = 1024 ** 3;

async function bytes({ url, response, method }: Exchange, size: string): Promise<void> {
  const length = wholeNumber(size, null, largest);
  const seed = wholeNumber(
    url.searchParams.get("seed"),
    Math.trunc(Math.random() * 2 ** 32),
    2 ** 32,
  );
  response.writeHead(200, {
    "content-type": "application/octet-stream",
    "content-length": length,
  });
  if (method === "HEAD") return void response.end();
  await pipeline(randomPieces(length, seed), response);
}

async function stream(exchange: Exchange, count: string): Promise<void> {
  const lines = Math.min(wholeNumber(count, null, 1_000_000), 100);
  const { response } = exchange;
  const facts = headFacts(exchange);
  response.writeHead(200, { "content-type": "application/json" });
  await pipeline(function* () {
    for (let id = 0; id < lines; id++) yield `${JSON.stringify({ ...facts, id })}\n`;
  }, response);
}

/** `/html /bytes/:n /stream/:n`. */
export const content: Routes = {
  "/html": {
    GET: ({ response }) => replyBytes(response, Buffer.from(page), "text/html; charset=utf-8"),
  },
  "/bytes/:": { GET: bytes },
  "/stream/:": { GET: stream },
};
