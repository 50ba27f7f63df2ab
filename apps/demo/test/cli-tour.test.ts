// The tour as a script sees it: plain lines in a pipe, and an exit status.
import { describe, expect, it } from "vitest";
import { transportNames } from "../src/transports.ts";
import { runDemo } from "./run-demo.ts";

describe("demo tour", () => {
  it("has colours when they are asked for, and none with NO_COLOR", async () => {
    const shown = async (env: NodeJS.ProcessEnv) => {
      const args = ["tour", "-t", "undici", "--burst", "1", "--download", "1"];
      return (await runDemo(args, { env })).out.toString();
    };
    expect(await shown({ FORCE_COLOR: "1" })).toContain("\u001b[32m✓");
    expect(await shown({ NO_COLOR: "1", FORCE_COLOR: undefined })).not.toContain("\u001b");
  });

  it("finds all transports alike, in plain lines", { timeout: 60_000 }, async () => {
    const { status, out, err } = await runDemo(["tour", "--burst", "120", "--download", "2"]);
    const text = out.toString();
    const times = (said: string) => text.split(said).length - 1;
    expect(err).toBe("");
    expect(text).not.toContain("\u001b");
    const missing = [
      'the text begins "<!doctype html>\\n<htm"',
      "content-type: text/html; charset=utf-8",
      'POST {name: "Jack", age: 20} arrived as {"age":"20","name":"Jack"}',
      'DELETE ?name=Jack&age=20 arrived as {"age":"20","name":"Jack"}',
      "the same 256 came back",
      "120 requests, each got its own answer",
      "2.0 MiB in",
      "(ERR_TIMEOUT_TOTAL)",
      "(ERR_CONNECT_REFUSED)",
      "(ERR_STATUS)",
      "(ERR_CONTENT_TRUNCATED)",
      "(ERR_SESSION_CLOSED)",
    ].filter((said) => times(said) < transportNames.length);
    expect(missing).toEqual([]);
    expect(text).toMatch(/^ +undici +axios +node-fetch +fetch +alike\?$/m);
    expect(text).toMatch(/✓ All 12 stations alike on every transport/);
    expect(status).toBe(0);
  });
});
