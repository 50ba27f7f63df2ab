/* What is said where the filters leave no column, and the way out of it. */

import { h } from "./elements.ts";
import { thisBrowser } from "./live/column.ts";
import type { Viewer } from "./viewer.ts";

/** Names what was asked for, as it may be of an old link; `after` is called when it has been given up. */
export function noColumn(viewer: Viewer, after: () => void): (string | HTMLElement)[] {
  const { transports, runtimes } = viewer.view;
  const all = (): void => {
    viewer.update({ transports: [], runtimes: [] });
    after();
  };
  const gone = runtimes.includes(thisBrowser)
    ? "What was run in this browser is kept until the page is loaded anew. "
    : "";
  return [
    `No column fits these filters: ${[...transports, ...runtimes].join(", ")}. ${gone}`,
    h("button", { type: "button", onclick: all }, "Show all columns"),
  ];
}
