import { once } from "node:events";
import * as net from "node:net";
import { afterEach, expect, it } from "vitest";
import { bareTransport } from "./support/bare-http.ts";
import { failure, makeRequest } from "./support/exchange.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

it("pulls content as the connection takes it, and has sent it when the last octet is taken", async () => {
  const peers: net.Socket[] = [];
  const server = net.createServer({ pauseOnConnect: true }, (peer) => peers.push(peer));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const transport = bareTransport();
  closing.push(
    () => transport.close(),
    () => server.close(),
  );

  const pieces = 1_024;
  let pulled = 0;
  const source = {
    async *[Symbol.asyncIterator]() {
      const piece = new Uint8Array(65_536);
      for (; pulled < pieces; pulled++) yield await Promise.resolve(piece);
    },
  };
  const { port } = server.address() as net.AddressInfo;
  const request = makeRequest(`http://127.0.0.1:${port}/`, {
    method: "PUT",
    body: { source, length: null },
  });
  const failed = failure(transport.send(request));

  // What the two systems hold for a connection may be megabytes, but not all of the content.
  let before = -1;
  for (let still = 0; still < 20; still = before === pulled && pulled > 0 ? still + 1 : 0) {
    before = pulled;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(pulled).toBeLessThan(pieces / 2);
  expect(request.steps).not.toContain("sent");

  peers[0]?.on("error", () => undefined).resume();
  await expect.poll(() => request.steps, { timeout: 5_000 }).toContain("sent");
  expect(pulled).toBe(pieces);
  request.abort(new Error("enough"));
  await failed;
});
