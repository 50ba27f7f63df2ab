// Makes one file of the runner and a transport, as a bundler would for an application on that platform.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Transport } from "./cells.ts";

export type Platform = "node" | "bun" | "deno" | "worker" | "browser";

const here = join(import.meta.dirname, "..");

/** What a bundle for each platform is told, and how it learns where its order is. */
const platforms: Readonly<Record<Platform, { flags: readonly string[]; main: string }>> = {
  node: server("node", "process.argv[2]", "process.exit()"),
  bun: server("bun", "process.argv[2]", "process.exit()"),
  deno: server("deno", "Deno.args[0]", "Deno.exit()"),
  worker: {
    flags: ["--platform=browser", "--conditions=workerd,worker"],
    main: `export default {
      async fetch(request) {
        await work(new URL(request.url).searchParams.get("order"), create);
        return new Response("done");
      },
    };`,
  },
  browser: {
    flags: ["--platform=browser"],
    main: `await work(new URLSearchParams(location.search).get("order"), create);`,
  },
};

function server(condition: string, order: string, end: string): (typeof platforms)[Platform] {
  const require = `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`;
  return {
    flags: ["--platform=node", `--conditions=${condition}`, `--banner:js=${require}`],
    main: `await work(${order}, create); ${end};`,
  };
}

/** The bundle as text; throws what the bundler says. */
export function bundle(platform: Platform, transport: Transport): string {
  const { factory, options = {}, library, installed } = transport;
  const program = `
    import { work } from "@anyhttp/conformance/runner";
    import { ${factory} as factory } from "@anyhttp/${transport.package}";
    const create = (options) => factory({ ...options, ...${JSON.stringify(options)} });`;
  return bundleOf(
    platform,
    program,
    installed === undefined ? [] : [`--alias:${library}=${installed}`],
  );
}

/** The same of any program that has `work(order, create)`. */
export function bundleOf(
  platform: Platform,
  program: string,
  more: readonly string[] = [],
): string {
  const { flags, main } = platforms[platform];
  const esbuild = join(here, "../runtimes/node_modules/.bin/esbuild");
  const args = ["--bundle", "--format=esm", "--target=es2023", "--keep-names", "--log-level=error"];
  const run = spawnSync(esbuild, [...args, ...flags, ...more], {
    cwd: here,
    input: `${program}\n${main}`,
    encoding: "utf8",
    maxBuffer: 64_000_000,
  });
  if (run.status !== 0) throw new Error(run.error?.message ?? run.stderr);
  return run.stdout;
}
