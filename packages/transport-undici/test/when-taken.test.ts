import { once } from "node:events";
import * as net from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { whenTaken } from "../src/when-taken.ts";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A connection to a peer that does not read yet, filled until something has to wait. */
async function fill(): Promise<{ client: net.Socket; peer: net.Socket }> {
  const server = net.createServer({ pauseOnConnect: true });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = net.connect((server.address() as net.AddressInfo).port, "127.0.0.1");
  client.on("error", () => undefined);
  const [[peer]] = (await Promise.all([
    once(server, "connection"),
    once(client, "connect"),
  ])) as unknown as [[net.Socket]];
  closing.push(
    () => client.destroy(),
    () => peer.destroy(),
    () => server.close(),
  );
  while (client.writableLength === 0) {
    client.write(Buffer.alloc(16_384));
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { client, peer };
}

describe("whenTaken", () => {
  it("waits until the system has taken the last octet", async () => {
    const { client, peer } = await fill();
    let left = -1;
    const taken = new Promise<void>((resolve) => {
      whenTaken(client, () => {
        left = client.writableLength;
        resolve();
      });
    });
    expect(left).toBe(-1);
    peer.resume();
    await taken;
    expect(left).toBe(0);
  });

  it("calls back at once where nothing waits", () => {
    let called = 0;
    whenTaken(new net.Socket(), () => called++);
    whenTaken(null, () => called++);
    expect(called).toBe(2);
  });

  it("never calls back when the connection breaks before", async () => {
    const { client, peer } = await fill();
    let called = false;
    whenTaken(client, () => (called = true));
    peer.resetAndDestroy();
    await new Promise((resolve) => client.once("close", resolve));
    whenTaken(client, () => (called = true));
    expect(called).toBe(false);
  });
});
