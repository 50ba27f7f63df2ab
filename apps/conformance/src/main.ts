/* Where the page begins: loads the matrix, makes its parts in order, and switches between its views. */

import { evidenceStyles } from "@anyhttp/conformance/view";
import { capabilities } from "./capabilities.ts";
import type { MatrixData } from "./data.ts";
import { detail } from "./detail/detail.ts";
import { byId, h } from "./elements.ts";
import { livePanel } from "./live/panel.ts";
import { Matrix } from "./matrix/matrix.ts";
import { Model } from "./model.ts";
import { summary } from "./summary.ts";
import { toolbar } from "./toolbar.ts";
import { Viewer } from "./viewer.ts";
import "./styles/base.css";
import "./styles/top.css";
import "./styles/toolbar.css";
import "./styles/matrix.css";
import "./styles/detail.css";
import "./styles/capabilities.css";
import "./styles/run.css";

const pages = ["matrix", "capabilities", "run"] as const;

/** The styles of witnesses are the report's own. */
const sheet = new CSSStyleSheet();
sheet.replaceSync(evidenceStyles);
document.adoptedStyleSheets = [sheet];

function start(data: MatrixData): void {
  const model = new Model(data);
  const viewer = new Viewer();
  const turn = (): void => {
    const { page } = viewer.view;
    document.body.dataset["page"] = page;
    for (const name of pages) {
      byId(`page-${name}`).hidden = name !== page;
      byId(`to-${name}`).ariaCurrent = name === page ? "page" : "false";
    }
  };
  // Before all others: what is hidden has no size.
  viewer.onChange(turn);
  turn();
  for (const name of pages) {
    byId(`to-${name}`).addEventListener("click", (event) => {
      event.preventDefault();
      viewer.update({ page: name, open: null, column: null }, "push");
      window.scrollTo(0, 0);
    });
  }
  const drawSummary = summary(model, viewer);
  const matrix = new Matrix(model, viewer);
  const drawToolbar = toolbar(model, viewer, matrix);
  const drawCapabilities = capabilities(model, viewer);
  let drawDetail = (): void => undefined;
  const live = livePanel(model, viewer, (whole) => {
    drawSummary();
    matrix.draw();
    drawCapabilities();
    if (!whole) return;
    drawToolbar();
    drawDetail();
  });
  drawDetail = detail(model, viewer, matrix, live);
  const bar = byId("toolbar");
  const measure = (): void =>
    document.documentElement.style.setProperty("--toolbar", `${bar.offsetHeight}px`);
  new ResizeObserver(measure).observe(bar);
  measure();
  matrix.draw();
}

byId("skip").addEventListener("click", (event) => {
  // The fragment of the address is the view's, so the link must not set it.
  event.preventDefault();
  byId("main").focus();
});
try {
  const response = await fetch("data/matrix.json");
  if (!response.ok) throw new Error(`status ${response.status}`);
  start((await response.json()) as MatrixData);
  byId("loading").remove();
} catch (error) {
  byId("loading").replaceChildren(
    h("b", null, "The results could not be loaded. "),
    `${String(error)}. The page needs a web server: a browser loads nothing for a page that it opened as a file.`,
  );
}
