/* All styles of the page, in the order in which they apply. */

import { outcomeTexts } from "./outcome-texts.ts";
import { baseStyles } from "./styles/base.ts";
import { capabilitiesStyles } from "./styles/capabilities.ts";
import { detailStyles } from "./styles/detail.ts";
import { evidenceStyles } from "./styles/evidence.ts";
import { matrixStyles } from "./styles/matrix.ts";
import { narrowStyles } from "./styles/narrow.ts";
import { toolbarStyles } from "./styles/toolbar.ts";
import { topStyles } from "./styles/top.ts";

/** What differs by outcome alone. The symbol is drawn by the style sheet, so that a cell is one link with one word. */
const outcomeStyles = Object.entries(outcomeTexts)
  .map(
    ([name, { symbol }]) => `.${name} { --tone: var(--${name}); --tint: var(--${name}-tint); }
.cell.${name}::before { content: "${symbol}"; content: "${symbol}" / ""; }
.dimmed[data-only~="${name}"] .cell.${name} { opacity: 1; }
`,
  )
  .join("");

export const styles: string = [
  baseStyles,
  topStyles,
  toolbarStyles,
  matrixStyles,
  capabilitiesStyles,
  detailStyles,
  evidenceStyles,
  outcomeStyles,
  narrowStyles,
].join("");
