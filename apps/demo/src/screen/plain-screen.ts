// Plain lines for pipes, files and CI: no cursor movement, nothing is ever taken back.
import { bad, good, quiet, strong } from "./style.ts";
import type { Bar, Mark, Screen } from "./screen.ts";

const noBar: Bar = { advance: () => {}, remove: () => {} };

/** Makes a screen that writes whole lines. */
export function plainScreen(write: (line: string) => void): Screen {
  const mark = (value: Mark): string => (value === "good" ? good("✓") : bad("✗"));
  return {
    open: (title, lines) => {
      write(strong(title));
      for (const line of lines) write(line);
    },
    section: (title, detail) => {
      write("");
      write(`${strong(title)} ${quiet(detail)}`);
    },
    item: (value, label, lines) => {
      for (const [index, line] of (lines.length > 0 ? lines : [""]).entries()) {
        const head = index === 0 ? `${mark(value)} ${label}` : "";
        const padding = " ".repeat(index === 0 ? Math.max(0, 12 - label.length) : 14);
        write(`  ${head}${padding}${line}`.trimEnd());
      }
    },
    bar: () => noBar,
    block: (lines) => {
      write("");
      for (const line of lines) write(line);
    },
    close: (value, text) => {
      write("");
      write(`${mark(value)} ${text}`);
    },
  };
}
