/* The panel of one case: outcomes, definition, and both witnesses with the wire, live or of the reference run. */

import { bytes, type CellEvidence, evidence, specUrl, wire } from "@anyhttp/conformance/view";
import { type AreaData, areaFile, type CaseData } from "../data.ts";
import { byId, h, outside, shared } from "../elements.ts";
import type { Matrix } from "../matrix/matrix.ts";
import type { Model } from "../model.ts";
import type { Viewer } from "../viewer.ts";
import { definition } from "./definition.ts";
import { outcomesOf } from "./outcomes.ts";

const show = bytes(shared);
const witnesses = evidence(shared, show);
const showWire = wire(shared, show);

/** Where a case that was run in this browser keeps its evidence. */
export type LiveEvidence = (id: string) => CellEvidence | undefined;

/** Opens and fills the panel as the view demands; the function that it returns fills it again. */
export function detail(
  model: Model,
  viewer: Viewer,
  matrix: Matrix,
  live: LiveEvidence,
): () => void {
  const panel = byId("detail") as HTMLDialogElement;
  const content = byId("detail-content");
  const areas = new Map<string, Promise<AreaData>>();

  function load(area: string): Promise<AreaData> {
    let data = areas.get(area);
    if (!data) {
      data = fetch(`data/${areaFile(area)}`).then(async (response) => {
        if (!response.ok) throw new Error(`status ${response.status}`);
        return (await response.json()) as AreaData;
      });
      data.catch(() => areas.delete(area));
      areas.set(area, data);
    }
    return data;
  }

  function fill(id: string): void {
    const index = model.indexOf(id);
    const of = model.data.cases[index];
    if (!of) return;
    const rest = h(
      "div",
      { class: "rest" },
      h("p", { class: "quiet", role: "status" }, "Loading the case…"),
    );
    content.replaceChildren(
      h("p", { class: "id" }, of.id),
      h("h2", { id: "detail-title", tabindex: -1 }, of.title),
      facts(of),
      outcomesOf(model.data, model.columns, index, viewer.view.column),
      rest,
    );
    load(of.area).then(
      (area) => {
        if (viewer.view.open === id) rest.replaceChildren(...more(of, area));
      },
      (error: unknown) => {
        rest.replaceChildren(
          h("p", { class: "quiet" }, `The case could not be loaded: ${String(error)}`),
        );
      },
    );
  }

  /** An old link may name a case that has another name by now. */
  function unknown(id: string): HTMLElement[] {
    return [
      h("h2", { id: "detail-title", tabindex: -1 }, `There is no case ${id}`),
      h(
        "div",
        { class: "rest" },
        h(
          "p",
          { class: "quiet" },
          "It may have been renamed or taken out since the link was made.",
        ),
      ),
    ];
  }

  function more(of: CaseData, { subject, cases }: AreaData): HTMLElement[] {
    const its = cases[of.id];
    if (!its) return [h("p", { class: "quiet" }, "Its definition is not part of this page.")];
    const seen = live(of.id);
    const trace = seen ?? its.trace;
    const whose = seen ? "in this browser" : `reference run: ${subject ?? ""}`;
    const catalogue = its.catalogue.map(({ id, title }) =>
      h("li", null, h("b", null, id), ` ${title}`),
    );
    return [
      its.catalogue.length > 0
        ? h(
            "section",
            { class: "part" },
            h("h3", null, "Faults that it covers"),
            h("ul", { class: "plain-list" }, catalogue),
          )
        : h("span"),
      ...definition(its),
      its.notes.length > 0
        ? h("p", { class: "quiet" }, `It ${its.notes.join("; it ")}.`)
        : h("span"),
      ...(trace
        ? traced(trace, whose)
        : [h("p", { class: "quiet" }, "The page was built without a reference trace of it.")]),
      h("p", { class: "hint" }, h("b", null, "If it fails: "), its.hint, "."),
    ];
  }

  function traced(trace: CellEvidence, whose: string): HTMLElement[] {
    const titled = (title: string, inside: HTMLElement): HTMLElement =>
      h("section", { class: "witness" }, h("h3", null, title, h("small", null, whose)), inside);
    return [
      trace.failures.length > 0
        ? h(
            "ul",
            { class: "failures", "aria-label": "What failed" },
            trace.failures.map((failure) => h("li", null, failure)),
          )
        : h("span"),
      titled("What the caller got", witnesses.caller(trace.calls, trace.moreCalls)),
      titled("What arrived at the origin", witnesses.origin(trace.origin)),
      titled("On the wire", showWire(trace.origin?.wire ?? [])),
    ];
  }

  function facts({ level, spec, catalogue, capabilities }: CaseData): HTMLElement {
    return h(
      "ul",
      { class: "facts", "aria-label": "About the case" },
      h("li", { class: `level ${level}` }, level),
      spec.map((text) => {
        const url = specUrl(text);
        return h("li", null, url === null ? text : outside(url, text));
      }),
      capabilities.map((name) => h("li", null, "needs ", h("code", null, name))),
      catalogue.map((id) => h("li", { class: "quiet" }, id)),
    );
  }

  function close(): void {
    const { open } = viewer.view;
    viewer.update({ open: null, column: null }, "push");
    if (open !== null) matrix.focus(open);
  }

  function step(by: number): void {
    const ids = matrix.shown();
    const at = ids.indexOf(viewer.view.open ?? "");
    const id = at < 0 ? undefined : ids[at + by];
    if (id !== undefined) viewer.update({ open: id });
  }

  function render(before: string | null): void {
    const { open } = viewer.view;
    if (open === null) {
      if (panel.open) panel.close();
      return;
    }
    if (model.indexOf(open) < 0) content.replaceChildren(...unknown(open));
    else fill(open);
    if (!panel.open) panel.showModal();
    if (open !== before) panel.scrollTop = 0;
    const ids = matrix.shown();
    const at = ids.indexOf(open);
    byId("detail-previous").toggleAttribute("disabled", at <= 0);
    byId("detail-next").toggleAttribute("disabled", at === -1 || at === ids.length - 1);
    content.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
  }

  byId("detail-close").addEventListener("click", close);
  byId("detail-previous").addEventListener("click", () => step(-1));
  byId("detail-next").addEventListener("click", () => step(1));
  panel.addEventListener("cancel", (event) => {
    event.preventDefault();
    close();
  });
  panel.addEventListener("click", ({ target, clientX }) => {
    // Beside the panel there is only its backdrop.
    if (target === panel && clientX < panel.getBoundingClientRect().left) close();
  });
  panel.addEventListener("keydown", ({ key, ctrlKey, metaKey, altKey }) => {
    if ((key === "j" || key === "k") && !ctrlKey && !metaKey && !altKey) step(key === "j" ? 1 : -1);
  });
  viewer.onChange(({ open }, before) => {
    if (open !== before.open) render(before.open);
  });
  render(null);
  return () => {
    if (viewer.view.open !== null) fill(viewer.view.open);
  };
}
