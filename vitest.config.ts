// Unit tests of every package, on its sources: the condition makes an import of a sibling package resolve to `src`.
import { existsSync, readdirSync } from "node:fs";
import { defineConfig } from "vitest/config";

const conditions = ["anyhttp-source", "node", "import", "module", "default"];
const withTests = ["packages", "apps", "tooling"]
  .flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`))
  .filter((folder) => existsSync(`${folder}/test`));

export default defineConfig({
  test: {
    projects: withTests.map((root) => ({
      extends: true,
      root,
      resolve: { conditions },
      ssr: { resolve: { conditions, externalConditions: conditions } },
      test: { name: root.replace(/^packages\//, ""), include: ["test/**/*.test.ts"] },
    })),
    testTimeout: 10_000,
    // Most of what takes long waits: for deadlines, and for processes of its own.
    maxWorkers: 4,
    unstubGlobals: true,
    restoreMocks: true,
    passWithNoTests: false,
    coverage: {
      provider: "v8",
      // Relative to the root of each project.
      include: ["src/**/*.ts"],
      reporter: ["text-summary", "html", "json-summary"],
      reportsDirectory: "coverage",
    },
  },
});
