#!/usr/bin/env node
/* The command: reads its arguments, runs the suite, writes the reports. `--help` says the rest. */

import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import type { Case } from "./case/case.ts";
import { allCases } from "./cases/index.ts";
import { jobsOf } from "./cli/jobs.ts";
import { runInProcesses } from "./cli/processes.ts";
import { progress, type ProgressLine } from "./cli/progress.ts";
import { loadSubjects } from "./cli/subjects.ts";
import { checkTarget, writeReport } from "./cli/target.ts";
import { runTrusting, trust } from "./cli/trust.ts";
import { UsageError } from "./cli/usage-error.ts";
import { startOrigin } from "./origin/start.ts";
import type { CellRecord, SuiteRecord } from "./report/record.ts";
import { toHtml } from "./report/html.ts";
import { toJson } from "./report/json.ts";
import { toTerminal } from "./report/terminal.ts";
import { runSuite } from "./run/run-suite.ts";
import { select } from "./run/select.ts";
import { ownsConnections, type Subject } from "./run/subject.ts";

const help = `Usage: anyhttp-conformance [options]

Judges transports of anyhttp by what their callers get and by what an origin server sees.

  --transport NAME|FILE   undici, axios, node-fetch, fetch, or a module that exports a factory by default:
                          export default (options) => Transport. Repeatable. Default: all that are installed.
  --case GLOB             Only these cases: session/redirect, "transport/*/*-truncated". Repeatable.
  --json FILE             Write the outcomes as JSON.
  --html FILE             Write a page with everything.
  --jobs N                How many processes work at once; those that mostly wait come on top. 1: all in this
                          process. Default: as many as there are processors, and 1 for a few cases.
  --verbose               Show every case.
  --list                  List the cases and end.
  --help                  This text.

Exit status: 0 all is well, 1 something failed, 2 the command cannot be carried out.
`;

/** Set in the process that trusts the test authority from its start: that origin's address. */
const originVariable = "ANYHTTP_CONFORMANCE_ORIGIN";

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      transport: { type: "string", multiple: true, default: [] },
      case: { type: "string", multiple: true, default: [] },
      json: { type: "string" },
      html: { type: "string" },
      jobs: { type: "string" },
      verbose: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return print(help);
  const { cases, unmatched } = select(allCases, values.case);
  if (unmatched.length > 0) {
    const areas = [...new Set(allCases.map(({ area }) => area))];
    throw new UsageError(
      `No case fits ${unmatched.join(", ")}. Areas are ${areas.join(", ")}; --list shows all cases.`,
    );
  }
  if (values.list) return print(cases.map(({ id, title }) => `${id}  ${title}\n`).join(""));
  // Starting processes takes longer than a few cases do.
  const jobs = jobsOf(values.jobs) ?? (cases.length < 200 ? 1 : availableParallelism());
  checkTarget("--json", values.json);
  checkTarget("--html", values.html);
  const subjects = await loadSubjects(values.transport);
  const line = progress(cases.length * subjects.length);
  const record =
    jobs > 1
      ? await runInProcesses(subjects, {
          cases,
          allCases,
          jobs,
          brief: values.html === undefined && !values.verbose,
          onCase: line.tick,
        })
      : await runHere(
          subjects.map(({ subject }) => subject),
          cases,
          line.tick,
        );
  line.end();
  // The process that trusted the authority has said it all.
  if (typeof record === "number") return record;
  // First of all, so that it is there even if a disk is full.
  const colour = process.stdout.hasColors?.() ?? false;
  print(toTerminal(record, { colour, verbose: values.verbose }));
  if (values.json !== undefined)
    writeReport("--json", values.json, `${JSON.stringify(toJson(record), null, 2)}\n`);
  if (values.html !== undefined) writeReport("--html", values.html, toHtml(record));
  return record.ok ? 0 : 1;
}

/** Runs in this process, or, where it does not trust the authority and cannot learn to, in one that does. */
async function runHere(
  subjects: readonly Subject[],
  cases: readonly Case[],
  tick: ProgressLine["tick"],
): Promise<SuiteRecord | number> {
  const inherited = process.env[originVariable];
  const origin =
    inherited === undefined
      ? await startOrigin()
      : {
          ...(JSON.parse(inherited) as { url: string; ca: string }),
          close: () => Promise.resolve(),
        };
  try {
    const ambient = subjects.some((subject) => !ownsConnections(subject.create({})));
    if (ambient && inherited === undefined && !trust(origin.ca)) {
      return await runTrusting(origin.ca, {
        [originVariable]: JSON.stringify({ url: origin.url, ca: origin.ca }),
      });
    }
    const onCase = (subject: Subject, { id }: Case, cell: CellRecord): void =>
      tick(subject, id, cell);
    return await runSuite({ cases, allCases, subjects, origin, onCase });
  } finally {
    await origin.close();
  }
}

function print(text: string): 0 {
  process.stdout.write(text);
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  const usage =
    error instanceof UsageError ||
    (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS") === true;
  process.stderr.write(`${usage ? (error as Error).message : String((error as Error).stack)}\n`);
  process.exitCode = 2;
}
