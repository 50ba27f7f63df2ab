/*
 * The suite in a test runner: one test per case, in the words of vitest, jest and node:test. It only passes cases,
 * transport and origin on; what a case means is decided nowhere but in the runner.
 */

import type { Transport } from "@anyhttp/core";
import { allCases } from "../cases/index.ts";
import { trust } from "../cli/trust.ts";
import { startOrigin, type RunningOrigin } from "../origin/start.ts";
import type { SuiteRecord } from "../report/record.ts";
import { toTerminal } from "../report/terminal.ts";
import { runSuite } from "../run/run-suite.ts";
import { select } from "../run/select.ts";
import type { KnownFailure, TransportOptions } from "../run/subject.ts";

/** What the suite needs of a test runner, and what it is to judge. */
export interface ConformanceOptions {
  /** `describe` of vitest, jest or node:test. */
  readonly describe: (name: string, body: () => void) => unknown;
  /** `it` or `test` of the same. */
  readonly it: (name: string, body: () => Promise<void>, timeout?: number) => unknown;
  /** Makes the transport; called for each case. */
  readonly transport: (options: TransportOptions) => Transport;
  /** Cases that fail for a reason that is not the transport's own. They run, and must fail. */
  readonly knownFailures?: readonly KnownFailure[];
  /** Globs; all cases by default. */
  readonly cases?: readonly string[];
}

/** Declares one test for each case. */
export function conformance(options: ConformanceOptions): void {
  const { describe, it, transport: create, knownFailures = [] } = options;
  const { cases } = select(allCases, options.cases ?? []);
  const { name } = create({});
  const subject = { name, version: null, library: null, knownFailures, create };
  let origin: Promise<RunningOrigin> | null = null;
  let left = cases.length;
  describe(`conformance of ${name}`, () => {
    for (const of of cases) {
      it(`${of.id}: ${of.title}`, async () => {
        origin ??= startOrigin().then((started) => (trust(started.ca), started));
        const started = await origin;
        try {
          const record = await runSuite({
            cases: [of],
            allCases,
            subjects: [subject],
            origin: started,
          });
          if (!record.ok) throw new Error(failureText(record));
        } finally {
          // Not by `after` hooks: their names differ from runner to runner.
          if (--left === 0) await started.close();
        }
      }, 60_000);
    }
  });
}

function failureText(record: SuiteRecord): string {
  return toTerminal(record, { colour: false, verbose: false }).split("\n").slice(4).join("\n");
}
