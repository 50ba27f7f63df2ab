// `npm test`: everything that a change must hold, in the order in which a failure is cheapest to find.
import { conformanceCounts, ownCounts, vitestCounts } from "./counts.ts";
import { runSteps } from "./steps.ts";
import { wideSteps } from "./wide-steps.ts";

const turbo = (task: string): [string, ...string[]] => [
  "turbo",
  "run",
  task,
  "--output-logs=errors-only",
];

await runSteps(
  "check",
  [
    { name: "format", about: "one layout for every file", command: ["oxfmt", "--check"] },
    {
      name: "build",
      about: "sources and declarations of every package",
      command: turbo("build"),
    },
    {
      name: "lint",
      about: "rules that need types see the declarations of the build",
      command: ["oxlint", "--type-aware"],
      needs: ["build"],
    },
    {
      name: "types",
      about: "tests, tools and benchmarks",
      command: turbo("typecheck"),
      needs: ["build"],
    },
    { name: "unused", about: "files, exports and dependencies", command: ["knip"] },
    {
      name: "unit",
      about: "tests of the sources",
      command: [
        "vitest",
        "run",
        "--reporter=default",
        "--reporter=json",
        "--outputFile.json=reports/unit.json",
      ],
      output: "live",
      counts: { file: "reports/unit.json", read: vitestCounts },
    },
    {
      name: "packages",
      about: "what would be published: contents, types, size, public interface",
      command: ["node", "tooling/check/src/packages.ts", "--json", "reports/packages.json"],
      output: "live",
      needs: ["build"],
      counts: { file: "reports/packages.json", read: ownCounts },
    },
    {
      name: "bundles",
      about: "programs with anyhttp, made by esbuild, Vite, webpack and Rollup",
      command: ["node", "tooling/check/src/bundles.ts", "--json", "reports/bundles.json"],
      output: "live",
      needs: ["build"],
      counts: { file: "reports/bundles.json", read: ownCounts },
    },
    {
      name: "conformance",
      about: "every case on every transport, over real sockets",
      command: [
        "node",
        "packages/conformance/dist/cli.js",
        "--json",
        "reports/conformance.json",
        "--html",
        "reports/conformance.html",
      ],
      output: "live",
      needs: ["build"],
      limit: 900_000,
      counts: { file: "reports/conformance.json", read: conformanceCounts },
    },
    {
      name: "docs",
      about: "every example in the documentation, compiled and run",
      command: ["node", "tooling/docs/src/main.ts", "--json", "reports/docs.json"],
      output: "live",
      needs: ["build"],
      counts: { file: "reports/docs.json", read: ownCounts },
    },
  ],
  "reports/check.json",
  wideSteps,
);
