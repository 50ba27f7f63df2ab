import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  bodyLength,
  bodyPieces,
  type Capabilities,
  type HttpError,
  Session,
  type TransportRequest,
} from "../src/index.ts";
import { watched } from "../src/content/watched.ts";
import { scripted } from "./support/scripted-transport.ts";
import { failure } from "./support/session.ts";

const connection = {
  remoteAddress: null,
  remotePort: null,
  localAddress: null,
  localPort: null,
  tlsProtocol: null,
};

/** A peer that takes a piece when it is told to, on a transport that connects when it is told to. */
class Peer {
  readonly session: Session;
  readonly taken: number[] = [];
  length: number | null = null;
  request!: TransportRequest;
  #pieces!: AsyncIterator<Uint8Array>;

  constructor(capabilities: Partial<Capabilities> = {}) {
    const transport = scripted({ hang: "nowhere" });
    Object.assign(transport, { capabilities: { ...transport.capabilities, ...capabilities } });
    const send = transport.send.bind(transport);
    transport.send = (request) => {
      this.request = request;
      if (request.body) {
        this.length = bodyLength(request.body);
        this.#pieces = bodyPieces(request.body)[Symbol.asyncIterator]() as never;
      }
      return send(request);
    };
    this.session = new Session({ transport, baseUrl: "http://origin.test" });
  }

  put(
    body: unknown,
    timeout: object,
  ): { error: () => (HttpError & Record<string, unknown>) | null } {
    let error: (HttpError & Record<string, unknown>) | null = null;
    const call = this.session.put("a", { body: body as string, timeout });
    void failure(call).then((found) => (error = found));
    return { error: () => error };
  }

  connected(): void {
    this.request.trace.connected(connection, false);
  }

  /** Asks for the next piece. */
  async take(): Promise<boolean> {
    const next = await this.#pieces.next();
    if (next.done === true) return false;
    this.taken.push(next.value.byteLength);
    return true;
  }
}

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const limit = { write: 100, response: false, connect: 5000 };
const code = "ERR_TIMEOUT_WRITE";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});

afterEach(() => {
  vi.advanceTimersByTime(10_000_000);
  const left = vi.getTimerCount();
  vi.useRealTimers();
  if (left > 0) throw new Error(`${left} timers are left`);
});

describe("timeout.write", () => {
  it.each([
    ["bytes", () => new Uint8Array(40_000), 40_000],
    ["text", () => "x".repeat(40_000), 40_000],
    ["a Blob", () => new Blob([new Uint8Array(40_000)]), 40_000],
    [
      "an iterable",
      async function* () {
        yield await Promise.resolve(new Uint8Array(40_000));
      },
      null,
    ],
  ] as const)("ends %s that is not taken, in pieces, its length kept", async (_, make, length) => {
    const peer = new Peer();
    const made = make();
    const call = peer.put(made, limit);
    await pass(0);
    peer.connected();
    for (let i = 0; i < 3; i++) {
      await pass(90);
      expect(await peer.take()).toBe(true);
    }
    expect(peer.taken).toEqual([16_384, 16_384, 40_000 - 2 * 16_384]);
    expect(peer.length).toBe(length);
    expect(call.error()).toBeNull();
    await pass(110);
    expect(call.error()).toMatchObject({
      code,
      limit: 100,
      requestSent: "maybe",
      retryable: length !== null,
    });
  });

  it("does not count while the source is asked, before the connection stands as well", async () => {
    const peer = new Peer();
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const call = peer.put(
      (async function* () {
        for (const { promise } of gates) {
          await promise;
          yield "ab";
        }
      })(),
      limit,
    );
    await pass(0);
    let took = peer.take();
    await pass(1000);
    peer.connected();
    await pass(1000);
    expect(call.error()).toBeNull();
    gates[0]?.resolve();
    await took;
    await pass(90);
    took = peer.take();
    await pass(1000);
    expect(call.error()).toBeNull();
    gates[1]?.resolve();
    await took;
    await pass(110);
    expect(call.error()).toMatchObject({ code, phase: "write" });
  });

  it("counts from the connection on if nobody asks for content", async () => {
    const peer = new Peer();
    const call = peer.put("abc", limit);
    await pass(1000);
    peer.connected();
    await pass(90);
    expect(call.error()).toBeNull();
    await pass(20);
    expect(call.error()).toMatchObject({ code, limit: 100 });
  });

  it("is over when all is sent", async () => {
    const peer = new Peer();
    const call = peer.put("abc", { ...limit, response: 1000 });
    await pass(0);
    peer.connected();
    await peer.take();
    expect(await peer.take()).toBe(false);
    peer.request.trace.mark("sent");
    await pass(900);
    expect(call.error()).toBeNull();
    await pass(200);
    expect(call.error()).toMatchObject({ code: "ERR_TIMEOUT_RESPONSE", limit: 1000 });
  });

  it("has the time of connecting for the first piece where that cannot be seen", async () => {
    const peer = new Peer({ connectTimeout: "merged" });
    const call = peer.put("x".repeat(40_000), { write: 100, connect: 500, response: 1000 });
    await pass(0);
    await peer.take();
    await pass(550);
    expect(call.error()).toBeNull();
    await peer.take();
    await pass(110);
    expect(call.error()).toMatchObject({ code, limit: 100 });
  });

  it("runs with connecting and waiting as one for content in one piece", async () => {
    const peer = new Peer({
      connectTimeout: "merged",
      requestStreaming: "none",
      streamLength: "chunked",
    });
    const call = peer.put("abc", { write: 100, connect: 200, response: 300 });
    await pass(0);
    expect(peer.request.body).toBeInstanceOf(Uint8Array);
    peer.request.trace.mark("sent");
    await pass(590);
    expect(call.error()).toBeNull();
    await pass(20);
    expect(call.error()).toMatchObject({ code: "ERR_TIMEOUT_RESPONSE", limit: 600 });
  });

  it("passes the end of content on at once, though the source is being asked", async () => {
    let cancelled = false;
    const source = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise<never>(() => undefined),
        return: () => {
          cancelled = true;
          return Promise.resolve({ done: true as const, value: undefined });
        },
      }),
    };
    const clock = { pieceAskedFor: () => undefined, pieceHandedOver: () => undefined };
    const pieces = watched({ source, length: null }, clock).source[Symbol.asyncIterator]();
    void pieces.next();
    await pieces.return?.();
    expect(cancelled).toBe(true);
  });

  it("leaves content alone without the option", async () => {
    const peer = new Peer();
    const bytes = new Uint8Array(40_000);
    peer.put(bytes, { total: 100 });
    await pass(0);
    expect(peer.request.body).toHaveProperty("byteLength", 40_000);
    await pass(110);
  });
});
