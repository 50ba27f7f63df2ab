/* Facts about request methods (RFC 9110 §9). */

const idempotent: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);
const wellKnown: ReadonlySet<string> = new Set([...idempotent, "POST", "PATCH", "CONNECT"]);

/** Whether repeating the request has the effect of sending it once (RFC 9110 §9.2.2). */
export function isIdempotent(method: string): boolean {
  return idempotent.has(method);
}

/**
 * Upper-cases the well-known methods, as Fetch does, and `PATCH`, which Fetch forgot. Others are case-sensitive tokens
 * and stay as they are.
 */
export function normalizeMethod(method: string): string {
  if (wellKnown.has(method)) return method;
  const upper = method.toUpperCase();
  return wellKnown.has(upper) ? upper : method;
}
