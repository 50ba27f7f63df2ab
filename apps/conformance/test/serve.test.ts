/* `pnpm page`: what it refuses, before the page is built. */

import { spawnSync } from "node:child_process";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, it } from "vitest";

const tool = join(import.meta.dirname, "../tools/serve.ts");

function serve(...args: string[]): { status: number | null; stderr: string } {
  const all = ["-C", "anyhttp-source", tool, ...args];
  return spawnSync(process.execPath, all, { encoding: "utf8", timeout: 25_000 });
}

it("refuses a port that is none", () => {
  const { status, stderr } = serve("--port", "99999");
  expect(stderr).toMatch(/^--port 99999 is no port\. .*\n$/);
  expect(status).toBe(2);
});

it("refuses a port that is in use, and says how to pass another", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const { status, stderr } = serve("--port", String(port));
  await new Promise((resolve) => server.close(resolve));
  expect(stderr).toMatch(new RegExp(`on port ${port}: it is in use\\. .*--port N.*\n$`));
  expect(status).toBe(2);
});
