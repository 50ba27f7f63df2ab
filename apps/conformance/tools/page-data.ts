// Makes the data of the page: the matrix, and a file for each area with what its cases say and their traces.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { allCases, runSuite, type Case } from "@anyhttp/conformance";
import {
  type AreaData,
  areaFile,
  areaOf,
  type CaseData,
  type Definition,
  type MatrixData,
} from "../src/data.ts";
import { capabilityData } from "./capabilities.ts";
import { definitionOf } from "./definitions.ts";
import { root } from "./places.ts";
import { columnOf, knownFailures, readRuns, type Run, upstreamLinks } from "./results.ts";
import { type ReferenceOptions, type References, references } from "./reference.ts";

/** All files of data by name. */
export async function pageData(
  runs: readonly Run[] = readRuns(),
  traced: ReferenceOptions = {},
): Promise<Map<string, string>> {
  const cases = inOrder(allCases);
  const { suite } = await runSuite({
    cases: [],
    allCases,
    subjects: [],
    origin: { url: "", ca: "" },
  });
  const matrix: MatrixData = {
    revision: suite.revision,
    cases: cases.map(caseData),
    columns: runs.map((run) => columnOf(run, cases)),
    capabilities: capabilityData(),
    upstream: upstreamLinks(),
    knownFailures: knownFailures("transport-fetch"),
  };
  const files = new Map([["matrix.json", JSON.stringify(matrix)]]);
  const catalogue = readCatalogue();
  const seen = await references(traced);
  for (const [area, its] of Map.groupBy(cases, areaOf)) {
    files.set(areaFile(area), JSON.stringify(areaData(its, catalogue, seen)));
  }
  return files;
}

/** What one exchange must be comes first, then sessions, then what transports declare; each by id. */
function inOrder(cases: readonly Case[]): readonly Case[] {
  const order = ["transport", "session", "probe"];
  const place = ({ id }: Case): number => order.indexOf(id.split("/")[0] ?? "");
  return cases.toSorted((a, b) => place(a) - place(b) || (a.id < b.id ? -1 : 1));
}

function caseData(of: Case): CaseData {
  const { id, title, level, spec = [], catalogue = [], requires = {}, probes } = of;
  const capabilities = new Set([
    ...Object.keys(requires),
    ...(probes === undefined ? [] : [probes]),
  ]);
  return { id, area: areaOf(of), title, level, spec, catalogue, capabilities: [...capabilities] };
}

function areaData(
  cases: readonly Case[],
  catalogue: ReadonlyMap<string, string>,
  { subject, traces }: References,
): AreaData {
  const definitions = cases.map((of): [string, Definition] => [
    of.id,
    { ...definitionOf(of, catalogue), trace: traces.get(of.id) ?? null },
  ]);
  return { subject, cases: Object.fromEntries(definitions) };
}

/** Titles of the fault catalogue. */
function readCatalogue(): ReadonlyMap<string, string> {
  const file = join(root, "packages/conformance/test/support/catalogue.json");
  const entries = JSON.parse(readFileSync(file, "utf8")) as { id: string; title: string }[];
  return new Map(entries.map(({ id, title }) => [id, title]));
}
