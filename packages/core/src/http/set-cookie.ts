/* Names and values of set-cookie fields (RFC 6265 §5.2); attributes are for whoever keeps cookies. */

/** The pairs of the fields; a later one wins. What has no name is passed over. */
export function cookiePairs(fields: readonly string[]): Record<string, string> {
  const cookies = Object.create(null) as Record<string, string>;
  for (const field of fields) {
    const [, name, value] = /^\s*([^=;]*?)\s*=\s*([^;]*?)\s*(?:;|$)/.exec(field) ?? [];
    if (name) cookies[name] = value ?? "";
  }
  return cookies;
}
