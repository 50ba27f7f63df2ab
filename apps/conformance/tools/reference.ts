// Reference traces: what both witnesses see of each case in a run on undici. They are made when the page is built, not
// committed, as no two runs agree to the byte. What was seen is kept, so that only new and changed cases run again.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { allCases, type Case, type Cell, isBad, runJobs } from "@anyhttp/conformance";
import { type CellEvidence, evidenceOfCell } from "@anyhttp/conformance/view";
import { definitionOf } from "./definitions.ts";
import { keptTraces } from "./places.ts";

/** How traces are come by. */
export interface ReferenceOptions {
  /** Cases that need a trace; the others have the one that was kept, if there is one. */
  readonly cases?: readonly Case[];
  /** Runs cases whether a trace of them was kept or not. */
  readonly fresh?: boolean;
  /** Where they are kept. */
  readonly file?: string;
  /** Told what goes on. */
  readonly tell?: (text: string) => void;
}

/** Traces by case, and whose they are: `undici 8.12.4 on Node 24`. */
export interface References {
  readonly subject: string;
  readonly traces: ReadonlyMap<string, CellEvidence>;
}

interface Kept {
  /** Of the subject and of what the case says. */
  readonly key: string;
  readonly trace: CellEvidence;
}

/** The reference traces; runs those cases of which there are none. */
export async function references({
  cases = allCases,
  fresh = false,
  file = keptTraces,
  tell = () => undefined,
}: ReferenceOptions = {}): Promise<References> {
  const { version } = createRequire(import.meta.url)("undici/package.json") as { version: string };
  const subject = `undici ${version} on Node ${process.versions.node.split(".")[0]}`;
  const keys = new Map(allCases.map((of) => [of.id, keyOf(subject, of)]));
  const kept = new Map(readKept(file).filter(([id, { key }]) => keys.get(id) === key));
  const missing = cases.filter(({ id }) => fresh || !kept.has(id));
  if (missing.length > 0) {
    tell(`${missing.length} cases run on ${subject}: the page shows what was seen.`);
    for (const [id, trace] of await run(missing, version, tell))
      kept.set(id, { key: keys.get(id) ?? "", trace });
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(Object.fromEntries(kept)));
  }
  return { subject, traces: new Map(Array.from(kept, ([id, { trace }]) => [id, trace])) };
}

async function run(
  cases: readonly Case[],
  version: string,
  tell: (text: string) => void,
): Promise<[string, CellEvidence][]> {
  let done = 0;
  const cell: Cell = {
    subject: {
      name: "undici",
      version: null,
      library: { name: "undici", version },
      knownFailures: [],
    },
    runtime: { name: "node", version: process.versions.node },
    start({ order, signal, started }) {
      const worker = join(import.meta.dirname, "worker.ts");
      const child = spawn(process.execPath, [worker, order], { stdio: "ignore" });
      started(child.pid);
      signal.addEventListener("abort", () => child.kill("SIGKILL"));
      return once(child, "exit").then(([status]) => `status ${String(status)}`);
    },
  };
  const { runs } = await runJobs({
    cells: [cell],
    cases,
    allCases,
    jobs: availableParallelism(),
    limit: 600_000,
    onCase: () => {
      if (++done % 500 === 0) tell(`  ${done} of ${cases.length}`);
    },
  });
  const cells = Object.entries(runs[0]?.cells ?? {});
  const bad = cells.filter(([, { outcome }]) => isBad(outcome)).map(([id]) => id);
  if (bad.length > 0) tell(`No trace, as it did not pass: ${bad.join(", ")}`);
  return cells
    .filter(([, { outcome }]) => !isBad(outcome))
    .map(([id, record]) => [id, evidenceOfCell(record)]);
}

function readKept(file: string): [string, Kept][] {
  if (!existsSync(file)) return [];
  return Object.entries(JSON.parse(readFileSync(file, "utf8")) as Record<string, Kept>);
}

function keyOf(subject: string, of: Case): string {
  const text = JSON.stringify([subject, definitionOf(of, new Map())]);
  return createHash("sha256").update(text).digest("base64url").slice(0, 16);
}
