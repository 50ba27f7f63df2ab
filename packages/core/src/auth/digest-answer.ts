/* What answers a Digest challenge (RFC 7616 §3.4): which challenges can be answered, and the computation itself. */

import { bodyPieces } from "../content/body.ts";
import { joinPieces } from "../content/collect.ts";
import { abandon, type RequestContent } from "../content/source.ts";
import { invalid } from "../errors.ts";
import type { Challenge } from "./challenges.ts";
import { md5 } from "./md5.ts";
import { octetBytes, octets } from "./octets.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** A hash function. */
type Hash = (bytes: Bytes) => Bytes | Promise<Bytes>;

/** A challenge that can be answered. Texts are octets as they came, out of their quotes. */
export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  /** As the server wrote it; `undefined` means MD5. */
  readonly algorithm: string | undefined;
  /** Whether the algorithm is of the `-sess` kind, which binds the secret to the session's first nonces. */
  readonly session: boolean;
  readonly hash: Hash;
  /** The greater, the better. */
  readonly strength: number;
  /** `undefined`: as in RFC 2069, which has neither. */
  readonly qop: "auth" | "auth-int" | undefined;
  readonly userhash: boolean;
  /** The nonce was too old, and nothing else was wrong. */
  readonly stale: boolean;
}

/** What is hashed beside the challenge. */
export interface DigestRequest {
  readonly method: string;
  /** The request target as it is sent: path and query. */
  readonly uri: string;
  readonly content: RequestContent | null;
  /** The challenge's nonce, or one that the server has named since. */
  readonly nonce: string;
  /** How many requests have been sent with this nonce, this one included. */
  readonly count: number;
  /** The client's own nonce. With `-sess`, the same for all answers to a challenge. */
  readonly cnonce: string;
}

/** What a challenge of the scheme asks for; `null` if it cannot be answered: unsound, or of a kind that is not known. */
export function digestChallenge({ scheme, params }: Challenge): DigestChallenge | null {
  const { realm, nonce, opaque, algorithm, qop: offered, userhash, stale } = params;
  if (scheme !== "digest" || realm === undefined || nonce === undefined) return null;
  const [, name, sess] = /^(md5|sha-256)(-sess)?$/i.exec(algorithm ?? "md5") ?? [];
  const kind = name?.toLowerCase();
  // Browsers have web cryptography only where the page came over https.
  const hash = kind === "md5" ? md5 : globalThis.crypto?.subtle && sha256;
  // Integrity takes a copy of the content, and protects little where the head is open to change.
  const qop = (["auth", "auth-int"] as const).find((one) =>
    offered
      ?.toLowerCase()
      .split(/[\t ,]+/)
      .includes(one),
  );
  const session = sess !== undefined;
  if (!kind || !hash || (offered !== undefined && !qop) || (session && !qop)) return null;
  return {
    ...{ realm, nonce, opaque, algorithm, session, hash, qop },
    strength: hash === md5 ? 1 : 2,
    userhash: userhash?.toLowerCase() === "true",
    stale: stale?.toLowerCase() === "true",
  };
}

async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** The value of `authorization`. @throws InvalidRequestError if the content has to be hashed and can be had only once. */
export async function digestAnswer(
  challenge: DigestChallenge,
  user: string,
  password: string,
  { method, uri, content, nonce, count, cnonce }: DigestRequest,
): Promise<string> {
  const { realm, opaque, algorithm, qop, userhash } = challenge;
  const hashed = async (bytes: Bytes): Promise<string> => hex(await challenge.hash(bytes));
  const hash = (...parts: readonly string[]): Promise<string> =>
    hashed(octetBytes(parts.join(":")));

  const name = octets(user);
  let secret = await hash(name, realm, octets(password));
  if (challenge.session) secret = await hash(secret, challenge.nonce, cnonce);
  const asked = [method, uri];
  if (qop === "auth-int") asked.push(await hashed(await contentBytes(content)));
  const nc = count.toString(16).padStart(8, "0");
  const counted = qop ? [nc, cnonce, qop] : [];
  const response = await hash(secret, nonce, ...counted, await hash(...asked));

  const fields = [
    userhash ? `username="${await hash(name, realm)}"` : userField(user),
    `realm=${quotedString(realm)}`,
    `uri=${quotedString(uri)}`,
    `nonce=${quotedString(nonce)}`,
    `response="${response}"`,
  ];
  if (algorithm !== undefined) fields.push(`algorithm=${algorithm}`);
  if (qop) fields.push(`qop=${qop}`, `nc=${nc}`, `cnonce=${quotedString(cnonce)}`);
  if (opaque !== undefined) fields.push(`opaque=${quotedString(opaque)}`);
  if (userhash) fields.push("userhash=true");
  return `Digest ${fields.join(", ")}`;
}

/** Bytes as hexadecimal digits, in lower case. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Only ASCII may stand in quotes (RFC 7616 §3.4); other names are written as RFC 8187 says. */
function userField(user: string): string {
  if (/^[ -~]*$/.test(user)) return `username=${quotedString(user)}`;
  const encoded = encodeURIComponent(user.normalize("NFC")).replace(
    /['()*]/g,
    (mark) => `%${hex(octetBytes(mark))}`,
  );
  return `username*=UTF-8''${encoded}`;
}

function quotedString(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/** The whole content. What a function makes is made once more to be sent. */
async function contentBytes(content: RequestContent | null): Promise<Bytes> {
  if (!content) return new Uint8Array();
  const body = await content.open(null);
  const iterator = bodyPieces(body)[Symbol.asyncIterator]();
  const pieces: Bytes[] = [];
  let size = 0;
  try {
    for (;;) {
      const next = await iterator.next();
      if (!content.replayable) {
        await iterator.return?.();
        throw invalid(
          "CONTENT",
          "the server asks for a hash of the request content (qop=auth-int), which can be had only once",
          "Pass the content as bytes, or as a function that makes it anew.",
        );
      }
      if (next.done) return joinPieces({ pieces, size, cut: false });
      pieces.push(next.value);
      size += next.value.byteLength;
    }
  } finally {
    abandon(body);
  }
}
