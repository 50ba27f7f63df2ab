/* Finds transports by name or by file, and makes subjects of them. */

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Transport } from "@anyhttp/core";
import type { KnownFailure, LibraryInfo, Subject, TransportOptions } from "../run/subject.ts";
import { loadFile } from "./subject-file.ts";
import { UsageError } from "./usage-error.ts";

/** Names that are known, each with the factory that its package exports. */
const factories: Readonly<Record<string, string>> = {
  undici: "undiciTransport",
  axios: "axiosTransport",
  "node-fetch": "nodeFetchTransport",
  fetch: "fetchTransport",
};

interface SubjectModule {
  readonly library?: LibraryInfo;
  readonly [name: string]: unknown;
}

interface PackageFile {
  readonly version?: string;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** A subject, and how it was asked for. */
export interface NamedSubject {
  readonly wish: string;
  readonly subject: Subject;
}

/** The subjects asked for; without a wish, all known ones that are installed. */
export async function loadSubjects(wishes: readonly string[]): Promise<NamedSubject[]> {
  const names = Object.keys(factories);
  const wanted =
    wishes.length > 0 ? [...new Set(wishes)] : names.filter((name) => find(name) !== null);
  if (wanted.length === 0) {
    throw new UsageError(
      `No transport is installed. Install one of ${names.map(packageOf).join(", ")}, or pass --transport FILE.`,
    );
  }
  return Promise.all(
    wanted.map(async (wish) => {
      const subject = await (Object.hasOwn(factories, wish)
        ? loadNamed(wish)
        : loadFile(wish, names));
      return { wish, subject };
    }),
  );
}

async function loadNamed(name: string): Promise<Subject> {
  const found = find(name);
  if (found === null) {
    throw new UsageError(
      `The transport ${name} is not installed. Run: npm install ${packageOf(name)}`,
    );
  }
  const module = (await import(pathToFileURL(found.main).href)) as SubjectModule;
  const create = module[factories[name] ?? ""];
  if (typeof create !== "function") {
    throw new UsageError(`${packageOf(name)} does not export ${factories[name]}.`);
  }
  const file = join(found.folder, "package.json");
  const manifest = readJson(file) as PackageFile;
  const list = join(found.folder, "known-failures.json");
  return {
    name,
    version: manifest.version ?? null,
    library: module.library ?? libraryOf(file, manifest),
    knownFailures: existsSync(list) ? (readJson(list) as KnownFailure[]) : [],
    create: create as (options: TransportOptions) => Transport,
  };
}

function packageOf(name: string): string {
  return `@anyhttp/transport-${name}`;
}

/** Where the package of a known name is: as the project sees it in whose folder we run, or as we see it. */
function find(name: string): { main: string; folder: string } | null {
  for (const from of [join(process.cwd(), "package.json"), import.meta.url]) {
    try {
      const require = createRequire(from);
      const folder = dirname(require.resolve(`${packageOf(name)}/package.json`));
      return { main: require.resolve(packageOf(name)), folder };
    } catch {
      // Not to be seen from there.
    }
  }
  return null;
}

/** The library below a transport is its peer dependency. */
function libraryOf(file: string, { peerDependencies = {} }: PackageFile): LibraryInfo | null {
  const [name] = Object.keys(peerDependencies);
  if (name === undefined) return null;
  // Not every package exports its package.json, so it is looked for above its main file.
  let folder = dirname(createRequire(file).resolve(name));
  while (
    !existsSync(join(folder, "package.json")) ||
    (readJson(join(folder, "package.json")) as { name?: string }).name !== name
  ) {
    if (dirname(folder) === folder) return null;
    folder = dirname(folder);
  }
  return { name, version: (readJson(join(folder, "package.json")) as PackageFile).version ?? "" };
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}
