// Routes behind Basic authentication (RFC 7617).
import { type Exchange, replyJson, type Routes } from "../exchange.ts";

function basic(exchange: Exchange, user: string, password: string): void {
  const { request, response } = exchange;
  const given = /^basic +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
  if (Buffer.from(given, "base64").toString() === `${user}:${password}`) {
    return replyJson(exchange, { authenticated: true, user });
  }
  response.writeHead(401, {
    "www-authenticate": 'Basic realm="Fake Realm"',
    "content-length": 0,
  });
  response.end();
}

/** `/basic-auth/:user/:password`. */
export const auth: Routes = { "/basic-auth/:/:": { GET: basic } };
