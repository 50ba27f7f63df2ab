/* The subjects' capabilities side by side: where each stands at the best value, and where it says that it does not. */

import type { CapabilityInfo } from "./data.ts";
import type { Context } from "./start.ts";

/** Fills the table of capabilities. */
export function capabilities({ data, dom }: Context): void {
  const { h, byId } = dom;
  const table = byId("capabilities");

  function line({ name, best, about }: CapabilityInfo): HTMLElement {
    const values = data.subjects.map((subject) => subject.capabilities[name] ?? "");
    const differs = new Set(values).size > 1;
    return h(
      "tr",
      { role: "row", class: differs ? "differs" : null },
      h(
        "th",
        { role: "rowheader", scope: "row" },
        h("code", null, name),
        differs && h("small", { class: "tag" }, "differs"),
        h("span", { class: "about" }, about),
      ),
      values.map((value, index) =>
        h(
          "td",
          { role: "cell", class: value === best ? "best" : "lesser" },
          h(
            "small",
            { class: "of", "aria-hidden": "true" },
            `${data.subjects[index]?.name} · ${data.subjects[index]?.runtime}`,
          ),
          h("span", { "aria-hidden": "true" }, value === best ? "●" : "○"),
          h("span", null, value),
          h("span", { class: "unseen" }, value === best ? " (best)" : " (less than the best)"),
        ),
      ),
    );
  }

  const columns = data.subjects.map(({ name, runtime }) =>
    h(
      "th",
      { role: "columnheader", scope: "col" },
      h("span", null, name, h("small", null, runtime)),
    ),
  );
  table.style.setProperty("--subjects", String(data.subjects.length));
  table.classList.toggle("many", data.subjects.length > 6);
  table.replaceChildren(
    h(
      "caption",
      null,
      "What each subject declares. ● is the best value there is, ○ is less; every one of them is probed by a case.",
    ),
    h(
      "thead",
      { role: "rowgroup" },
      h(
        "tr",
        { role: "row" },
        h("th", { role: "columnheader", scope: "col" }, "Capability"),
        columns,
      ),
    ),
    h(
      "tbody",
      { role: "rowgroup" },
      data.capabilities.map((capability) => line(capability)),
    ),
  );
}
