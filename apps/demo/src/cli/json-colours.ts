// Pretty JSON in colours, for terminals.
import { good, name, quiet, warning } from "../screen/style.ts";

/** Formats a JSON value over several lines. */
export function colourJson(value: unknown, indent = ""): string {
  if (typeof value === "string") return good(escaped(value));
  if (typeof value !== "object" || value === null) return warning(JSON.stringify(value));
  const inner = `${indent}  `;
  const list = Array.isArray(value);
  const [open, close] = list ? ["[", "]"] : ["{", "}"];
  const items = list
    ? value.map((item) => colourJson(item, inner))
    : Object.entries(value).map(
        ([key, item]) => `${name(escaped(key))}${quiet(":")} ${colourJson(item, inner)}`,
      );
  if (items.length === 0) return quiet(open + close);
  const body = items.map((item) => `${inner}${item}`).join(`${quiet(",")}\n`);
  return `${quiet(open)}\n${body}\n${indent}${quiet(close)}`;
}

/** JSON leaves DEL and the C1 controls as they are; a terminal would obey them. */
function escaped(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f]/g,
    (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
  );
}
