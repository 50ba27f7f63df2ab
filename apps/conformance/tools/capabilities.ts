// What core says of its capabilities: their values, best first, and what these mean, from the source of the contract.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { capabilityTexts } from "@anyhttp/conformance/view";
import type { CapabilityData } from "../src/data.ts";
import { root } from "./places.ts";

/** All capabilities, in the order of the contract. */
export function capabilityData(): CapabilityData[] {
  const source = readFileSync(join(root, "packages/core/src/capabilities.ts"), "utf8");
  const entries = source.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*readonly (\w+):([^;]+);/g);
  const found = Array.from(entries, ([, comment = "", name = "", type = ""]) => ({
    name,
    meaning: comment.replaceAll(/\s*\n\s*\* ?/g, " ").trim(),
    values: Array.from(type.matchAll(/"([^"]+)"/g), ([, value = ""]) => value),
  }));
  const missing = Object.keys(capabilityTexts).filter(
    (name) => !found.some((one) => one.name === name),
  );
  if (missing.length > 0) throw new Error(`core does not explain ${missing.join(", ")}`);
  return found;
}
