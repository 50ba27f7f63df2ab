// The bundlers that applications use, each with no more configuration than a program for the platform needs.
import { nodeResolve } from "@rollup/plugin-node-resolve";
import * as esbuild from "esbuild";
import { rollup } from "rollup";
import * as vite from "vite";
import webpack from "webpack";

export type Platform = "node" | "browser";

/** Makes one file of a program. `name` has no ending; resolves with the file's full name. */
type Bundle = (entry: string, platform: Platform, folder: string, name: string) => Promise<string>;

const outside = (id: string): boolean => id === "undici" || id.startsWith("node:");

export const bundlers: Readonly<Record<string, Bundle>> = {
  async esbuild(entry, platform, folder, name) {
    const node = platform === "node";
    const outfile = `${folder}/${name}${node ? ".cjs" : ".mjs"}`;
    const format = node ? "cjs" : "esm";
    await esbuild.build({
      entryPoints: [entry],
      bundle: true,
      minify: true,
      format,
      platform,
      outfile,
    });
    return outfile;
  },

  async vite(entry, platform, folder, name) {
    const file = `${name}.mjs`;
    await vite.build({
      configFile: false,
      logLevel: "error",
      root: folder,
      ssr: { noExternal: true },
      build: {
        outDir: folder,
        emptyOutDir: false,
        modulePreload: false,
        ...(platform === "node" && { ssr: true }),
        rolldownOptions: { input: entry, output: { entryFileNames: file } },
      },
    });
    return `${folder}/${file}`;
  },

  async webpack(entry, platform, folder, name) {
    const filename = `${name}${platform === "node" ? ".cjs" : ".mjs"}`;
    const target = platform === "node" ? "node" : "web";
    const compiler = webpack({
      mode: "production",
      target,
      entry,
      context: folder,
      output: { path: folder, filename },
      performance: false,
    });
    await new Promise<void>((resolve, reject) => {
      compiler?.run((error, stats) => {
        if (error || stats?.hasErrors())
          reject(error ?? new Error(stats?.toString({ all: false, errors: true })));
        else compiler.close(() => resolve());
      });
    });
    return `${folder}/${filename}`;
  },

  async rollup(entry, platform, folder, name) {
    const file = `${folder}/${name}.mjs`;
    const browser = platform === "browser";
    const made = await rollup({
      input: entry,
      plugins: [nodeResolve({ browser, exportConditions: [platform] })],
      // Dependencies in CommonJS stay outside of what Rollup makes for Node.
      external: browser ? [] : outside,
    });
    await made.write({ file, format: "esm" });
    await made.close();
    return file;
  },
};
