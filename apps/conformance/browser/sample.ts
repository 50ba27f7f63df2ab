// Results for tests: every outcome, on as many columns as wanted. Never committed, and never shown as results.
import { allCases, type Outcome } from "@anyhttp/conformance";
import { fullCapabilities } from "@anyhttp/core";
import type { Run } from "../tools/results.ts";

const transports = ["axios", "fetch", "node-fetch", "undici", "undici-7"];
const lesser = { trailers: "discarded", fieldLines: "combined", tls: "ambient" } as const;

/** Runs of all transports on so many versions of Node. */
export function sampleRuns(runtimes: number): Run[] {
  return Array.from({ length: runtimes }, (_, version) =>
    transports.map((transport, at) => sampleRun(transport, `${20 + version}.1.0`, at + version)),
  ).flat();
}

function sampleRun(transport: string, version: string, seed: number): Run {
  const outcomes = allCases.map(({ id }, index) => [id, sampleCell(transport, index + seed)]);
  const all = outcomes.map(([, cell]) => (cell as { outcome: Outcome }).outcome);
  const names = ["pass", "known-failure", "not-applicable", "fail", "setup-error", "harness-error"];
  const totals = names.map((name) => [name, all.filter((one) => one === name).length]);
  return {
    revision: "sample",
    subject: { name: transport, version: "1.0.0", library: null },
    runtime: { name: "node", version },
    capabilities: { ...fullCapabilities, ...(transport === "fetch" ? lesser : {}) },
    outcomes: Object.fromEntries(outcomes) as Run["outcomes"],
    problems: [],
    totals: Object.fromEntries(totals) as Run["totals"],
  };
}

function sampleCell(transport: string, place: number): { outcome: Outcome; message?: string } {
  if (place % 211 === 0) return { outcome: "fail", message: "status: expected 200, got 500" };
  if (transport !== "fetch") return { outcome: "pass" };
  if (place % 97 === 0) return { outcome: "known-failure", message: "the platform keeps it" };
  if (place % 61 === 0)
    return { outcome: "not-applicable", message: "the transport declares tls: ambient" };
  return { outcome: "pass" };
}
