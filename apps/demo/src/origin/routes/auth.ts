// Routes behind Basic (RFC 7617), Bearer (RFC 6750) and Digest authentication (RFC 7616).
import { createHash, randomBytes } from "node:crypto";
import { type Exchange, replyJson, type Routes } from "../exchange.ts";

function basic(exchange: Exchange, user: string, password: string): void {
  const given = /^basic +(\S+)$/i.exec(exchange.request.headers.authorization ?? "")?.[1] ?? "";
  if (Buffer.from(given, "base64").toString() === `${user}:${password}`)
    return replyJson(exchange, { authenticated: true, user });
  refuse(exchange, 'Basic realm="Fake Realm"');
}

function bearer(exchange: Exchange): void {
  const token = /^bearer +(\S+)$/i.exec(exchange.request.headers.authorization ?? "")?.[1];
  if (token !== undefined) return replyJson(exchange, { authenticated: true, token });
  refuse(exchange, "Bearer");
}

/** Nonces are not kept: whoever can answer one knows the password. */
function digest(exchange: Exchange, qop: string, user: string, password: string): void {
  const { method, request } = exchange;
  const hash = (...parts: readonly unknown[]): string =>
    createHash("sha256").update(parts.join(":")).digest("hex");
  const given = parameters(request.headers.authorization ?? "");
  const { realm, nonce, nc, cnonce } = given;
  const secret = hash(user, realm, password);
  const expected = hash(secret, nonce, nc, cnonce, given["qop"], hash(method, request.url));
  if (given["username"] === user && given["response"] === expected)
    return replyJson(exchange, { authenticated: true, user });
  const fresh = randomBytes(16).toString("hex");
  refuse(exchange, `Digest realm="Fake Realm", nonce="${fresh}", qop="${qop}", algorithm=SHA-256`);
}

function parameters(field: string): Record<string, string> {
  const found = field.matchAll(/(\w+)=(?:"([^"]*)"|([^\s,]+))/g);
  return Object.fromEntries(
    Array.from(found, ([, name = "", quoted, plain = ""]) => [name, quoted ?? plain]),
  );
}

function refuse({ response }: Exchange, challenge: string): void {
  response.writeHead(401, { "www-authenticate": challenge, "content-length": 0 });
  response.end();
}

/** `/basic-auth/:user/:password`, `/bearer`, and `/digest-auth/:qop/:user/:password` with SHA-256. */
export const auth: Routes = {
  "/basic-auth/:/:": { GET: basic },
  "/bearer": { GET: bearer },
  "/digest-auth/:/:/:": { GET: digest },
};
