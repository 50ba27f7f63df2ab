// Builds the page with Vite: static files that any server can serve, with the data of the committed results.
import { join } from "node:path";
import { build, type Plugin } from "vite";
import { builtFolder } from "./places.ts";
import { pageData } from "./page-data.ts";
import type { ReferenceOptions } from "./reference.ts";
import type { Run } from "./results.ts";

/** What to build; the committed results, to `dist`, unless said otherwise. */
export interface BuildOptions {
  readonly runs?: readonly Run[];
  readonly folder?: string;
  /** Of which cases the page has reference traces; of all, unless said otherwise. */
  readonly traced?: ReferenceOptions;
}

/** Builds the page; resolves to the folder that it is in. */
export async function buildPage({
  runs,
  folder = builtFolder,
  traced,
}: BuildOptions = {}): Promise<string> {
  const data = await pageData(runs, traced);
  const emitData: Plugin = {
    name: "page-data",
    generateBundle() {
      for (const [name, source] of data)
        this.emitFile({ type: "asset", fileName: `data/${name}`, source });
    },
  };
  await build({
    configFile: false,
    root: join(import.meta.dirname, ".."),
    // Relative addresses: the page works in any folder of any server.
    base: "./",
    logLevel: "warn",
    plugins: [emitData],
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: "es2023",
      modulePreload: false,
      chunkSizeWarningLimit: 5000,
    },
  });
  return folder;
}
