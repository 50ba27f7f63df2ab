// How each runtime is started on the smoke test, and how its outcome is learned.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { Origin } from "./origin.ts";

export interface Situation {
  origin: Origin;
  /** The test as one file without imports, for what cannot resolve packages. */
  workerBundle: string;
  /** A folder for what a runtime leaves behind; removed afterwards. */
  scratch: string;
  signal: AbortSignal;
}

type Launch = (situation: Situation) => Promise<string>;

const modules = join(import.meta.dirname, "../node_modules");
const command = join(import.meta.dirname, "../../check/universal/command.mjs");

/** Resolves with the last line that the runtime prints. */
const commandLine =
  (program: string, ...args: string[]): Launch =>
  async ({ origin, signal }) => {
    const child = start(program, [...args, command, origin.url], signal);
    const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
    const printed = child.printed().trim();
    return status === 0 ? printed : `exit status ${status}: ${printed}`;
  };

const workerd: Launch = async ({ origin, workerBundle, scratch, signal }) => {
  const config = join(scratch, "worker.capnp");
  writeFileSync(
    config,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .smoke),
    (name = "loopback", network = (allow = ["private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const smoke :Workerd.Worker = (
  modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
  compatibilityDate = "2026-11-01",
  globalOutbound = "loopback",
);
`,
  );
  writeFileSync(join(scratch, "worker.mjs"), workerBundle);
  const child = start(join(modules, ".bin/workerd"), ["serve", config, "--control-fd=3"], signal);
  try {
    const port = await listenEvent(child);
    const answer = await fetch(`http://127.0.0.1:${port}/?base=${encodeURIComponent(origin.url)}`, {
      signal,
    });
    return await answer.text();
  } catch (error) {
    return `${String(error)} ${child.printed()}`;
  } finally {
    stop(child);
  }
};

const chromium: Launch = async ({ origin, scratch, signal }) => {
  const flags =
    "--headless --no-sandbox --disable-gpu --disable-quic --disable-dev-shm-usage --no-first-run --disable-background-networking --disable-component-update --disable-sync";
  const args = [...flags.split(" "), `--user-data-dir=${scratch}`, `${origin.url}page?chromium`];
  const child = start("chromium", args, signal);
  try {
    const ended = new Promise<string>((resolve) => {
      child.once("close", (code) => resolve(`ended with ${code}: ${child.printed()}`));
    });
    return await Promise.race([origin.reported("?chromium"), ended]);
  } finally {
    stop(child);
  }
};

export const runtimes: Readonly<Record<string, Launch>> = {
  "node 22": commandLine(join(modules, "node22/bin/node")),
  deno: commandLine(
    join(modules, ".bin/deno"),
    // Without these Deno would look for packages of its own accord, and write to the package.json it finds.
    ..."run --no-remote --no-check --no-lock --node-modules-dir=manual --allow-net=127.0.0.1".split(
      " ",
    ),
  ),
  bun: commandLine(join(modules, ".bin/bun")),
  workerd,
  chromium,
};

/** Runs one launch in a scratch folder, with a limit; never rejects. */
export async function outcomeOf(
  launch: Launch,
  situation: Omit<Situation, "scratch" | "signal">,
  limit: number,
): Promise<string> {
  const scratch = mkdtempSync(join(tmpdir(), "anyhttp-runtime-"));
  const signal = AbortSignal.timeout(limit);
  const late = new Promise<string>((resolve) => {
    signal.addEventListener("abort", () => resolve(`no outcome within ${limit} ms`));
  });
  try {
    return await Promise.race([launch({ ...situation, scratch, signal }), late]);
  } catch (error) {
    return String(error);
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

type Child = ChildProcess & { printed: () => string };

function start(program: string, args: readonly string[], signal: AbortSignal): Child {
  // A group of its own, because a browser is many processes.
  const child = spawn(program, args, { detached: true, stdio: ["ignore", "pipe", "pipe", "pipe"] });
  let text = "";
  const collect = (chunk: Buffer): void => void (text += chunk.toString());
  child.stdout?.on("data", collect);
  child.stderr?.on("data", collect);
  child.once("error", (error) => void (text += error.message));
  signal.addEventListener("abort", () => stop(child));
  return Object.assign(child, { printed: () => text });
}

function stop(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** workerd says on its control descriptor which port it was given. */
function listenEvent(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = "";
    (child.stdio[3] as Readable).on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const [, port] = /"event":"listen".*?"port":(\d+)/.exec(text) ?? [];
      if (port !== undefined) resolve(Number(port));
    });
    child.once("close", () => reject(new Error("ended before it listened")));
  });
}
