/* A run as text. */

import { chart } from "./chart.ts";
import type { Run, Sample } from "./run.ts";
import type { Trend } from "./trend.ts";
import { megabytes, type Verdict } from "./verdict.ts";

export function report(run: Run, verdict: Verdict): string {
  const { plan, result, seconds, requests, samples } = run;
  const series = (value: (sample: Sample) => number): number[] => samples.map(value);
  const outcomes = Object.entries(result.outcomes).toSorted(([, a], [, b]) => b - a);
  return [
    "",
    `${result.calls} calls and ${requests} requests in ${seconds.toFixed(0)} s: ` +
      `${(requests / seconds).toFixed(0)} requests/s`,
    "",
    ...outcomes.map(([name, count]) => `  ${name.padEnd(30)}${String(count).padStart(9)}`),
    "",
    chart(
      "RSS",
      series(({ rss }) => megabytes(rss)),
      "MiB",
    ),
    chart(
      "heap after gc",
      series(({ heap }) => megabytes(heap)),
      "MiB",
    ),
    chart(
      "external",
      series(({ external }) => megabytes(external)),
      "MiB",
    ),
    chart(
      "client sockets",
      series(({ sockets }) => sockets),
      "",
    ),
    chart(
      "origin sockets",
      series(({ originSockets }) => originSockets),
      "",
    ),
    chart(
      "calls in flight",
      series(({ inFlight }) => inFlight),
      "",
    ),
    "",
    trendLine("heap", verdict.heap, "MiB"),
    trendLine("sockets", verdict.sockets, ""),
    ...result.examples.map(
      ({ kind, outcome, detail, worker, turn }) =>
        `unexpected: ${kind} came to ${outcome} ` +
        `(seed ${plan.seed}, worker ${worker}, turn ${turn}): ${detail}`,
    ),
    ...verdict.complaints.map((complaint) => `✗ ${complaint}`),
    verdict.complaints.length === 0 ? "✓ every outcome is one of its kind, and nothing grows" : "",
  ].join("\n");
}

/** One line while it runs. */
export function progress({
  at,
  calls,
  inFlight,
  rss,
  heap,
  sockets,
  originSockets,
}: Sample): string {
  const figures = [
    `${at.toFixed(0)} s`,
    `${calls} calls`,
    `${inFlight} in flight`,
    `RSS ${megabytes(rss).toFixed(0)} MiB`,
    `heap ${megabytes(heap).toFixed(1)} MiB`,
    `sockets ${sockets}/${originSockets}`,
  ];
  return figures.join(", ");
}

function trendLine(name: string, { verdict, first, last }: Trend, unit: string): string {
  return `${name}: ${verdict} (${first.toFixed(1)} → ${last.toFixed(1)} ${unit})`.replace(
    " )",
    ")",
  );
}
