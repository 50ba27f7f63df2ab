// Says values in words and code that a reader of the page understands: matchers by what they want, functions by source.
import { isMatcher } from "@anyhttp/conformance/case";

const longest = 400;

/** A text, cut where nobody reads on. */
export function cut(text: string, length: number = longest): string {
  return text.length > length
    ? `${text.slice(0, length)}… (${text.length} characters in all)`
    : text;
}

/** A value on one line. */
export function inline(value: unknown): string {
  if (isMatcher(value)) return `‹${value.wants}›`;
  if (typeof value === "function") return sourceOf(value as () => unknown);
  if (typeof value === "string") return JSON.stringify(cut(value));
  if (typeof value === "bigint") return `${value}n`;
  if (Array.isArray(value)) return cut(`[${value.map(inline).join(", ")}]`, 2 * longest);
  if (typeof value !== "object" || value === null) return String(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return special(value);
  const pairs = Object.entries(value).map(([key, item]) => `${plainKey(key)}: ${inline(item)}`);
  return pairs.length === 0 ? "{}" : cut(`{ ${pairs.join(", ")} }`, 2 * longest);
}

/** A value as an outline: one line for what is short, further lines, set in, for what is not. */
function outline(value: unknown, indent = ""): string {
  if (isMatcher(value) || typeof value !== "object" || value === null) {
    return inline(value).replaceAll("\n", `\n${indent}`);
  }
  const short = inline(value);
  if (short.length + indent.length <= 72 && !short.includes("\n")) return short;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return short;
  const lines = Array.isArray(value)
    ? value.slice(0, 24).map((item) => `- ${outline(item, `${indent}  `).trimStart()}`)
    : Object.entries(value).map(([key, item]) => entry(key, item, indent));
  if (Array.isArray(value) && value.length > 24) lines.push(`… and ${value.length - 24} more`);
  return `\n${lines.map((line) => indent + line).join("\n")}`;
}

/** The keys of a record as an outline, without a blank line at its beginning. */
export function outlineOf(record: object): string {
  return Object.entries(record)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => entry(key, value, ""))
    .join("\n");
}

/** The source of a function, moved to the left. */
export function sourceOf(of: (...args: never[]) => unknown): string {
  const lines = String(of).split("\n");
  const indent = /^\s*/.exec(lines.at(-1) ?? "")?.[0].length ?? 0;
  const source = lines
    .map((line) => (/^\s*$/.test(line.slice(0, indent)) ? line.slice(indent) : line))
    .join("\n");
  return cut(source, 6000);
}

function entry(key: string, value: unknown, indent: string): string {
  const text = outline(value, `${indent}  `);
  return text.startsWith("\n") ? `${key}:${text}` : `${key}: ${text}`;
}

function plainKey(key: string): string {
  return /^[\w$-]+$/.test(key) ? key : JSON.stringify(key);
}

function special(value: object): string {
  if (value instanceof Uint8Array) return `bytes of length ${value.length}`;
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (value instanceof RegExp || value instanceof Date) return String(value);
  if (value instanceof URLSearchParams) return `URLSearchParams ${JSON.stringify(String(value))}`;
  return `a ${value.constructor.name}`;
}
