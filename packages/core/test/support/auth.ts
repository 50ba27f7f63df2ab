/* Sessions that authenticate, and a server's side of Digest that owes nothing to what it checks. */

import { createHash } from "node:crypto";
import type { Auth } from "../../src/auth/auth.ts";
import type { RequestOptions, Session, SessionOptions } from "../../src/index.ts";
import type { Answer, Arrival, ScriptedTransport, Step } from "./scripted-transport.ts";
import { sessionOf } from "./session.ts";

/** A session that authenticates with this, and gives every response to its caller. */
export function authenticated(
  auth: Auth,
  steps: Step | readonly Step[],
  options: Partial<SessionOptions> = {},
): ReturnType<typeof sessionOf> {
  return sessionOf(steps, { auth, throwHttpErrors: false, ...options });
}

/** What a request that arrived said in `authorization`. */
export function authorizations({ arrivals }: ScriptedTransport): (string | undefined)[] {
  return arrivals.map(({ fields }) => fields["authorization"]);
}

/** Makes a call and gives its status. */
export async function statusOf(
  session: Session,
  url = "/",
  options: RequestOptions = {},
): Promise<number> {
  const response = await session.get(url, options);
  response.discard();
  return response.status;
}

/** The parameters of an `authorization` of Digest. */
export function digestParams(value: string | undefined): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [, name = "", quoted, plain] of (value ?? "").matchAll(
    /([\w*]+)=(?:"((?:[^"\\]|\\.)*)"|([^, ]*))/g,
  ))
    params[name] = quoted?.replaceAll(/\\(.)/g, "$1") ?? plain ?? "";
  return params;
}

export interface DigestServerOptions {
  readonly user?: string;
  readonly password?: string;
  readonly algorithm?: "MD5" | "MD5-sess" | "SHA-256" | "SHA-256-sess";
  readonly qop?: string | null;
  /** How many requests a nonce serves. */
  readonly uses?: number;
  /** More of the challenge. */
  readonly more?: string;
  /** Hands out the next nonce with each response. */
  readonly nextnonce?: boolean;
  /** The same nonce for everybody, for ever. */
  readonly nonce?: string;
}

/** A server that lets in who knows the password, and who counts right: a count that was seen before is not let in. */
export function digestServer({
  user = "Mufasa",
  password = "Circle of Life",
  algorithm = "SHA-256",
  qop = "auth",
  uses = Infinity,
  more = "",
  nextnonce = false,
  nonce: fixed,
}: DigestServerOptions = {}): (arrival: Arrival) => Answer {
  const realm = "test";
  const seen = new Map<string, Set<string>>();
  let made = 0;
  const fresh = (): string => {
    const nonce = fixed ?? `nonce${++made}`;
    if (!seen.has(nonce)) seen.set(nonce, new Set());
    return nonce;
  };
  const refuse = (stale: boolean): Answer => ({
    status: 401,
    headers: {
      "www-authenticate": `Digest realm="${realm}", nonce="${fresh()}", algorithm=${algorithm}${
        qop === null ? "" : `, qop="${qop}"`
      }${stale ? ", stale=true" : ""}${more}`,
    },
  });
  const hash = (...parts: (string | Uint8Array)[]): string => {
    const sum = createHash(algorithm.startsWith("MD5") ? "md5" : "sha256");
    for (const [i, part] of parts.entries()) sum.update(i === 0 ? "" : ":").update(part);
    return sum.digest("hex");
  };
  return ({ method, path, fields, content }) => {
    const said = fields["authorization"];
    if (said === undefined) return refuse(false);
    const { nonce = "", nc = "", cnonce = "", qop: used = "", uri, response } = digestParams(said);
    let secret = hash(user, realm, password);
    if (algorithm.endsWith("-sess")) secret = hash(secret, nonce, cnonce);
    const asked =
      used === "auth-int" ? hash(method, path, hash(content ?? "")) : hash(method, path);
    const right =
      qop === null ? hash(secret, nonce, asked) : hash(secret, nonce, nc, cnonce, used, asked);
    if (response !== right || uri !== path) return refuse(false);
    const counts = seen.get(nonce);
    if (qop === null) return { status: counts ? 200 : 401 };
    if (!counts || counts.has(nc) || counts.size >= uses) return refuse(true);
    counts.add(nc);
    return {
      headers: nextnonce ? { "authentication-info": `nextnonce="${fresh()}", qop=auth` } : {},
    };
  };
}
