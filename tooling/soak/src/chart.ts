/* A series as a line of columns, with its ends in figures. */

const columns = "▁▂▃▄▅▆▇█";
const width = 60;

/** From 0 to the highest value, so that noise does not look like growth. */
export function chart(label: string, values: readonly number[], unit: string): string {
  const most = Math.max(...values, 1e-9);
  const line = squeezed(values).map((value) => {
    const step = Math.round((value / most) * (columns.length - 1));
    return columns[Math.max(0, step)] ?? " ";
  });
  const [first = 0] = values;
  const figures = `${shown(first)} → ${shown(values.at(-1) ?? 0)} ${unit}, at most ${shown(most)}`;
  return `${label.padEnd(16)}${line.join("").padEnd(width)}  ${figures}`;
}

/** Means of neighbours where there are more values than columns. */
function squeezed(values: readonly number[]): readonly number[] {
  if (values.length <= width) return values;
  return Array.from({ length: width }, (_, place) => {
    const from = Math.floor((place * values.length) / width);
    const part = values.slice(from, Math.floor(((place + 1) * values.length) / width));
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
}

function shown(value: number): string {
  return value.toFixed(value < 100 && !Number.isInteger(value) ? 1 : 0);
}
