/* What the reader is looking at, kept in the fragment of the address, so that every view and every case can be linked. */

import type { PageData } from "./data.ts";

/** What is shown. An empty list filters nothing. */
export interface View {
  readonly page: "cases" | "capabilities";
  readonly query: string;
  readonly outcomes: readonly string[];
  readonly areas: readonly string[];
  readonly levels: readonly string[];
  /** Keys of subjects. */
  readonly subjects: readonly string[];
  /** The case that is open, by its id, and the key of the subject. */
  readonly open: { readonly id: string; readonly subject: string } | null;
}

/** The view and who wants to know of its changes. */
export interface State {
  view(): View;
  /** `push` makes a step to which the browser's back button returns. */
  update(change: Partial<View>, how?: "push" | "replace"): void;
  onChange(listener: (view: View, before: View) => void): void;
  /** The address of a case on a subject, all filters aside. */
  linkTo(id: string, subject: string): string;
}

/** Makes the {@link State}. */
export function state(data: PageData): State {
  const listeners: ((view: View, before: View) => void)[] = [];
  const keys = data.subjects.map(({ key }) => key);
  const ids = new Set(data.cases.map(({ id }) => id));

  function read(): View {
    const said = new URLSearchParams(location.hash.slice(1));
    const list = (name: string): string[] => said.get(name)?.split(",").filter(Boolean) ?? [];
    const id = said.get("case") ?? "";
    const subject = said.get("subject") ?? "";
    return {
      page: said.get("view") === "capabilities" ? "capabilities" : "cases",
      query: said.get("q") ?? "",
      outcomes: list("outcome"),
      areas: list("area"),
      levels: list("level"),
      subjects: list("transport").filter((key) => keys.includes(key)),
      open: ids.has(id)
        ? { id, subject: keys.includes(subject) ? subject : (keys[0] ?? "") }
        : null,
    };
  }

  function write(view: View): string {
    const pairs: [string, string][] = [
      ["view", view.page === "cases" ? "" : view.page],
      ["q", view.query],
      ["outcome", view.outcomes.join(",")],
      ["area", view.areas.join(",")],
      ["level", view.levels.join(",")],
      ["transport", view.subjects.join(",")],
      ["case", view.open?.id ?? ""],
      ["subject", view.open?.subject ?? ""],
    ];
    const said = new URLSearchParams(pairs.filter(([, value]) => value !== ""));
    // A fragment may hold these as they are (RFC 3986 §3.5), and people read it.
    return `#${said.toString().replaceAll("%2F", "/").replaceAll("%2C", ",").replaceAll("%40", "@")}`;
  }

  let current = read();

  function become(next: View): void {
    const before = current;
    current = next;
    for (const listener of listeners) listener(current, before);
  }

  window.addEventListener("popstate", () => become(read()));
  window.addEventListener("hashchange", () => {
    if (write(read()) !== write(current)) become(read());
  });

  return {
    view: () => current,
    update(change, how = "replace") {
      const next = { ...current, ...change };
      if (write(next) === write(current)) return;
      if (how === "push") history.pushState(null, "", write(next));
      else history.replaceState(null, "", write(next));
      become(next);
    },
    onChange: (listener) => void listeners.push(listener),
    linkTo: (id, subject) =>
      write({
        ...current,
        page: "cases",
        query: "",
        outcomes: [],
        areas: [],
        levels: [],
        subjects: [],
        open: { id, subject },
      }),
  };
}
