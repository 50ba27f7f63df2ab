// The table of cells: which transports there are, and which of them each runtime carries.
import type { Platform } from "./bundle.ts";
import { browserOf } from "./runtimes/browsers.ts";
import { deno, bun, node } from "./runtimes/command-line.ts";
import type { Launcher } from "./runtimes/launcher.ts";
import { workerd } from "./runtimes/workerd.ts";

export interface Transport {
  /** Of the adapter, without its scope: `transport-undici`. */
  package: string;
  /** What it exports. */
  factory: string;
  /** Options beside those of the runner. */
  options?: Record<string, unknown>;
  /** The library below it; left out where there is none. */
  library?: string;
  /** The name under which the library is installed here, where that differs. */
  installed?: string;
  /** Lists of known failures, each in the folder of its package. */
  known?: readonly string[];
}

export const transports: Readonly<Record<string, Transport>> = {
  undici: { package: "transport-undici", factory: "undiciTransport", library: "undici" },
  "undici-7": {
    package: "transport-undici",
    factory: "undiciTransport",
    library: "undici",
    installed: "undici7",
  },
  axios: { package: "transport-axios", factory: "axiosTransport", library: "axios" },
  "node-fetch": {
    package: "transport-node-fetch",
    factory: "nodeFetchTransport",
    library: "node-fetch",
  },
  fetch: { package: "transport-fetch", factory: "fetchTransport" },
};

export interface Runtime {
  /** As the runner finds it out by itself. */
  name: string;
  platform: Platform;
  launch: Launcher;
  transports: readonly string[];
}

const all = ["undici", "undici-7", "axios", "node-fetch", "fetch"];

export const runtimes: Readonly<Record<string, Runtime>> = {
  "node-22": { name: "node", platform: "node", launch: node("node22"), transports: all },
  "node-24": { name: "node", platform: "node", launch: node("node24"), transports: all },
  "node-26": { name: "node", platform: "node", launch: node("node26"), transports: all },
  bun: { name: "bun", platform: "bun", launch: bun, transports: ["fetch"] },
  deno: { name: "deno", platform: "deno", launch: deno, transports: ["fetch"] },
  workerd: { name: "workerd", platform: "worker", launch: workerd, transports: ["fetch"] },
  chromium: {
    name: "chromium",
    platform: "browser",
    launch: browserOf("chromium"),
    transports: ["fetch"],
  },
  firefox: {
    name: "firefox",
    platform: "browser",
    launch: browserOf("firefox"),
    transports: ["fetch"],
  },
  webkit: {
    name: "webkit",
    platform: "browser",
    launch: browserOf("webkit"),
    transports: ["fetch"],
  },
};
