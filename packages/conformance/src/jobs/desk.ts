/*
 * The desk: an HTTP server at which those who carry out orders fetch them and hand in what came of them. It is open to
 * web pages, and serves the page in which a browser runs an order.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { CellRecord } from "../report/record.ts";
import type { Order, Report } from "./order.ts";

/** An order at the desk. */
export interface Ticket {
  /** Where it is fetched and reported. */
  readonly url: string;
  /** Everything heard so far. */
  readonly cells: ReadonlyMap<string, CellRecord>;
  /** Resolves with the last report. */
  readonly done: Promise<Report>;
}

interface Slip {
  readonly order: Order;
  readonly cells: Map<string, CellRecord>;
  readonly done: PromiseWithResolvers<Report>;
  readonly tell: (id: string, cell: CellRecord) => void;
}

interface Content {
  readonly type: string;
  readonly content: string | Uint8Array;
}

/** The desk; see {@link Desk.open}. */
export class Desk {
  readonly #slips = new Map<string, Slip>();
  readonly #files = new Map<string, Content>();
  readonly #server: Server;
  #url = "";
  #last = 0;

  constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
    this.#server.keepAliveTimeout = 0;
  }

  /** Opens a desk on loopback. */
  static async open(): Promise<Desk> {
    const desk = new Desk();
    const server = desk.#server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ host: "127.0.0.1", port: 0 }, resolve);
    });
    desk.#url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
    return desk;
  }

  /** Lays an order out. `tell` hears each cell when it comes in. */
  lay(order: Order, tell: Slip["tell"]): Ticket {
    const path = `/orders/${++this.#last}`;
    const slip: Slip = { order, cells: new Map(), done: Promise.withResolvers(), tell };
    this.#slips.set(path, slip);
    return { url: `${this.#url}${path}`, cells: slip.cells, done: slip.done.promise };
  }

  /** Serves a file; returns its URL. */
  serve(path: string, type: string, content: string | Uint8Array): string {
    this.#files.set(path, { type, content });
    return `${this.#url}${path}`;
  }

  /** Closes it, whoever is connected. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? "/", "http://desk");
    const send = (status: number, type: string, content: string | Uint8Array): void => {
      response.writeHead(status, {
        "content-type": type,
        "cache-control": "no-store",
        "access-control-allow-origin": "*",
      });
      response.end(content);
    };
    const file = this.#files.get(pathname);
    const slip = this.#slips.get(pathname);
    if (file) return send(200, file.type, file.content);
    if (!slip) return send(404, "text/plain", "");
    if (request.method === "GET") return send(200, "application/json", JSON.stringify(slip.order));
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const report = JSON.parse(Buffer.concat(pieces).toString()) as Report;
    send(200, "text/plain", "");
    for (const [id, cell] of Object.entries(report.cells)) {
      slip.cells.set(id, cell);
      slip.tell(id, cell);
    }
    if (report.run || report.fault !== undefined) slip.done.resolve(report);
  }
}
