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

/** Field lines of a head as text, without its last empty line. */
export function headLines(head: string): FieldLines {
  return head.split("\r\n").flatMap((line, at) => {
    const colon = line.indexOf(":");
    return at === 0 || colon < 0 ? [] : [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
}

const none: FieldLines = Object.freeze([]);

/** undici leaves the white space behind a value (RFC 9112 §5.1). No pattern: one would go over each run of it again and again. */
function fieldText(part: Buffer | string): string {
  const text = typeof part === "string" ? part : part.toString("latin1");
  let end = text.length;
  while (end > 0 && (text.charCodeAt(end - 1) === 0x20 || text.charCodeAt(end - 1) === 0x09)) end--;
  return end === text.length ? text : text.slice(0, end);
}
