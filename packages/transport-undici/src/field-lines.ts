/* Field lines out of what undici makes of them. */

import type { FieldLines } from "@anyhttp/core";

/** Field lines as undici has them: buffers on the raw list, or a record from dispatchers that keep no raw list. */
export function fieldLines(raw: unknown): FieldLines {
  if (Array.isArray(raw)) return raw.length === 0 ? none : raw.map(fieldText);
  const lines: string[] = [];
  if (raw) {
    for (const [name, value] of Object.entries(raw as Record<string, string | string[]>)) {
      for (const one of [value].flat()) lines.push(name, one);
    }
  }
  return lines;
}

const none: FieldLines = Object.freeze([]);

/** undici leaves the white space behind a value (RFC 9112 §5.1). */
function fieldText(part: Buffer | string): string {
  const text = typeof part === "string" ? part : part.toString("latin1");
  return text.charCodeAt(text.length - 1) <= 32 ? text.replace(/[\t ]+$/, "") : text;
}
