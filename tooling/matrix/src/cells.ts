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

const faultsOfFetch = [
  "transport-fetch/known-failures.json",
  "transport-fetch/known-failures-browsers.json",
];

export const transports: Readonly<Record<string, Transport>> = {
  undici: { package: "transport-undici", factory: "undiciTransport", library: "undici" },
  "undici-7": {
    package: "transport-undici",
    factory: "undiciTransport",
    library: "undici",
    installed: "undici7",
  },
  axios: { package: "transport-axios", factory: "axiosTransport", library: "axios" },
  "axios-fetch": {
    package: "transport-axios",
    factory: "axiosTransport",
    options: { adapter: "fetch" },
    library: "axios",
    // It stands on the platform's fetch, and has its faults.
    known: faultsOfFetch,
  },
  "axios-xhr": {
    package: "transport-axios",
    factory: "axiosTransport",
    options: { adapter: "xhr" },
    library: "axios",
    known: ["transport-axios/known-failures-xhr.json"],
  },
  "node-fetch": {
    package: "transport-node-fetch",
    factory: "nodeFetchTransport",
    library: "node-fetch",
  },
  "node-fetch-2": {
    package: "transport-node-fetch",
    factory: "nodeFetchTransport",
    library: "node-fetch",
    installed: "node-fetch2",
  },
  fetch: { package: "transport-fetch", factory: "fetchTransport", known: faultsOfFetch },
};

export interface Runtime {
  /** As the runner finds it out by itself. */
  name: string;
  platform: Platform;
  launch: Launcher;
  transports: readonly string[];
  /** Where its program is, below the runtimes that are installed; left out where it is a program of the system. */
  program?: string;
}

const overFetch = ["axios-fetch", "fetch"];
const onNode = ["undici", "undici-7", "axios", "node-fetch", "node-fetch-2", ...overFetch];
// Bun carries the libraries for Node, but axios, which has its fetch adapter there, as on Deno. Deno has no such cells
// until what they fail is looked at; `packages/conformance/README.md` has the figures.
const onBun = onNode.filter((name) => name !== "axios");
const inPages = [...overFetch, "axios-xhr"];

export const runtimes: Readonly<Record<string, Runtime>> = {
  "node-22": {
    name: "node",
    platform: "node",
    launch: node("node22"),
    transports: onNode,
    program: "node22/bin/node",
  },
  "node-24": {
    name: "node",
    platform: "node",
    launch: node("node24"),
    transports: onNode,
    program: "node24/bin/node",
  },
  "node-26": {
    name: "node",
    platform: "node",
    launch: node("node26"),
    transports: onNode,
    program: "node26/bin/node",
  },
  bun: { name: "bun", platform: "bun", launch: bun, transports: onBun, program: ".bin/bun" },
  deno: {
    name: "deno",
    platform: "deno",
    launch: deno,
    transports: overFetch,
    program: ".bin/deno",
  },
  workerd: {
    name: "workerd",
    platform: "worker",
    launch: workerd,
    transports: overFetch,
    program: ".bin/workerd",
  },
  chromium: {
    name: "chromium",
    platform: "browser",
    launch: browserOf("chromium"),
    transports: inPages,
  },
  firefox: {
    name: "firefox",
    platform: "browser",
    launch: browserOf("firefox"),
    transports: inPages,
  },
  webkit: {
    name: "webkit",
    platform: "browser",
    launch: browserOf("webkit"),
    transports: inPages,
  },
};
