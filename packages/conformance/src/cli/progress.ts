/* The line that shows how far a run is, on a terminal only. */

import type { CellRecord } from "../report/record.ts";
import { isBad } from "../run/outcome.ts";
import type { Subject } from "../run/subject.ts";

/** A progress line. */
export interface ProgressLine {
  readonly tick: (subject: Subject, id: string, cell: CellRecord) => void;
  end(): void;
}

/** Starts the line; silent unless standard error is a terminal. */
export function progress(total: number): ProgressLine {
  const { stderr } = process;
  let done = 0;
  let bad = 0;
  if (!stderr.isTTY) return { tick: () => undefined, end: () => undefined };
  return {
    tick(subject, id, { outcome }) {
      done++;
      if (isBad(outcome)) bad++;
      const failed = bad > 0 ? `, ${bad} failed` : "";
      const text = `${done}/${total}${failed}  ${subject.name}: ${id}`;
      stderr.write(`\r\u001B[K${text.slice(0, (stderr.columns || 80) - 1)}`);
    },
    end: () => void stderr.write("\r\u001B[K"),
  };
}
