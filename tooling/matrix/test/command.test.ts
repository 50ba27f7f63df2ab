/* The command line: what it comes to, and what is refused before anything runs. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runtimes, transports } from "../src/cells.ts";
import { cellsOf, type Matrix, readCommand } from "../src/command.ts";
import { usage } from "../src/usage.ts";

function matrixOf(...args: string[]): Matrix {
  const command = readCommand(args);
  if (command.kind !== "matrix") throw new Error(`it is ${command.kind}`);
  return command.matrix;
}
const refusal = (...args: string[]): string => {
  try {
    return `accepted: ${readCommand(args).kind}`;
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
};

describe("cells", () => {
  it("are there once, however often they were asked for", () => {
    const once = [{ runtime: "bun", transport: "fetch" }];
    expect(cellsOf(["bun", "bun"], ["fetch", "fetch"])).toEqual(once);
    expect(cellsOf(["all", "bun"], [])).toEqual(cellsOf(["all"], []));
  });

  it("are all that a runtime carries, if no transport is named", () => {
    expect(cellsOf(["deno"], []).map(({ transport }) => transport)).toEqual(
      runtimes["deno"]?.transports,
    );
  });

  it("are those of the runtimes that carry a transport, if all runtimes are meant", () => {
    expect(cellsOf(["all"], ["axios-xhr"]).map(({ runtime }) => runtime)).toEqual([
      "chromium",
      "firefox",
      "webkit",
    ]);
  });
});

describe("what makes no sense is refused:", () => {
  it.each([
    [["--runtime", "nodex"], "There is no runtime nodex. There are node-22, "],
    [["--runtime", "all", "--runtime", "nodex"], "There is no runtime nodex."],
    [["--runtime", "toString"], "There is no runtime toString."],
    [["--runtime", "__proto__"], "There is no runtime __proto__."],
    [["--runtime", "bun", "--transport", "constructor"], "There is no transport constructor."],
    [
      ["--runtime", "deno", "--transport", "undici"],
      "deno does not carry undici. It carries axios-fetch, fetch.",
    ],
    [
      ["--runtime", "deno", "--transport", "fetch", "--transport", "axios-xhr"],
      "axios-xhr is carried by none of these runtimes. It is by chromium, firefox, webkit.",
    ],
    [["--runtime", "bun", "--case", "nope"], "No case fits nope. Areas are probe/"],
    [["--runtime", "bun", "--jobs", "0"], "--jobs 0 is no number of processes."],
    [["--runtime", "bun", "--jobs", "zero"], "--jobs zero is no number of processes."],
    [["--runtime", "bun", "--json", "."], "--json .: that is a folder"],
    [["--write"], "--write goes with --runtime"],
    [["--transport", "axios-fetch"], "axios-fetch is a transport of the matrix. Pass a runtime"],
  ])("%j", (args, said) => {
    expect(refusal(...args)).toContain(`UsageError: ${said}`);
  });

  it("options that do not exist", () => {
    expect(() => readCommand(["--bogus"])).toThrow("Unknown option '--bogus'");
    expect(() => readCommand(["--runtime"])).toThrow("argument missing");
  });
});

describe("the command", () => {
  it("is that of the package where no runtime is named", () => {
    const args = ["--transport", "./mine.js", "--case", "probe/**", "--jobs", "2"];
    expect(readCommand(args)).toEqual({ kind: "here", args });
    expect(readCommand(["--runtime", "bun", "--list", "--case", "probe/tls"])).toEqual({
      kind: "here",
      args: ["--list", "--case", "probe/tls"],
    });
  });

  it("checks where a report goes", () => {
    const folder = mkdtempSync(join(tmpdir(), "anyhttp-command-"));
    try {
      const json = join(folder, "x.json");
      expect(matrixOf("--runtime", "bun", "--json", json, "--jobs", "3")).toMatchObject({
        json,
        jobs: 3,
        install: true,
        write: false,
      });
      const deeper = join(folder, "some/x.json");
      expect(refusal("--runtime", "bun", "--json", deeper)).toContain("there is no folder");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("explains every runtime and transport, with or without one", () => {
    expect(readCommand(["--help"])).toEqual({ kind: "help" });
    expect(readCommand(["--runtime", "bun", "--help"])).toEqual({ kind: "help" });
    for (const name of [...Object.keys(runtimes), ...Object.keys(transports)])
      expect(usage).toMatch(new RegExp(`\\s${name}[,;.]`));
  });
});
