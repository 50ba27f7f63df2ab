/* A raw server for tests: each connection is handed to a script, which sees and says bytes. */

import { once } from "node:events";
import * as net from "node:net";
import type { AddressInfo } from "node:net";
import * as tls from "node:tls";

/** One connection to the origin, with what has come on it so far. */
export interface Connection {
  readonly socket: net.Socket;
  /** Everything received, as latin1. */
  text: string;
}

export interface Origin extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  readonly connections: readonly Connection[];
}

/** @param onRequest Called whenever an empty line has come, with the number of heads so far on the connection. */
export async function startOrigin(
  onRequest: (connection: Connection, count: number) => void,
  secure?: tls.TlsOptions,
): Promise<Origin> {
  const connections: Connection[] = [];
  const accept = (socket: net.Socket): void => {
    const connection: Connection = { socket, text: "" };
    let count = 0;
    connections.push(connection);
    socket.on("error", () => undefined);
    socket.on("data", (bytes: Buffer) => {
      connection.text += bytes.toString("latin1");
      const heads = connection.text.split("\r\n\r\n").length - 1;
      if (heads > count) onRequest(connection, ++count);
    });
  };
  const server = secure ? tls.createServer(secure, accept) : net.createServer(accept);
  if (secure) server.on("tlsClientError", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `${secure ? "https" : "http"}://127.0.0.1:${port}`,
    connections,
    async [Symbol.asyncDispose]() {
      for (const { socket } of connections) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** A whole response with a length. */
export function ok(text: string, ...fields: readonly string[]): string {
  return [
    "HTTP/1.1 200 OK",
    `content-length: ${Buffer.byteLength(text)}`,
    ...fields,
    "",
    text,
  ].join("\r\n");
}
