/* Outcomes as they are shown: by a symbol and a word, never by colour alone. */

import { outcomes, outcomeTexts } from "@anyhttp/conformance/view";
import { noOutcome, outcomeLetters } from "./data.ts";

/** How an outcome is shown. */
export interface OutcomeLook {
  readonly letter: string;
  readonly name: string;
  readonly symbol: string;
  readonly label: string;
  readonly meaning: string;
  readonly bad: boolean;
}

/** Names of outcomes, best first. */
export const outcomeNames: readonly string[] = outcomes;

/** All outcomes that there can be, best first. */
export const looks: readonly OutcomeLook[] = outcomes.map((name, index) => {
  const bad = name === "fail" || name === "setup-error" || name === "harness-error";
  return { letter: outcomeLetters[index] ?? "", name, bad, ...outcomeTexts[name] };
});

const nothing: OutcomeLook = {
  letter: noOutcome,
  name: "none",
  symbol: "·",
  label: "none",
  meaning: "There is no outcome: the case is newer than the results, or was not chosen.",
  bad: false,
};

/** The look of a letter. */
export function lookOf(letter: string | undefined): OutcomeLook {
  return looks.find((look) => look.letter === letter) ?? nothing;
}

/** Whether an outcome makes the suite fail. */
export function isBadLetter(letter: string): boolean {
  return lookOf(letter).bad;
}

/** An outcome in words: `known failure`. */
export function inWords(name: string): string {
  return name === "none" ? "no outcome" : name.replace("-", " ");
}
