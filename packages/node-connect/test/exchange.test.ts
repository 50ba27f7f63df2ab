import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { ConnectOptions } from "../src/index.ts";
import { bareTransport } from "./support/bare-http.ts";
import { failure, makeRequest, readAll, roundTrip } from "./support/exchange.ts";
import { ok, type Origin, startOrigin } from "./support/origin.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function setUp(
  script: Parameters<typeof startOrigin>[0],
  options?: ConnectOptions,
): Promise<{ origin: Origin; transport: ReturnType<typeof bareTransport> }> {
  const origin = await startOrigin(script);
  const transport = bareTransport(options);
  closing.push(
    () => transport.close(),
    () => origin[Symbol.asyncDispose](),
  );
  return { origin, transport };
}

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

describe("the request", () => {
  it("goes out in the order, case and multiplicity given, with the method and target as they are", async () => {
    const { origin, transport } = await setUp(({ socket }) => socket.write(ok("")));
    const headers = ["X-B", "1", "accept", "*/*", "x-b", "2", "X-C", "café"];
    await roundTrip(transport, makeRequest(`${origin.url}/a?b=%7E{}`, { method: "get", headers }));
    expect(origin.connections[0]?.text).toBe(
      `get /a?b=%7E{} HTTP/1.1\r\nhost: 127.0.0.1:${origin.port}\r\nX-B: 1\r\naccept: */*\r\nx-b: 2\r\nX-C: café\r\nConnection: keep-alive\r\n\r\n`,
    );
  });

  it("frames content by what is known of its length, on any method", async () => {
    const source = {
      async *[Symbol.asyncIterator]() {
        yield bytes("abc");
        yield bytes("");
        yield bytes("de");
      },
    };
    const { origin, transport } = await setUp((connection) => {
      setTimeout(() => connection.socket.write(ok("")), 30);
    });
    await roundTrip(transport, makeRequest(origin.url, { body: bytes("abc") }));
    await roundTrip(
      transport,
      makeRequest(origin.url, { method: "PUT", body: { source, length: 5 } }),
    );
    await roundTrip(
      transport,
      makeRequest(origin.url, { method: "PUT", body: { source, length: null } }),
    );
    await roundTrip(transport, makeRequest(origin.url, { method: "POST" }));
    const wire = origin.connections.map(({ text }) => text).join("");
    expect(wire).toMatch(/^GET [^]*content-length: 3\r\n[^]*\r\n\r\nabcPUT/);
    expect(wire).toMatch(/content-length: 5\r\n[^]*\r\n\r\nabcdePUT/);
    expect(wire).toMatch(
      /transfer-encoding: chunked\r\n[^]*\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\nPOST/,
    );
    expect(wire).toMatch(/POST [^]*content-length: 0\r\n/);
  });

  it("asks the source for nothing before a connection stands", async () => {
    let asked = 0;
    const source = {
      async *[Symbol.asyncIterator]() {
        asked++;
        yield bytes("x");
      },
    };
    const { transport } = await setUp(() => undefined);
    const request = makeRequest("http://127.0.0.1:1/", {
      method: "PUT",
      body: { source, length: null },
    });
    expect(await failure(transport.send(request))).toMatchObject({
      code: "ERR_CONNECT_REFUSED",
      requestSent: "no",
    });
    expect(asked).toBe(0);
  });

  it("rejects with the source's own error and closes the connection", async () => {
    const own = new Error("own");
    const source = {
      async *[Symbol.asyncIterator]() {
        yield bytes("x");
        await sleep(10);
        throw own;
      },
    };
    const { origin, transport } = await setUp(() => undefined);
    const request = makeRequest(origin.url, { method: "PUT", body: { source, length: null } });
    expect(await failure(transport.send(request))).toBe(own);
    await transport.close();
  });

  it("asks a stream that is said to be empty, which may fail", async () => {
    const own = new Error("it is not empty");
    // As core has it: it counts what comes.
    const source = { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(own) }) };
    const { origin, transport } = await setUp(() => undefined);
    const request = makeRequest(origin.url, { method: "PUT", body: { source, length: 0 } });
    expect(await failure(transport.send(request))).toBe(own);
  });

  it("stops the upload when the response comes before its end", async () => {
    let stopped = false;
    const source = {
      async *[Symbol.asyncIterator]() {
        try {
          for (;;) {
            yield bytes("again");
            await sleep(2);
          }
        } finally {
          stopped = true;
        }
      },
    };
    const { origin, transport } = await setUp(
      ({ socket }, count) => count === 1 && socket.write(ok("enough")),
    );
    const request = makeRequest(origin.url, { method: "PUT", body: { source, length: null } });
    expect((await roundTrip(transport, request)).text).toBe("enough");
    await transport.close();
    // A generator stops where it next gives something.
    await vi.waitFor(() => expect(stopped).toBe(true));
  });
});

describe("the connection", () => {
  it("is told step by step, and is one object for its life", async () => {
    const { origin, transport } = await setUp(({ socket }) => socket.write(ok("")));
    const [first, second] = [makeRequest(origin.url), makeRequest(origin.url)];
    await roundTrip(transport, first);
    await roundTrip(transport, second);
    expect(first.steps).toEqual(["connecting", "opened", "connected", "sent"]);
    expect(second.steps).toEqual(["reused", "sent"]);
    expect(second.connections[0]).toBe(first.connections[0]);
    expect(first.connections[0]).toMatchObject({
      remoteAddress: "127.0.0.1",
      remotePort: origin.port,
    });
  });

  it("that was lost while idle is told from one lost with a response begun", async () => {
    const { origin, transport } = await setUp(({ socket }, count) => {
      if (count === 1) socket.write(ok(""));
      else socket.end();
    });
    await roundTrip(transport, makeRequest(origin.url));
    expect((await failure(transport.send(makeRequest(origin.url)))).code).toBe(
      "ERR_DISCONNECTED_IDLE",
    );

    const begun = await setUp(({ socket }, count) => {
      if (count === 1) socket.write(ok(""));
      else socket.end("HTTP/1.1 200 OK\r\nhalf");
    });
    await roundTrip(begun.transport, makeRequest(begun.origin.url));
    expect((await failure(begun.transport.send(makeRequest(begun.origin.url)))).code).toBe(
      "ERR_DISCONNECTED",
    );
  });

  it("is not used again once bytes came that nobody had asked for", async () => {
    const { origin, transport } = await setUp(({ socket }) =>
      socket.write(ok("mine") + ok("poison")),
    );
    expect((await roundTrip(transport, makeRequest(origin.url))).text).toBe("mine");
    await sleep(20);
    expect((await roundTrip(transport, makeRequest(origin.url))).text).toBe("mine");
    expect(origin.connections).toHaveLength(2);
  });

  it("is not kept longer than said, by us or by the peer", async () => {
    const own = await setUp(({ socket }) => socket.write(ok("")), { idleTimeout: 30 });
    await roundTrip(own.transport, makeRequest(own.origin.url));
    await sleep(120);
    expect(own.origin.connections[0]?.socket.destroyed).toBe(true);

    const peer = await setUp(({ socket }) => socket.write(ok("", "Keep-Alive: timeout=1, max=10")));
    await roundTrip(peer.transport, makeRequest(peer.origin.url));
    await roundTrip(peer.transport, makeRequest(peer.origin.url));
    expect(peer.origin.connections).toHaveLength(2);
  });

  it("has a limit for heads that can be set, and none for the number of fields", async () => {
    const many = Array.from({ length: 3_000 }, () => "a: b");
    const { origin, transport } = await setUp(({ socket }) => socket.write(ok("", ...many)), {
      maxHeaderSize: 100_000,
    });
    expect((await roundTrip(transport, makeRequest(origin.url))).headers).toHaveLength(6_002);

    const small = await setUp(({ socket }) => socket.write(ok("", ...many)), {
      maxHeaderSize: 5_000,
    });
    expect((await failure(small.transport.send(makeRequest(small.origin.url)))).code).toBe(
      "ERR_PROTOCOL_HEAD_TOO_LARGE",
    );
  });
});

describe("closing", () => {
  it("closes idle connections now and the others after their exchange", async () => {
    const { origin, transport } = await setUp(({ socket }) => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nha");
    });
    const response = await transport.send(makeRequest(origin.url));
    const reading = readAll(response.body);
    let closed = false;
    const closing = transport.close().then(() => (closed = true));
    await sleep(30);
    expect(closed).toBe(false);
    origin.connections[0]?.socket.write("lf");
    expect((await reading).text).toBe("half");
    await closing;
    await transport.close();
  });

  it("waits for a connection that is still being made", async () => {
    const { origin, transport } = await setUp(() => undefined);
    const request = makeRequest(origin.url);
    const sending = failure(transport.send(request));
    request.abort("enough");
    await transport.close();
    expect(await sending).toBe("enough");
  });
});
