/* Runs subjects in processes of this very Node, several at once. */

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Case } from "../case/case.ts";
import { type Cell, runJobs } from "../jobs/run-jobs.ts";
import type { CellRecord, SuiteRecord } from "../report/record.ts";
import { detectRuntime } from "../run/runtime.ts";
import { ownsConnections, type Subject } from "../run/subject.ts";
import { atEnd } from "./at-end.ts";
import type { NamedSubject } from "./subjects.ts";

/** Milliseconds that one process may take: a case that hangs has a deadline of its own. */
const limit = 600_000;

/** Runs the suite in so many processes. */
export async function runInProcesses(
  subjects: readonly NamedSubject[],
  options: {
    readonly cases: readonly Case[];
    readonly allCases: readonly Case[];
    readonly jobs: number;
    readonly brief: boolean;
    readonly onCase: (subject: Subject, id: string, cell: CellRecord) => void;
  },
): Promise<SuiteRecord> {
  const folder = mkdtempSync(join(tmpdir(), "anyhttp-conformance-"));
  const remove = atEnd(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  try {
    const { onCase, ...rest } = options;
    const made = new Map<Cell, Subject>(
      subjects.map(({ subject, wish }) => [cellOf(subject, wish, folder), subject]),
    );
    return await runJobs({
      ...rest,
      cells: [...made.keys()],
      limit,
      onCase: (cell, id, record) => onCase(made.get(cell) as Subject, id, record),
    });
  } finally {
    remove();
  }
}

function cellOf(subject: Subject, wish: string, folder: string): Cell {
  const ambient = !ownsConnections(subject.create({}));
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const worker = fileURLToPath(new URL(`worker.${extension}`, import.meta.url));
  let made = 0;
  return {
    subject,
    runtime: detectRuntime(),
    start({ order, ca, signal, started }) {
      const env = { ...process.env };
      if (ambient) {
        const file = join(folder, `${subject.name.replaceAll(/\W/g, "-")}-${++made}.pem`);
        writeFileSync(file, ca);
        env["NODE_EXTRA_CA_CERTS"] = file;
      }
      const child = spawn(process.execPath, [...process.execArgv, worker, order, wish], {
        env,
        stdio: ["ignore", "inherit", "inherit"],
      });
      started(child.pid);
      // Nobody would be left to hear what it finds out.
      const stop = atEnd(() => child.kill("SIGKILL"));
      signal.addEventListener("abort", stop);
      return new Promise((resolve, reject) => {
        child.once("error", reject);
        child.once("exit", (code, name) => {
          stop();
          resolve(`status ${code ?? name}`);
        });
      });
    },
  };
}
