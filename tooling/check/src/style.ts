// Colours for people, plain text for pipes and logs.

const colours = process.stdout.isTTY && !process.env["NO_COLOR"];
const paint =
  (code: number) =>
  (text: string): string =>
    colours ? `\u001b[${code}m${text}\u001b[0m` : text;

export const bold = paint(1);
export const dim = paint(2);
export const red = paint(31);
export const green = paint(32);
export const yellow = paint(33);

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
