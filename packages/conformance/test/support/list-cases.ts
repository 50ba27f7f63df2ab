/* Writes src/cases/index.ts from the files of cases. With --check it only says whether that is needed. */

import { execFileSync } from "node:child_process";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "../../src/cases");
const index = join(folder, "index.ts");

const lists = globSync("*/*.ts", { cwd: folder })
  .toSorted()
  .flatMap((file) => {
    const text = readFileSync(join(folder, file), "utf8");
    return [...text.matchAll(/^export const (\w+): readonly Case\[\]/gm)].map(([, name = ""]) => ({
      file,
      name,
    }));
  });

const written = `/* All cases. Written by test/support/list-cases.ts from the files beside it. */

import type { Case } from "../case.ts";
${lists.map(({ file, name }) => `import { ${name} } from "./${file}";`).join("\n")}

/** Every case of the suite, sorted by id. */
export const allCases: readonly Case[] = [
${lists.map(({ name }) => `  ...${name},`).join("\n")}
].toSorted((a, b) => (a.id < b.id ? -1 : 1));
`;

if (!process.argv.includes("--check")) {
  writeFileSync(index, written);
  execFileSync("oxfmt", [index], { stdio: "ignore" });
} else if (readFileSync(index, "utf8").replaceAll(/\s/g, "") !== written.replaceAll(/\s/g, "")) {
  process.stderr.write("src/cases/index.ts is out of date: run node test/support/list-cases.ts\n");
  process.exitCode = 1;
}
