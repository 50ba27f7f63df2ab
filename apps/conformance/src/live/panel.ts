/* Running the suite in this browser: what to run, how far it is, and what came of it. */

import type { CellEvidence } from "@anyhttp/conformance/view";
import type { CellRecord, SuiteRecord } from "@anyhttp/conformance/runner";
import { byId, h, number, plural } from "../elements.ts";
import type { Model } from "../model.ts";
import { plainView } from "../view.ts";
import type { Viewer } from "../viewer.ts";
import { LiveColumn, thisBrowser } from "./column.ts";
import { badCases, tally } from "./found.ts";
import { findOrigin, howToStart, trustNote } from "./origin.ts";
import type { Origin, run as Run } from "./run.ts";

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
    "aria-describedby": "run-notice globs-help",
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
  // Beside what was asked for, because below stands what came of the run before.
  const notice = h("p", { id: "run-notice", class: "run-notice", role: "status" });
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
    notice,
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
    const { signal } = stop;
    [start.hidden, cancel.hidden] = [true, false];
    cancel.focus();
    notice.textContent = "Loading the suite…";
    let ran = false;
    try {
      // What may refuse comes first, so that a refusal takes nothing of the run before away.
      const suite = await import("./run.ts");
      const origin = await findOrigin();
      if (!origin)
        throw new Error("The origin has gone. Start it again, and load this page from it.");
      const strangers = suite.unmatched(asked);
      if (strangers.length > 0) throw new Error(`No case fits ${strangers.join(", ")}.`);
      notice.textContent = "";
      if (signal.aborted) return;
      await perform(suite.run, origin, asked, signal);
      ran = true;
    } catch (error) {
      notice.textContent = error instanceof Error ? error.message : String(error);
    } finally {
      stop = null;
      now.textContent = "";
      [start.hidden, cancel.hidden] = [false, true];
      (ran ? see : globs).focus();
    }
  }

  async function perform(
    runLive: typeof Run,
    origin: Origin,
    asked: readonly string[],
    signal: AbortSignal,
  ): Promise<void> {
    record = null;
    evidence.clear();
    const live = new LiveColumn(model);
    let [done, all, again] = [0, 0, 0];
    let drawing = 0;
    const draw = (whole: boolean): void => {
      const here = live.column(record);
      model.here = here;
      bar.max = Math.max(all, 1);
      bar.value = done;
      const alone = again > 0 ? `, ${number(again)} that failed are judged again, alone` : "";
      state.textContent = whole ? ended(done, all) : `${number(done)} of ${number(all)}${alone}`;
      sums.replaceChildren(...tally(here));
      bad.replaceChildren(...badCases(here, model, viewer));
      changed(whole);
    };
    running.hidden = false;
    [save.hidden, see.hidden] = [true, true];
    try {
      record = await runLive({
        origin,
        globs: asked,
        signal,
        known: model.data.knownFailures,
        onBegin: (cases) => {
          all = cases;
          draw(false);
        },
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
    } finally {
      window.clearTimeout(drawing);
    }
    draw(true);
    [save.hidden, see.hidden] = [false, false];
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
