import { once } from "node:events";
import * as http from "node:http";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { exchange, type Library, NodeAgents } from "../src/index.ts";
import { failure, makeRequest, readAll } from "./support/exchange.ts";
import { ok, type Origin, startOrigin } from "./support/origin.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function setUp(
  script: Parameters<typeof startOrigin>[0],
): Promise<{ origin: Origin; agents: NodeAgents }> {
  const origin = await startOrigin(script);
  const agents = new NodeAgents();
  closing.push(
    () => agents.close(),
    () => origin[Symbol.asyncDispose](),
  );
  return { origin, agents };
}

/** A library that listens to all that there is. */
function listening(seesHead: boolean, heard: string[]): Library {
  return {
    seesHead,
    call: ({ target }, agent) =>
      new Promise((resolve, reject) => {
        const client = http.get(target.href, { agent }, (message) => {
          heard.push("response");
          resolve(message);
        });
        client.on("socket", () => heard.push("socket"));
        client.on("error", (error) => {
          heard.push("error");
          reject(error);
        });
      }),
  };
}

describe("a library", () => {
  it("that may see the response hears of it", async () => {
    const { origin, agents } = await setUp(({ socket }) => socket.write(ok("seen")));
    const heard: string[] = [];
    const { body } = await exchange(agents, listening(true, heard), makeRequest(origin.url));
    expect((await readAll(body)).text).toBe("seen");
    expect(heard).toEqual(["response"]);
  });

  it("that may not see the response hears of nothing but a request that failed", async () => {
    const { origin, agents } = await setUp(({ socket }, count) => {
      if (count === 1) socket.write(ok("unseen", "x-a: b"));
      else socket.destroy();
    });
    const heard: string[] = [];
    const library = listening(false, heard);
    const response = await exchange(agents, library, makeRequest(origin.url));
    expect(response).toMatchObject({ status: 200, headers: expect.arrayContaining(["x-a", "b"]) });
    expect((await readAll(response.body)).text).toBe("unseen");
    expect(heard).toEqual([]);
    const error = await failure(exchange(agents, library, makeRequest(origin.url)));
    expect(error.code).toBe("ERR_DISCONNECTED_IDLE");
    await vi.waitFor(() => expect(heard).toEqual(["error"]));
  });

  it("that may not see the response leaves nothing behind that waits for it", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const { origin, agents } = await setUp(({ socket }) => socket.write(ok("unseen")));
    const library = listening(false, []);
    let collected = 0;
    const registry = new FinalizationRegistry<null>(() => collected++);
    const watching: Library = {
      ...library,
      call(...args) {
        const promise = library.call(...args);
        registry.register(promise, null);
        return promise;
      },
    };
    const get = async (): Promise<void> => {
      const { body } = await exchange(agents, watching, makeRequest(origin.url));
      await readAll(body);
    };
    for (let i = 0; i < 20; i++) await get();
    await vi.waitFor(async () => {
      collect();
      await turn();
      // The last one may still be on the stack, or be the last that the socket has carried.
      expect(collected).toBeGreaterThanOrEqual(18);
    });
  });

  it("is not connected for when the exchange ends in the very tick in which it has begun", async () => {
    const { origin, agents } = await setUp(({ socket }) => socket.write(ok("too late")));
    const closed = vi.fn();
    const library: Library = {
      seesHead: false,
      call: ({ target }, agent) =>
        new Promise((_, reject) => {
          http.get(target.href, { agent }).on("error", reject).on("close", closed);
        }),
    };
    const request = makeRequest(origin.url);
    const sending = failure(exchange(agents, library, request));
    request.abort("enough");
    expect(await sending).toBe("enough");
    await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce());
    // A connection that was being made would have come first.
    const other = http.get(origin.url);
    await once(other, "response");
    other.destroy();
    expect(origin.connections).toHaveLength(1);
  });
});
