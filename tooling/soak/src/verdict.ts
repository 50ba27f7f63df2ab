/* What is wrong with a run, and whether its heap and sockets stayed level. */

import type { Run, Sample } from "./run.ts";
import { trend, type Tolerance, type Trend } from "./trend.ts";

export interface Verdict {
  readonly heap: Trend;
  readonly sockets: Trend;
  /** One sentence each; none: the run is good. */
  readonly complaints: readonly string[];
}

/** Caches and compiled code settle in the first part of a run, which says nothing about leaks. */
const warmUp = 0.2;
const heapTolerance: Tolerance = { share: 0.1, least: 2 };
const socketTolerance: Tolerance = { share: 0.15, least: 8 };

export const megabytes = (bytes: number): number => bytes / 1_048_576;

export function judge(run: Run): Verdict {
  const settled = run.samples.slice(Math.floor(run.samples.length * warmUp));
  const over = (value: (sample: Sample) => number, tolerance: Tolerance): Trend =>
    trend(settled.map(value), tolerance);
  const heap = over((sample) => megabytes(sample.heap), heapTolerance);
  const sockets = over((sample) => Math.max(sample.sockets, sample.originSockets), socketTolerance);
  const { result, left, exitCode } = run;
  const wrong: readonly (readonly [bad: boolean, complaint: string])[] = [
    [heap.verdict === "growing", "the heap grows"],
    [sockets.verdict === "growing", "the open sockets grow"],
    [result.unexpected > 0, `${result.unexpected} calls ended as they should not`],
    [result.hung.length > 0, `calls never settled: ${result.hung.join(", ")}`],
    [result.listeners > 0, `${result.listeners} listeners are left on the shared signal`],
    [result.sockets > 0, `the client has ${result.sockets} sockets open after close()`],
    [left > 0, `the origin has ${left} sockets open though the client has gone`],
    [result.resources.length > 0, `left after close(): ${result.resources.join(", ")}`],
    [exitCode === null, "the client did not end by itself"],
    [exitCode !== 0 && exitCode !== null, `the client ended with ${exitCode}`],
  ];
  return { heap, sockets, complaints: wrong.filter(([bad]) => bad).map(([, what]) => what) };
}
