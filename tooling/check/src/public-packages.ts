// The packages that are published, as their manifests say.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface Manifest {
  name: string;
  version: string;
  private?: boolean;
  dependencies?: Record<string, string>;
}

export function publicPackages(): (Manifest & { folder: string })[] {
  return readdirSync("packages")
    .map((name) => join("packages", name))
    .map((folder) => ({ folder, ...readManifest(join(folder, "package.json")) }))
    .filter((manifest) => manifest.private !== true);
}

const readManifest = (path: string): Manifest => JSON.parse(readFileSync(path, "utf8")) as Manifest;
