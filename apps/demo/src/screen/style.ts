// Colours by meaning. Off in a pipe and with NO_COLOR, on with FORCE_COLOR: `styleText` looks at the stream.
import { styleText } from "node:util";

type Paint = (text: string) => string;

const paint =
  (...format: Parameters<typeof styleText>[0] & readonly unknown[]): Paint =>
  (text) =>
    styleText(format, text, { stream: process.stdout });

export const strong: Paint = paint("bold");
export const quiet: Paint = paint("dim");
export const good: Paint = paint("green");
export const bad: Paint = paint("red");
export const warning: Paint = paint("yellow");
export const name: Paint = paint("cyan");
export const guide: Paint = paint("gray");
