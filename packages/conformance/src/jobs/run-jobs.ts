/*
 * Runs subjects in processes beside one another, each with an origin to itself, and joins what they hand in. How such a
 * process is started is the caller's business; that each case has an outcome, whatever happens to it, is done here.
 */

import { setPriority } from "node:os";
import type { Case } from "../case/case.ts";
import type { CellRecord, RunRecord, SuiteRecord } from "../report/record.ts";
import { suiteRecord } from "../report/suite-record.ts";
import { inParallel } from "../run/in-parallel.ts";
import { isStale, withListProblems } from "../run/known-failures.ts";
import { count, isBad } from "../run/outcome.ts";
import type { Runtime } from "../run/runtime.ts";
import type { Subject } from "../run/subject.ts";
import { Desk } from "./desk.ts";
import { type Report, unheard } from "./order.ts";
import { Origins } from "./origins.ts";
import { type Share, split } from "./split.ts";

/** What a process is started with. */
export interface Situation {
  readonly desk: Desk;
  /** Where the order is. */
  readonly order: string;
  /** The authority of the origin, in PEM, for runtimes whose TLS is their own. */
  readonly ca: string;
  /** Fires when the process has to end, at the latest when the job is done. */
  readonly signal: AbortSignal;
  /** To be called with the id of each process that was started. */
  readonly started: (pid: number | undefined) => void;
}

/** A subject in a runtime, and what starts it there. */
export interface Cell {
  readonly subject: Omit<Subject, "create">;
  /** What is reported if it never told. */
  readonly runtime: Runtime;
  /** Starts a process. Resolves when it has ended, with what it said if that is of interest. */
  readonly start: (situation: Situation) => Promise<string>;
  /** How many exclusive cases one process gets at most. */
  readonly share?: number;
  /** How many cases one process runs at once. */
  readonly parallel?: number;
  /** Whether even its bulk mostly waits, so that it need not wait for processes that work. */
  readonly waits?: boolean;
  /** Whether the runtime may end a process by itself, so that another is started, once, for what that one left. */
  readonly restarts?: boolean;
}

/** What to run, and how much at once. */
export interface JobsOptions {
  readonly cells: readonly Cell[];
  readonly cases: readonly Case[];
  readonly allCases: readonly Case[];
  /** How many processes work at once; those that mostly wait come on top. */
  readonly jobs: number;
  /** Milliseconds that one process may take. */
  readonly limit: number;
  /** Whether records of cases that passed may lack what the witnesses said. Default: no. */
  readonly brief?: boolean;
  readonly onCase?: (cell: Cell, id: string, record: CellRecord) => void;
  readonly onCell?: (cell: Cell, run: RunRecord) => void;
  /** Told what is judged again; see {@link runJobs}. */
  readonly onAgain?: (cell: Cell, cases: readonly string[]) => void;
  /** Told why a process did not come to its end, when that is so. */
  readonly onFault?: (cell: Cell, what: string) => void;
}

interface Job {
  readonly cell: Cell;
  readonly share: Share;
}

/**
 * Runs cells × cases. Never rejects because of a subject or of its runtime. What came out in company as it should not is
 * judged again, with little beside it, and if need be once more, with nothing at all beside it: that counts.
 */
export async function runJobs(options: JobsOptions): Promise<SuiteRecord> {
  const { cells, cases, allCases, jobs } = options;
  const desk = await Desk.open();
  const origins = new Origins();
  // Known failures often wait until they are given up: what takes longest comes first, so that it does not end last.
  const all = cells
    .toSorted((a, b) => b.subject.knownFailures.length - a.subject.knownFailures.length)
    .flatMap((cell) => split(cases, cell.share).map((share): Job => ({ cell, share })));
  const parts = new Map<Cell, Part[]>(cells.map((cell) => [cell, []]));
  const left = new Map(cells.map((cell) => [cell, all.filter((job) => job.cell === cell).length]));
  const run = async (job: Job): Promise<void> => {
    const { cell } = job;
    const list = parts.get(cell) ?? [];
    const part = await runJob(job, desk, origins, options);
    list.push(part);
    if (part.fault !== null) options.onFault?.(cell, part.fault);
    left.set(cell, (left.get(cell) ?? 0) - 1);
    if (left.get(cell) === 0) options.onCell?.(cell, join(cell, list, cases));
  };
  const lanes = Object.groupBy(all, laneOf);
  try {
    await Promise.all([
      inParallel(lanes.busy ?? [], jobs, run),
      inParallel(lanes.waiting ?? [], jobs + 1, run),
      inParallel(lanes.exclusive ?? [], jobs * 4, run),
    ]);
    for (const alone of [false, true]) {
      const again = cells
        .map((cell) => ({ cell, cases: doubtful(cell, parts.get(cell) ?? [], cases) }))
        .filter((job) => job.cases.length > 0);
      for (const job of again) options.onAgain?.(job.cell, job.cases);
      await inParallel(again, alone ? 1 : jobs * 2, ({ cell, cases: ids }) =>
        run({ cell, share: { cases: ids, exclusive: true, alone } }),
      );
    }
  } finally {
    await Promise.all([desk.close(), origins.close()]);
  }
  const runs = cells.map((cell) => {
    const whole = join(cell, parts.get(cell) ?? [], cases);
    return withListProblems(whole, cell.subject.knownFailures, allCases);
  });
  return suiteRecord(cases, allCases, runs);
}

function laneOf({ cell, share }: Job): "busy" | "waiting" | "exclusive" {
  if (share.exclusive) return "exclusive";
  return cell.waits === true ? "waiting" : "busy";
}

/** The cases that failed, those that did not although they are known to, and those that a lost process left. */
function doubtful(cell: Cell, parts: readonly Part[], cases: readonly Case[]): string[] {
  const heard = heardOf(parts);
  const resumed = isMadeGood(cell, parts);
  return cases
    .map(({ id }) => id)
    .filter((id) => {
      const record = heard.get(id);
      if (!record) return resumed;
      return isBad(record.outcome) || (record.known && isStale(record.known, record.outcome));
    });
}

/** Whether the one process that was lost is made good by another, which does not take as long again in vain. */
function isMadeGood({ restarts }: Cell, parts: readonly Part[]): boolean {
  const lost = parts.filter(({ fault }) => fault !== null);
  return restarts === true && lost.length === 1 && lost[0]?.late === false;
}

function heardOf(parts: readonly Part[]): Map<string, CellRecord> {
  return new Map(parts.flatMap((part) => [...part.cells]));
}

/** What one process came to. */
interface Part {
  readonly cells: ReadonlyMap<string, CellRecord>;
  readonly run: Report["run"] | undefined;
  readonly fault: string | null;
  /** Whether it had to be stopped. */
  readonly late: boolean;
}

async function runJob(
  { cell, share }: Job,
  desk: Desk,
  origins: Origins,
  options: JobsOptions,
): Promise<Part> {
  const { name, version, library, knownFailures } = cell.subject;
  const parallel = share.alone === true ? 1 : cell.parallel;
  const origin = await origins.take(share.exclusive ? 0 : low);
  const stop = new AbortController();
  let sound = false;
  try {
    const { url, ca } = origin;
    const ticket = desk.lay(
      {
        subject: { name, version, library, knownFailures },
        cases: share.cases,
        origin: { url, ca },
        ...(parallel === undefined ? {} : { parallel }),
        ...(options.brief === undefined ? {} : { brief: options.brief }),
      },
      (id, record) => options.onCase?.(cell, id, record),
    );
    const timer = setTimeout(() => stop.abort(), options.limit);
    const ended = cell.start({
      desk,
      order: ticket.url,
      ca,
      signal: stop.signal,
      started: (pid) => giveWay(pid, share.exclusive),
    });
    const said = ended.then(
      (text) => text,
      (error: unknown) => String(error),
    );
    const last = await Promise.race([ticket.done, said]);
    clearTimeout(timer);
    const late = stop.signal.aborted;
    stop.abort();
    await said;
    if (typeof last !== "string") {
      sound = last.fault === undefined;
      return { cells: ticket.cells, run: last.run, fault: last.fault ?? null, late: false };
    }
    const fault = late ? `it was stopped after ${options.limit} ms` : `the process ended: ${last}`;
    return { cells: ticket.cells, run: undefined, fault, late };
  } finally {
    stop.abort();
    await origins.giveBack(origin, sound);
  }
}

const low = 15;

/** Durations that are judged must not be those of a crowd. */
function giveWay(pid: number | undefined, exclusive: boolean): void {
  if (exclusive || pid === undefined) return;
  try {
    setPriority(pid, low);
  } catch {
    // It has ended already.
  }
}

/** Joins the parts of a cell; a case of which nothing was heard has an outcome all the same. */
function join(cell: Cell, parts: readonly Part[], cases: readonly Case[]): RunRecord {
  const heard = heardOf(parts);
  const faults = parts.flatMap(({ fault }) => fault ?? []);
  const missed = unheard(faults[0] ?? "the case was not run");
  const cells = Object.fromEntries(cases.map(({ id }) => [id, heard.get(id) ?? missed] as const));
  const run = parts.find((part) => part.run)?.run;
  const whole = isMadeGood(cell, parts) && cases.every(({ id }) => heard.has(id));
  const problems = parts.flatMap((part) => part.run?.problems ?? []);
  const { name, version, library } = cell.subject;
  return {
    subject: { name, version, library },
    runtime: run?.runtime ?? cell.runtime,
    capabilities: run?.capabilities ?? ({} as RunRecord["capabilities"]),
    cells,
    problems: [...new Set([...problems, ...(whole ? [] : faults)])],
    totals: count(Object.values(cells).map(({ outcome }) => outcome)),
  };
}
