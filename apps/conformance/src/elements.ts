/* Makes elements: shared with the suite's own report. Text always becomes text nodes, never markup. */

import { dom, type Dom } from "@anyhttp/conformance/view";

const made: Dom = dom();

export const h: Dom["h"] = made.h;
export const byId: Dom["byId"] = made.byId;
export const number: Dom["number"] = made.number;
export const plural: Dom["plural"] = made.plural;
export const shared: Dom = made;

/** A link to somewhere else; nothing is loaded from there unless it is followed. */
export function outside(url: string, text: string): HTMLAnchorElement {
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text);
}
