import * as core from "@anyhttp/core";
import { execFile } from "node:child_process";
import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { fetchTransport } from "@anyhttp/transport-fetch";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as anyhttp from "../src/index.ts";
import { Session } from "../src/index.ts";
import { cookieJar } from "../src/cookies.ts";
import * as elsewhere from "../src/transport-fetch.ts";

let url = "";
const server = http.createServer((request, response) => {
  response.setHeader("set-cookie", "a=1");
  response.end(JSON.stringify({ method: request.method, cookie: request.headers.cookie }));
});

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe("anyhttp", () => {
  it("has all of core, and a session of its own", () => {
    expect(Object.keys(anyhttp)).toEqual(expect.arrayContaining(Object.keys(core)));
    expect(anyhttp.Session).not.toBe(core.Session);
    expect(anyhttp.HttpError).toBe(core.HttpError);
  });

  it("takes undici on Node, fetch elsewhere, and what it is given anywhere", async () => {
    const own = new Session();
    const given = new Session({ transport: fetchTransport() });
    expect(own).toBeInstanceOf(core.Session);
    expect(own.describe()).toMatch(/undici$/);
    expect(given.describe()).toMatch(/fetch$/);
    expect(elsewhere.defaultTransport().name).toBe("fetch");
    await Promise.all([own.close(), given.close()]);
  });

  it("closes the transport that it made", async () => {
    const session = new Session({ baseUrl: url });
    await session.get("").json();
    expect(session.stats.idle).toBe(1);
    await session.close();
    expect(session.stats.idle).toBe(0);
  });

  it("refuses options that are none, as core does", () => {
    expect(() => new Session(7 as unknown as object)).toThrow(anyhttp.InvalidRequestError);
    expect(() => new Session({ transports: 1 } as object)).toThrow(/transports/);
    expect(() => new Session({ transport: {} } as object)).toThrow(/transport/);
    // Somebody has meant to say one.
    expect(() => new Session({ transport: null } as object)).toThrow(/transport is null/);
    expect(() => new Session(null as unknown as object)).toThrow(anyhttp.InvalidRequestError);
  });

  it("knows what extend has made, and leaves classes of its users alone", async () => {
    class Own extends Session {}
    const session = new Session();
    expect(session.extend({})).toBeInstanceOf(Session);
    expect(new Own().extend({})).toBeInstanceOf(Session);
    expect({}).not.toBeInstanceOf(Session);
    expect(session).not.toBeInstanceOf(Own);
  });

  const { get, head, options, post, put, patch, delete: remove } = anyhttp;
  it.each(Object.entries({ get, head, options, post, put, patch, delete: remove }))(
    "%s calls without a session of one's own",
    async (name, call) => {
      const response = await call(url);
      expect(response.status).toBe(200);
      const text = await response.text();
      if (name !== "head") expect(JSON.parse(text)).toMatchObject({ method: name.toUpperCase() });
    },
  );

  it("request takes any method and all options", async () => {
    const sent = anyhttp.request("REPORT", url, { headers: { cookie: "b=2" } });
    expect(await sent.json()).toEqual({ method: "REPORT", cookie: "b=2" });
  });

  it("has the cookie jar on a path of its own", async () => {
    const session = new Session({ baseUrl: url, cookies: cookieJar() });
    await session.get("").json();
    expect(await session.get("").json()).toMatchObject({ cookie: "a=1" });
    await session.close();
  });

  it("does not keep the process alive", async () => {
    const script = `
      import { get } from ${JSON.stringify(new URL("../src/index.ts", import.meta.url).href)};
      console.log((await get("${url}").json()).method);
    `;
    const flags = ["--conditions=anyhttp-source", "--input-type=module", "--eval", script];
    const { stdout } = await promisify(execFile)(process.execPath, flags, {
      cwd: import.meta.dirname,
      timeout: 8_000,
    });
    expect(stdout.trim()).toBe("GET");
  });
});
