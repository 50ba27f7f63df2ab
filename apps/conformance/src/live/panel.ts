/* Running the suite in this browser: what to run, how far it is, and what came of it. */

import type { CellEvidence } from "@anyhttp/conformance/view";
import type { CellRecord, SuiteRecord } from "@anyhttp/conformance/runner";
import { byId, h, number, plural } from "../elements.ts";
import { countOutcomes, type Model } from "../model.ts";
import { inWords, looks } from "../outcomes.ts";
import { plainView } from "../view.ts";
import type { Viewer } from "../viewer.ts";
import { LiveColumn, thisBrowser } from "./column.ts";
import { findOrigin, howToStart, trustNote } from "./origin.ts";

/** Fills the view “Run here”. `changed` is called when the column has changed. */
export function livePanel(
  model: Model,
  viewer: Viewer,
  changed: (whole: boolean) => void,
): (id: string) => CellEvidence | undefined {
  const host = byId("page-run");
  const evidence = new Map<string, CellEvidence>();
  let stop: AbortController | null = null;
  let record: SuiteRecord | null = null;

  const globs = h("input", {
    id: "globs",
    type: "text",
    value: "transport/**",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    "aria-describedby": "globs-help",
  });
  const start = h("button", { type: "submit", class: "primary" }, "Run");
  const cancel = h(
    "button",
    { type: "button", hidden: true, onclick: () => stop?.abort() },
    "Stop",
  );
  const save = h(
    "button",
    { type: "button", hidden: true, onclick: () => void download() },
    "Export as JSON",
  );
  const see = h(
    "button",
    { type: "button", hidden: true, onclick: look },
    "See them in the matrix",
  );
  const bar = h("progress", { max: 1, value: 0, "aria-label": "Cases run" });
  const state = h("p", { class: "state", role: "status", "aria-live": "polite" });
  const now = h("p", { class: "now", "aria-hidden": "true" });
  const sums = h("div", { class: "tiles" });
  const bad = h("ul", { class: "bad-cases" });
  const running = h(
    "div",
    { class: "running", hidden: true },
    bar,
    now,
    state,
    sums,
    h("p", { class: "buttons" }, see, save),
    bad,
  );

  const form = h(
    "form",
    { class: "run-form", onsubmit: submit },
    h("label", { for: "globs" }, "Cases"),
    h("div", { class: "line" }, globs, start, cancel),
    h(
      "p",
      { id: "globs-help", class: "quiet" },
      "Globs, separated by spaces: ",
      h("code", null, "session/redirect"),
      ", ",
      h("code", null, "transport/*/*-truncated"),
      ". Without any, every case runs.",
    ),
  );

  function submit(event: Event): void {
    event.preventDefault();
    if (stop === null) void run();
  }

  async function run(): Promise<void> {
    const asked = globs.value.split(/[\s,]+/).filter(Boolean);
    stop = new AbortController();
    record = null;
    evidence.clear();
    const live = new LiveColumn(model);
    model.here = live.column(null);
    let [done, all, again] = [0, 0, 0];
    let drawing = 0;
    const draw = (whole: boolean): void => {
      model.here = live.column(record);
      bar.max = Math.max(all, 1);
      bar.value = done;
      const alone = again > 0 ? `, ${number(again)} that failed are judged again, alone` : "";
      state.textContent = whole ? ended(done, all) : `${number(done)} of ${number(all)}${alone}`;
      sums.replaceChildren(...tally());
      bad.replaceChildren(...badCases());
      changed(whole);
    };
    running.hidden = false;
    [start.hidden, cancel.hidden, save.hidden, see.hidden] = [true, false, true, true];
    cancel.focus();
    state.textContent = "Loading the suite…";
    try {
      const { run: runLive, unmatched } = await import("./run.ts");
      const origin = await findOrigin();
      if (!origin)
        throw new Error("The origin has gone. Start it again, and load this page from it.");
      const strangers = unmatched(asked);
      if (strangers.length > 0) throw new Error(`No case fits ${strangers.join(", ")}.`);
      record = await runLive({
        origin,
        globs: asked,
        signal: stop.signal,
        known: model.data.knownFailures,
        onBegin: (cases) => (all = cases),
        onAgain: (cases) => (again = cases),
        onCase: (id: string, cell: CellRecord, seen: CellEvidence) => {
          if (again > 0) again--;
          else done++;
          live.note(id, cell);
          evidence.set(id, seen);
          now.textContent = id;
          drawing ||= window.setTimeout(() => {
            drawing = 0;
            draw(false);
          }, 250);
        },
      });
      window.clearTimeout(drawing);
      drawing = 0;
      draw(true);
      [save.hidden, see.hidden] = [false, false];
    } catch (error) {
      state.textContent = error instanceof Error ? error.message : String(error);
    } finally {
      stop = null;
      now.textContent = "";
      [start.hidden, cancel.hidden] = [false, true];
      (see.hidden ? globs : see).focus();
    }
  }

  function tally(): HTMLElement[] {
    const counts = countOutcomes(model.here ? [model.here] : []);
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

  function badCases(): HTMLElement[] {
    const here = model.here;
    if (!here) return [];
    const failed = model.data.cases.flatMap(({ id, title }, index) =>
      looks.some(({ letter, bad: isBad }) => isBad && letter === here.outcomes[index])
        ? [{ id, title, message: here.messages[String(index)] ?? "" }]
        : [],
    );
    const items = failed.slice(0, 50).map(({ id, title, message }) => {
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
    if (failed.length > 50)
      items.push(h("li", { class: "quiet" }, `… and ${failed.length - 50} more`));
    return items;
  }

  function ended(done: number, all: number): string {
    const problems = model.here?.problems ?? [];
    const wrong = problems.length > 0 ? ` ${problems.join("; ")}.` : "";
    return done < all
      ? `Stopped after ${plural(done, "case")} of ${number(all)}.${wrong}`
      : `All ${plural(all, "case")} ran.${wrong}`;
  }

  function look(): void {
    viewer.update({ ...plainView, runtimes: [thisBrowser] }, "push");
  }

  async function download(): Promise<void> {
    if (!record) return;
    const { toJson } = await import("./run.ts");
    const file = new Blob([`${JSON.stringify(toJson(record), null, 2)}\n`], {
      type: "application/json",
    });
    const link = h("a", { href: URL.createObjectURL(file), download: "anyhttp-conformance.json" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  async function prepare(): Promise<void> {
    const intro = [
      h("h2", { class: "verdict small" }, "Run the suite in this browser"),
      h(
        "p",
        { class: "scope" },
        "The same cases and the same runner, on this browser’s own fetch, against an origin on this machine. The outcomes become a column of the matrix, with both witnesses and the wire.",
      ),
    ];
    const origin = await findOrigin();
    if (origin) {
      host.replaceChildren(...intro, form, running, trustNote(origin));
      return;
    }
    host.replaceChildren(...intro, howToStart());
  }

  void prepare();
  return (id) => evidence.get(id);
}
