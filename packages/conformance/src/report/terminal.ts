/* The terminal report: a table of areas × subjects, then only what matters, then one line of totals. */

import { isBad, type Outcome, outcomes, type Totals } from "../run/outcome.ts";
import type { CaseRecord, CellRecord, RunRecord, SuiteRecord } from "./record.ts";
import { witnessLines } from "./witnesses.ts";

/** How to print. */
export interface TerminalOptions {
  readonly colour: boolean;
  /** Every case, not only those that matter. */
  readonly verbose: boolean;
}

type Paint = (style: keyof typeof codes, text: string) => string;

const codes = { red: 31, green: 32, yellow: 33, bold: 1, dim: 2 } as const;

/** Prints a record. */
export function toTerminal(record: SuiteRecord, { colour, verbose }: TerminalOptions): string {
  const paint: Paint = (style, text) => (colour ? `\u001B[${codes[style]}m${text}\u001B[0m` : text);
  const lines = [
    paint(
      "bold",
      `anyhttp conformance, ${record.suite.cases.length} cases, revision ${record.suite.revision}`,
    ),
    "",
    ...table(record, paint),
  ];
  if (verbose) lines.push(...record.runs.flatMap((run) => everyCase(record, run, paint)));
  lines.push(...record.suite.cases.flatMap((of) => details(of, record.runs, paint)));
  for (const { subject, problems } of record.runs) {
    for (const problem of problems)
      lines.push("", `${paint("red", "✗")} ${subject.name}: ${problem}`);
  }
  lines.push(...knownFailures(record, paint), "", verdict(record, paint));
  return `${lines.join("\n")}\n`;
}

function table({ suite, runs }: SuiteRecord, paint: Paint): string[] {
  const areas = [...new Set(suite.cases.map(({ area }) => area))];
  const width = Math.max(...areas.map((area) => area.length), "declared otherwise".length) + 2;
  const widths = runs.map(({ subject }) => Math.max(subject.name.length, 9) + 2);
  const row = (
    name: string,
    cells: readonly [text: string, style: keyof typeof codes][],
  ): string => {
    const columns = cells.map(([text, style], i) => paint(style, text.padStart(widths[i] ?? 0)));
    return `  ${name.padEnd(width)}${columns.join("")}`;
  };
  const lines = [
    row(
      "",
      runs.map(({ subject }) => [subject.name, "bold"]),
    ),
  ];
  for (const area of areas) {
    const ids = suite.cases.filter((of) => of.area === area).map(({ id }) => id);
    const cells = runs.map(({ cells: all }): [string, keyof typeof codes] => {
      const found = ids.map((id) => all[id]?.outcome ?? "harness-error");
      const passed = found.filter((outcome) => outcome === "pass").length;
      const style = found.some(isBad) ? "red" : passed < found.length ? "yellow" : "green";
      return [passed === found.length ? String(passed) : `${passed}/${found.length}`, style];
    });
    lines.push(row(area, cells));
  }
  const versions = runs.map(({ subject, runtime }) => {
    const library = subject.library
      ? `${subject.library.name} ${subject.library.version}`
      : "no library";
    return `${subject.name}: ${library} on ${runtime.name} ${runtime.version}`;
  });
  return [...lines, "", ...versions.map((text) => `  ${paint("dim", text)}`)];
}

function everyCase({ suite }: SuiteRecord, { subject, cells }: RunRecord, paint: Paint): string[] {
  const lines = suite.cases.map(({ id }) => {
    const { outcome = "harness-error", judged, duration = 0 } = cells[id] ?? {};
    const remark = judged === "otherwise" ? " (otherwise)" : "";
    return `  ${mark(outcome, paint)} ${id}${remark} ${paint("dim", `${Math.round(duration)} ms`)}`;
  });
  return ["", paint("bold", subject.name), ...lines];
}

function mark(outcome: Outcome, paint: Paint): string {
  switch (outcome) {
    case "pass":
      return paint("green", "✓");
    case "known-failure":
      return paint("yellow", "~");
    case "not-applicable":
      return paint("dim", "-");
    case "fail":
    case "setup-error":
    case "harness-error":
      return paint("red", "✗");
    default:
      return outcome satisfies never;
  }
}

/** All that is bad about one case, on whichever subjects. */
function details(of: CaseRecord, runs: readonly RunRecord[], paint: Paint): string[] {
  return runs.flatMap(({ subject, cells }) => {
    const cell = cells[of.id];
    return cell && isBad(cell.outcome) ? failure(of, subject.name, cell, paint) : [];
  });
}

function failure(of: CaseRecord, subject: string, cell: CellRecord, paint: Paint): string[] {
  const spec = [of.level, ...of.spec, ...of.catalogue].join(", ");
  const outcome = cell.outcome === "fail" ? "" : ` (${cell.outcome})`;
  return [
    "",
    `${mark(cell.outcome, paint)} ${paint("bold", `${subject}: ${of.id}`)}${outcome}`,
    `  ${of.title} ${paint("dim", `(${spec})`)}`,
    ...cell.failures.map((text) => `  ${paint("red", text)}`),
    ...witnessLines(cell).map(([label, text]) => `  ${paint("dim", label.padEnd(7))} ${text}`),
    `  ${paint("yellow", "hint")}    ${of.hint}`,
  ];
}

function knownFailures({ runs }: SuiteRecord, paint: Paint): string[] {
  const lines = runs.flatMap(({ subject, cells }) => {
    return Object.entries(cells).flatMap(([id, { outcome, known }]) => {
      if (outcome !== "known-failure" || !known) return [];
      return [
        `${paint("yellow", "~")} ${subject.name}: ${id}: ${known.reason} (${known.upstream})`,
      ];
    });
  });
  return lines.length > 0 ? ["", ...lines] : [];
}

function verdict({ suite, runs, totals, ok }: SuiteRecord, paint: Paint): string {
  const cells = suite.cases.length * runs.length;
  const sum = `${suite.cases.length} cases × ${runs.length} transports = ${cells}: ${totalsText(totals)}`;
  return paint(ok ? "green" : "red", sum);
}

const words: Readonly<Record<Outcome, string>> = {
  pass: "passed",
  fail: "failed",
  "known-failure": "known failures",
  "not-applicable": "not applicable",
  "setup-error": "setup errors",
  "harness-error": "harness errors",
};

function totalsText(totals: Totals): string {
  const always = new Set<Outcome>(["pass", "fail"]);
  const shown = outcomes.filter((outcome) => totals[outcome] > 0 || always.has(outcome));
  return shown.map((outcome) => `${totals[outcome]} ${words[outcome]}`).join(", ");
}
