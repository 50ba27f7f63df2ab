import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { judgeCommand } from "../src/shell.ts";

const root = join(import.meta.dirname, "../../..");

describe("judgeCommand", () => {
  it.each(["npm start", "npm test", "pnpm conformance --transport undici", "pnpm run bench"])(
    "accepts %s, which names a script",
    (command) => expect(judgeCommand(command, root)).toBeUndefined(),
  );

  it.each(["npm install @anyhttp/core", "git clone URL", "npx anyhttp-conformance --help"])(
    "accepts %s, which is not run",
    (command) => expect(judgeCommand(command, root)).toBeUndefined(),
  );

  it("refuses a script that does not exist", () => {
    expect(judgeCommand("pnpm nonsense", root)).toBe('no script "nonsense"');
  });

  it("refuses a file that does not exist", () => {
    expect(judgeCommand("node nowhere.js", root)).toBe("no file nowhere.js");
  });

  it("refuses what it cannot verify", () => {
    expect(judgeCommand("curl example.com", root)).toContain("nobody can verify");
  });
});
