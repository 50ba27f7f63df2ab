// A terminal: a quiet guide line on the left, live bars that give way to their results.
import { intro, log, outro, progress, S_BAR } from "@clack/prompts";
import { wrap } from "../format.ts";
import type { Screen } from "./screen.ts";
import { bad, good, guide, quiet, strong, warning } from "./style.ts";

const labelWidth = 12;

/** Makes a screen for an interactive terminal. */
export function terminalScreen(): Screen {
  let live = false;
  // The bar takes the keyboard and leaves with status 0 on Ctrl-C; an interrupted run must not look like a good one.
  process.on("exit", () => {
    if (live) process.exitCode = 130;
  });
  const width = (): number => Math.max(40, Math.min(process.stdout.columns ?? 80, 120));
  const line = (text: string): void => void process.stdout.write(`${guide(S_BAR)}  ${text}\n`);
  return {
    open: (title, lines) => {
      intro(strong(title));
      for (const text of lines.flatMap((each) => wrap(each, width() - 4))) line(text);
    },
    section: (title, detail) => log.step(`${strong(title)}  ${quiet(detail)}`),
    item: (mark, label, lines, tone = "fact") => {
      const paint = mark === "bad" ? bad : tone === "error" ? warning : (text: string) => text;
      const pieces = lines.flatMap((text) => wrap(text, width() - labelWidth - 6));
      for (const [index, piece] of (pieces.length > 0 ? pieces : [""]).entries()) {
        const head =
          index === 0
            ? `${mark === "good" ? good("✓") : bad("✗")} ${label.padEnd(labelWidth)}`
            : " ".repeat(labelWidth + 2);
        // The first line carries the result, the others what it rests on.
        line(
          `${head}${index === 0 || tone === "error" || mark === "bad" ? paint(piece) : quiet(piece)}`,
        );
      }
    },
    bar: (label, total, show) => {
      // One line is enough: what a narrow terminal cannot hold is taken from the bar, not from the text.
      const size = Math.max(8, Math.min(width() - 64, 30));
      const bar = progress({ max: total, size, indicator: "timer", withGuide: false });
      let done = 0;
      const text = (): string => `${label.padEnd(labelWidth - 2)} ${show(done)}`;
      bar.start(text());
      live = true;
      return {
        advance: (by) => {
          done += by;
          bar.advance(by, text());
        },
        remove: () => {
          live = false;
          bar.clear();
        },
      };
    },
    block: (lines) => {
      line("");
      for (const text of lines) line(text);
    },
    close: (mark, text) => outro(mark === "good" ? good(`✓ ${text}`) : bad(`✗ ${text}`)),
  };
}
