import { Session } from "@anyhttp/core";
import { fetchTransport } from "@anyhttp/transport-fetch";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { cookieJar } from "../src/index.ts";

let answer: (request: IncomingMessage, response: ServerResponse) => void;
const seen: string[] = [];
const server = createServer((request, response) => {
  seen.push(`${request.method} ${request.url} ${request.headers.cookie ?? "-"}`);
  answer(request, response);
});
let port = 0;

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  seen.length = 0;
  answer = (_, response) => void response.end();
});

describe("a session with a jar", () => {
  it("sends what it was given, from the next request on", async () => {
    const cookies = cookieJar();
    await using session = new Session({
      transport: fetchTransport(),
      cookies,
      baseUrl: `http://127.0.0.1:${port}`,
    });
    answer = (_, response) => {
      response.setHeader("set-cookie", [
        "a=1, 2; Path=/; HttpOnly",
        "b=2; Path=/x; Secure",
        "c=3; Domain=0.1",
      ]);
      response.end();
    };
    await session.get("/login").text();
    answer = (_, response) => void response.end();
    await session.get("/x/y").text();
    await session.get("/other").text();
    await session.get("/", { cookies: false }).text();
    expect(seen).toEqual(["GET /login -", "GET /x/y b=2; a=1, 2", "GET /other a=1, 2", "GET / -"]);
  });

  it("takes cookies from each response on the way, errors included, and keeps to the site that the call began at", async () => {
    const cookies = cookieJar();
    const [here, other] = [`http://127.0.0.1:${port}`, `http://localhost:${port}`];
    for (const sameSite of ["strict", "lax"] as const)
      await cookies.set({ name: sameSite, value: "1", sameSite }, here);
    await cookies.set({ name: "none", value: "1", sameSite: "none", secure: true }, here);
    await using session = new Session({
      transport: fetchTransport(),
      cookies,
      throwHttpErrors: false,
    });
    answer = (request, response) => {
      const step = request.url?.slice(1);
      response.setHeader("set-cookie", `${step}=1; SameSite=Strict; Path=/${step}`);
      if (step === "one") response.writeHead(302, { location: `${here}/two` });
      if (step === "two") response.writeHead(307, { location: "/three" });
      if (step === "three") response.statusCode = 500;
      response.end();
    };
    await session.get(`${other}/one`).text();
    expect(seen).toEqual(["GET /one -", "GET /two lax=1; none=1", "GET /three lax=1; none=1"]);
    expect((await cookies.all()).map(({ name, domain }) => `${name} ${domain}`)).toEqual([
      "strict 127.0.0.1",
      "lax 127.0.0.1",
      "none 127.0.0.1",
      "one localhost",
      "two 127.0.0.1",
      "three 127.0.0.1",
    ]);
    seen.length = 0;
    await session.get(`${here}/three`).text();
    expect(seen).toEqual(["GET /three three=1; strict=1; lax=1; none=1"]);
  });

  it("does not fail because of a cookie", async () => {
    const told: string[] = [];
    const cookies = cookieJar({
      onRejected: ({ name }, reason) => void told.push(`${name} ${reason}`),
    });
    await using session = new Session({ transport: fetchTransport(), cookies });
    answer = (_, response) => {
      response.setHeader("set-cookie", [
        "=",
        "a=1; Domain=b.test",
        "__Host-b=1",
        `c=${"x".repeat(4096)}`,
        "d=\u00ff; Expires=x",
        "e=1",
      ]);
      // As bytes: Node would write the head as UTF-8 together with a string.
      response.end(Buffer.from("fine"));
    };
    const url = `http://127.0.0.1:${port}/`;
    expect(await session.get(url).text()).toBe("fine");
    expect(told).toEqual([" malformed", "a domain", "__Host-b prefix", "c too-long"]);
    expect((await cookies.all()).map(({ name }) => name)).toEqual(["d", "e"]);
    await session.get(url).text();
    expect(seen[1]).toBe("GET / d=\u00ff; e=1");
  });
});
