// What the tour draws on. Two kinds: a terminal with live bars, and plain lines for pipes and CI.

/** How an item turned out. */
export type Mark = "good" | "bad";

/** A live bar; exactly one at a time. */
export interface Bar {
  /** Moves on by `by` units. */
  advance(by: number): void;
  /** Takes the bar away; an item usually takes its place. */
  remove(): void;
}

/** A place to show the tour on, from top to bottom. */
export interface Screen {
  open(title: string, lines: readonly string[]): void;
  section(title: string, detail: string): void;
  /** One result: a label and lines of text, which may be long. `tone` says how the lines are meant. */
  item(mark: Mark, label: string, lines: readonly string[], tone?: "fact" | "error"): void;
  /** @param show Says how far it is, from the units done. */
  bar(label: string, total: number, show: (done: number) => string): Bar;
  /** Lines that are shown as they are. */
  block(lines: readonly string[]): void;
  close(mark: Mark, text: string): void;
}
