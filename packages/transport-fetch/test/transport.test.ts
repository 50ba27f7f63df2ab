import { Session } from "@anyhttp/core";
import { plainRequest } from "@anyhttp/fetch-connect";
import { once } from "node:events";
import * as http from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { fetchTransport } from "../src/index.ts";

let url = "";
const seen: http.IncomingHttpHeaders[] = [];
const server = http.createServer((request, response) => {
  seen.push(request.headers);
  response.end(JSON.stringify({ method: request.method, url: request.url }));
});

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

/** A server that answers each request with these very octets, and closes. */
async function answering(text: string): Promise<string> {
  const raw = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => socket.end(text, "latin1"));
  });
  await new Promise<void>((resolve) => raw.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void raw.close());
  return `http://127.0.0.1:${(raw.address() as AddressInfo).port}`;
}

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe("fetchTransport", () => {
  it("declares what Node's fetch is like", () => {
    expect(fetchTransport().capabilities).toEqual({
      redirects: "visible",
      contentCoding: "raw",
      requestStreaming: "half-duplex",
      responseStreaming: "streamed",
      streamLength: "declared",
      uploadProgress: "handed-over",
      getContent: "refused",
      methods: "fetch",
      setCookie: "visible",
      fieldLines: "combined",
      trailers: "discarded",
      failureDetail: "phased",
      connectTimeout: "merged",
      forbiddenFields: "none",
      addedFields: "platform",
      connectionInfo: "hidden",
      connectionPool: "hidden",
      cookies: "manual",
      tls: "ambient",
      expectContinue: "none",
      informational: "hidden",
    });
  });

  it("declares what a browser's fetch is like, found by its guard of forbidden fields", () => {
    vi.stubGlobal("navigator", { userAgent: "Mozilla/5.0" });
    vi.stubGlobal(
      "Request",
      class {
        readonly headers = new Headers();
        constructor(_url: string, { method, body }: RequestInit) {
          if (method === "TRACE" || (method === "GET" && body)) throw new TypeError("refused");
        }
      },
    );
    expect(fetchTransport().capabilities).toMatchObject({
      redirects: "opaque",
      requestStreaming: "none",
      streamLength: "chunked",
      setCookie: "hidden",
      failureDetail: "opaque",
      forbiddenFields: "fetch",
    });
  });

  it("refuses TLS options as a thing that it cannot do, and others as unknown", () => {
    expect(() => fetchTransport({ tls: { ca: "x" } } as object)).toThrow(
      expect.objectContaining({
        code: "ERR_UNSUPPORTED",
        option: "tls",
        transport: "fetch",
        capability: "tls",
      }),
    );
    expect(() => fetchTransport({ dispatcher: {} } as object)).toThrow(/no option `dispatcher`/);
    expect(() => fetchTransport({ fetch: 1 } as object)).toThrow(/`fetch` is not a function/);
    vi.stubGlobal("fetch", undefined);
    expect(() => fetchTransport()).toThrow(/this runtime has no fetch/);
  });

  it("looks fetch up when it is made, and calls it without a receiver", async () => {
    const receivers: unknown[] = [];
    const own = function (this: unknown, ...args: Parameters<typeof fetch>): Promise<Response> {
      receivers.push(this);
      return fetch(...args);
    };
    await using session = new Session({ transport: fetchTransport({ fetch: own }) });
    expect(await session.get(`${url}/own`).json()).toEqual({ method: "GET", url: "/own" });
    expect(receivers).toEqual([undefined]);
  });

  it("sends no field on account of a cache, and no type of a blob's own", async () => {
    await using session = new Session({ transport: fetchTransport() });
    await session.get(`${url}/cache`).json();
    expect(seen.at(-1)).not.toHaveProperty("cache-control");
    expect(seen.at(-1)).not.toHaveProperty("pragma");
    expect(Object.isFrozen(plainRequest.server) && Object.isFrozen(plainRequest.browser)).toBe(
      true,
    );
  });

  it.each([
    [{ code: "ENOTFOUND" }, "ERR_DNS_NOT_FOUND", "no"],
    [{ code: "ECONNREFUSED" }, "ERR_CONNECT_REFUSED", "no"],
    [{ errors: [{ code: "ENETUNREACH" }, { code: "ECONNREFUSED" }] }, "ERR_CONNECT_REFUSED", "no"],
    [{ code: "UND_ERR_CONNECT_TIMEOUT" }, "ERR_CONNECT_UNREACHABLE", "no"],
    [{ code: "ECONNRESET", host: "x" }, "ERR_CONNECT_RESET", "no"],
    [{ code: "ECONNRESET" }, "ERR_DISCONNECTED", "maybe"],
    [{ code: "UND_ERR_SOCKET" }, "ERR_DISCONNECTED", "maybe"],
    [{ code: "CERT_HAS_EXPIRED" }, "ERR_TLS_EXPIRED", "no"],
    [{ code: "DEPTH_ZERO_SELF_SIGNED_CERT" }, "ERR_TLS_UNTRUSTED", "no"],
    [{ code: "ERR_TLS_CERT_ALTNAME_INVALID" }, "ERR_TLS_HOSTNAME", "no"],
    [{ code: "ERR_SSL_WRONG_VERSION_NUMBER" }, "ERR_TLS_HANDSHAKE", "no"],
    [{ code: "UND_ERR_HEADERS_OVERFLOW" }, "ERR_PROTOCOL_HEAD_TOO_LARGE", "yes"],
    [{ name: "HTTPParserError" }, "ERR_PROTOCOL_HEAD", "yes"],
    [{}, "ERR_NETWORK", "maybe"],
  ])("maps a cause of %j to %s, request sent: %s", async (facts, code, requestSent) => {
    const error = new TypeError("fetch failed", {
      cause: Object.assign(new Error("cause"), facts),
    });
    const transport = fetchTransport({ fetch: () => Promise.reject(error) });
    await using session = new Session({ transport });
    await expect(session.get(url)).rejects.toMatchObject({ code, requestSent });
  });

  it("refuses content whose chunks Node takes for the content, and none that it knows", async () => {
    await using session = new Session({ transport: fetchTransport() });
    const chunked = (value: string): Promise<string> =>
      answering(`HTTP/1.1 200 OK\r\ntransfer-encoding:${value}\r\n\r\n2\r\nok\r\n0\r\n\r\n`);
    expect(await session.get(await chunked(" Chunked ")).text()).toBe("ok");
    for (const value of ["chunked\t", "chunked \t "]) {
      await expect(session.get(await chunked(value))).rejects.toMatchObject({
        code: "ERR_PROTOCOL_HEAD",
      });
    }
  });

  it("gives fetch nothing that has been left in Object.prototype", async () => {
    await using session = new Session({ transport: fetchTransport() });
    const prototype = Object.prototype as { duplex?: unknown };
    prototype.duplex = "polluted";
    try {
      expect(await session.get(url).json()).toMatchObject({ method: "GET" });
    } finally {
      delete prototype.duplex;
    }
  });
});
