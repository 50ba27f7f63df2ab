/* What became of a case in each column: those that agree stand together, with what was said of them. */

import type { Column, MatrixData } from "../data.ts";
import { h, outside, plural } from "../elements.ts";
import { inWords, lookOf, type OutcomeLook } from "../outcomes.ts";

interface Bundle {
  readonly look: OutcomeLook;
  readonly message: string;
  readonly columns: Column[];
}

/** Shows the outcomes of a case; `chosen` is the column that was asked for. */
export function outcomesOf(
  data: MatrixData,
  columns: readonly Column[],
  index: number,
  chosen: string | null,
): HTMLElement {
  const bundles = new Map<string, Bundle>();
  for (const column of columns) {
    const look = lookOf(column.outcomes[index]);
    const message = column.messages[String(index)] ?? "";
    const key = `${look.letter} ${message}`;
    const bundle = bundles.get(key) ?? { look, message, columns: [] };
    bundle.columns.push(column);
    bundles.set(key, bundle);
  }
  const rank = ({ look }: Bundle): number =>
    look.bad ? 0 : look.letter === "k" ? 1 : look.letter === "p" ? 3 : 2;
  const sorted = [...bundles.values()].toSorted((a, b) => rank(a) - rank(b));
  return h(
    "section",
    { class: "part outcomes" },
    h("h3", null, "Outcomes"),
    sorted.map((bundle) => shown(bundle, data, columns.length, chosen)),
  );
}

function shown(
  { look, message, columns }: Bundle,
  data: MatrixData,
  all: number,
  chosen: string | null,
): HTMLElement {
  const upstream = data.upstream[message];
  const everywhere = columns.length === all && all > 1;
  return h(
    "div",
    { class: `bundle ${look.name}` },
    h(
      "p",
      { class: "what" },
      h("span", { class: "symbol", "aria-hidden": "true" }, look.symbol),
      h("b", null, inWords(look.name)),
      h("small", null, everywhere ? `on all ${all}` : plural(columns.length, "column")),
    ),
    message !== "" && h("p", { class: "message" }, message),
    upstream !== undefined &&
      h("p", { class: "message" }, "Upstream: ", outside(upstream, upstream)),
    h(
      "ul",
      { class: "where" },
      Array.from(
        Map.groupBy(
          columns.toSorted((a, b) => a.transport.localeCompare(b.transport)),
          ({ transport }) => transport,
        ),
        ([transport, its]) =>
          h(
            "li",
            null,
            h("b", null, transport),
            h(
              "span",
              { class: "runtimes" },
              its.flatMap((column) => [" ", runtimeOf(column, chosen)]),
            ),
          ),
      ),
    ),
  );
}

function runtimeOf({ key, runtime }: Column, chosen: string | null): HTMLElement {
  const its = key === chosen;
  return h("span", { class: its ? "chosen" : null, "aria-current": its ? "true" : null }, runtime);
}
