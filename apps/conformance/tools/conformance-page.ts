// Writes CONFORMANCE.md: the committed results as text, for whoever reads the repository. `tooling/docs` writes and
// checks it together with the other pages that follow from something else.
import { outcomes, outcomeTexts } from "@anyhttp/conformance/view";
import { areaOf } from "../src/data.ts";
import { capabilityData } from "./capabilities.ts";
import { table } from "./markdown.ts";
import { readRuns, type Run, runtimeTitle, upstreamLinks } from "./results.ts";

/** The whole page. */
export function conformancePage(runs: readonly Run[] = readRuns()): string {
  const sections = runs.length === 0 ? ["There are no results yet."] : sectionsOf(runs);
  return `${[head, ...sections, regenerate].join("\n\n")}\n`;
}

const head = `# Conformance

<!-- Written by \`pnpm run docs --write\` from conformance-results/. -->

What holds where: every case of the [conformance suite](packages/conformance/README.md) on every transport and runtime, over real sockets. A case is judged by two witnesses, what the caller got and what arrived at the origin. None is skipped: cases × columns is the sum of all outcomes.

The same as a page to search in, with the definition and the wire of every case: \`pnpm page\` ([apps/conformance](apps/conformance/README.md)). It runs the suite in your own browser, too.`;

const regenerate = `## How to make it anew

\`\`\`sh
pnpm conformance --runtime all --write   # runs everything, and writes conformance-results/
pnpm run docs --write                    # writes this page from it
\`\`\``;

function sectionsOf(runs: readonly Run[]): string[] {
  return [
    legend(),
    "## What holds where",
    glance(runs),
    ...problemsOf(runs),
    "## By area",
    "How many cases passed, and what became of the others; ✓ alone: all of them passed.",
    ...byTransport(runs),
    "## Capabilities",
    "What each transport declares. ● is the best value, ○ the least; each is probed by a case, so that neither an overstatement nor an understatement passes.",
    capabilityTable(runs),
    "## Known failures",
    "They run, and fail, for a reason that only somebody else can mend. One that passes makes the suite fail until its entry is removed.",
    ...knownFailures(runs),
  ];
}

function legend(): string {
  const rows = outcomes.map((name) => [
    `${outcomeTexts[name].symbol} ${name}`,
    outcomeTexts[name].meaning,
  ]);
  return table(["outcome", "meaning"], rows);
}

function glance(runs: readonly Run[]): string {
  const transports = unique(runs.map(({ subject }) => subject.name)).toSorted();
  const rows = unique(runs.map(titleOf)).map((runtime) => [
    `**${runtime}**`,
    ...transports.map((transport) => {
      const run = runs.find((one) => titleOf(one) === runtime && one.subject.name === transport);
      return run ? counted(Object.keys(run.outcomes), run) : "";
    }),
  ]);
  return table(["", ...transports], rows);
}

/** One table for each transport: areas by runtimes. */
function byTransport(runs: readonly Run[]): string[] {
  const all = unique(runs.flatMap((run) => Object.keys(run.outcomes)));
  const areas = Map.groupBy(all.toSorted(), (id) =>
    areaOf({ id, area: id.split("/").slice(0, 2).join("/") }),
  );
  return unique(runs.map(({ subject }) => subject.name))
    .toSorted()
    .flatMap((transport) => {
      const its = runs.filter(({ subject }) => subject.name === transport);
      const rows = [...areas].flatMap(([area, cases]) => {
        const ids = cases.filter((id) => its.some((run) => run.outcomes[id]));
        return ids.length === 0
          ? []
          : [[area, String(ids.length), ...its.map((run) => counted(ids, run, true))]];
      });
      return [`### ${transport}`, table(["area", "cases", ...its.map(titleOf)], rows)];
    });
}

/** `1404 ✓ 11 ≈ 35 –` */
function counted(ids: readonly string[], run: Run, short = false): string {
  const counts = outcomes.map((name) => {
    const count = ids.filter((id) => run.outcomes[id]?.outcome === name).length;
    return { count, symbol: outcomeTexts[name].symbol };
  });
  if (short && counts[0]?.count === ids.length) return "✓";
  return counts
    .filter(({ count }) => count > 0)
    .map(({ count, symbol }) => `${count} ${symbol}`)
    .join(" ");
}

function capabilityTable(runs: readonly Run[]): string {
  const transports = unique(runs.map(({ subject }) => subject.name)).toSorted();
  const rows = capabilityData().map(({ name, values }) => [
    `\`${name}\``,
    ...transports.map((transport) => {
      const its = runs.filter(({ subject }) => subject.name === transport);
      const said = Map.groupBy(
        its,
        ({ capabilities }) => capabilities[name as never] as string | undefined,
      );
      return [...said]
        .map(([value = "unknown", where]) => {
          const at = values.indexOf(value);
          const sign = at === 0 ? "●" : at === values.length - 1 ? "○" : at < 0 ? "·" : "◐";
          return said.size === 1
            ? `${sign} ${value}`
            : `${sign} ${value} (${where.map(titleOf).join(", ")})`;
        })
        .join("; ");
    }),
  ]);
  return table(["capability", ...transports], rows);
}

function problemsOf(runs: readonly Run[]): string[] {
  const lines = runs.flatMap((run) =>
    run.problems.map((problem) => `- **${run.subject.name} on ${titleOf(run)}:** ${problem}`),
  );
  return lines.length === 0 ? [] : ["### Wrong with runs", lines.join("\n")];
}

function knownFailures(runs: readonly Run[]): string[] {
  const links = upstreamLinks();
  const all = runs.flatMap((run) =>
    Object.entries(run.outcomes)
      .filter(([, { outcome }]) => outcome === "known-failure")
      .map(([id, { message = "" }]) => ({ id, reason: message, run })),
  );
  if (all.length === 0) return ["There are none."];
  return [...Map.groupBy(all, ({ run }) => run.subject.name)].flatMap(([transport, its]) => [
    `### Known of ${transport}`,
    [...Map.groupBy(its, ({ reason }) => reason)]
      .map(([reason, same]) => {
        const where = unique(same.map(({ run }) => titleOf(run))).join(", ");
        const link = links[reason];
        const cases = unique(same.map(({ id }) => id)).map((id) => `  - \`${id}\``);
        return [`- ${reason} ([upstream](${link ?? ""})). On ${where}:`, ...cases]
          .join("\n")
          .replace(" ([upstream]())", "");
      })
      .join("\n"),
  ]);
}

function titleOf({ runtime }: Run): string {
  return runtimeTitle(runtime);
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
