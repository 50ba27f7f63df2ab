// The table of docs/fetch.md: written from what the checks have come to.
import { readFileSync } from "node:fs";
import { type Feature, features, type Sdk, transports } from "./kit.ts";
import { sdks } from "./sdks/index.ts";

/** What a check has come to on each transport that it ran on. */
export class Results {
  readonly #passed = new Map<string, string[]>();

  pass(sdk: Sdk, feature: Feature, transport: string): void {
    const key = `${sdk.name} ${feature}`;
    this.#passed.set(key, [...(this.#passed.get(key) ?? []), transport]);
  }

  /** The table, as Markdown that needs no formatting. */
  table(): string {
    const head = ["SDK", "takes a fetch as", ...features];
    const rows = sdks.map((sdk) => [
      `${sdk.name} ${versionOf(sdk)}`,
      sdk.given,
      ...features.map((feature) => this.#cell(sdk, feature)),
    ]);
    const widths = head.map((title, i) =>
      Math.max(...[title, ...rows.map((row) => row[i] ?? "")].map(({ length }) => length)),
    );
    const line = (cells: readonly string[]): string =>
      `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`;
    const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
    return [line(head), rule, ...rows.map(line)].join("\n");
  }

  #cell(sdk: Sdk, feature: Feature): string {
    if (!sdk.checks[feature]) return "–";
    const passed = this.#passed.get(`${sdk.name} ${feature}`) ?? [];
    return passed.length === transports.length ? "✓" : passed.join(", ") || "fails";
  }
}

function versionOf({ name }: Sdk): string {
  const manifest = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
}

const begin =
  "<!-- Written by `node tooling/sdks/src/main.ts --write` from what the checks come to. -->";
const end = "<!-- End of what is written. -->";

export const page = new URL("../../../docs/fetch.md", import.meta.url);

/** The page with this table in its place. */
export function withTable(text: string, table: string): string {
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error("docs/fetch.md has lost its marks");
  return `${text.slice(0, from)}${begin}\n\n${table}\n\n${text.slice(to)}`;
}
