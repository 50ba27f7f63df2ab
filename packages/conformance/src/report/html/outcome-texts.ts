/* How outcomes are shown: a symbol and a word each, so that colour is never the only signal. */

import type { Outcome } from "../../run/outcome.ts";

/** Symbols are plain characters, none of which is drawn as an emoji. */
export const outcomeTexts: Readonly<
  Record<Outcome, { readonly symbol: string; readonly label: string; readonly meaning: string }>
> = {
  pass: { symbol: "✓", label: "pass", meaning: "Both witnesses saw what must happen." },
  "known-failure": {
    symbol: "≈",
    label: "known",
    meaning: "It fails, as listed beside the transport with a reason and a link.",
  },
  "not-applicable": {
    symbol: "–",
    label: "n/a",
    meaning: "The transport declares that it lacks what the case is about.",
  },
  fail: { symbol: "✗", label: "fail", meaning: "At least one witness saw something else." },
  "setup-error": {
    symbol: "!",
    label: "setup",
    meaning: "The origin or the transport could not be set up.",
  },
  "harness-error": { symbol: "◆", label: "harness", meaning: "The suite itself went wrong." },
};
