import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import type { Told } from "./support/leaking.ts";
import { failure, sessionOf } from "./support/session.ts";

const run = promisify(execFile);

const found = ["plain", "middleware", "redirect", "retry"];
const over = ["read", "discarded", "disposed", "empty", "status", "failed"];
const held = ["held", "stream", "iterated", "lines"];
const others = ["left-by-middleware", "listener-throws"];

const told = new Map<string, Told>();
beforeAll(async () => {
  const program = fileURLToPath(new URL("support/leaking.ts", import.meta.url));
  const kinds = [...found, ...over, ...held, ...others];
  const { stdout } = await run(process.execPath, ["--expose-gc", program, ...kinds]);
  for (const [kind, said] of Object.entries(JSON.parse(stdout) as Record<string, Told>))
    told.set(kind, said);
}, 60_000);

describe("the leak detector", () => {
  it.each(found)("finds a response that was dropped unread, and frees its slot: %s", (kind) => {
    const { leaks = [], active, cancelled } = told.get(kind) ?? {};
    expect(leaks).toHaveLength(1);
    expect(leaks[0]).toMatchObject({
      method: "GET",
      url: "http://origin.test/a?token=[redacted]",
    });
    expect(leaks[0]?.stack).toMatch(/dropsTheResponse.*leaking\.ts:\d+/);
    expect({ active, cancelled }).toEqual({ active: 0, cancelled: 1 });
  });

  it("finds a response that middleware has left unread", () => {
    const { leaks, active } = told.get("left-by-middleware") ?? {};
    expect(leaks).toHaveLength(1);
    expect(active).toBe(0);
  });

  it.each(over)("says nothing of one that was %s", (kind) => {
    expect(told.get(kind)).toMatchObject({ leaks: [], active: 0 });
  });

  it.each(held)("leaves one alone whose content somebody may still read: %s", (kind) => {
    expect(told.get(kind)).toEqual({ leaks: [], active: 1, cancelled: 0 });
  });

  it("drops what the listener throws", () => {
    expect(told.get("listener-throws")).toMatchObject({ active: 0, cancelled: 1 });
  });

  it("takes nothing but a function", async () => {
    const error = await failure(() => sessionOf({}, { onLeak: "yes" as never }));
    expect(error).toMatchObject({ code: "ERR_INVALID_OPTION" });
  });
});
