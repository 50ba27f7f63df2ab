/* The head of the matrix: groups of columns, and the columns themselves. */

import { h } from "../elements.ts";
import type { ColumnGroup } from "../model.ts";
import type { View } from "../view.ts";
import type { Density } from "./density.ts";

/** Makes the head. */
export function headElement(
  groups: readonly ColumnGroup[],
  by: View["by"],
  density: Density,
): HTMLElement {
  if (density === "summed") {
    return h(
      "div",
      { role: "rowgroup", class: "column-heads unseen" },
      h(
        "div",
        { role: "row" },
        h("div", { role: "columnheader" }, "Case"),
        h("div", { role: "columnheader" }, "Outcomes"),
      ),
    );
  }
  // The groups are for the eye; each column says by itself what it is.
  const titles = groups.map(({ title, columns }) => {
    const narrow = columns.length < (density === "symbols" ? 4 : 2);
    const none = density === "symbols" && columns.length === 1;
    const text = none ? "" : withoutVersion(title, groups);
    const element = h(
      "div",
      { class: "group" },
      // Over one narrow column there is no room: its own head says it then.
      h("span", { title }, narrow ? text : title),
    );
    element.style.gridColumnEnd = `span ${columns.length}`;
    return element;
  });
  const names = groups.flatMap(({ columns }) =>
    columns.map(({ transport, runtime, runtimeVersion, library }, index) => {
      const [own, other] = by === "runtime" ? [transport, runtime] : [runtime, transport];
      const alone = density === "symbols" && columns.length === 1;
      return h(
        "div",
        {
          role: "columnheader",
          class: `column${index === 0 ? " first" : ""}`,
          title: [library ?? transport, `${runtime} (${runtimeVersion})`].join(" on "),
        },
        alone
          ? h("span", null, other, h("span", { class: "unseen" }, `, ${own}`))
          : h("span", null, own, h("span", { class: "unseen" }, `, ${other}`)),
      );
    }),
  );
  return h(
    "div",
    { role: "rowgroup", class: "column-heads" },
    h("div", { class: "row groups", "aria-hidden": "true" }, h("div", null), titles),
    h(
      "div",
      { role: "row", class: "row columns" },
      h("div", { role: "columnheader", class: "corner" }, "Case"),
      names,
    ),
  );
}

/** `Chromium` for `Chromium 142`, where there is no other. */
function withoutVersion(title: string, groups: readonly ColumnGroup[]): string {
  const name = title.replace(/ \d+$/, "");
  return groups.some((other) => other.title !== title && other.title.startsWith(`${name} `))
    ? title
    : name;
}
