/* Names and values of set-cookie fields (RFC 6265 §5.2); attributes are for whoever keeps cookies. */

/** The pairs of the fields; a later one wins. What has no name is passed over. */
export function cookiePairs(fields: readonly string[]): Record<string, string> {
  const cookies = Object.create(null) as Record<string, string>;
  for (const field of fields) {
    // Not by one pattern: those that try where white space ends go back over what they have read.
    const [pair = ""] = field.split(";", 1);
    const [name = ""] = pair.split("=", 1);
    if (name.length < pair.length && name.trim() !== "")
      cookies[name.trim()] = pair.slice(name.length + 1).trim();
  }
  return cookies;
}
