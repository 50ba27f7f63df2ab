/* Writes COVERAGE.md. Usage: node -C anyhttp-source test/support/write-coverage.ts */

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { allCases } from "../../src/cases/index.ts";
import { coverageTable } from "./coverage.ts";

const file = join(import.meta.dirname, "../../COVERAGE.md");
writeFileSync(file, coverageTable(allCases));
execFileSync("oxfmt", [file], { stdio: "ignore" });
