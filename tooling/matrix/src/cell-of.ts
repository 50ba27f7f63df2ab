// Makes a cell of a runtime and a transport: what its subject is, and what starts it.
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Cell, KnownFailure } from "@anyhttp/conformance";
import { bundle } from "./bundle.ts";
import { runtimes, type Transport, transports } from "./cells.ts";
import { known } from "./usage.ts";

const root = join(import.meta.dirname, "../../..");

export interface Named {
  runtime: string;
  transport: string;
}

const bundles = new Map<string, string>();

export function cellOf({ runtime, transport }: Named, scratch: string): Cell {
  const { name, platform, launch } = known("runtime", runtime, runtimes);
  const of = known("transport", transport, transports);
  let made = 0;
  return {
    subject: { name: transport, ...versionsOf(of), knownFailures: knownFailuresOf(of) },
    runtime: { name, version: "" },
    // All exclusive cases of a cell in one process: a browser takes seconds to start, and other cells fill the waits.
    share: 300,
    // They wait for what they never give up, and end without a subject's doing now and then: tabs crash, and workerd
    // gives up a request whose promise it takes for lost.
    ...(platform === "browser" || platform === "worker" ? { waits: true, restarts: true } : {}),
    // It has six connections for an origin, the control plane's as well.
    ...(platform === "browser" ? { parallel: 4 } : {}),
    async start(situation) {
      // Node tells of deprecations outside of this folder alone, and this is no code of the user's.
      const installed = join(scratch, "node_modules");
      mkdirSync(installed, { recursive: true });
      const file = join(installed, `${transport}-${platform}.mjs`);
      if (!bundles.has(file)) {
        const text = bundle(platform, of);
        bundles.set(file, text);
        writeFileSync(file, text);
      }
      const folder = mkdtempSync(join(scratch, `${runtime}-${transport}-${++made}-`));
      const caFile = join(folder, "authority.pem");
      writeFileSync(caFile, situation.ca);
      return launch({ ...situation, bundle: file, caFile, scratch: folder });
    },
  };
}

function versionsOf(of: Transport): Pick<Cell["subject"], "version" | "library"> {
  const { version } = readJson(`packages/${of.package}/package.json`) as { version: string };
  if (of.library === undefined) return { version, library: null };
  const file = `tooling/matrix/node_modules/${of.installed ?? of.library}/package.json`;
  const manifest = readJson(file) as { version: string };
  return { version, library: { name: of.library, version: manifest.version } };
}

function knownFailuresOf({ package: name, known: files }: Transport): KnownFailure[] {
  return (files ?? [`${name}/known-failures.json`]).flatMap((file) => {
    try {
      return readJson(`packages/${file}`) as KnownFailure[];
    } catch (error) {
      if ((error as { code?: string }).code === "ENOENT" && !files) return [];
      throw error;
    }
  });
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(join(root, file), "utf8"));
}
