// `npm start`: builds what has changed, then hands the terminal to the demo, which prints its own summary.
// With arguments the build is silent unless it fails: `pnpm demo get URL` prints what was asked for.
import { spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";
import { bold, dim, seconds } from "./style.ts";

const root = join(import.meta.dirname, "../../..");
const args = process.argv.slice(2);
const env = {
  ...process.env,
  PATH: [join(root, "node_modules/.bin"), process.env["PATH"]].join(delimiter),
  TURBO_TELEMETRY_DISABLED: "1",
};

const announce = (text: string): void => {
  if (args.length === 0) console.log(text);
};

announce(`${bold("[1/2] build")} ${dim("the packages that the demo uses")}`);
const began = performance.now();
const build = spawnSync(
  "turbo",
  ["run", "build", "--filter=@anyhttp/demo", "--output-logs=errors-only"],
  { cwd: root, env, encoding: "utf8" },
);
if (build.status !== 0) {
  process.stderr.write(`${build.error?.message ?? ""}${build.stdout}${build.stderr}`);
  console.error("The build failed; the demo was not started.");
  process.exit(1);
}
announce(`      ok · ${seconds(performance.now() - began)}\n`);
announce(`${bold("[2/2] demo")} ${dim("one library, four transports")}`);
// The caller's folder, so that `--data @file` means what it says.
const demo = spawnSync(process.execPath, [join(root, "apps/demo/dist/main.js"), ...args], {
  cwd: process.env["INIT_CWD"] ?? root,
  stdio: "inherit",
});
process.exitCode = demo.status ?? 1;
