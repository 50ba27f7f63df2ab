/* Search and filters. The toolbar only changes the view; what follows from it is the matrix's business. */

import { byId, h, number } from "./elements.ts";
import type { Matrix } from "./matrix/matrix.ts";
import { countOutcomes, type Model } from "./model.ts";
import { noColumn } from "./no-column.ts";
import { inWords, looks } from "./outcomes.ts";
import { type Choice, choices, plainView } from "./view.ts";
import type { Viewer } from "./viewer.ts";

interface Option {
  readonly value: string;
  readonly label: string;
  /** How many cases, or what else there is to say of it. */
  readonly note?: string;
}

/** Fills the toolbar; the function that it returns does so again, when there are other columns. */
export function toolbar(model: Model, viewer: Viewer, matrix: Matrix): () => void {
  const search = h("input", {
    id: "search",
    type: "search",
    placeholder: "Search ids, titles, specs",
    autocomplete: "off",
    spellcheck: "false",
    enterkeyhint: "search",
  });
  const menus = h("div", { class: "menus" });
  const by = h("button", { type: "button", class: "plain", onclick: regroup });
  const fold = h("button", { type: "button", class: "plain", onclick: () => matrix.foldAll() });
  const reset = h("button", { type: "button", class: "plain reset", onclick: clear }, "Reset");
  const count = h("span", { class: "count", role: "status", "aria-live": "polite" });
  byId("toolbar").append(
    h(
      "label",
      { class: "search" },
      h("span", { class: "unseen" }, "Search ids, titles, specifications and catalogue entries"),
      search,
      h("kbd", { "aria-hidden": "true" }, "/"),
    ),
    menus,
    by,
    fold,
    reset,
    count,
  );

  function regroup(): void {
    viewer.update({ by: viewer.view.by === "runtime" ? "transport" : "runtime" });
  }

  function clear(): void {
    const lists = Object.fromEntries(choices.map((choice) => [choice, plainView[choice]]));
    viewer.update({ ...lists, query: "" });
    search.focus();
  }

  function build(): void {
    const { cases, capabilities } = model.data;
    const counts = countOutcomes(model.columns);
    menus.replaceChildren(
      menu(
        "Outcome",
        "outcomes",
        looks.map(({ name, symbol, letter }) => {
          return {
            value: name,
            label: `${symbol} ${inWords(name)}`,
            note: number(counts[letter] ?? 0),
          };
        }),
      ),
      menu("Area", "areas", counted(cases.map(({ area }) => area))),
      menu("Level", "levels", counted(cases.map(({ level }) => level))),
      menu(
        "Capability",
        "capabilities",
        capabilities.map(({ name }) => {
          const its = cases.filter((of) => of.capabilities.includes(name));
          return { value: name, label: name, note: number(its.length) };
        }),
      ),
      menu("Transport", "transports", unique(model.columns.map(({ transport }) => transport))),
      menu("Runtime", "runtimes", unique(model.columns.map(({ runtime }) => runtime))),
    );
    show();
  }

  /** A disclosure with boxes to tick: native, so keyboard and screen readers know it. */
  function menu(title: string, choice: Choice, options: readonly Option[]): HTMLElement {
    const details = h(
      "details",
      { class: "menu", name: "filters", "data-choice": choice },
      h("summary", null, title, h("small", { class: "badge" })),
      h(
        "fieldset",
        null,
        h("legend", { class: "unseen" }, title),
        options.map((one) => box(one)),
      ),
    );
    details.addEventListener("change", () => {
      const inputs = [...details.querySelectorAll("input")].filter(({ checked }) => checked);
      viewer.update({ [choice]: inputs.map(({ value }) => value) });
    });
    return details;
  }

  function show(): void {
    const { view } = viewer;
    if (search.value.trim() !== view.query) search.value = view.query;
    by.replaceChildren("Columns by ", h("b", null, view.by));
    fold.textContent = matrix.anyUnfolded() ? "Fold all" : "Unfold all";
    reset.hidden = view.query === "" && choices.every((choice) => view[choice].length === 0);
    const { shown, all } = matrix.size();
    count.textContent =
      shown === all ? `${number(all)} cases` : `${number(shown)} of ${number(all)} cases`;
    const none = byId("none");
    none.hidden = shown > 0;
    if (shown === 0) none.replaceChildren(...nothing());
    for (const details of menus.querySelectorAll("details")) {
      const chosen = view[details.dataset["choice"] as Choice];
      const inputs = [...details.querySelectorAll("input")];
      for (const input of inputs) input.checked = chosen.includes(input.value);
      const known = new Set(inputs.map(({ value }) => value));
      details.querySelector("legend")?.after(...strangers(chosen, known));
      const badge = details.querySelector(".badge");
      if (!badge) continue;
      badge.textContent = chosen.length > 0 ? String(chosen.length) : "";
    }
  }

  /** What an address chose and the matrix does not have: to be seen, and to be given up. */
  function strangers(chosen: readonly string[], known: ReadonlySet<string>): HTMLElement[] {
    return [...new Set(chosen)]
      .filter((value) => !known.has(value))
      .map((value) => box({ value, label: value, note: "unknown" }, true));
  }

  function nothing(): (string | HTMLElement)[] {
    if (model.isColumnless(viewer.view)) return noColumn(viewer, () => search.focus());
    return ["No case fits. ", h("button", { type: "button", onclick: clear }, "Reset the filters")];
  }

  function closeMenus(except: EventTarget | null): void {
    for (const details of menus.querySelectorAll("details")) {
      if (details.open && !(except instanceof Node && details.contains(except)))
        details.open = false;
    }
  }

  let typing: ReturnType<typeof setTimeout> | undefined;
  search.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => viewer.update({ page: "matrix", query: search.value.trim() }), 120);
  });
  document.addEventListener("click", ({ target }) => closeMenus(target));
  document.addEventListener("keydown", (event) => {
    const { key, target, ctrlKey, metaKey, altKey } = event;
    const writing = target instanceof HTMLInputElement && target.type !== "checkbox";
    const elsewhere = viewer.view.page !== "matrix" || viewer.view.open !== null;
    if (key === "/" && !writing && !elsewhere && !ctrlKey && !metaKey && !altKey) {
      event.preventDefault();
      search.focus();
      search.select();
    }
    const open = key === "Escape" && menus.querySelector<HTMLDetailsElement>("details[open]");
    if (open) {
      open.open = false;
      open.querySelector("summary")?.focus();
    }
  });
  matrix.onDrawn(show);
  build();
  return build;
}

function box({ value, label, note }: Option, checked = false): HTMLElement {
  return h(
    "label",
    null,
    h("input", { type: "checkbox", value, checked }),
    h("span", null, label),
    note !== undefined && h("small", null, note),
  );
}

function unique(values: readonly string[]): Option[] {
  return [...new Set(values)].map((value) => ({ value, label: value }));
}

function counted(values: readonly string[]): Option[] {
  const groups = Map.groupBy(values, (value) => value);
  return Array.from(groups, ([value, its]) => ({ value, label: value, note: number(its.length) }));
}
