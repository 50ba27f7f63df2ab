/* Search and filters. The toolbar only changes the view; what follows from it is the matrix's business. */

import type { Context } from "./start.ts";
import type { View } from "./state.ts";

/** The parts of the view that are lists to choose from. */
type Choice = "outcomes" | "areas" | "levels" | "subjects";

interface Option {
  readonly value: string;
  readonly label: string;
  readonly count?: number;
}

/** Fills the toolbar. */
export function toolbar({ data, dom, state }: Context): void {
  const { h, byId, number } = dom;
  const search = byId("search") as HTMLInputElement;
  const menus = byId("menus");
  const reset = byId("reset");
  const everything: Partial<View> = {
    query: "",
    outcomes: [],
    areas: [],
    levels: [],
    subjects: [],
  };

  function counted(values: readonly string[]): Option[] {
    return [...new Set(values)].map((value) => {
      const count = values.filter((other) => other === value).length;
      return { value, label: value, count };
    });
  }

  /** A disclosure with boxes to tick: native, so keyboard and screen readers know it. */
  function menu(title: string, choice: Choice, options: readonly Option[]): HTMLElement {
    const boxes = options.map(({ value, label, count }) => {
      const input = h("input", { type: "checkbox", value, onchange: changed });
      return h(
        "label",
        null,
        input,
        h("span", null, label),
        count !== undefined && h("small", null, number(count)),
      );
    });
    const badge = h("small", { class: "badge" });
    const details = h(
      "details",
      { class: "menu", name: "filters" },
      h("summary", null, title, badge),
      h("fieldset", null, h("legend", { class: "unseen" }, title), boxes),
    );
    const inputs = boxes.map((box) => box.querySelector("input") as HTMLInputElement);

    function changed(): void {
      const chosen = inputs.filter(({ checked }) => checked).map((input) => input.value);
      state.update({ [choice]: chosen });
    }
    function tick(): void {
      const chosen = state.view()[choice];
      for (const input of inputs) input.checked = chosen.includes(input.value);
      badge.textContent = chosen.length > 0 ? String(chosen.length) : "";
      badge.setAttribute("aria-label", chosen.length > 0 ? `${chosen.length} chosen` : "");
    }
    tick();
    state.onChange(tick);
    return details;
  }

  function closeMenus(except: EventTarget | null): void {
    for (const details of menus.querySelectorAll("details")) {
      if (details.open && !(except instanceof Node && details.contains(except)))
        details.open = false;
    }
  }

  function show(): void {
    const view = state.view();
    if (search.value !== view.query) search.value = view.query;
    const { outcomes, areas, levels, subjects } = view;
    reset.hidden =
      view.query === "" && [outcomes, areas, levels, subjects].every((list) => list.length === 0);
  }

  menus.replaceChildren(
    menu(
      "Outcome",
      "outcomes",
      data.outcomes.map(({ name, symbol, total }) => {
        return { value: name, label: `${symbol} ${name.replace("-", " ")}`, count: total };
      }),
    ),
    menu("Area", "areas", counted(data.cases.map(({ area }) => area))),
    menu("Level", "levels", counted(data.cases.map(({ level }) => level))),
    menu(
      "Transport",
      "subjects",
      data.subjects.map(({ key, name, runtime }) => {
        return { value: key, label: `${name} · ${runtime}` };
      }),
    ),
  );

  let typing: ReturnType<typeof setTimeout> | undefined;
  search.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => state.update({ page: "cases", query: search.value.trim() }), 120);
  });
  reset.addEventListener("click", () => {
    state.update(everything);
    search.focus();
  });
  byId("none")
    .querySelector("button")
    ?.addEventListener("click", () => state.update(everything));
  document.addEventListener("click", ({ target }) => closeMenus(target));
  document.addEventListener("keydown", (event) => {
    const typingNow = event.target instanceof HTMLInputElement && event.target.type === "search";
    if (event.key === "/" && !typingNow && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      search.focus();
      search.select();
    }
    if (event.key !== "Escape") return;
    const open = menus.querySelector<HTMLDetailsElement>("details[open]");
    if (open) {
      event.stopImmediatePropagation();
      open.open = false;
      open.querySelector("summary")?.focus();
    }
  });
  show();
  state.onChange(show);
}
