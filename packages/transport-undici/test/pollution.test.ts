import { Session } from "@anyhttp/core";
import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { undiciTransport } from "../src/index.ts";

let url = "";
const seen: string[] = [];
const server = http.createServer((request, response) => {
  seen.push([request.url, ...request.rawHeaders].join(" "));
  response.end("ok");
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

const prototype = Object.prototype as unknown as Record<string, unknown>;
const members: readonly (readonly [string, unknown])[] = [
  ["bodyTimeout", 1],
  ["dispatcher", {}],
  ["expectContinue", true],
  ["maxHeaderSize", 1],
  ["maxRequestsPerClient", 1],
  ["query", { polluted: 1 }],
  ["reset", true],
  ["throwOnError", true],
  ["upgrade", "websocket"],
];

describe("what somebody has left on Object.prototype", () => {
  it.each(members)("is nothing that undici is asked for (%s)", async (name, value) => {
    const transport = undiciTransport();
    const session = new Session({ transport });
    prototype[name] = value;
    try {
      expect(await session.get(`${url}/a`).text()).toBe("ok");
    } finally {
      delete prototype[name];
    }
    expect(await session.get(`${url}/a`).text()).toBe("ok");
    const [during, after] = seen.splice(0);
    expect(during).toBe(after);
    await session.close();
    await transport.close();
  });
});
