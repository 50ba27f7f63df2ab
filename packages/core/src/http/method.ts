/* Facts about request methods (RFC 9110 §9). */

/** Whether repeating the request has the effect of sending it once (RFC 9110 §9.2.2). */
export function isIdempotent(method: string): boolean {
  return /^(GET|HEAD|OPTIONS|TRACE|PUT|DELETE)$/.test(method);
}

/**
 * Upper-cases the well-known methods, as Fetch does, and `PATCH`, which Fetch forgot. Others are case-sensitive tokens
 * and stay as they are.
 */
export function normalizeMethod(method: string): string {
  return /^(get|head|options|trace|put|delete|post|patch|connect)$/i.test(method)
    ? method.toUpperCase()
    : method;
}
