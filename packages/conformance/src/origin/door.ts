/* Opens the doors of a run: listeners on loopback, and the two kinds of door that have none. */

import { createServer, type Server, type Socket } from "node:net";
import { createSecureContext, type SecureContext, TLSSocket } from "node:tls";
import type { CertificateKind, Door, TlsVersion } from "../case/doors.ts";
import type { Certificates } from "./certificates.ts";
import { OriginConnection } from "./connection.ts";
import type { Run } from "./run.ts";
import { unacceptingPort } from "./unaccepting.ts";

/** A door that is open, as far as its kind allows. */
export interface OpenDoor {
  /** `http://127.0.0.1:41234` */
  readonly origin: string;
  drain(): void;
  close(): Promise<void>;
}

const loopback = "127.0.0.1";
const nothing = { drain: () => undefined, close: () => Promise.resolve() };
const contexts = new WeakMap<Certificates, Map<string, SecureContext>>();

/** Opens one door of a run. */
export async function openDoor(
  run: Run,
  name: string,
  door: Door,
  certificates: Certificates,
): Promise<OpenDoor> {
  switch (door.kind) {
    case "refused":
      return { origin: `http://${loopback}:${await closedPort()}`, ...nothing };
    case "unaccepting":
      return { origin: `http://${loopback}:${await unacceptingPort()}`, ...nothing };
    case "mute": {
      const listeners = await listen(run, name, loopback, () => undefined);
      return { origin: `${door.scheme}://${loopback}:${listeners.port}`, ...listeners };
    }
    case "plain": {
      const host = door.host ?? loopback;
      const listeners = await listen(run, name, host, (connection) => {
        connection.serve(door.greeting ?? null);
      });
      return { origin: `http://${host}:${listeners.port}`, ...listeners };
    }
    case "tls": {
      const host = door.host ?? "localhost";
      const context = contextOf(certificates, door.certificate, door.maxVersion);
      const listeners = await listen(run, name, host, (connection) => {
        connection.secure((raw) => new TLSSocket(raw, { isServer: true, secureContext: context }));
        connection.serve(door.greeting ?? null);
      });
      return { origin: `https://${host}:${listeners.port}`, ...listeners };
    }
  }
}

/** One context per certificate and version: making one is slow. */
function contextOf(
  certificates: Certificates,
  kind: CertificateKind,
  maxVersion: TlsVersion = "TLSv1.3",
): SecureContext {
  let made = contexts.get(certificates);
  if (!made) contexts.set(certificates, (made = new Map<string, SecureContext>()));
  const key = `${kind} ${maxVersion}`;
  let context = made.get(key);
  if (!context)
    made.set(key, (context = createSecureContext({ ...certificates.leaves[kind], maxVersion })));
  return context;
}

async function listen(
  run: Run,
  name: string,
  host: string,
  welcome: (connection: OriginConnection) => void,
): Promise<{ port: number; drain(): void; close(): Promise<void> }> {
  const connections = new Set<OriginConnection>();
  const accept = (socket: Socket): void => {
    const connection = new OriginConnection(run, name, socket);
    connections.add(connection);
    socket.once("close", () => connections.delete(connection));
    welcome(connection);
  };
  const first = await listenOn(accept, loopback, 0);
  const { port } = first.address() as { port: number };
  const servers = [first];
  if (host === "localhost") {
    // Where localhost also means ::1, a client may well try that first. No IPv6: nothing to listen on.
    const second = await listenOn(accept, "::1", port).catch(() => null);
    if (second) servers.push(second);
  }
  return {
    port,
    drain: () => connections.forEach((connection) => connection.drain()),
    async close() {
      const closing = servers.map((server) => new Promise((resolve) => server.close(resolve)));
      for (const connection of connections) connection.destroy();
      await Promise.all(closing);
    },
  };
}

function listenOn(accept: (socket: Socket) => void, host: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, accept);
    server.once("error", reject);
    server.listen({ host, port }, () => resolve(server));
  });
}

/** A port that was free a moment ago, so that nobody listens there. */
async function closedPort(): Promise<number> {
  const server = await listenOn(() => undefined, loopback, 0);
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
