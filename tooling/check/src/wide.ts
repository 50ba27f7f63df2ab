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
      name: "install",
      about: "the runtimes",
      command: ["pnpm", "--dir", "tooling/runtimes", "install", "--frozen-lockfile"],
    },
    {
      name: "runtimes",
      about: "core and the fetch transport load and send on each",
      command: ["node", "tooling/runtimes/src/main.ts", "--json", "reports/runtimes.json"],
      output: "live",
      needs: ["install"],
      counts: { file: "reports/runtimes.json", read: ownCounts },
    },
    ...["undici-7", "outsider"].map((name) => ({
      name,
      about: "every case on one transport more",
      command: [
        "node",
        "packages/conformance/dist/cli.js",
        "--transport",
        name === "outsider"
          ? "packages/conformance/test/outsider/main.ts"
          : "packages/transport-undici/conformance/undici-7.mjs",
        "--json",
        `reports/conformance-${name}.json`,
      ] as [string, ...string[]],
      counts: { file: `reports/conformance-${name}.json`, read: conformanceCounts },
    })),
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
