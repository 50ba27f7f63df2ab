// Does what a newcomer does: clones, runs `npm start` with nothing cached, and again without a network.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { parseArgs } from "node:util";
import { seconds } from "./style.ts";
import { Tally } from "./tally.ts";

const root = join(import.meta.dirname, "../../..");
const { values } = parseArgs({ options: { json: { type: "string" } } });
const scratch = mkdtempSync(join(tmpdir(), "anyhttp-newcomer-"));
const clone = join(scratch, "anyhttp");

/** The environment before npm, npx and pnpm added to it: their programs and settings are not the newcomer's. */
function newcomersEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(npm_|pnpm_|turbo_|vitest|init_cwd$|node$|node_env$|force_color$|ci$)/i.test(name) ||
      /^npm_config_(registry|userconfig)$/i.test(name),
  );
  const path = (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => !/node_modules|node-gyp-bin/.test(folder));
  return {
    ...Object.fromEntries(kept),
    PATH: path.join(delimiter),
    npm_config_cache: join(scratch, "npm"),
    PNPM_HOME: join(scratch, "pnpm"),
    XDG_CACHE_HOME: join(scratch, "cache"),
    XDG_DATA_HOME: join(scratch, "data"),
    XDG_STATE_HOME: join(scratch, "state"),
  };
}

const tally = new Tally();

function attempt(name: string, cwd: string, command: string): boolean {
  const began = performance.now();
  console.log(`  ${name}`);
  // One stream, so that what is shown has the order in which the newcomer reads it.
  const run = spawnSync("sh", ["-c", `exec 2>&1; ${command}`], {
    cwd,
    env: newcomersEnvironment(),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 240_000,
  });
  const ok = run.status === 0;
  const problem = ok ? undefined : `failed, status ${run.status}`;
  tally.count(name, problem);
  const output = `${run.stdout}${run.error?.message ?? ""}`.trimEnd();
  // The end of the output is the summary that the newcomer sees.
  const shown = ok ? output.split("\n").slice(-12).join("\n") : output;
  console.log(shown.replaceAll(/^/gm, "      "));
  console.log(`  ${problem ?? "ok"} (${seconds(performance.now() - began)})`);
  return ok;
}

try {
  const cloned = attempt("clone", root, `git clone --quiet . "${clone}"`);
  if (cloned && attempt("npm start, nothing cached", clone, "npm start")) {
    const offline = "unshare --net sh -c 'ip link set lo up && exec npm start'";
    attempt("npm start, without a network", clone, offline);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
tally.report(values.json);
