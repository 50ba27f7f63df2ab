/* The shell for test runners: in this one, and in node:test as a process of its own. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { conformance } from "../src/index.ts";
import { outsiderTransport } from "./outsider/transport.ts";

conformance({ describe, it, transport: outsiderTransport, cases: ["transport/framing/short-*"] });

describe("the shell", () => {
  it("runs in node:test, fails what fails, and leaves nothing open", () => {
    const folder = mkdtempSync(join(import.meta.dirname, "shell-"));
    try {
      const file = join(folder, "some.test.ts");
      writeFileSync(
        file,
        `import { describe, it } from "node:test";
import { conformance } from "../../src/index.ts";
import { outsiderTransport } from "../outsider/transport.ts";
const transport = (options) => ({ ...outsiderTransport(options), close: () => Promise.resolve() });
conformance({ describe, it, transport: outsiderTransport, cases: ["transport/framing/short-*"] });
conformance({ describe, it, transport, cases: ["session/redirect/history-is-kept"] });
`,
      );
      const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, ...env } = process.env;
      const run = spawnSync(process.execPath, ["-C", "anyhttp-source", "--test", file], {
        env,
        encoding: "utf8",
        timeout: 60_000,
      });
      expect(run.stdout).toMatch(/pass 1\b[^]*fail 1\b/);
      expect(run.stdout).toContain("a connection was left open after session.close()");
      expect(run.status).toBe(1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
