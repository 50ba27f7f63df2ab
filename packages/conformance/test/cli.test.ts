/* The command as a process: what it refuses before it runs, and what it leaves behind when it is interrupted. */

import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkTarget } from "../src/cli/target.ts";
import { inParallel } from "../src/run/in-parallel.ts";

const cli = join(import.meta.dirname, "../src/cli.ts");
const outsider = join(import.meta.dirname, "outsider/main.ts");
const { NODE_OPTIONS: _, ...env } = process.env;

let folder = "";
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "anyhttp-cli-"))));
afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}
const node = (...args: string[]): Ended =>
  spawnSync(process.execPath, ["-C", "anyhttp-source", ...args], {
    cwd: folder,
    env,
    encoding: "utf8",
    timeout: 25_000,
  });
const run = (...args: string[]): Ended => node(cli, "--case", "probe/methods/*", ...args);

describe("a module that is no transport", () => {
  const sound = `export { default } from ${JSON.stringify(outsider)};`;
  const modules: readonly (readonly [name: string, text: string, said: RegExp])[] = [
    ["empty.mjs", "export default () => ({});", /empty\.mjs.* without name, .*send/],
    ["async.mjs", "export default async () => ({});", /async\.mjs returned a promise/],
    ["none.mjs", "export default () => undefined;", /none\.mjs returned undefined/],
    ["five.mjs", "export default 5;", /five\.mjs does not export a factory/],
    ["list.ts", `${sound} export const knownFailures = "junk";`, /list\.ts exports knownFailures/],
    ["library.ts", `${sound} export const library = "junk";`, /library\.ts exports a library/],
    ["note.txt", "some words", /note\.txt is no module by its name/],
    ["syntax.mjs", "export default () => {", /syntax\.mjs cannot be loaded: .*\bnode syntax\.mjs/],
    ["gone.mjs", 'import "no-such-package";', /gone\.mjs cannot be loaded: .*no-such-package/],
  ];
  const throwing: typeof modules = [
    ["imported.mjs", 'JSON.parse("{");', /^imported\.mjs threw when it was imported: SyntaxError/],
    ["called.mjs", 'export default () => { throw Error("no"); };', /^The factory of called\.mjs/],
  ];

  /** What is said of each wish. By Node itself: the test runner has a loader of its own. */
  let messages: Readonly<Record<string, string>> = {};
  beforeAll(() => {
    const all = [...modules, ...throwing];
    for (const [name, text] of all) writeFileSync(join(folder, name), text);
    const wishes = [...all.map(([name]) => name), ".", "", "nowhere.js"];
    const source = join(import.meta.dirname, "../src/cli/subject-file.ts");
    const program = `
      import { loadFile } from ${JSON.stringify(source)};
      const messages = {};
      for (const wish of ${JSON.stringify(wishes)})
        await loadFile(wish, ["undici"]).catch(({ name, message }) => (messages[wish] = name + ": " + message));
      console.log(JSON.stringify(messages));`;
    const { stdout } = node("--input-type=module", "-e", program);
    messages = JSON.parse(stdout) as typeof messages;
  });
  const saidOf = (wish: string): string => {
    const said = messages[wish] ?? "nothing";
    expect(said).toMatch(/^UsageError: /);
    return said.replace("UsageError: ", "");
  };

  it.each(modules)("%s is refused in a line that names it", (name, _text, said) => {
    expect(saidOf(name)).toMatch(said);
    expect(saidOf(name)).not.toContain("\n");
  });

  it.each(throwing)("%s, which throws, is shown with its stack", (name, _text, said) => {
    expect(saidOf(name)).toMatch(said);
    expect(saidOf(name)).toMatch(new RegExp(`at .*${name}:1:`));
  });

  it("is not a folder, and has a name", () => {
    const remedy = "Pass one of undici, or the path of a module.";
    expect(saidOf(".")).toBe(`. is a folder. ${remedy}`);
    expect(saidOf("")).toBe(`--transport is empty. ${remedy}`);
    expect(saidOf("nowhere.js")).toBe(`There is no transport nowhere.js. ${remedy}`);
  });

  it("is told without a stack, and with a status of its own", () => {
    const { status, stdout, stderr } = run("--transport", "async.mjs");
    expect(stderr).toMatch(/^The factory of async\.mjs returned a promise\. .*\n$/);
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });
});

describe("a report", () => {
  it("that could not be written is refused before anything runs", () => {
    const { status, stdout, stderr } = run("--transport", outsider, "--json", "nowhere/x.json");
    expect(stderr).toMatch(/^--json nowhere\/x\.json: there is no folder .*\n$/);
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });

  it("goes to a file, in a folder that there is", () => {
    const taken = join(folder, "taken");
    mkdirSync(taken);
    expect(() => checkTarget("--html", taken)).toThrow("that is a folder");
    expect(() => checkTarget("--html", join(taken, "some/x.html"))).toThrow("there is no folder");
    expect(() => checkTarget("--html", join(cli, "x.html"))).toThrow("there is no folder");
    expect(() => checkTarget("--html", join(taken, "x.html"))).not.toThrow();
    expect(() => checkTarget("--html", undefined)).not.toThrow();
  });
});

describe("processes", () => {
  it("are no more than there is work for", async () => {
    const done: number[] = [];
    await inParallel([1, 2, 3], 1e9, (item) => Promise.resolve(void done.push(item)));
    expect(done).toEqual([1, 2, 3]);
  });
});

describe("a signal", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s ends a run with %d, its processes, and its folder", async (name, status) => {
    const temporary = join(folder, name);
    mkdirSync(temporary);
    const args = ["-C", "anyhttp-source", cli, "--transport", outsider, "--jobs", "2"];
    const child = spawn(process.execPath, args, {
      env: { ...env, TMPDIR: temporary },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (piece: Buffer) => (said += piece.toString()));
    // All who may write have ended, not the command alone.
    const closed = new Promise((resolve) => child.once("close", resolve));
    while (readdirSync(temporary).length === 0) await sleep(20);
    // By now there are processes.
    await sleep(500);
    child.kill(name);
    expect(await closed).toBe(status);
    expect(readdirSync(temporary)).toEqual([]);
    expect(said).toBe("");
  });
});
