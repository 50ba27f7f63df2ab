/* The link field (RFC 8288 §3). */

import { parameters } from "./parameters.ts";

/** One link: where to, which relation, and the other parameters. */
export interface Link {
  /** Absolute. */
  readonly url: string;
  readonly rel: string;
  readonly params: Readonly<Record<string, string>>;
}

/** The links of a field value, by relation type; the first of a relation wins. What is malformed is passed over. */
export function parseLinks(value: string | null, base: string): Record<string, Link> {
  const links = Object.create(null) as Record<string, Link>;
  const link =
    /<([^<>]*)>((?:\s*;(?:\s*[^\s=;,]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*(?:"|$)|[^\s;,"]*))?)?)*)/g;
  for (const [, target = "", rest = ""] of (value ?? "").matchAll(link)) {
    const params = parameters(rest);
    if (!URL.canParse(target, base)) continue;
    const url = new URL(target, base).href;
    for (const rel of (params["rel"] ?? "").toLowerCase().split(/\s+/))
      if (rel) links[rel] ??= { url, rel, params };
  }
  return links;
}
