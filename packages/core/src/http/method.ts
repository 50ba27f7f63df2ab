/* Facts about request methods (RFC 9110 §9). */

const idempotent: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);

/** Whether repeating the request has the effect of sending it once (RFC 9110 §9.2.2). */
export function isIdempotent(method: string): boolean {
  return idempotent.has(method);
}

/** Methods that Fetch writes in upper case, whatever the caller wrote, and `PATCH`, which users expect to be among them. */
const wellKnown = /^(get|head|options|post|put|patch|delete|trace|connect)$/i;

/** Upper-cases the well-known methods; others are case-sensitive tokens and stay as they are. */
export function normalizeMethod(method: string): string {
  return wellKnown.test(method) ? method.toUpperCase() : method;
}
