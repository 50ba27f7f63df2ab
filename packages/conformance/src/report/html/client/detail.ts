/* The panel of one case on one subject: beside the matrix where there is room, over it where there is not. */

import type { CellEvidence, Evidence, PageCase } from "./data.ts";
import type { Witnesses } from "./evidence.ts";
import type { Matrix } from "./matrix.ts";
import type { Context } from "./start.ts";
import type { ShowWire } from "./wire.ts";

/** Opens and fills the panel as the view demands. */
export function detail(
  { data, dom, state }: Context,
  matrix: Matrix,
  show: Witnesses,
  wire: ShowWire,
): void {
  const { h, byId } = dom;
  const panel = byId("detail") as HTMLDialogElement;
  const content = byId("detail-content");
  const roomy = matchMedia("(min-width: 1100px)");

  function evidenceOf(index: number, subject: number): CellEvidence | undefined {
    const block = document.querySelector(`#evidence-${index}`);
    return block ? (JSON.parse(block.textContent) as Evidence)[subject] : undefined;
  }

  function about(of: PageCase): HTMLElement {
    const spec = of.spec.map(({ text, url }) =>
      h(
        "li",
        null,
        url === null
          ? text
          : h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text),
      ),
    );
    const requires = Object.entries(of.requires).map(([name, value]) => `${name}: ${value}`);
    return h(
      "ul",
      { class: "facts", "aria-label": "About the case" },
      h("li", { class: `level ${of.level}` }, of.level),
      spec,
      requires.map((text) => h("li", null, "requires ", h("code", null, text))),
      of.catalogue.map((text) => h("li", { class: "quiet" }, text)),
    );
  }

  function switcher(of: PageCase, index: number, current: string): HTMLElement {
    const links = data.subjects.map((subject) => {
      const outcome = data.outcomes[subject.outcomes[index] ?? 0];
      const go = (event: Event): void => {
        event.preventDefault();
        state.update({ open: { id: of.id, subject: subject.key } });
      };
      return h(
        "a",
        {
          class: outcome?.name ?? "",
          href: state.linkTo(of.id, subject.key),
          "aria-current": subject.key === current ? "true" : null,
          onclick: go,
        },
        h("span", { "aria-hidden": "true" }, `${outcome?.symbol ?? ""} `),
        subject.name,
        h("small", null, subject.runtime),
        h("span", { class: "unseen" }, `, ${outcome?.name ?? ""}`),
      );
    });
    return h("nav", { class: "switcher", "aria-label": "Subjects" }, links);
  }

  function judgement(
    of: PageCase,
    index: number,
    subject: number,
    seen: CellEvidence,
  ): HTMLElement {
    const outcome = data.outcomes[data.subjects[subject]?.outcomes[index] ?? 0];
    const upstream = seen.known?.upstream ?? "";
    const linked = /^https?:\/\//.test(upstream);
    return h(
      "section",
      { class: `judgement ${outcome?.name ?? ""}`, "aria-label": "Outcome" },
      h(
        "h3",
        null,
        h("span", { "aria-hidden": "true" }, `${outcome?.symbol ?? ""} `),
        outcome?.name.replace("-", " "),
        h("small", null, `${seen.duration.toFixed(0)} ms`),
      ),
      h("p", null, outcome?.meaning),
      seen.judged === "otherwise" &&
        h(
          "p",
          null,
          "Judged by what the case asks where the requirement is not met (",
          h("code", null, "otherwise"),
          ").",
        ),
      seen.failures.length > 0 &&
        h(
          "ul",
          { class: "failures" },
          seen.failures.map((failure) => h("li", null, failure)),
        ),
      seen.known &&
        h(
          "p",
          null,
          `Known: ${seen.known.reason} `,
          linked
            ? h("a", { href: upstream, target: "_blank", rel: "noopener noreferrer" }, upstream)
            : upstream,
        ),
      outcome?.name !== "pass" && h("p", { class: "hint" }, h("b", null, "Hint: "), of.hint),
    );
  }

  function section(title: string, inside: HTMLElement): HTMLElement {
    return h("section", { class: "witness" }, h("h3", null, title), inside);
  }

  function fill(id: string, key: string): void {
    const index = data.cases.findIndex((one) => one.id === id);
    const subject = data.subjects.findIndex((one) => one.key === key);
    const of = data.cases[index];
    const seen = evidenceOf(index, subject);
    if (!of || !seen) return;
    content.replaceChildren(
      h("p", { class: "id" }, of.id),
      h("h2", { id: "detail-title", tabindex: -1 }, of.title),
      about(of),
      switcher(of, index, key),
      judgement(of, index, subject, seen),
      section("What the caller got", show.caller(seen.calls, seen.moreCalls)),
      section("What the origin saw", show.origin(seen.origin)),
      section("On the wire", wire(seen.origin?.wire ?? [])),
      seen.failures.length === 0
        ? h("p", { class: "hint" }, h("b", null, "If it fails: "), of.hint)
        : "",
    );
  }

  function close(): void {
    const { open } = state.view();
    state.update({ open: null }, "push");
    if (open) matrix.cell(open.id, open.subject)?.focus();
  }

  function step(by: number): void {
    const { open } = state.view();
    const ids = matrix.shown();
    const id = open && ids[ids.indexOf(open.id) + by];
    if (!open || id === undefined || id === null) return;
    state.update({ open: { id, subject: open.subject } });
    matrix.cell(id, open.subject)?.scrollIntoView({ block: "nearest" });
  }

  /** A panel beside the matrix leaves it usable; one over it must hold the focus. */
  function place(): void {
    panel.close();
    if (roomy.matches) panel.show();
    else panel.showModal();
    document.body.classList.toggle("beside", roomy.matches);
  }

  function render(before: { readonly id: string; readonly subject: string } | null): void {
    const { open } = state.view();
    if (!open) {
      if (panel.open) panel.close();
      document.body.classList.remove("beside");
      return;
    }
    if (open.id === before?.id && open.subject === before.subject && panel.open) return;
    fill(open.id, open.subject);
    if (!panel.open) place();
    if (open.id !== before?.id) panel.scrollTop = 0;
    const ids = matrix.shown();
    // The matrix has become narrower, so its rows have moved; who came by a link finds the case in it as well.
    const cell = matrix.cell(open.id, open.subject);
    if (before === null) requestAnimationFrame(() => cell?.scrollIntoView({ block: "nearest" }));
    byId("detail-previous").toggleAttribute("disabled", ids.indexOf(open.id) <= 0);
    byId("detail-next").toggleAttribute("disabled", ids.indexOf(open.id) === ids.length - 1);
    const selector = open.id === before?.id ? '.switcher [aria-current="true"]' : "h2";
    content.querySelector<HTMLElement>(selector)?.focus({ preventScroll: true });
  }

  byId("detail-close").addEventListener("click", close);
  byId("detail-previous").addEventListener("click", () => step(-1));
  byId("detail-next").addEventListener("click", () => step(1));
  panel.addEventListener("cancel", (event) => {
    event.preventDefault();
    close();
  });
  document.addEventListener("keydown", (event) => {
    const { key, target, ctrlKey, metaKey, altKey } = event;
    if (!panel.open || ctrlKey || metaKey || altKey || target instanceof HTMLInputElement) return;
    if (key === "j" || key === "k") step(key === "j" ? 1 : -1);
    if (key === "Escape" && roomy.matches) close();
  });
  roomy.addEventListener("change", () => panel.open && place());
  state.onChange((_view, before) => render(before.open));
  render(null);
}
