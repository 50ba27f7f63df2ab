/* What came of a live run, below its progress: how many of which outcome, and which cases need attention. */

import type { Column } from "../data.ts";
import { h, number } from "../elements.ts";
import { countOutcomes, type Model } from "../model.ts";
import { inWords, looks } from "../outcomes.ts";
import type { Viewer } from "../viewer.ts";

/** So many cases that need attention are listed; the others are in the matrix. */
const listed = 50;

/** How many there are of each outcome. */
export function tally(here: Column): HTMLElement[] {
  const counts = countOutcomes([here]);
  return looks
    .filter(({ letter }) => (counts[letter] ?? 0) > 0)
    .map(({ name, symbol, letter }) =>
      h(
        "span",
        { class: `tile ${name}` },
        h("span", { class: "symbol", "aria-hidden": "true" }, symbol),
        h("b", null, number(counts[letter] ?? 0)),
        h("span", { class: "word" }, inWords(name)),
      ),
    );
}

/** The cases that need attention, each a link to what was seen of it. */
export function badCases(here: Column, model: Model, viewer: Viewer): HTMLElement[] {
  const failed = model.data.cases.flatMap(({ id, title }, index) =>
    looks.some(({ letter, bad }) => bad && letter === here.outcomes[index])
      ? [{ id, title, message: here.messages[String(index)] ?? "" }]
      : [],
  );
  const items = failed.slice(0, listed).map(({ id, title, message }) => {
    const open = (event: Event): void => {
      event.preventDefault();
      viewer.update({ open: id, column: here.key }, "push");
    };
    return h(
      "li",
      null,
      h("a", { href: `#view=run&case=${id}`, onclick: open }, title),
      h("span", { class: "id" }, id),
      h("span", { class: "message" }, message),
    );
  });
  if (failed.length > listed)
    items.push(h("li", { class: "quiet" }, `… and ${failed.length - listed} more`));
  return items;
}
