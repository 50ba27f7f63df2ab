/* What transports can do, side by side: where they stand at the best value, where they differ, and what values mean. */

import type { CapabilityData, Column } from "./data.ts";
import { byId, h, plural } from "./elements.ts";
import type { Model } from "./model.ts";
import { noColumn } from "./no-column.ts";
import type { Viewer } from "./viewer.ts";

/** Fills the comparison; the function that it returns does so again, when there are other columns. */
export function capabilities(model: Model, viewer: Viewer): () => void {
  const host = byId("page-capabilities");
  const only = h("input", { type: "checkbox", id: "only-differences", onchange: draw });

  function draw(): void {
    if (viewer.view.page !== "capabilities") return;
    if (model.isColumnless(viewer.view)) {
      const said = noColumn(viewer, () => only.focus());
      host.replaceChildren(heading(), h("p", { class: "none" }, said));
      return;
    }
    const groups = model.groups(viewer.view);
    const columns = groups.flatMap((group) => group.columns);
    const rows = model.data.capabilities
      .map((capability) => ({ capability, differs: differs(capability, columns) }))
      .filter((row) => !only.checked || row.differs);
    const different = model.data.capabilities.filter((one) => differs(one, columns)).length;
    const table = h(
      "table",
      { class: columns.length > 6 ? "capabilities many" : "capabilities" },
      h("caption", { class: "unseen" }, "Capabilities by transport and runtime"),
      h(
        "thead",
        null,
        groups.length > 1 || columns.length > 6
          ? h(
              "tr",
              { class: "groups" },
              h("td", null),
              groups.map(({ title, columns: its }) =>
                h("th", { scope: "colgroup", colspan: its.length, class: "first" }, title),
              ),
            )
          : "",
        h(
          "tr",
          null,
          h("th", { scope: "col" }, "Capability"),
          groups.flatMap(({ columns: its }) =>
            its.map(({ transport, runtime }, index) =>
              h(
                "th",
                { scope: "col", class: index === 0 ? "first" : null },
                h(
                  "span",
                  null,
                  viewer.view.by === "runtime" ? transport : runtime,
                  groups.length === 1 && columns.length <= 6
                    ? h("small", null, viewer.view.by === "runtime" ? runtime : transport)
                    : h(
                        "span",
                        { class: "unseen" },
                        `, ${viewer.view.by === "runtime" ? runtime : transport}`,
                      ),
                ),
              ),
            ),
          ),
        ),
      ),
      h(
        "tbody",
        null,
        rows.map(({ capability, differs: marked }) =>
          line(
            capability,
            groups.map(({ columns: its }) => its),
            marked,
          ),
        ),
      ),
    );
    host.replaceChildren(
      heading(),
      h(
        "p",
        { class: "scope" },
        "A capability is a fact with named values. What a transport lacks is refused before anything is sent, never ignored; each value is probed by a case, both ways. ",
        h(
          "span",
          { class: "key" },
          h("span", { class: "best", "aria-hidden": "true" }, "●"),
          " best value",
        ),
        " ",
        h(
          "span",
          { class: "key" },
          h("span", { class: "lesser", "aria-hidden": "true" }, "○"),
          " less",
        ),
      ),
      h(
        "p",
        { class: "choice" },
        h("label", null, only, ` Only the ${plural(different, "difference")}`),
      ),
      h("div", { class: "wide", tabindex: 0, role: "region", "aria-label": "Comparison" }, table),
    );
  }

  function line(
    { name, meaning, values }: CapabilityData,
    groups: readonly (readonly Column[])[],
    marked: boolean,
  ): HTMLElement {
    const cells = groups.flatMap((columns) =>
      columns.map(({ capabilities: its, transport, runtime }, index) => {
        const value = its[name];
        const kind = value === undefined ? "none" : value === values[0] ? "best" : "lesser";
        const said = { none: "not known", best: "the best value", lesser: "less than the best" }[
          kind
        ];
        return h(
          "td",
          {
            class: `${kind}${index === 0 ? " first" : ""}`,
            title: `${transport} on ${runtime}: ${value ?? "not known"}`,
          },
          h("small", { class: "of", "aria-hidden": "true" }, `${transport} · ${runtime}`),
          h("span", { class: "sign", "aria-hidden": "true" }, signOf(values, value)),
          h("span", { class: "value" }, value ?? ""),
          h("span", { class: "unseen" }, ` (${said})`),
        );
      }),
    );
    return h(
      "tr",
      { class: marked ? "differs" : null },
      h(
        "th",
        { scope: "row" },
        h(
          "a",
          { href: `#capability=${name}`, title: "The cases that need or probe it" },
          h("code", null, name),
        ),
        marked && h("small", { class: "tag" }, "differs"),
        h("span", { class: "about" }, marks(meaning)),
        h(
          "span",
          { class: "values" },
          values.map((value, index) =>
            h(
              "span",
              { class: index === 0 ? "best" : "lesser" },
              `${signOf(values, value)} `,
              h("code", null, value),
            ),
          ),
        ),
        byValue(name, values, groups.flat()),
      ),
      cells,
    );
  }

  /** Where each value stands, for windows that are too narrow for columns. */
  function byValue(
    name: string,
    values: readonly string[],
    columns: readonly Column[],
  ): HTMLElement {
    const all = values.map((value) => columns.filter((one) => one.capabilities[name] === value));
    const lines = all.flatMap((its, index) => {
      if (its.length === 0) return [];
      const where =
        its.length === columns.length
          ? "everywhere"
          : index === 0
            ? `${its.length} of ${columns.length}`
            : its.map(({ transport, runtime }) => `${transport} on ${runtime}`).join(", ");
      const value = values[index];
      return [
        h(
          "span",
          { class: index === 0 ? "best" : "lesser" },
          h("b", null, `${signOf(values, value)} ${value}`),
          ` ${where}`,
        ),
      ];
    });
    return h("span", { class: "by-value", "aria-hidden": "true" }, lines);
  }

  viewer.onChange(draw);
  draw();
  return draw;
}

function heading(): HTMLElement {
  return h("h2", { class: "verdict small" }, "What each transport can do");
}

/** Full for the best value, empty for the least, half for what is between. */
function signOf(values: readonly string[], value: string | undefined): string {
  if (value === undefined) return "·";
  const at = values.indexOf(value);
  return at === 0 ? "●" : at === values.length - 1 ? "○" : "◐";
}

function differs({ name }: CapabilityData, columns: readonly Column[]): boolean {
  return new Set(columns.map(({ capabilities: its }) => its[name])).size > 1;
}

/** Text of a comment in code: what stands between backticks is code. */
function marks(text: string): (string | HTMLElement)[] {
  return text
    .split(/`([^`]+)`/)
    .map((part, index) => (index % 2 === 1 ? h("code", null, part) : part));
}
