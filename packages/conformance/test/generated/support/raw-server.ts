/* A server that answers with given bytes, slice by slice: each is a write of its own that the client sees by itself. */

import { createServer, type Server, type Socket } from "node:net";

/** What is sent for a path: the slices, and then the end of the connection or nothing. */
export interface RawAnswer {
  readonly slices: readonly Buffer[];
  readonly end: boolean;
}

/** Listens in this very process, so that the client reads a slice before the next one is written. */
export class RawServer {
  readonly #answers = new Map<string, RawAnswer>();
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #paths = 0;

  constructor() {
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  /** Has an answer given, as often as it is asked for; returns its URL. */
  answer(slices: readonly Buffer[], end: boolean): string {
    const path = `/${++this.#paths}`;
    this.#answers.set(path, { slices, end });
    const { port } = this.#server.address() as { port: number };
    return `http://127.0.0.1:${port}${path}`;
  }

  close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("error", () => undefined);
    let head = "";
    socket.on("data", (piece) => {
      head += piece.toString("latin1");
      if (!head.endsWith("\r\n\r\n")) return;
      const answer = this.#answers.get(head.split(" ")[1] ?? "");
      head = "";
      if (answer) void play(socket, answer);
    });
  }
}

async function play(socket: Socket, { slices, end }: RawAnswer): Promise<void> {
  for (const slice of slices) {
    if (socket.destroyed) return;
    socket.write(slice);
    // The loop polls before it comes back here.
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (end) socket.end();
}
