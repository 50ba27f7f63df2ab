// Removes what the build and the tests leave behind, and nothing that an install has made.
import { globSync, rmSync } from "node:fs";

const leftovers = ["packages/*", "apps/*", "apps/demo/library", "tooling/*"].flatMap((folder) =>
  globSync([
    `${folder}/dist`,
    `${folder}/.turbo`,
    `${folder}/temp`,
    `${folder}/node_modules/.cache`,
  ]),
);
for (const path of [...leftovers, ".turbo", "coverage", "reports"]) {
  rmSync(path, { recursive: true, force: true });
}
