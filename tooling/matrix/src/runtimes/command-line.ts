// Runtimes that run a file.
import { join } from "node:path";
import { type Launcher, modules, start } from "./launcher.ts";

export const node =
  (name: string): Launcher =>
  (work) =>
    start(work, join(modules, name, "bin/node"), [work.bundle, work.order], {
      NODE_EXTRA_CA_CERTS: work.caFile,
    }).ended;

export const bun: Launcher = (work) =>
  start(work, join(modules, ".bin/bun"), [work.bundle, work.order], {
    NODE_EXTRA_CA_CERTS: work.caFile,
  }).ended;

export const deno: Launcher = (work) => {
  // Without these Deno would look for packages of its own accord, and write to the package.json it finds.
  const flags =
    "run --no-remote --no-check --no-lock --no-config --node-modules-dir=none --no-prompt -A";
  return start(
    work,
    join(modules, ".bin/deno"),
    [...flags.split(" "), `--cert=${work.caFile}`, work.bundle, work.order],
    { DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" },
  ).ended;
};
