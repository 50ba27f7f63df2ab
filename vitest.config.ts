// Unit tests of every package, on its sources: the condition makes an import of a sibling package resolve to `src`.
// What takes long is named `*.long.test.ts`, and is run by `vitest run --mode long`.
import { existsSync, readdirSync } from "node:fs";
import { defineConfig } from "vitest/config";

const conditions = ["anyhttp-source", "node", "import", "module", "default"];
const takesLong = /\.long\.test\.ts$/;

/** The packages with tests of the kind that is asked for. */
const withTests = (long: boolean): string[] =>
  ["packages", "apps", "tooling"]
    .flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`))
    .filter((folder) => {
      if (!existsSync(`${folder}/test`)) return false;
      const files = readdirSync(`${folder}/test`, { recursive: true, encoding: "utf8" });
      return files.some((file) => file.endsWith(".test.ts") && takesLong.test(file) === long);
    });

export default defineConfig(({ mode }) => ({
  test: {
    projects: withTests(mode === "long").map((root) => ({
      extends: true,
      root,
      resolve: { conditions },
      ssr: { resolve: { conditions, externalConditions: conditions } },
      test: {
        name: root.replace(/^packages\//, ""),
        include: [mode === "long" ? "test/**/*.long.test.ts" : "test/**/*.test.ts"],
        exclude: mode === "long" ? [] : ["test/**/*.long.test.ts"],
      },
    })),
    // A guard against what hangs, on machines that are slow or busy: no test judges how long it takes by it.
    testTimeout: 30_000,
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
}));
