// The tests in a browser: a part of the wide checks, because they need Chromium.
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: import.meta.dirname,
  test: {
    name: "conformance page in Chromium",
    include: ["browser/**/*.test.ts"],
    testTimeout: 240_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    fileParallelism: false,
    passWithNoTests: false,
  },
});
