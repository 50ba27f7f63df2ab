// Rehearses the release: everything of a publication but the sending, and every public package must be in it.
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { publicPackages } from "./public-packages.ts";
import { Tally } from "./tally.ts";

const { values } = parseArgs({ options: { json: { type: "string" } } });
const run = spawnSync("pnpm", ["-r", "publish", "--dry-run", "--no-git-checks"], {
  encoding: "utf8",
});
const output = `${run.stdout}${run.stderr}${run.error?.message ?? ""}`;
if (run.status !== 0) console.log(output);

const tally = new Tally();
for (const { name, version } of publicPackages()) {
  // A filter that matches nothing is no error to pnpm, so its status alone proves nothing.
  const rehearsed = run.status === 0 && output.includes(`Skip publishing ${name}@${version}`);
  tally.count(name, rehearsed ? undefined : "would not be published");
  console.log(`  ${rehearsed ? "ok" : "failed"} ${name}@${version}`);
}
tally.report(values.json);
