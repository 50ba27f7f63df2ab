/*
 * Placeholders stand for addresses of a run: `{main}` its base URL, `{other.origin}`, `{other.host}`, `{other.port}`,
 * `{other.path}`. They are filled in on the way in, and put back on the way out, so that no message holds a port.
 */

/** Fills in the placeholders of a text. */
export function fill(text: string, urls: Readonly<Record<string, string>>): string {
  return text.replaceAll(
    /\{([a-z][a-z0-9-]*)(?:\.(origin|host|port|path))?\}/g,
    (whole, door: string, part?: string) => {
      const url = urls[door];
      if (url === undefined) return whole;
      const { origin, host, port, pathname } = new URL(url);
      if (part === undefined) return url;
      return { origin, host, port, path: pathname }[part] ?? whole;
    },
  );
}

/** Fills in the placeholders of all texts in plain data; everything else stays the very same object. */
export function fillAll(value: unknown, urls: Readonly<Record<string, string>>): unknown {
  return mapText(value, (text) => fill(text, urls));
}

/** Makes the function that puts placeholders back into plain data. */
export function normaliser(urls: Readonly<Record<string, string>>): <T>(value: T) => T {
  const pairs: [string, string][] = [];
  for (const [door, url] of Object.entries(urls)) {
    const { origin, host, pathname } = new URL(url);
    pairs.push(
      [url, `{${door}}`],
      [origin, `{${door}.origin}`],
      [host, `{${door}.host}`],
      [pathname, "{main.path}"],
    );
  }
  // A base URL contains the origin, which contains the host.
  pairs.sort(([a], [b]) => b.length - a.length);
  const put = (text: string): string =>
    pairs.reduce((all, [from, to]) => all.replaceAll(from, to), text);
  return <T>(value: T): T => mapText(value, put) as T;
}

function mapText(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === "string") return map(value);
  if (Array.isArray(value)) return value.map((item) => mapText(item, map));
  if (typeof value !== "object" || value === null) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapText(item, map)]));
}
