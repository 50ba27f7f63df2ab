/* The origin by itself, driven by raw sockets: what it does, and what it writes down. */

import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as dsl from "../src/case.ts";
import { makeCertificates } from "../src/origin/certificates.ts";
import { Channel } from "../src/origin/channel.ts";
import { Control } from "../src/origin/control.ts";
import { OriginControl } from "../src/run/origin-control.ts";

let control: Control;
let url: string;
let runs = 0;
const certificates = makeCertificates();
const sockets: Socket[] = [];

beforeAll(async () => {
  control = new Control(certificates);
  url = await control.listen();
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await control.close();
});

interface Opened {
  readonly path: string;
  readonly ports: Readonly<Record<string, number>>;
  ask(method: string, rest?: string): Promise<unknown>;
}

async function open(
  script: dsl.Script,
  doors: Record<string, dsl.Door> = { main: dsl.plain() },
): Promise<Opened> {
  const run = `${url}/runs/test-${++runs}`;
  const ask = async (method: string, rest = "", body: string | null = null): Promise<unknown> => {
    const response = await fetch(`${run}${rest}`, { method, body });
    return response.status === 204 ? null : ((await response.json()) as unknown);
  };
  const { urls } = (await ask("POST", "", JSON.stringify({ doors, script }))) as {
    urls: Record<string, string>;
  };
  const ports = Object.fromEntries(
    Object.entries(urls).map(([name, at]) => [name, Number(new URL(at).port)]),
  );
  return { path: `/run/test-${runs}/`, ports, ask };
}

async function talk(port: number | undefined, text: string): Promise<Socket> {
  const socket = connect({ port: port ?? 0, host: "127.0.0.1" });
  sockets.push(socket);
  socket.on("error", () => undefined);
  await once(socket, "connect");
  socket.write(text, "latin1");
  return socket;
}

async function read(socket: Socket): Promise<string> {
  let all = "";
  socket.on("data", (piece: Buffer) => (all += piece.toString("latin1")));
  await new Promise((resolve) => socket.once("close", resolve));
  return all;
}

async function ledgerOf(run: Opened): Promise<dsl.Ledger> {
  return (await run.ask("POST", "/end")) as dsl.Ledger;
}

const get = (path: string, more = ""): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;

describe("the origin", () => {
  it("answers in order, fills in placeholders, and keeps the bytes of the request", async () => {
    const run = await open([
      dsl.respond(302, [["location", "{main}b"]]),
      dsl.respond(200, [["connection", "close"]], "hi"),
    ]);
    const socket = await talk(
      run.ports["main"],
      get(`${run.path}a`, "X-Odd:  1 \r\n") + get("/elsewhere"),
    );
    const text = await read(socket);
    expect(text).toContain(`location: http://127.0.0.1:${run.ports["main"]}${run.path}b\r\n`);
    expect(text).toMatch(/HTTP\/1\.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nhi$/);
    const { arrivals, connections } = await ledgerOf(run);
    expect(arrivals.map(({ path }) => path)).toEqual(["a", "/elsewhere"]);
    expect(arrivals[0]).toMatchObject({
      fields: [
        ["Host", "x"],
        ["X-Odd", "1"],
      ],
      complete: true,
      framing: "none",
    });
    expect(arrivals[0]?.head).toBe(get(`${run.path}a`, "X-Odd:  1 \r\n"));
    expect(connections).toMatchObject([{ number: 1, requests: 2, closed: "origin-fin" }]);
  });

  it("undoes chunked content, and lists what is sloppy about a request", async () => {
    const run = await open([dsl.respond(200, [["connection", "close"]])]);
    const head = `POST ${run.path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\nBad : 1\r\n\r\n`;
    await read(
      await talk(run.ports["main"], `${head}3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-T: 1\r\n\r\n`),
    );
    const { arrivals } = await ledgerOf(run);
    expect(arrivals).toMatchObject([
      { content: "abcde", framing: "chunked", trailers: [["X-T", "1"]], complete: true },
    ]);
    expect(arrivals[0]?.faults).toEqual(["bad field line Bad : 1", "content is framed twice"]);
  });

  it("says that a request has no answer in the script", async () => {
    const run = await open([]);
    expect(await read(await talk(run.ports["main"], get("/a")))).toMatch(/^HTTP\/1\.1 599 /);
    expect((await ledgerOf(run)).arrivals).toMatchObject([{ scripted: false }]);
  });

  it("leaves out content when asked with HEAD", async () => {
    const run = await open([dsl.respond(200, [["connection", "close"]], "hello")]);
    const text = await read(await talk(run.ports["main"], `HEAD / HTTP/1.1\r\nHost: x\r\n\r\n`));
    expect(text).toMatch(/content-length: 5\r\n\r\n$/);
  });

  it("waits at a gate until it is opened", async () => {
    const run = await open([
      dsl.sequence(dsl.gate("go"), dsl.respond(200, [["connection", "close"]], "later")),
    ]);
    const reading = read(await talk(run.ports["main"], get("/")));
    expect(await run.ask("GET", "/wait?for=arrived&count=1&ms=2000")).toEqual({ reached: true });
    expect(await run.ask("GET", "/wait?for=closed-by-client&count=1&ms=50")).toEqual({
      reached: false,
    });
    await run.ask("POST", "/gates/go");
    expect(await reading).toMatch(/later$/);
  });

  it("tells a reset by the client from an orderly end", async () => {
    const run = await open([dsl.always(dsl.stall())]);
    const first = await talk(run.ports["main"], get("/1"));
    await run.ask("GET", "/wait?for=arrived&count=1&ms=2000");
    first.resetAndDestroy();
    const second = await talk(run.ports["main"], get("/2"));
    await run.ask("GET", "/wait?for=arrived&count=2&ms=2000");
    second.end();
    expect(await run.ask("GET", "/wait?for=closed-by-client&count=2&ms=2000")).toEqual({
      reached: true,
    });
    const { connections } = await ledgerOf(run);
    expect(connections.map(({ closed }) => closed)).toEqual(["client-reset", "client-fin"]);
  });

  it("resets, half-closes and greets as it is told", async () => {
    const run = await open(
      [dsl.sequence(dsl.head(200, [["content-length", "9"]]), dsl.content("part"), dsl.reset())],
      {
        main: dsl.plain(),
        rude: dsl.greeting(dsl.reset()),
      },
    );
    const socket = await talk(run.ports["main"], get("/"));
    const failed = new Promise((resolve) => socket.once("error", resolve));
    expect(await read(socket)).toMatch(/part$/);
    expect(await failed).toMatchObject({ code: "ECONNRESET" });
    await read(await talk(run.ports["rude"], ""));
    const { connections } = await ledgerOf(run);
    expect(connections.map(({ closed }) => closed)).toEqual(["origin-reset", "origin-reset"]);
  });

  it("sends filler and recognises it", async () => {
    const run = await open([
      dsl.sequence(
        dsl.afterContent(),
        dsl.head(200, [["connection", "close"]]),
        dsl.sendFiller(200_000),
      ),
    ]);
    const content = dsl.filler(300_000);
    const text = await read(
      await talk(
        run.ports["main"],
        `PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n${content}`,
      ),
    );
    expect(text.slice(text.indexOf("\r\n\r\n") + 4)).toBe(dsl.filler(200_000));
    const [arrival] = (await ledgerOf(run)).arrivals;
    expect(arrival).toMatchObject({ contentLength: 300_000, filler: true, complete: true });
    expect(arrival?.content.length).toBe(262_144);
  });

  it("shows certificates that are right, and wrong each in its own way", async () => {
    const kinds = ["good", "wrong-host", "expired", "self-signed", "other-authority"] as const;
    const run = await open([dsl.always(dsl.respond(200))], {
      main: dsl.plain(),
      ...Object.fromEntries(kinds.map((kind) => [kind, dsl.secure(kind)])),
    });
    const codes: unknown[] = [];
    for (const kind of kinds) {
      const socket = connectTls({
        port: run.ports[kind] ?? 0,
        host: "localhost",
        ca: certificates.ca,
      });
      sockets.push(socket);
      const code = await new Promise((resolve) => {
        socket.once("secureConnect", () => resolve("trusted"));
        socket.once("error", (error: { code?: string }) => resolve(error.code));
      });
      codes.push(code);
    }
    expect(codes).toEqual([
      "trusted",
      "ERR_TLS_CERT_ALTNAME_INVALID",
      "CERT_HAS_EXPIRED",
      "DEPTH_ZERO_SELF_SIGNED_CERT",
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    ]);
    await ledgerOf(run);
  });

  it("says the same over a WebSocket, however long it is", async () => {
    const control = await OriginControl.open(url);
    for (const length of [10, 300, 100_000, 3_000_000]) {
      const path = `/runs/test-${++runs}`;
      const script = [dsl.respond(200, [], dsl.filler(length))];
      const { urls } = (await control.ask("POST", path, {
        doors: { main: dsl.plain() },
        script,
      })) as { urls: Record<string, string> };
      const sent = "é".repeat(length);
      const response = await fetch(`${urls["main"]}a`, { method: "POST", body: sent });
      expect(await response.text()).toBe(dsl.filler(length));
      const ledger = (await control.ask("POST", `${path}/end`)) as dsl.Ledger;
      expect(ledger.arrivals[0]?.content).toBe(dsl.utf8(sent).slice(0, 262_144));
    }
    await expect(control.ask("GET", "/runs/none")).rejects.toThrow("no such run");
    await control.close();
  });

  it("is asked by requests once the WebSocket is lost, and says so to who was waiting", async () => {
    const server = createServer((_request, response) => response.end('{"page":false}'));
    server.on("upgrade", (request, socket) => {
      const channel = new Channel(request, socket, () => channel.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const control = await OriginControl.open(`http://127.0.0.1:${port}`);
    const [one, other] = await Promise.allSettled([
      control.ask("GET", "/a"),
      control.ask("GET", "/b"),
    ]);
    for (const { reason } of [one, other] as PromiseRejectedResult[])
      expect(String(reason)).toContain("the origin does not answer");
    expect(await control.ask("GET", "/c")).toEqual({ page: false });
    await control.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it("refuses what it does not know, with CORS for web pages", async () => {
    const response = await fetch(`${url}/runs/none`);
    expect([response.status, response.headers.get("access-control-allow-origin")]).toEqual([
      404,
      "*",
    ]);
    expect((await fetch(`${url}/nowhere`)).status).toBe(404);
    expect((await fetch(`${url}/runs/x`, { method: "POST", body: "{" })).status).toBe(500);
    expect((await fetch(`${url}/runs/x`, { method: "OPTIONS" })).status).toBe(204);
  });
});
