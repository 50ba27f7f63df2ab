/* Parameters behind a value (RFC 9110 §5.6.6), as media types, links and dispositions have them. */

/** By name in lower case; the first of a name wins. What is not quoted may hold spaces, as servers forget the quotes. */
export function parameters(text: string): Record<string, string> {
  const found = Object.create(null) as Record<string, string>;
  for (const [, name = "", quoted, plain = ""] of text.matchAll(
    /;\s*([^\s=;,]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*)))?/g,
  ))
    found[name.toLowerCase()] ??= quoted?.replace(/\\(.)/g, "$1") ?? plain.trim();
  return found;
}
