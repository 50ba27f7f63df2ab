/* Digest authentication (RFC 7616): which challenge to answer, with which nonce, and when to give up. */

import { wantedCoding } from "../content/encoded.ts";
import { invalid } from "../errors.ts";
import { flag, lay } from "../options/rules.ts";
import type { HttpRequest } from "../request.ts";
import type { Auth } from "./auth.ts";
import { parseChallenges, parseParams } from "./challenges.ts";
import { type AuthOptions, checkText, originRule } from "./credentials.ts";
import { digestAnswer, type DigestChallenge, digestChallenge, hex } from "./digest-answer.ts";

/** Options of `digest`. */
export interface DigestOptions extends AuthOptions {
  /** Whether challenges that know nothing better than MD5 are answered. Default: `true`. */
  readonly allowMd5?: boolean | undefined;
}

/** A challenge that requests to an origin answer, until another comes. */
interface Protection {
  readonly challenge: DigestChallenge;
  /** The client's nonce of `-sess` algorithms. */
  readonly cnonce: string;
  /** The challenge's, or one that the server has named since. */
  nonce: string;
}

/** How a request is authenticated. */
interface Attempt {
  readonly protection: Protection;
  /** Whether the challenge came in answer to this very request. */
  readonly own: boolean;
  /** With which it was sent. */
  readonly nonce?: string;
}

/** Nonces whose use is counted; servers that have several at a time have a few. */
const mostNonces = 100;
/** Origins whose challenge is remembered; the one beyond them is asked for it again. */
const mostOrigins = 100;

/**
 * User and password, without showing the password. The first request goes without, and is sent again in answer to the
 * server's challenge, if its content can be; those after it are authenticated at once, with a count of their own each.
 *
 * Knows MD5 and SHA-256, both also `-sess`, and qop `auth`, `auth-int` and none. Of several challenges it answers the
 * strongest, never one of another scheme. A challenge that makes no sense leaves the 401 to the caller, as does a second
 * one that is not stale. Whether the server proves that it knows the password (`rspauth`) is not looked at: whoever
 * could pretend to be the server could leave the proof out.
 * @throws InvalidRequestError for control characters in user name or password.
 */
export function digest(user: string, password: string, options: DigestOptions = {}): Auth {
  checkText("user name", user);
  checkText("password", password);
  const { origin, allowMd5 } = lay<{ origin: string | null; allowMd5: boolean }>(
    { origin: originRule, allowMd5: flag },
    { origin: null, allowMd5: true },
    options,
    "digest.",
  );
  /** By origin: the same object may serve calls to several. */
  const protections = new Map<string, Protection>();
  const attempts = new WeakMap<HttpRequest, Attempt>();
  const counts = new Map<string, number>();

  /** How many requests have used a nonce. Counted by its text, as a server may hand one out more than once. */
  const count = (nonce: string): number => {
    const uses = (counts.get(nonce) ?? 0) + 1;
    keep(counts, nonce, uses, mostNonces);
    return uses;
  };

  return {
    name: "digest",
    origin,

    authorize(request) {
      const attempt = attempts.get(request);
      const own = attempt?.own === true;
      const protection = own ? attempt.protection : protections.get(request.target.origin);
      if (!protection) return null;
      const { challenge, nonce } = protection;
      attempts.set(request, { protection, own, nonce });
      if (challenge.qop === "auth-int" && wantedCoding(request))
        throw invalid(
          "CONTENT",
          "the server asks for a hash of the request content (qop=auth-int), which compress makes only as it is sent",
          "Set compress: false.",
        );
      return digestAnswer(challenge, user, password, {
        method: request.method,
        uri: request.target.path,
        content: request.content,
        nonce,
        // Before anything is waited for, so that no two requests have the same.
        count: count(nonce),
        cnonce: challenge.session ? protection.cnonce : newNonce(),
      });
    },

    answered(request, { status, headers }) {
      const attempt = attempts.get(request);
      attempts.delete(request);
      if (status !== 401) {
        const nextnonce =
          attempt && parseParams(headers.get("authentication-info") ?? "")["nextnonce"];
        if (nextnonce) attempt.protection.nonce = nextnonce;
        return false;
      }
      const challenge = strongest(headers.getAll("www-authenticate"), allowMd5 ? 0 : 1);
      const { origin: from } = request.target;
      if (
        !challenge ||
        (attempt && !challenge.stale && (attempt.own || isSame(challenge, attempt)))
      ) {
        // The next request asks for a challenge again, so that what is refused is tried once a call, not twice.
        if (attempt && protections.get(from) === attempt.protection) protections.delete(from);
        return false;
      }
      const protection = { challenge, cnonce: newNonce(), nonce: challenge.nonce };
      keep(protections, from, protection, mostOrigins);
      if (attempt?.own) return false;
      attempts.set(request, { protection, own: true });
      return true;
    },
  };
}

/** Puts an entry last, and drops the first where there are more than so many. */
function keep<T>(map: Map<string, T>, key: string, value: T, most: number): void {
  map.delete(key);
  map.set(key, value);
  const [first = key] = map.keys();
  if (map.size > most) map.delete(first);
}

/** Of the challenges that can be answered, the first of the strongest. */
function strongest(lines: readonly string[], above: number): DigestChallenge | undefined {
  let best: DigestChallenge | undefined;
  for (const challenge of parseChallenges(lines)) {
    const one = digestChallenge(challenge);
    if (one && one.strength > (best?.strength ?? above)) best = one;
  }
  return best;
}

/** Whether a challenge says nothing new to a request that was sent with its nonce. */
function isSame({ realm, nonce }: DigestChallenge, attempt: Attempt): boolean {
  return nonce === attempt.nonce && realm === attempt.protection.challenge.realm;
}

function newNonce(): string {
  return hex(crypto.getRandomValues(new Uint8Array(16)));
}
