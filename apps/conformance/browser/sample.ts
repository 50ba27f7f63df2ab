// Results for tests: every outcome, on as many columns as the matrix has. Never committed, and never shown as results.
import { allCases, type Outcome } from "@anyhttp/conformance";
import { fullCapabilities } from "@anyhttp/core";
import type { Run } from "../tools/results.ts";

const onNode = "axios axios-fetch fetch node-fetch node-fetch-2 undici undici-7".split(" ");
const overFetch = ["axios-fetch", "fetch"];
const inPages = [...overFetch, "axios-xhr"];

/** The transports of each runtime. */
const carried: readonly (readonly [
  name: string,
  version: string,
  transports: readonly string[],
])[] = [
  ["node", "22.19.0", onNode],
  ["node", "24.21.0", onNode],
  ["node", "26.1.0", onNode],
  ["deno", "2.9.3", overFetch],
  ["bun", "1.4.2", overFetch],
  ["workerd", "1.20261101.0", overFetch],
  ["chromium", "142.0.7444.59", inPages],
  ["firefox", "145.0", inPages],
  ["webkit", "26.1", inPages],
];
const lesser = { trailers: "discarded", fieldLines: "combined", tls: "ambient" } as const;

/** Runs of all transports on all runtimes, or on the first so many. */
export function sampleRuns(runtimes: number = carried.length): Run[] {
  return carried
    .slice(0, runtimes)
    .flatMap(([name, version, transports], seed) =>
      transports.map((transport, at) => sampleRun(transport, { name, version }, at + seed)),
    );
}

function sampleRun(transport: string, runtime: Run["runtime"], seed: number): Run {
  const outcomes = allCases.map(({ id }, index) => [id, sampleCell(transport, index + seed)]);
  const all = outcomes.map(([, cell]) => (cell as { outcome: Outcome }).outcome);
  const names = ["pass", "known-failure", "not-applicable", "fail", "setup-error", "harness-error"];
  const totals = names.map((name) => [name, all.filter((one) => one === name).length]);
  return {
    revision: "sample",
    subject: { name: transport, version: "1.0.0", library: null },
    runtime,
    capabilities: { ...fullCapabilities, ...(ofPlatform(transport) ? lesser : {}) },
    outcomes: Object.fromEntries(outcomes) as Run["outcomes"],
    problems: [],
    totals: Object.fromEntries(totals) as Run["totals"],
  };
}

function ofPlatform(transport: string): boolean {
  return inPages.includes(transport);
}

function sampleCell(transport: string, place: number): { outcome: Outcome; message?: string } {
  if (transport === "axios" && place % 211 === 0)
    return { outcome: "fail", message: "status: expected 200, got 500" };
  if (!ofPlatform(transport)) return { outcome: "pass" };
  if (place % 97 === 0) return { outcome: "known-failure", message: "the platform keeps it" };
  if (place % 61 === 0)
    return { outcome: "not-applicable", message: "the transport declares tls: ambient" };
  return { outcome: "pass" };
}
