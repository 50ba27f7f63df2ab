/* The top of the page: the verdict, the totals (which filter when pressed), the subjects, and what is wrong with runs. */

import type { OutcomeInfo, PageSubject } from "./data.ts";
import type { Context } from "./start.ts";

/** Fills the top of the page. */
export function overview({ data, dom, state }: Context): void {
  const { h, byId, number, plural } = dom;
  const cells = data.cases.length * data.subjects.length;
  const bad = data.outcomes.reduce((sum, { bad: isBad, total }) => sum + (isBad ? total : 0), 0);
  const problems = data.subjects.flatMap((subject) =>
    subject.problems.map((problem) => ({ subject, problem })),
  );

  function verdict(): string {
    if (bad > 0)
      return `${number(bad)} of ${plural(cells, "outcome")} ${bad === 1 ? "needs" : "need"} attention`;
    if (problems.length > 0)
      return `Every case holds, but ${plural(problems.length, "run problem")}`;
    return data.ok ? "Everything holds" : "Not everything holds";
  }

  /** Widths in proportion; the figures stand beside it, so it is hidden from screen readers. */
  function bar(totals: readonly number[]): HTMLElement {
    const strip = h("div", { class: "bar", "aria-hidden": "true" });
    totals.forEach((total, index) => {
      if (total === 0) return;
      const part = h("span", { class: data.outcomes[index]?.name ?? "" });
      part.style.flexGrow = String(total);
      strip.append(part);
    });
    return strip;
  }

  function tile({ name, symbol, total, meaning }: OutcomeInfo): HTMLElement {
    const toggle = (): void => {
      const { outcomes } = state.view();
      const without = outcomes.filter((outcome) => outcome !== name);
      const next = without.length === outcomes.length ? [...outcomes, name] : without;
      state.update({ page: "cases", outcomes: next });
    };
    return h(
      "button",
      {
        type: "button",
        class: `tile ${name}`,
        title: meaning,
        "data-outcome": name,
        onclick: toggle,
      },
      h("span", { class: "symbol", "aria-hidden": "true" }, symbol),
      h("b", null, number(total)),
      h("span", { class: "word" }, name.replace("-", " ")),
    );
  }

  /** The words are those of the totals above; here symbols and figures are enough for the eye. */
  function figures(totals: readonly number[]): HTMLElement {
    const known = data.outcomes.map(({ name, symbol }, index) => {
      return { name, symbol, total: totals[index] ?? 0 };
    });
    return h(
      "p",
      { class: "figures" },
      known
        .filter(({ name, total }) => total > 0 || name === "pass")
        .map(({ name, symbol, total }) => {
          const word = h("span", { class: "unseen" }, ` ${name.replace("-", " ")} `);
          return h("span", { class: name, title: name }, `${symbol} ${number(total)}`, word);
        }),
    );
  }

  function card({ name, version, library, runtime, totals }: PageSubject): HTMLElement {
    return h(
      "li",
      { class: "card" },
      h("h3", null, name, version !== null && h("small", null, version)),
      h("p", null, [library, runtime].filter(Boolean).join(" · ")),
      bar(totals),
      figures(totals),
    );
  }

  function press(): void {
    const { outcomes } = state.view();
    for (const button of tiles.querySelectorAll<HTMLElement>("button")) {
      button.setAttribute(
        "aria-pressed",
        String(outcomes.includes(button.dataset["outcome"] ?? "")),
      );
    }
  }

  const tiles = byId("totals");
  byId("verdict").replaceChildren(
    h("span", { class: data.ok ? "holds" : "fails", "aria-hidden": "true" }, data.ok ? "✓" : "✗"),
    verdict(),
  );
  byId("scope").textContent =
    `${plural(data.cases.length, "case")} on ${plural(data.subjects.length, "subject")}: ${plural(cells, "outcome")}. Revision ${data.revision}`;
  tiles.replaceChildren(...data.outcomes.map((outcome) => tile(outcome)));
  byId("subjects").replaceChildren(...data.subjects.map((subject) => card(subject)));
  byId("problems").hidden = problems.length === 0;
  byId("problems").replaceChildren(
    h("h2", null, "Run problems"),
    h(
      "ul",
      null,
      problems.map(({ subject, problem }) =>
        h("li", null, h("b", null, `${subject.name} on ${subject.runtime}: `), problem),
      ),
    ),
  );
  press();
  state.onChange(press);
}
