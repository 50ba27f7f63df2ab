import { fullCapabilities, Session } from "@anyhttp/core";
import { type AxiosInstance, create } from "axios";
import { execFile } from "node:child_process";
import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { plainFetch, plainRequest, plainXhr } from "../src/plain.ts";
import { axiosTransport } from "../src/index.ts";

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

describe("axiosTransport", () => {
  it("adds no field of the library's own", async () => {
    await using session = new Session({ transport: axiosTransport() });
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
    await using session = new Session({ transport: axiosTransport() });
    expect(await session.get(`${url}/y`).json()).toEqual({ method: "GET", url: "/y" });
    vi.unstubAllEnvs();
  });

  it("keeps what switches the library's helpfulness off from being changed", () => {
    expect([plainRequest, plainFetch, plainXhr].every(Object.isFrozen)).toBe(true);
  });

  it("refuses options that it does not know, and an own library that is none", () => {
    expect(() => axiosTransport({ proxy: "x" } as object)).toThrow(/no option `proxy`.*instance/);
    expect(() => axiosTransport({ instance: 7 } as object)).toThrow(/`instance` is not/);
    expect(() => axiosTransport({ tls: { ca: 7 } } as object)).toThrow(/`tls.ca`/);
    expect(() => axiosTransport({ adapter: "carrier" } as object)).toThrow(/no such `adapter`/);
    expect(() => axiosTransport(7 as unknown as object)).toThrow(/not an object/);
    expect(() => axiosTransport({ adapter: "fetch", family: 4 })).toThrow(/no option `family`/);
    expect(() => axiosTransport({ adapter: "fetch", tls: { ca: "x" } })).toThrow(
      expect.objectContaining({ code: "ERR_UNSUPPORTED", transport: "axios-fetch" }),
    );
    expect(() => axiosTransport({ adapter: "xhr" })).toThrow(/has no XMLHttpRequest/);
  });

  it("is over the adapter that it is told, and declares what that is like", () => {
    expect(axiosTransport({ adapter: "http" })).toMatchObject({
      name: "axios",
      capabilities: fullCapabilities,
    });
    expect(axiosTransport({ adapter: "fetch" })).toMatchObject({
      name: "axios-fetch",
      capabilities: { contentCoding: "raw", redirects: "visible", failureDetail: "phased" },
    });
  });

  it("gives the fetch adapter to be carried out what it was asked, and no more", async () => {
    await using session = new Session({ transport: axiosTransport({ adapter: "fetch" }) });
    expect(await session.post(`${url}/f`, { body: new Uint8Array(3) }).json()).toEqual({
      method: "POST",
      url: "/f",
    });
    expect(seen.at(-1)).not.toHaveProperty("content-type");
    expect(seen.at(-1)?.["user-agent"]).not.toMatch(/axios/);
  });

  it("runs the interceptors of an own instance on the fetch adapter, and takes the content that they leave", async () => {
    const instance = create({
      baseURL: "http://127.0.0.1:1/",
      timeout: 1,
      headers: { "x-d": "1" },
    });
    instance.interceptors.response.use((response) => {
      response.data = new Blob(["theirs"]).stream();
      return response;
    });
    await using session = new Session({
      transport: axiosTransport({ adapter: "fetch", instance }),
    });
    expect(await session.get(`${url}/own`).text()).toBe("theirs");
    expect(seen.at(-1)).not.toHaveProperty("x-d");
  });

  it("says so when an instance does not use the fetch that it is passed", async () => {
    const request = (): Promise<object> => Promise.resolve({ data: null });
    await using session = new Session({
      transport: axiosTransport({
        adapter: "fetch",
        instance: { request } as object as AxiosInstance,
      }),
    });
    await expect(session.get(url)).rejects.toThrow(/can be given a fetch/);
  });

  it("runs the interceptors of an own instance, whose defaults do not count, and leaves it usable", async () => {
    const instance = create({
      baseURL: "http://127.0.0.1:1/wrong",
      params: { wrong: 1 },
      timeout: 1,
      maxRedirects: 3,
      headers: { "x-default": "wrong" },
    });
    let intercepted = 0;
    instance.interceptors.request.use((config) => {
      intercepted++;
      return config;
    });
    instance.interceptors.response.use((response) => {
      expect(response.headers["content-length"]).toBeDefined();
      return response;
    });
    const session = new Session({ transport: axiosTransport({ instance }) });
    expect(await session.get(`${url}/own`).json()).toEqual({ method: "GET", url: "/own" });
    expect(seen.at(-1)?.["x-default"]).toBeUndefined();
    await session.close();
    expect(intercepted).toBe(1);
    expect(
      (await instance.get(`${url}/after`, { baseURL: "", params: {}, timeout: 0 })).status,
    ).toBe(200);
  });

  it("says so when what it was given does not use the agent", async () => {
    await using session = new Session({
      transport: axiosTransport({
        instance: {
          request: () => Promise.resolve({ data: Readable.from([]) }),
        } as object as AxiosInstance,
      }),
    });
    await expect(session.get(url)).rejects.toThrow(/did not use the agent/);
  });

  it("does not keep the process alive with an idle connection", async () => {
    const script = `
      import { axiosTransport } from ${JSON.stringify(new URL("../src/index.ts", import.meta.url).href)};
      import { Session } from "@anyhttp/core";
      const session = new Session({ transport: axiosTransport({ idleTimeout: Infinity }) });
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
    const transport = axiosTransport({ idleTimeout: Infinity });
    const session = new Session({ transport });
    await Promise.all([1, 2, 3].map((n) => session.get(`${url}/${n}`).json()));
    await transport.close();
    await transport.close();
    expect(sockets.size).toBe(3);
    await vi.waitFor(() => expect([...sockets].every((socket) => socket.destroyed)).toBe(true));
  });
});
