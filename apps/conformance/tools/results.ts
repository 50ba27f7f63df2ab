// Reads the committed results: JSON reports of the suite, each with one run or more.
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  allCases,
  type Case,
  type JsonReport,
  type KnownFailure,
  type Outcome,
} from "@anyhttp/conformance";
import { outcomes } from "@anyhttp/conformance/view";
import { type Column, noOutcome, outcomeLetters } from "../src/data.ts";
import { resultsFolder, root } from "./places.ts";

/** A run of a report, with the revision of the suite that it was. */
export type Run = JsonReport["runs"][number] & { readonly revision: string };

/** All committed runs, by runtime and transport. */
export function readRuns(folder: string = resultsFolder): Run[] {
  const files = existsSync(folder) ? globSync("*.json", { cwd: folder }).toSorted() : [];
  const runs = files.flatMap((file) => {
    const report = JSON.parse(readFileSync(join(folder, file), "utf8")) as Partial<JsonReport>;
    const { suite, runs: its = [] } = report;
    return its.map((run) => ({ ...run, revision: suite?.revision ?? "" }));
  });
  return runs.toSorted((a, b) => place(a) - place(b) || compareText(titleOf(a), titleOf(b)));
}

/** Node first, browsers last: the order in which readers look for their own. */
const order = [
  "node",
  "deno",
  "bun",
  "workerd",
  "chrome",
  "chromium",
  "firefox",
  "safari",
  "webkit",
];

function place({ runtime }: Run): number {
  const at = order.indexOf(runtime.name);
  return (at < 0 ? order.length : at) * 1000 + (Number.parseInt(runtime.version, 10) || 0);
}

function titleOf({ runtime, subject }: Run): string {
  return `${runtimeTitle(runtime)} ${subject.name}`;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `Node 24`, `Chromium 142`, `workerd`. */
export function runtimeTitle({ name, version }: Run["runtime"]): string {
  const names: Readonly<Record<string, string>> = {
    node: "Node",
    deno: "Deno",
    bun: "Bun",
    chrome: "Chromium",
    chromium: "Chromium",
    firefox: "Firefox",
    safari: "WebKit",
    webkit: "WebKit",
  };
  return [names[name] ?? name, version.split(".")[0]].filter(Boolean).join(" ");
}

/** A column of the matrix. */
export function columnOf(run: Run, cases: readonly Case[] = allCases): Column {
  const { subject, runtime, capabilities, problems, revision } = run;
  const title = runtimeTitle(runtime);
  const found = cases.map(({ id }) => run.outcomes[id]);
  const messages = found.flatMap((cell, index) =>
    cell?.message === undefined ? [] : [[String(index), cell.message] as const],
  );
  return {
    key: `${subject.name}@${title.toLowerCase().replaceAll(/[^\w.]+/g, "-")}`,
    transport: subject.name,
    version: subject.version,
    library: subject.library && `${subject.library.name} ${subject.library.version}`,
    runtime: title,
    runtimeVersion: runtime.version,
    capabilities: { ...capabilities },
    problems,
    revision,
    outcomes: found.map((cell) => letterOf(cell?.outcome)).join(""),
    messages: Object.fromEntries(messages),
  };
}

function letterOf(outcome: Outcome | undefined): string {
  return outcome === undefined
    ? noOutcome
    : (outcomeLetters[outcomes.indexOf(outcome)] ?? noOutcome);
}

/** The known failures of a transport, from the lists beside it; of all transports unless one is named. */
export function knownFailures(transport = "transport-*"): KnownFailure[] {
  return globSync(`packages/${transport}/known-failures*.json`, { cwd: root }).flatMap(
    (file) => JSON.parse(readFileSync(join(root, file), "utf8")) as KnownFailure[],
  );
}

/** Where known failures are reported, by their reasons. */
export function upstreamLinks(): Record<string, string> {
  return Object.fromEntries(knownFailures().map(({ reason, upstream }) => [reason, upstream]));
}
