/* The table of cases and subjects, grouped by area. Rows are made once and hidden by filters. */

import type { PageCase, PageSubject } from "./data.ts";
import type { Context } from "./start.ts";

interface Row {
  readonly of: PageCase;
  readonly index: number;
  readonly element: HTMLTableRowElement;
  /** What the search looks at. */
  readonly words: string;
}

interface Group {
  readonly area: string;
  readonly body: HTMLTableSectionElement;
  readonly counter: HTMLElement;
  /** By shown subject: how many passed. */
  readonly scores: readonly HTMLElement[];
  readonly rows: readonly Row[];
}

/** The matrix, as far as others need it. */
export interface Matrix {
  /** Ids of the cases that are shown, in order. */
  shown(): readonly string[];
  /** The link of a cell, if it is shown. */
  cell(id: string, subject: string): HTMLElement | null;
}

/** Fills the table and keeps it up to the view. */
export function matrix({ data, dom, state }: Context): Matrix {
  const { h, byId, number, plural } = dom;
  const table = byId("matrix");
  const collapsed = new Set<string>();
  let groups: Group[] = [];
  let subjects: readonly { readonly subject: PageSubject; readonly index: number }[] = [];

  function cell(of: PageCase, caseIndex: number, subject: PageSubject): HTMLElement {
    const outcome = data.outcomes[subject.outcomes[caseIndex] ?? 0];
    const otherwise = subject.otherwise[caseIndex] === 1;
    const label = otherwise && outcome?.name === "pass" ? "otherwise" : (outcome?.label ?? "");
    const link = h(
      "a",
      {
        class: `cell ${outcome?.name ?? ""}${otherwise ? " otherwise" : ""}`,
        href: state.linkTo(of.id, subject.key),
        tabindex: -1,
        "data-case": of.id,
        "data-subject": subject.key,
      },
      h("span", null, label),
    );
    return h("td", { role: "gridcell" }, link);
  }

  function row(of: PageCase, index: number): Row {
    const worst = subjects.toSorted(
      (a, b) => (b.subject.outcomes[index] ?? 0) - (a.subject.outcomes[index] ?? 0),
    )[0];
    const key = worst?.subject.key ?? "";
    const link = h(
      "a",
      {
        class: "title",
        href: state.linkTo(of.id, key),
        tabindex: -1,
        "data-case": of.id,
        "data-subject": key,
      },
      of.title,
    );
    const name = of.id.slice(of.area.length + 1);
    const level = h("span", { class: `level ${of.level}` }, of.level);
    const heading = h(
      "th",
      { role: "rowheader", scope: "row" },
      link,
      h("span", { class: "name" }, level, name),
    );
    const cells = subjects.map(({ subject }) => cell(of, index, subject));
    const element = h("tr", { role: "row" }, heading, cells);
    const spec = of.spec.map(({ text }) => text);
    return {
      of,
      index,
      element,
      words: [of.id, of.title, ...spec, ...of.catalogue].join(" ").toLowerCase(),
    };
  }

  function group(area: string, rows: readonly Row[]): Group {
    const counter = h("small");
    const scores = subjects.map(() => h("td", { role: "gridcell", class: "score" }));
    const body = h("tbody", { role: "rowgroup" });
    const toggle = h(
      "button",
      { type: "button", tabindex: -1, onclick: fold },
      h("span", null, area),
      counter,
    );
    const heading = h("th", { role: "rowheader", scope: "rowgroup" }, toggle);
    body.append(
      h("tr", { role: "row", class: "area" }, heading, scores),
      ...rows.map(({ element }) => element),
    );
    function fold(): void {
      if (!collapsed.delete(area)) collapsed.add(area);
      show();
    }
    function show(): void {
      toggle.setAttribute("aria-expanded", String(!collapsed.has(area)));
      body.classList.toggle("folded", collapsed.has(area));
    }
    show();
    return { area, body, counter, scores, rows };
  }

  function build(): void {
    const chosen = state.view().subjects;
    subjects = data.subjects
      .map((subject, index) => ({ subject, index }))
      .filter(({ subject }) => chosen.length === 0 || chosen.includes(subject.key));
    const rows = Map.groupBy(
      data.cases.map((of, index) => row(of, index)),
      ({ of }) => of.area,
    );
    groups = Array.from(rows, ([area, its]) => group(area, its));
    const columns = subjects.map(({ subject }) =>
      h(
        "th",
        { role: "columnheader", scope: "col" },
        h("span", null, subject.name, h("small", null, subject.runtime)),
      ),
    );
    const head = h(
      "tr",
      { role: "row" },
      h("th", { role: "columnheader", scope: "col" }, "Case"),
      columns,
    );
    table.style.setProperty("--subjects", String(subjects.length));
    table.classList.toggle("many", subjects.length > 6);
    table.replaceChildren(
      h(
        "caption",
        { class: "unseen" },
        "Outcome of each case on each subject. Arrow keys move, Enter opens.",
      ),
      h("thead", { role: "rowgroup" }, head),
      ...groups.map(({ body }) => body),
    );
  }

  function filter(): void {
    const { query, outcomes, areas, levels } = state.view();
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = new Set(
      data.outcomes.flatMap(({ name }, index) => (outcomes.includes(name) ? [index] : [])),
    );
    const has = (one: Row): boolean =>
      words.every((word) => one.words.includes(word)) &&
      (areas.length === 0 || areas.includes(one.of.area)) &&
      (levels.length === 0 || levels.includes(one.of.level)) &&
      (wanted.size === 0 ||
        subjects.some(({ subject }) => wanted.has(subject.outcomes[one.index] ?? 0)));
    let all = 0;
    for (const { body, counter, scores, rows } of groups) {
      const shown = rows.filter((one) => {
        const matches = has(one);
        one.element.hidden = !matches;
        return matches;
      });
      all += shown.length;
      body.hidden = shown.length === 0;
      counter.textContent =
        shown.length === rows.length
          ? plural(rows.length, "case")
          : `${shown.length} of ${plural(rows.length, "case")}`;
      scores.forEach((score, column) => {
        const passed = shown.filter(
          ({ index }) => subjects[column]?.subject.outcomes[index] === 0,
        ).length;
        score.replaceChildren(number(passed), h("span", null, `/${number(shown.length)}`));
        score.classList.toggle("full", passed === shown.length);
      });
    }
    table.dataset["only"] = outcomes.join(" ");
    table.classList.toggle("dimmed", outcomes.length > 0);
    byId("none").hidden = all > 0;
    byId("count").textContent =
      all === data.cases.length
        ? plural(all, "case")
        : `${number(all)} of ${plural(all === 1 ? 2 : data.cases.length, "case")}`;
  }

  function find(id: string, subject: string): HTMLElement | null {
    return table.querySelector(
      `td a[data-case="${CSS.escape(id)}"][data-subject="${CSS.escape(subject)}"]`,
    );
  }

  function mark(): void {
    for (const old of table.querySelectorAll('[aria-current="true"]'))
      old.removeAttribute("aria-current");
    const { open } = state.view();
    if (open) find(open.id, open.subject)?.setAttribute("aria-current", "true");
  }

  table.addEventListener("click", (event) => {
    const { target, ctrlKey, metaKey, shiftKey } = event;
    const link = target instanceof Element ? target.closest<HTMLElement>("a[data-case]") : null;
    if (!link || ctrlKey || metaKey || shiftKey) return;
    event.preventDefault();
    const { case: id = "", subject = "" } = link.dataset;
    state.update({ open: { id, subject } }, "push");
  });
  build();
  filter();
  mark();
  state.onChange((view, before) => {
    if (view.subjects.join() !== before.subjects.join()) build();
    filter();
    mark();
  });
  return {
    shown: () =>
      groups.flatMap(({ rows }) =>
        rows.filter(({ element }) => !element.hidden).map(({ of }) => of.id),
      ),
    cell: find,
  };
}
