// Numbers, times and sizes for people.

/** `1,234`. */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** `0.4 ms`, `12 ms`, `1.25 s`, `12.5 s`: six characters for what can be expected. */
export function duration(ms: number): string {
  if (ms >= 999.5) return `${(ms / 1000).toFixed(ms < 9995 ? 2 : 1)} s`;
  return ms >= 9.95 ? `${Math.round(ms)} ms` : `${ms.toFixed(1)} ms`;
}

/** `512 bytes`, `64.0 MiB`. */
export function size(bytes: number): string {
  const units = ["KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let unit = bytes === 1 ? "byte" : "bytes";
  for (const larger of units) {
    if (value < 1024) break;
    value /= 1024;
    unit = larger;
  }
  return `${unit.startsWith("byte") ? count(value) : value.toFixed(1)} ${unit}`;
}

/** Breaks unstyled text at spaces; a word longer than the width keeps its line. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}
