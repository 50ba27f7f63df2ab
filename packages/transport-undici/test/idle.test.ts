import { Session } from "@anyhttp/core";
import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { Agent } from "undici";
import { afterEach, describe, expect, it } from "vitest";
import { undiciTransport } from "../src/index.ts";

const servers: http.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(): Promise<string> {
  const server = http.createServer((request, response) => {
    response.write("o");
    if (request.method === "GET") response.end("k");
  });
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("idle", () => {
  it("counts open connections that no exchange has, by origin", async () => {
    const [one, two] = [await listen(), await listen()];
    const transport = undiciTransport();
    await using session = new Session({ transport });
    expect(transport.idle()).toEqual(new Map());
    const unfinished = await session.post(one);
    expect(transport.idle()).toEqual(new Map());
    unfinished.discard();
    await session.get(one).text();
    await Promise.all([session.get(two).text(), session.get(two).text()]);
    expect(transport.idle()).toEqual(
      new Map([
        [one, 1],
        [two, 2],
      ]),
    );
    servers[1]?.closeAllConnections();
    await expect.poll(() => transport.idle()).toEqual(new Map([[one, 1]]));
  });

  it("tells nothing of a dispatcher's", async () => {
    const dispatcher = new Agent();
    expect(undiciTransport({ dispatcher }).idle()).toBe(null);
    await dispatcher.close();
  });
});
