import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type Library, NodeAgents, exchange } from "../src/index.ts";
import { makeRequest, readAll } from "./support/exchange.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

const library: Library = {
  seesHead: true,
  call: ({ target }, agent) =>
    new Promise((resolve, reject) => {
      http.get(target.href, { agent }, resolve).on("error", reject);
    }),
};

async function listen(host: string): Promise<{ url: string; server: http.Server }> {
  const server = http.createServer((_, response) => response.end("ok"));
  server.listen(0, host);
  await once(server, "listening");
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://${host}:${port}`, server };
}

describe("idle", () => {
  it("counts open connections that no exchange has, by origin", async () => {
    const [one, two] = [await listen("127.0.0.1"), await listen("localhost")];
    const agents = new NodeAgents();
    closing.push(() => agents.close());
    const get = async (url: string): Promise<unknown> =>
      readAll((await exchange(agents, library, makeRequest(url))).body);
    expect(agents.idle()).toEqual(new Map());
    const { body } = await exchange(agents, library, makeRequest(one.url));
    expect(agents.idle()).toEqual(new Map());
    await readAll(body);
    await Promise.all([get(two.url), get(two.url)]);
    expect(agents.idle()).toEqual(
      new Map([
        [one.url, 1],
        [two.url, 2],
      ]),
    );
    two.server.closeAllConnections();
    await expect.poll(() => agents.idle()).toEqual(new Map([[one.url, 1]]));
  });
});
