/* The view of this very page: it follows the address, and the address follows it. */

import { readView, type View, writeView } from "./view.ts";

/** The view, and who wants to know of its changes. */
export class Viewer {
  #view: View = readView(location.hash);
  readonly #listeners: ((view: View, before: View) => void)[] = [];

  constructor() {
    const follow = (): void => {
      if (writeView(readView(location.hash)) !== writeView(this.#view))
        this.#become(readView(location.hash));
    };
    window.addEventListener("popstate", follow);
    window.addEventListener("hashchange", follow);
  }

  get view(): View {
    return this.#view;
  }

  /** `push` makes a step to which the browser's back button returns. */
  update(change: Partial<View>, how: "push" | "replace" = "replace"): void {
    const next = { ...this.#view, ...change };
    const address = writeView(next);
    if (address === writeView(this.#view)) return;
    if (how === "push") history.pushState(null, "", address);
    else history.replaceState(null, "", address);
    this.#become(next);
  }

  onChange(listener: (view: View, before: View) => void): void {
    this.#listeners.push(listener);
  }

  #become(next: View): void {
    const before = this.#view;
    this.#view = next;
    for (const listener of this.#listeners) listener(next, before);
  }
}
