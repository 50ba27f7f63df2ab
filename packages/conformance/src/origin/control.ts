/*
 * The control plane: HTTP on a port of its own, JSON, open to any web page (CORS), because a browser drives it as well.
 *
 * POST /runs/ID {doors, script} → {urls, added} · GET /runs/ID → ledger · GET /runs/ID/connections → those of the ledger
 * GET /runs/ID/wait?for=&count=&ms= → {reached} · POST /runs/ID/gates/NAME · GET / → {ca, page}
 * POST /runs/ID/end?ms= → ledger, once all connections are closed or the time is over
 *
 * Only GET, and POST of plain text: no question comes before those where a web page sends them. The same goes over a
 * WebSocket at /, `?page` if that is one: {id, method, path, value} → {id, status, value}, in pieces
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Certificates } from "./certificates.ts";
import { Channel } from "./channel.ts";
import { inPieces, joined } from "../run/pieces.ts";
import { addedNames } from "./page.ts";
import type { Milestone } from "./recorder.ts";
import { type Run, type RunInit, startRun } from "./run.ts";

/** A question as it comes over a channel. */
interface Asked {
  readonly id: number;
  readonly method: string;
  readonly path: string;
  readonly value?: unknown;
}

interface Question {
  readonly method: string | undefined;
  readonly url: URL;
  readonly page: boolean;
  readonly value: () => Promise<unknown>;
}

/** `then` is done when the value has been written down, and before it is sent. */
type Reply = readonly [status: number, value: unknown, then?: () => Promise<void>];

/** The origin's control plane and all its runs. */
export class Control {
  readonly #runs = new Map<string, Run>();
  readonly #certificates: Certificates;
  readonly #server: Server;
  readonly #channels = new Set<Channel>();

  constructor(certificates: Certificates) {
    this.#certificates = certificates;
    this.#server = createServer((request, response) => void this.#handle(request, response));
    this.#server.on("upgrade", (request, socket) => this.#upgrade(request, socket));
    // A connection that is closed while a busy client is about to use it would look like a fault of the suite.
    this.#server.keepAliveTimeout = 0;
  }

  /** Listens on loopback; resolves to its URL. */
  listen(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen({ host: "127.0.0.1", port: 0 }, () => {
        resolve(`http://127.0.0.1:${(this.#server.address() as { port: number }).port}`);
      });
    });
  }

  /** Closes itself and all runs. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    for (const channel of this.#channels) channel.destroy();
    await Promise.all([closed, ...[...this.#runs.values()].map((run) => run.close())]);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [status, content] = await this.#answer({
      method: request.method,
      url: new URL(request.url ?? "/", "http://origin"),
      page: request.headers.origin !== undefined,
      value: () => readJson(request),
    });
    response.writeHead(status, {
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "GET, POST",
      "access-control-allow-headers": "*",
      "access-control-allow-private-network": "true",
      "content-type": "application/json",
      "content-length": Buffer.byteLength(content),
    });
    response.end(content);
  }

  #upgrade(request: IncomingMessage, socket: Duplex): void {
    const page = request.url?.endsWith("?page") === true;
    const take = joined((text) => {
      const { id, method, path, value } = JSON.parse(text) as Asked;
      const url = new URL(path, "http://origin");
      const answer = this.#answer({ method, url, page, value: () => Promise.resolve(value) });
      void answer.then(([status, content]) => {
        const said = `{"id":${id},"status":${status},"value":${content || "null"}}`;
        for (const piece of inPieces(said)) channel.send(piece);
      });
    });
    const channel = new Channel(request, socket, take);
    this.#channels.add(channel);
    socket.once("close", () => this.#channels.delete(channel));
  }

  async #answer(question: Question): Promise<[status: number, content: string]> {
    const [status, value, then] = await this.#reply(question).catch((error: unknown): Reply => {
      return [500, { error: error instanceof Error ? error.message : String(error) }];
    });
    const content = value === null ? "" : JSON.stringify(value);
    await then?.();
    return [status, content];
  }

  async #reply({ method, url, page, value }: Question): Promise<Reply> {
    const [, area, id = "", verb, name = ""] = url.pathname.split("/").map(decodeURIComponent);
    if (method === "OPTIONS") return [204, null];
    if (area === "") return [200, { ca: this.#certificates.ca, page }];
    if (area !== "runs" || id === "") return [404, { error: "no such place" }];
    if (method === "POST" && verb === undefined) return this.#start(id, await value(), page);
    const run = this.#runs.get(id);
    if (!run) return [404, { error: "no such run" }];
    switch (`${method} ${verb ?? ""}`) {
      case "GET ":
        return [200, run.recorder.ledger()];
      case "GET connections":
        return [200, run.recorder.ledger().connections];
      case "GET wait": {
        const { searchParams } = url;
        const milestone = searchParams.get("for") as Milestone;
        if (milestone.includes("closed")) run.drain();
        const [count, ms] = [Number(searchParams.get("count")), Number(searchParams.get("ms"))];
        return [200, { reached: await run.recorder.wait(milestone, count, ms) }];
      }
      case "POST gates":
        run.openGate(name);
        return [204, null];
      case "POST end": {
        const ms = Number(url.searchParams.get("ms"));
        if (ms > 0) {
          run.drain();
          await run.recorder.wait("all-closed", 0, ms);
        }
        this.#runs.delete(id);
        // The ledger first: what closing the doors does to connections is not the subject's doing.
        return [200, run.recorder.ledger(), () => run.close()];
      }
      default:
        return [405, { error: "no such verb" }];
    }
  }

  async #start(id: string, init: unknown, page: boolean): Promise<Reply> {
    if (this.#runs.has(id)) return [409, { error: "there is such a run already" }];
    const run = await startRun(id, { ...(init as RunInit), page }, this.#certificates);
    this.#runs.set(id, run);
    return [201, { urls: run.urls(), added: page ? addedNames : [] }];
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return JSON.parse(Buffer.concat(pieces).toString()) as unknown;
}
