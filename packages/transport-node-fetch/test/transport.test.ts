import { Session } from "@anyhttp/core";
import fetch, { Response } from "node-fetch";
import { execFile } from "node:child_process";
import { once } from "node:events";
import * as http from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo, Socket } from "node:net";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { plainRequest } from "../src/plain.ts";
import { type NodeFetch, nodeFetchTransport } from "../src/index.ts";

let url = "";
const seen: http.IncomingHttpHeaders[] = [];
const server = http.createServer((request, response) => {
  seen.push(request.headers);
  response.end(JSON.stringify({ method: request.method, url: request.url }));
});

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe("nodeFetchTransport", () => {
  it("adds no field of the library's own", async () => {
    await using session = new Session({ transport: nodeFetchTransport() });
    const before = seen.length;
    await session.get(`${url}/x`, { headers: { "x-mine": "1" } }).json();
    const names = Object.keys(seen[before] ?? {});
    expect(seen[before]?.["user-agent"]).not.toMatch(/axios|node-fetch/);
    expect(names).toContain("x-mine");
    expect(names.filter((name) => /^(x-xsrf|content-|sec-)/.test(name))).toEqual([]);
  });

  it("reads no proxy variable", async () => {
    vi.stubEnv("HTTP_PROXY", "http://127.0.0.1:1");
    vi.stubEnv("http_proxy", "http://127.0.0.1:1");
    await using session = new Session({ transport: nodeFetchTransport() });
    expect(await session.get(`${url}/y`).json()).toEqual({ method: "GET", url: "/y" });
    vi.unstubAllEnvs();
  });

  it("keeps what switches the library's helpfulness off from being changed", () => {
    expect(Object.isFrozen(plainRequest)).toBe(true);
  });

  it("refuses options that it does not know, and an own library that is none", () => {
    expect(() => nodeFetchTransport({ proxy: "x" } as object)).toThrow(/no option `proxy`.*fetch/);
    expect(() => nodeFetchTransport({ fetch: 7 } as object)).toThrow(/`fetch` is not/);
    expect(() => nodeFetchTransport({ tls: { ca: 7 } } as object)).toThrow(/`tls.ca`/);
  });

  it("calls an own fetch, which sees the response as it is", async () => {
    const called: unknown[] = [];
    const own: typeof fetch = async (...args) => {
      const response = await fetch(...args);
      called.push(args[0], response.headers.get("content-length"));
      return response;
    };
    await using session = new Session({ transport: nodeFetchTransport({ fetch: own }) });
    expect(await session.get(`${url}/own`).json()).toEqual({ method: "GET", url: "/own" });
    expect(called).toEqual([`${url}/own`, "29"]);
  });

  it("calls a node-fetch 2 of one's own, and takes sound content for whole", async () => {
    // It has no types of its own.
    const second = createRequire(import.meta.url)("node-fetch2") as NodeFetch;
    await using session = new Session({ transport: nodeFetchTransport({ fetch: second }) });
    for (const path of ["/a", "/b"])
      expect(await session.get(`${url}${path}`).json()).toEqual({ method: "GET", url: path });
    expect(seen.at(-1)?.["user-agent"]).not.toMatch(/node-fetch/);
  });

  it("says so when what it was given does not use the agent", async () => {
    await using session = new Session({
      transport: nodeFetchTransport({
        fetch: () => Promise.resolve(new Response("faked")),
      }),
    });
    await expect(session.get(url)).rejects.toThrow(/did not use the agent/);
  });

  it("does not keep the process alive with an idle connection", async () => {
    const script = `
      import { nodeFetchTransport } from ${JSON.stringify(new URL("../src/index.ts", import.meta.url).href)};
      import { Session } from "@anyhttp/core";
      const session = new Session({ transport: nodeFetchTransport({ idleTimeout: Infinity }) });
      console.log((await session.get("${url}/idle").json()).url);
    `;
    const run = promisify(execFile);
    const flags = ["--conditions=anyhttp-source", "--input-type=module", "--eval", script];
    const { stdout } = await run(process.execPath, flags, {
      cwd: import.meta.dirname,
      timeout: 8_000,
    });
    expect(stdout.trim()).toBe("/idle");
  });

  it("closes all its connections, and may be closed again", async () => {
    const sockets = new Set<Socket>();
    server.on("connection", (socket: Socket) => sockets.add(socket));
    const transport = nodeFetchTransport({ idleTimeout: Infinity });
    const session = new Session({ transport });
    await Promise.all([1, 2, 3].map((n) => session.get(`${url}/${n}`).json()));
    await transport.close();
    await transport.close();
    expect(sockets.size).toBe(3);
    await vi.waitFor(() => expect([...sockets].every((socket) => socket.destroyed)).toBe(true));
  });
});
