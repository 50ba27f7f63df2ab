/* The top of the matrix: what holds where, at a glance. Runtimes by transports, and totals that filter when pressed. */

import type { Column } from "./data.ts";
import { byId, h, number, plural } from "./elements.ts";
import { type Counts, countBad, countOutcomes, type Model } from "./model.ts";
import { inWords, looks } from "./outcomes.ts";
import type { Viewer } from "./viewer.ts";

/** Fills the summary; the function that it returns does so again, when results have changed. */
export function summary(model: Model, viewer: Viewer): () => void {
  const host = byId("summary");

  function draw(): void {
    const { columns, data } = model;
    const counts = countOutcomes(columns);
    host.replaceChildren(
      ...verdict(columns, counts, data.cases.length),
      problems(columns) ?? "",
      columns.length > 0 ? h("div", { class: "wide" }, glance(columns)) : "",
      tiles(counts),
      stale(columns, data.revision) ?? "",
    );
    press();
  }

  function tiles(counts: Counts): HTMLElement {
    const buttons = looks.map(({ name, symbol, letter, meaning }) =>
      h(
        "button",
        {
          type: "button",
          class: `tile ${name}`,
          title: meaning,
          "data-outcome": name,
          "aria-pressed": "false",
          onclick: () => toggle(name),
        },
        h("span", { class: "symbol", "aria-hidden": "true" }, symbol),
        h("b", null, number(counts[letter] ?? 0)),
        h("span", { class: "word" }, inWords(name)),
      ),
    );
    return h(
      "div",
      { class: "tiles", role: "group", "aria-label": "Outcomes: press to see such cases only" },
      buttons,
    );
  }

  function toggle(name: string): void {
    const { outcomes } = viewer.view;
    const without = outcomes.filter((one) => one !== name);
    viewer.update({ outcomes: without.length === outcomes.length ? [...outcomes, name] : without });
  }

  /** Runtimes × transports. A cell chooses its column, and gives it up when it was chosen. */
  function glance(columns: readonly Column[]): HTMLElement {
    const runtimes = [...new Set(columns.map(({ runtime }) => runtime))];
    const transports = [...new Set(columns.map(({ transport }) => transport))].toSorted();
    const cell = (runtime: string, transport: string): HTMLElement => {
      const column = columns.find((one) => one.runtime === runtime && one.transport === transport);
      if (!column) {
        const not = h("span", { class: "unseen" }, "not run");
        return h("td", { class: "nowhere", role: "cell" }, not);
      }
      const counts = countOutcomes([column]);
      const bad = countBad(counts);
      const tone = bad > 0 ? "fail" : (counts["k"] ?? 0) > 0 ? "known-failure" : "pass";
      const others = looks
        .slice(1)
        .toSorted((a, b) => Number(b.bad) - Number(a.bad))
        .filter(({ letter }) => (counts[letter] ?? 0) > 0)
        .map(({ letter, symbol, name, bad: isBad }) =>
          h(
            isBad ? "b" : "span",
            { class: name },
            symbol,
            " ",
            number(counts[letter] ?? 0),
            h("span", { class: "unseen" }, ` ${inWords(name)}`),
          ),
        );
      return h(
        "td",
        { role: "cell" },
        h(
          "button",
          {
            type: "button",
            class: tone,
            "data-runtime": runtime,
            "data-transport": transport,
            "aria-pressed": "false",
            title: `Show only ${transport} on ${runtime}`,
            onclick: () => choose(runtime, transport),
          },
          h(
            "span",
            { class: "passed pass" },
            h("span", { "aria-hidden": "true" }, "✓ "),
            number(counts["p"] ?? 0),
            h("span", { class: "unseen" }, " passed"),
          ),
          h("span", { class: "others" }, others),
        ),
      );
    };
    // On a phone it is laid out as a list, which takes the roles of a table from what has none of its own.
    return h(
      "table",
      { class: "glance", role: "table" },
      h(
        "caption",
        { class: "unseen" },
        "Outcomes by runtime and transport; press one to see only its column",
      ),
      h(
        "thead",
        { role: "rowgroup" },
        h(
          "tr",
          { role: "row" },
          h("td", { role: "cell" }),
          transports.map((transport) => h("th", { scope: "col", role: "columnheader" }, transport)),
        ),
      ),
      h(
        "tbody",
        { role: "rowgroup" },
        runtimes.map((runtime) =>
          h(
            "tr",
            { role: "row" },
            h("th", { scope: "row", role: "rowheader" }, runtime),
            transports.map((transport) => cell(runtime, transport)),
          ),
        ),
      ),
    );
  }

  function choose(runtime: string, transport: string): void {
    const { runtimes, transports } = viewer.view;
    const chosen = runtimes.join() === runtime && transports.join() === transport;
    viewer.update(
      chosen ? { runtimes: [], transports: [] } : { runtimes: [runtime], transports: [transport] },
    );
  }

  function press(): void {
    const { outcomes, runtimes, transports } = viewer.view;
    for (const tile of host.querySelectorAll<HTMLElement>(".tile"))
      tile.ariaPressed = String(outcomes.includes(tile.dataset["outcome"] ?? ""));
    for (const cell of host.querySelectorAll<HTMLElement>(".glance button")) {
      const { runtime = "", transport = "" } = cell.dataset;
      cell.ariaPressed = String(runtimes.includes(runtime) && transports.includes(transport));
    }
  }

  viewer.onChange(press);
  draw();
  return draw;
}

function verdict(columns: readonly Column[], counts: Counts, cases: number): HTMLElement[] {
  const bad = countBad(counts);
  const all = columns.length * cases - (counts["."] ?? 0);

  const known = counts["k"] ?? 0;
  const troubled = columns.filter(({ problems: its }) => its.length > 0).length;
  const wrong = bad > 0 || troubled > 0;
  const said =
    columns.length === 0
      ? "There are no results yet"
      : bad > 0
        ? `${number(bad)} of ${plural(all, "outcome")} ${bad === 1 ? "needs" : "need"} attention`
        : troubled > 0
          ? `Every case holds, but ${plural(troubled, "run")} had trouble`
          : known > 0
            ? "Everything holds, but what is known"
            : "Everything holds, everywhere";
  const transports = new Set(columns.map(({ transport }) => transport)).size;
  const runtimes = new Set(columns.map(({ runtime }) => runtime)).size;
  return [
    h(
      "h2",
      { class: "verdict" },
      h("span", { class: wrong ? "fails" : "holds", "aria-hidden": "true" }, wrong ? "✗" : "✓"),
      said,
    ),
    h(
      "p",
      { class: "scope" },
      `${plural(cases, "rule")} of HTTP and of sessions on ${plural(transports, "transport")} and ${plural(runtimes, "runtime")}: ${plural(all, "outcome")}, judged by what the caller got and by what arrived on the wire.`,
    ),
  ];
}

/** What is wrong with runs; the same of several is said once. */
function problems(columns: readonly Column[]): HTMLElement | null {
  const all = columns.flatMap((column) => column.problems.map((text) => ({ column, text })));
  if (all.length === 0) return null;
  const items = Array.from(
    Map.groupBy(all, ({ text }) => text),
    ([text, its]) => {
      const where = its.map(({ column }) => `${column.transport} on ${column.runtime}`);
      return h("li", null, h("b", null, `${where.join(", ")}: `), text);
    },
  );
  return h("ul", { class: "problems", "aria-label": "What is wrong with runs" }, items);
}

function stale(columns: readonly Column[], revision: string): HTMLElement | null {
  const old = columns.filter((column) => column.revision !== revision);
  if (old.length === 0) return null;
  const which =
    old.length === columns.length
      ? "The results are"
      : `${plural(old.length, "column")} of the results are`;
  return h(
    "p",
    { class: "quiet stale" },
    `${which} of another revision of the suite (${[...new Set(old.map((one) => one.revision))].join(", ")}) than its cases (${revision}). Cases without an outcome are shown as “·”.`,
  );
}
