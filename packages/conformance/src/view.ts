/*
 * What pages that show results share with the HTML report: outcomes and capabilities in words, where specifications are,
 * and how both witnesses of a cell look. It runs in browsers; what makes elements takes them from the global document.
 */

export { outcomes } from "./run/outcome.ts";
export { capabilityTexts } from "./report/html/capability-texts.ts";
export { outcomeTexts } from "./report/html/outcome-texts.ts";
export { specUrl } from "./report/html/spec-links.ts";
export { evidenceOfCell } from "./report/html/evidence-of.ts";
export { evidenceStyles } from "./report/html/styles/evidence.ts";
export { dom, type Child, type Dom } from "./report/html/client/dom.ts";
export { bytes, type Bytes } from "./report/html/client/bytes.ts";
export { evidence, type Witnesses } from "./report/html/client/evidence.ts";
export { wire, type ShowWire } from "./report/html/client/wire.ts";
export type * from "./report/html/client/data.ts";
