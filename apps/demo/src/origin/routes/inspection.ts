// Routes that tell a client about its own request, in httpbin's shapes.
import { type Exchange, replyJson, type Routes } from "../exchange.ts";
import { factsOf, headFacts } from "../facts.ts";

async function echo(exchange: Exchange): Promise<void> {
  const { method: _, ...facts } = await factsOf(exchange);
  replyJson(exchange, facts);
}

async function anything(exchange: Exchange): Promise<void> {
  replyJson(exchange, await factsOf(exchange));
}

/** `/get /post /put /patch /delete /anything /headers /ip /user-agent`. */
export const inspection: Routes = {
  "/get": { GET: (exchange) => replyJson(exchange, headFacts(exchange)) },
  "/post": { POST: echo },
  "/put": { PUT: echo },
  "/patch": { PATCH: echo },
  "/delete": { DELETE: echo },
  "/anything/*": { ANY: anything },
  "/headers": { GET: (exchange) => replyJson(exchange, { headers: headFacts(exchange).headers }) },
  "/ip": { GET: (exchange) => replyJson(exchange, { origin: headFacts(exchange).origin }) },
  "/user-agent": {
    GET: (exchange) =>
      replyJson(exchange, { "user-agent": exchange.request.headers["user-agent"] ?? null }),
  },
};
