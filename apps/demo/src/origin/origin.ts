// An httpbin-compatible origin on loopback, over HTTP and HTTPS, that lives inside the demo. Starts, answers, stops.
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { makeCertificate } from "./certificate.ts";
import { jsonText, Refusal, replyBytes } from "./exchange.ts";
import { readContent } from "./read-content.ts";
import { route } from "./router.ts";

/** A running origin. */
export interface Origin {
  /** Such as `http://127.0.0.1:40001`. */
  readonly http: string;
  /** Such as `https://127.0.0.1:40002`. */
  readonly https: string;
  /** The certificate to trust for {@link https}, PEM. */
  readonly ca: string;
  /** Drops all connections; resolves when both ports are free. */
  stop(): Promise<void>;
}

/** Ports to listen on; 0, the default, takes any that is free. */
export interface OriginPorts {
  readonly http?: number;
  readonly https?: number;
}

/** Starts the origin on 127.0.0.1. Rejects with the system's error when a port is taken. */
export async function startOrigin(ports: OriginPorts = {}): Promise<Origin> {
  const { key, cert } = await makeCertificate();
  const plain = createServer(answer("http:"));
  const secure = createSecureServer({ key, cert }, answer("https:"));
  const stops: (() => Promise<void>)[] = [];
  try {
    for (const [server, port] of [
      [plain, ports.http ?? 0],
      [secure, ports.https ?? 0],
    ] as const) {
      stops.push(await listen(server, port));
    }
  } catch (error) {
    await Promise.all(stops.map((stop) => stop()));
    throw error;
  }
  return {
    http: `http://127.0.0.1:${portOf(plain)}`,
    https: `https://127.0.0.1:${portOf(secure)}`,
    ca: cert,
    stop: async () => {
      await Promise.all(stops.map((stop) => stop()));
    },
  };
}

function answer(protocol: "http:" | "https:"): RequestListener {
  return (request, response) => {
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    const work = async (): Promise<void> => {
      const host = request.headers.host ?? "127.0.0.1";
      const url = URL.parse(request.url ?? "/", `${protocol}//${host}`);
      if (url === null) throw new Refusal(400, "not a request target");
      const content = await readContent(request);
      const method = request.method ?? "GET";
      await route({ method, url, request, response, content, gone: gone.signal });
    };
    work().catch((error: unknown) => {
      // A client that left, a stream cut short: nobody is there to be told.
      if (gone.signal.aborted || response.headersSent) return void response.destroy();
      const status = error instanceof Refusal ? error.status : 500;
      const message = error instanceof Error ? error.message : String(error);
      replyBytes(response, Buffer.from(jsonText({ error: message })), "application/json", status);
    });
  };
}

async function listen(server: Server, port: number): Promise<() => Promise<void>> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    // A reset by the client is its business.
    socket.on("error", () => socket.destroy());
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
