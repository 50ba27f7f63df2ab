/*
 * The matrix: a grid of which only the rows in sight are in the document, so that tens of thousands of cells cost no
 * more than a screenful. Heights of rows are fixed by the style sheet; positions follow from them.
 */

import { byId, h } from "../elements.ts";
import type { Model } from "../model.ts";
import { isFiltered } from "../view.ts";
import type { Viewer } from "../viewer.ts";
import { type Density, densityFor, narrow } from "./density.ts";
import { headElement } from "./head.ts";
import { moveBy } from "./keys.ts";
import { Layout } from "./layout.ts";
import { cellAt, placeOf } from "./places.ts";
import { type Row, rowElement, type ShownColumn } from "./rows.ts";

/** Rows beyond the edges of the window, so that scrolling does not show empty places. */
const spare = 6;

/** The grid of cases and columns. */
export class Matrix {
  readonly #model: Model;
  readonly #viewer: Viewer;
  readonly #host: HTMLElement = byId("matrix");
  readonly #body: HTMLElement = h("div", { role: "rowgroup", class: "body" });
  readonly #drawn: (() => void)[] = [];
  /** Areas that are not as {@link #unfoldedByDefault} says. */
  readonly #turned = new Set<string>();
  #rows: Row[] = [];
  #layout: Layout = new Layout([], this.#host);
  #columns: ShownColumn[] = [];
  #density: Density = "words";
  #elements = new Map<number, HTMLElement>();
  /** The one cell that the Tab key reaches. */
  #active: { row: number; at: number } = { row: 0, at: 0 };

  constructor(model: Model, viewer: Viewer) {
    this.#model = model;
    this.#viewer = viewer;
    this.#host.setAttribute("role", "grid");
    this.#host.setAttribute("aria-label", "Outcome of each case on each transport and runtime");
    this.#body.addEventListener("click", (event) => this.#click(event));
    this.#body.addEventListener("keydown", (event) => this.#key(event));
    this.#body.addEventListener("focusin", (event) => this.#focused(event));
    let frame = 0;
    const later = (): void => {
      if (frame !== 0) return;
      frame = requestAnimationFrame(() => {
        frame = 0;
        this.#place();
      });
    };
    window.addEventListener("scroll", later, { passive: true });
    window.addEventListener("resize", () => {
      if (densityFor(this.#columns.length) === this.#density) later();
      else this.draw();
    });
    narrow.addEventListener("change", () => this.draw());
    viewer.onChange((view, before) => {
      if (isFiltered(view) !== isFiltered(before)) this.#turned.clear();
      if (view.page !== before.page || view.open === before.open) this.draw();
    });
  }

  /** Called after each {@link draw}. */
  onDrawn(listener: () => void): void {
    this.#drawn.push(listener);
  }

  /** How many cases fit, and how many there are. */
  size(): { readonly shown: number; readonly all: number } {
    return { shown: this.shown().length, all: this.#model.data.cases.length };
  }

  /** Ids of the cases that fit, in order, folded away or not. */
  shown(): string[] {
    return this.#rows.flatMap((row) =>
      row.kind === "area"
        ? row.group.cases.map((index) => this.#model.data.cases[index]?.id ?? "")
        : [],
    );
  }

  /** Whether any area is unfolded. */
  anyUnfolded(): boolean {
    return this.#rows.some((row) => row.kind === "area" && !row.folded);
  }

  /** Folds all areas, or unfolds them if none is unfolded. */
  foldAll(): void {
    const unfold = !this.anyUnfolded();
    this.#turned.clear();
    if (unfold !== this.#unfoldedByDefault())
      for (const area of this.#model.areas.keys()) this.#turned.add(area);
    this.draw();
  }

  /** Puts the focus on a case, unfolding its area. */
  focus(id: string): void {
    const of = this.#model.data.cases[this.#model.indexOf(id)];
    if (!of) return;
    if (this.#rows.some((row) => row.kind === "area" && row.folded && row.group.area === of.area))
      this.#turn(of.area);
    const row = this.#rows.findIndex((one) => one.kind === "case" && one.of.id === id);
    if (row >= 0) this.#go(row, Math.max(this.#active.at, 0));
  }

  /** Lays everything out anew: after a change of filters, of columns or of outcomes. */
  draw(): void {
    if (this.#viewer.view.page !== "matrix") return;
    const { view } = this.#viewer;
    const groups = this.#model.groups(view);
    this.#columns = groups.flatMap(({ columns }) =>
      columns.map((column, index) => ({ column, first: index === 0 })),
    );
    const count = this.#columns.length;
    this.#density = densityFor(count);
    const columns = this.#columns.map(({ column }) => column);
    this.#rows = this.#model.fitting(view, columns).flatMap((group): Row[] => {
      const folded = this.#turned.has(group.area) === this.#unfoldedByDefault();
      const area: Row = { kind: "area", group, folded };
      if (folded) return [area];
      const cases = group.cases.flatMap((index): Row[] => {
        const of = this.#model.data.cases[index];
        return of ? [{ kind: "case", index, of }] : [];
      });
      return [area, ...cases];
    });
    this.#host.className = `matrix ${this.#density}`;
    this.#host.style.setProperty("--columns", String(this.#density === "summed" ? 1 : count));
    this.#host.replaceChildren(headElement(groups, view.by, this.#density), this.#body);
    this.#host.setAttribute("aria-rowcount", String(this.#rows.length + 1));
    this.#layout = new Layout(this.#rows, this.#host);
    this.#body.style.height = `${this.#layout.height}px`;
    this.#active.row = Math.min(this.#active.row, Math.max(this.#rows.length - 1, 0));
    this.#active.at = Math.min(this.#active.at, this.#width() - 1);
    this.#elements.clear();
    this.#body.replaceChildren();
    this.#place();
    for (const listener of this.#drawn) listener();
  }

  #unfoldedByDefault(): boolean {
    return isFiltered(this.#viewer.view);
  }

  /** Cells of a row, its head included. */
  #width(): number {
    return this.#density === "summed" ? 2 : this.#columns.length + 1;
  }

  /** Puts the rows that are in sight into the document, and takes the others out. */
  #place(): void {
    if (this.#rows.length === 0) return;
    const above = -this.#body.getBoundingClientRect().top;
    const first = Math.max(this.#layout.rowAt(above) - spare, 0);
    const last = Math.min(this.#layout.rowAt(above + innerHeight) + spare, this.#rows.length - 1);
    // The row with the focus stays, or the focus would be lost.
    const wanted = new Set([this.#active.row]);
    for (let row = first; row <= last; row++) wanted.add(row);
    for (const [row, element] of this.#elements) {
      if (wanted.has(row)) continue;
      element.remove();
      this.#elements.delete(row);
    }
    for (const row of [...wanted].toSorted((a, b) => a - b))
      if (!this.#elements.has(row)) this.#make(row);
  }

  #make(index: number): void {
    const row = this.#rows[index];
    if (!row) return;
    const element = rowElement(row, this.#columns, this.#density);
    element.setAttribute("aria-rowindex", String(index + 2));
    element.dataset["row"] = String(index);
    element.style.transform = `translateY(${this.#layout.top(index)}px)`;
    if (index === this.#active.row) cellAt(element, this.#active.at)?.setAttribute("tabindex", "0");
    this.#elements.set(index, element);
    // In the order of rows, which is that of reading.
    const next = [...this.#elements.keys()].filter((other) => other > index);
    const before = next.length > 0 ? this.#elements.get(Math.min(...next)) : undefined;
    this.#body.insertBefore(element, before ?? null);
  }

  #focused(event: Event): void {
    const found = placeOf(event);
    if (!found) return;
    const { row, at } = this.#active;
    const before = this.#elements.get(row);
    if (before) cellAt(before, at)?.setAttribute("tabindex", "-1");
    this.#active = found;
    const now = this.#elements.get(found.row);
    if (now) cellAt(now, found.at)?.setAttribute("tabindex", "0");
  }

  #click(event: Event): void {
    const found = placeOf(event);
    if (found) this.#open(found.row, found.at);
  }

  #open(index: number, at: number): void {
    const row = this.#rows[index];
    if (row?.kind === "area") {
      this.#turn(row.group.area);
      const { area } = row.group;
      this.#go(
        this.#rows.findIndex((one) => one.kind === "area" && one.group.area === area),
        at,
      );
    } else if (row) {
      this.#active = { row: index, at };
      const column = this.#density === "summed" ? undefined : this.#columns[at - 1]?.column.key;
      this.#viewer.update({ open: row.of.id, column: column ?? null }, "push");
    }
  }

  #turn(area: string): void {
    if (!this.#turned.delete(area)) this.#turned.add(area);
    this.draw();
  }

  #key(event: KeyboardEvent): void {
    const { row, at } = this.#active;
    if (event.altKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.#open(row, at);
      return;
    }
    const move = moveBy(event, { row, at, rows: this.#rows.length, cells: this.#width() });
    if (!move) return;
    event.preventDefault();
    this.#go(move.row, move.at);
  }

  /** Moves to a cell and scrolls so that it is seen. */
  #go(row: number, at: number): void {
    const before = this.#elements.get(this.#active.row);
    if (before) cellAt(before, this.#active.at)?.setAttribute("tabindex", "-1");
    this.#active = { row, at: Math.min(at, this.#width() - 1) };
    if (!this.#elements.has(row)) this.#make(row);
    const element = this.#elements.get(row);
    const cell = element && cellAt(element, this.#active.at);
    cell?.setAttribute("tabindex", "0");
    // It may lie under the sticky head, which the browser does not count; the style sheet's scroll margins do.
    element?.scrollIntoView({ block: "nearest" });
    cell?.focus({ preventScroll: true });
    this.#place();
  }
}
