/* What must hold of all cases together. */

import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { allCases } from "../src/cases/index.ts";

const sources = join(import.meta.dirname, "../src");

it("every case has an id of its own", () => {
  const ids = allCases.map(({ id }) => id);
  expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
});

it("every file of cases is in the list", () => {
  const script = join(import.meta.dirname, "support/list-cases.ts");
  const { status, stderr } = spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
});

it("cases and runner need no Node module, and no case names a transport", () => {
  const neutral = globSync(["case/*.ts", "case.ts", "cases/**/*.ts", "run/*.ts", "runner.ts"], {
    cwd: sources,
  });
  const wrong = neutral.filter((file) => {
    const text = readFileSync(join(sources, file), "utf8");
    return /from "node:|\.name ===|(?:undici|axios|node-fetch)Transport/.test(text);
  });
  expect(wrong.filter((file) => !file.startsWith("run"))).toEqual([]);
  expect(
    wrong.filter((file) => /from "node:/.test(readFileSync(join(sources, file), "utf8"))),
  ).toEqual([]);
});
