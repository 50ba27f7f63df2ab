/* Where the page begins: reads its data, makes its parts in order, and switches between its two views. */

import type { bytes } from "./bytes.ts";
import type { capabilities } from "./capabilities.ts";
import type { PageData } from "./data.ts";
import type { detail } from "./detail.ts";
import type { Dom, dom } from "./dom.ts";
import type { evidence } from "./evidence.ts";
import type { keys } from "./keys.ts";
import type { matrix } from "./matrix.ts";
import type { overview } from "./overview.ts";
import type { State, state } from "./state.ts";
import type { toolbar } from "./toolbar.ts";
import type { wire } from "./wire.ts";

/**
 * The functions of which the page's script consists. Each is written into the page by itself, so none may use anything
 * but its arguments and the browser; whatever it needs of another part is given to it.
 */
export interface Parts {
  readonly bytes: typeof bytes;
  readonly capabilities: typeof capabilities;
  readonly detail: typeof detail;
  readonly dom: typeof dom;
  readonly evidence: typeof evidence;
  readonly keys: typeof keys;
  readonly matrix: typeof matrix;
  readonly overview: typeof overview;
  readonly state: typeof state;
  readonly toolbar: typeof toolbar;
  readonly wire: typeof wire;
}

/** What parts have in common. */
export interface Context {
  readonly data: PageData;
  readonly dom: Dom;
  readonly state: State;
}

/** Starts the page. */
export function start(parts: Parts): void {
  const dom = parts.dom();
  const data = JSON.parse(dom.byId("data").textContent) as PageData;
  const state = parts.state(data);
  const context: Context = { data, dom, state };

  function turn(): void {
    const { page } = state.view();
    document.body.dataset["page"] = page;
    for (const name of ["cases", "capabilities"]) {
      dom.byId(`page-${name}`).hidden = name !== page;
      dom.byId(`to-${name}`).ariaCurrent = name === page ? "page" : "false";
    }
  }

  /** Heights that sticky parts need of each other. */
  function measure(): void {
    const bar = dom.byId("toolbar").offsetHeight;
    document.documentElement.style.setProperty("--toolbar", `${bar}px`);
  }

  for (const name of ["cases", "capabilities"] as const) {
    dom.byId(`to-${name}`).addEventListener("click", (event) => {
      event.preventDefault();
      state.update({ page: name, open: null }, "push");
    });
  }
  parts.overview(context);
  parts.toolbar(context);
  const shown = parts.matrix(context);
  parts.keys(context);
  parts.capabilities(context);
  const show = parts.bytes(dom);
  parts.detail(context, shown, parts.evidence(dom, show), parts.wire(dom, show));
  turn();
  state.onChange(turn);
  new ResizeObserver(measure).observe(dom.byId("toolbar"));
  measure();
}
