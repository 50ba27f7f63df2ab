// What a change must hold beyond `npm test`, on a machine that may install things: other runtimes, the release,
// and the newcomer's first minutes.
import { conformanceCounts, ownCounts } from "./counts.ts";
import { runSteps } from "./steps.ts";

await runSteps(
  "wider check",
  [
    {
      name: "system",
      about: "programs that only these checks use",
      command: ["node", "tooling/check/src/system.ts"],
      output: "live",
    },
    {
      name: "matrix",
      about: "every case on every transport in every runtime",
      command: [
        "node",
        "tooling/matrix/src/main.ts",
        "--runtime",
        "all",
        "--json",
        "reports/matrix.json",
        "--html",
        "reports/matrix.html",
      ],
      output: "live",
      limit: 1_200_000,
      counts: { file: "reports/matrix.json", read: conformanceCounts },
    },
    {
      name: "smoke",
      about: "anyhttp loads in every runtime, and takes the transport that it should",
      command: ["node", "tooling/matrix/src/smoke.ts", "--json", "reports/smoke.json"],
      output: "live",
      needs: ["matrix"],
      counts: { file: "reports/smoke.json", read: ownCounts },
    },
    {
      name: "bundles",
      about: "programs with anyhttp, made by esbuild, Vite, webpack and Rollup, in Chromium",
      command: [
        "node",
        "tooling/check/src/bundles.ts",
        "--browser",
        "--json",
        "reports/bundles-wide.json",
      ],
      output: "live",
      counts: { file: "reports/bundles-wide.json", read: ownCounts },
    },
    {
      name: "outsider",
      about: "every case on a transport that the suite does not know",
      command: [
        "node",
        "packages/conformance/dist/cli.js",
        "--transport",
        "packages/conformance/test/outsider/main.ts",
        "--json",
        "reports/conformance-outsider.json",
      ],
      counts: { file: "reports/conformance-outsider.json", read: conformanceCounts },
    },
    {
      name: "docs-python",
      about: "the examples beside aiohttp's",
      command: [
        "node",
        "tooling/docs/src/main.ts",
        "--python",
        "--page",
        "docs/migrating/aiohttp.md",
        "--json",
        "reports/docs-python.json",
      ],
      output: "live",
      counts: { file: "reports/docs-python.json", read: ownCounts },
    },
    {
      name: "release",
      about: "a publication in which nothing is sent",
      command: ["node", "tooling/check/src/release.ts", "--json", "reports/release.json"],
      output: "live",
      counts: { file: "reports/release.json", read: ownCounts },
    },
    {
      name: "newcomer",
      about: "a fresh clone starts, with empty caches and again without a network",
      command: ["node", "tooling/check/src/newcomer.ts", "--json", "reports/newcomer.json"],
      output: "live",
      limit: 600_000,
      counts: { file: "reports/newcomer.json", read: ownCounts },
    },
  ],
  "reports/wide.json",
);
