import { Session, type Transport } from "@anyhttp/core";
import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { TakeHold } from "../src/hold.ts";
import { dispatching } from "../src/hold-by-dispatcher.ts";
import { overFetch } from "../src/index.ts";

const fetchTransport = (own?: typeof fetch): Transport => overFetch("fetch", own ?? fetch, own);

interface Dispatcher {
  dispatch(options: object, handler: object): boolean;
}
const place = Symbol.for("undici.globalDispatcher.1");
const laterPlace = Symbol.for("undici.globalDispatcher.2");
const globals = globalThis as unknown as {
  [place]: Dispatcher;
  [laterPlace]: Dispatcher;
};

const target = {
  href: "http://a.test/",
  protocol: "http:",
  origin: "http://a.test",
  host: "a.test",
  hostname: "a.test",
  port: 80,
  path: "/",
  fragment: "",
} as const;

let url = "";
let arrived: http.IncomingMessage[] = [];
const server = http.createServer((request, response) => {
  arrived.push(request);
  if (request.url === "/silent") return;
  response.statusCode = Number(request.url?.slice(1));
  response.end("x");
});

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  arrived = [];
  vi.unstubAllGlobals();
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe("the hold on Node's own fetch", () => {
  it("closes a connection that has not answered", async () => {
    await using session = new Session({ transport: fetchTransport() });
    const call = session.get(`${url}/silent`);
    const [request] = (await once(server, "request")) as [http.IncomingMessage];
    const closed = once(request.socket, "close");
    await Promise.all([
      expect(call).rejects.toMatchObject({ code: "ERR_SESSION_CLOSED" }),
      session.close({ force: true }),
      closed,
    ]);
  });

  it("goes through the dispatcher that the application has set, at the time of the call", async () => {
    await using session = new Session({ transport: fetchTransport() });
    await session.get(`${url}/200`).text();
    const own = globals[place];
    const dispatch = vi.fn<Dispatcher["dispatch"]>((...args) => own.dispatch(...args));
    globals[place] = { dispatch };
    try {
      expect(await session.get(`${url}/200`).text()).toBe("x");
    } finally {
      globals[place] = own;
    }
    expect(dispatch).toHaveBeenCalledOnce();
  });

  it.each([407, 421])("hands over %i as it came, and sends once", async (status) => {
    await using session = new Session({ transport: fetchTransport() });
    const response = await session.get(`${url}/${status}`, { throwHttpErrors: false });
    expect([response.status, await response.text()]).toEqual([status, "x"]);
    expect(arrived).toHaveLength(1);
  });

  it("takes streamed content and Blobs past fetch, which would keep all of it in memory", async () => {
    const own = globals[place];
    const bodies: unknown[] = [];
    globals[place] = {
      dispatch(options, handler) {
        bodies.push((options as { body: unknown }).body);
        return own.dispatch(options, handler);
      },
    };
    try {
      await using session = new Session({ transport: fetchTransport() });
      for (const body of [new Blob(["abc"]), new Blob(["abc"]).stream()])
        expect(await session.post(`${url}/200`, { body }).text()).toBe("x");
    } finally {
      globals[place] = own;
    }
    // Fetch's own are generators over one branch of what it tees.
    expect(bodies.map(String)).toEqual(["[object Object]", "[object Object]"]);
    expect(arrived.map(({ headers }) => headers["content-length"])).toEqual(["3", undefined]);
  });

  it("hands over coded content as it was sent, with its field", async () => {
    const coded = http.createServer((_, response) => {
      response.setHeader("content-encoding", ["br", "gzip"]);
      response.end("as it is");
    });
    coded.listen(0, "127.0.0.1");
    await once(coded, "listening");
    const { port } = coded.address() as AddressInfo;
    await using session = new Session({ transport: fetchTransport() });
    const response = await session.get(`http://127.0.0.1:${port}`, { decompress: false });
    expect(response.headers.get("content-encoding")).toBe("br, gzip");
    expect(await response.text()).toBe("as it is");
    coded.close();
  });

  // Fetch fails then, and the end of the connection is an error of a stream that nobody has.
  it("fails a call whose response has too many codings, and nothing else", async () => {
    const hostile = http.createServer((_, response) => {
      response.writeHead(200, { "content-encoding": "gzip,gzip,gzip,gzip,gzip,gzip" });
      response.write("not all");
      setTimeout(() => response.destroy(), 50);
    });
    hostile.listen(0, "127.0.0.1");
    await once(hostile, "listening");
    const { port } = hostile.address() as AddressInfo;
    const uncaught = vi.fn();
    process.on("uncaughtException", uncaught);
    try {
      await using session = new Session({ transport: fetchTransport() });
      await expect(session.get(`http://127.0.0.1:${port}`).text()).rejects.toMatchObject({
        code: "ERR_CONTENT_DECODE",
      });
      await new Promise((resolve) => setTimeout(resolve, 150));
    } finally {
      process.off("uncaughtException", uncaught);
      hostile.close();
    }
    expect(uncaught).not.toHaveBeenCalled();
  });

  it("leaves a function in its place alone: that one gets a signal", async () => {
    const own = globalThis.fetch;
    const inits: (RequestInit | undefined)[] = [];
    const another: typeof fetch = (input, init) => {
      inits.push(init);
      return own(input, init);
    };
    vi.stubGlobal("fetch", another);
    await using patched = new Session({ transport: fetchTransport() });
    await patched.get(`${url}/200`).text();
    await using brought = new Session({ transport: fetchTransport(own) });
    await brought.get(`${url}/200`).text();
    expect(inits).toEqual([
      expect.objectContaining({ signal: expect.any(AbortSignal) as unknown }),
    ]);
    expect(inits[0]).not.toHaveProperty("dispatcher");
    await expect(patched.get(`${url}/200`, { headers: { host: "b.test" } })).rejects.toMatchObject({
      code: "ERR_UNSUPPORTED",
    });
  });

  it("passes on the handlers of undici 8, and aborts when there is something to abort", () => {
    const own = globals[laterPlace];
    vi.stubGlobal("process", { versions: { undici: "8.0.0" } });
    let passed: Record<string, (...args: unknown[]) => void> = {};
    globals[laterPlace] = {
      dispatch: (_, handler) => {
        passed = handler as typeof passed;
        return true;
      },
    };
    const handler = { onRequestStart: vi.fn(), onResponseStart: vi.fn(), onResponseData: vi.fn() };
    const { onRequestStart, onResponseStart } = handler;
    const abort = vi.fn();
    try {
      const init: RequestInit & { dispatcher?: Dispatcher } = {};
      const hold = dispatching("fetch", fetch, String)?.(init, {}, target);
      init.dispatcher?.dispatch({ method: "GET", headers: {} }, handler);
      const reason = new Error("called off");
      hold?.abort(reason);
      expect(abort).not.toHaveBeenCalled();
      const controller = { abort };
      passed["onRequestStart"]?.(controller, "context");
      expect(onRequestStart).toHaveBeenCalledWith(controller, "context");
      expect(abort).toHaveBeenCalledExactlyOnceWith(reason);
      passed["onResponseStart"]?.(controller, 421, { a: "b" }, "text");
      expect(onResponseStart).toHaveBeenCalledWith(controller, 400, { a: "b" }, "text");
      expect(hold?.status).toBe(421);
    } finally {
      globals[laterPlace] = own;
    }
  });

  it("takes content past fetch, at the reader's pace, with the handlers of undici 8", () => {
    const own = globals[laterPlace];
    vi.stubGlobal("process", { versions: { undici: "8.0.0" } });
    let passed: Record<string, (...args: unknown[]) => void> = {};
    globals[laterPlace] = {
      dispatch: (_, handler) => {
        passed = handler as typeof passed;
        return true;
      },
    };
    const handler = {
      onRequestStart: vi.fn(),
      onResponseStart: vi.fn(),
      onResponseData: vi.fn(),
      onResponseEnd: vi.fn(),
      onResponseError: vi.fn(),
    };
    const { onResponseData, onResponseError } = handler;
    const controller = {
      rawHeaders: [] as unknown[],
      abort: vi.fn(),
      pause: vi.fn(),
      resume: vi.fn(),
    };
    const begin = (fields: object): ReturnType<TakeHold> | undefined => {
      const init: RequestInit & { dispatcher?: Dispatcher } = {};
      const hold = dispatching("fetch", fetch, (error) => `named ${String(error)}`)?.(
        init,
        {},
        target,
      );
      init.dispatcher?.dispatch({ method: "GET", headers: {} }, { ...handler });
      passed["onRequestStart"]?.(controller, null);
      passed["onResponseStart"]?.(controller, 200, fields, "OK");
      return hold;
    };
    try {
      const lines = ["Content-Encoding", "br", "a", "b", "content-encoding", "gzip"];
      controller.rawHeaders = lines.map((text) => Buffer.from(text));
      const coded = begin({ "content-encoding": ["br", "gzip"], a: "b" });
      passed["onResponseData"]?.(controller, new Uint8Array(9));
      expect([coded?.coding, coded?.content]).toEqual(["br, gzip", expect.anything()]);
      expect(handler.onResponseStart).toHaveBeenCalledWith(controller, 200, { a: "b" }, "OK");
      expect(controller.rawHeaders.map(String)).toEqual(["a", "b"]);

      const plain = begin({ "content-length": "3" });
      const came: unknown[] = [];
      plain?.content?.start({
        data: (piece) => came.push(piece),
        end: () => undefined,
        fail: (error) => came.push(error),
      });
      plain?.content?.pause();
      const piece = new Uint8Array(2);
      passed["onResponseData"]?.(controller, piece);
      expect(controller.pause).toHaveBeenCalledOnce();
      plain?.content?.resume();
      expect(controller.resume).toHaveBeenCalledOnce();
      passed["onResponseError"]?.(controller, "cut");
      expect(came).toEqual([piece, "named cut"]);
      expect(onResponseData).not.toHaveBeenCalled();
      expect(onResponseError).toHaveBeenCalledOnce();

      // Nothing may hold up the end of a connection that is the end of the content.
      begin({})?.content?.pause();
      passed["onResponseData"]?.(controller, piece);
      expect(controller.pause).toHaveBeenCalledOnce();
    } finally {
      globals[laterPlace] = own;
    }
  });
});
