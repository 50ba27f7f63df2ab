/* How the command ends: on a signal, and with the status of the command that it runs in its place. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const source = (name: string): string => JSON.stringify(join(import.meta.dirname, "../src", name));

let folder = "";
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "anyhttp-ends-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a program until it says that it is ready, sends it a signal, and resolves to its status. */
async function endOf(program: string, signal: NodeJS.Signals, group = false): Promise<unknown> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    detached: group,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const closed = once(child, "close");
  await once(child.stdout, "data");
  if (group) process.kill(-(child.pid ?? 0), signal);
  else child.kill(signal);
  const [status, name] = (await closed) as [number | null, string | null];
  return status ?? name;
}

describe("a signal", () => {
  const clearing = (): string => `
    import { spawn } from "node:child_process";
    import { rmSync } from "node:fs";
    import { atEnd } from ${source("../../../packages/conformance/src/cli/at-end.ts")};
    atEnd(() => rmSync(${JSON.stringify(folder)}, { recursive: true }));
    // It holds the pipe, so that nothing is over while it runs.
    const child = spawn("sleep", ["60"], { detached: true, stdio: ["ignore", "inherit", "ignore"] });
    atEnd(() => process.kill(-child.pid, "SIGKILL"));
    atEnd(() => { throw new Error("it cannot be undone"); });
    child.once("spawn", () => console.log("ready"));`;

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)("%s ends it with %d, once all is undone", async (name, status) => {
    expect(await endOf(clearing(), name)).toBe(status);
    expect(existsSync(folder)).toBe(false);
  });

  /** Runs a program in the place of another. */
  const relaying = (program: string): string => `
    import { relay } from ${source("relay.ts")};
    process.exitCode = await relay(process.execPath, ["-e", ${JSON.stringify(program)}]);`;
  const patient = `console.log("ready"); setTimeout(() => {}, 20_000);`;
  const tidy = `process.on("SIGTERM", () => setTimeout(() => process.exit(7), 100)); ${patient}`;

  it("reaches the command that runs in its place, which says how that ends", async () => {
    expect(await endOf(relaying(tidy), "SIGTERM")).toBe(7);
    expect(await endOf(relaying(patient), "SIGTERM")).toBe(143);
    expect(await endOf(relaying(patient), "SIGINT", true)).toBe(130);
  });

  it("is not needed", async () => {
    const program = `console.log("ready"); process.exitCode = 3;`;
    expect(await endOf(relaying(program), 0 as unknown as NodeJS.Signals)).toBe(3);
  });
});
