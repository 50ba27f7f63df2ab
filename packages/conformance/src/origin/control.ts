/*
 * The control plane: HTTP on a port of its own, JSON, open to any web page (CORS), because a browser drives it as well.
 *
 * POST /runs/ID {doors, script} → {urls, added} · GET /runs/ID → ledger · GET /runs/ID/connections → those of the ledger
 * GET /runs/ID/wait?for=&count=&ms= → {reached} · POST /runs/ID/gates/NAME · GET / → {ca}
 * POST /runs/ID/end?ms= → ledger, once all connections are closed or the time is over
 *
 * Only GET, and POST of plain text: no question comes before those where a web page sends them.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Certificates } from "./certificates.ts";
import { addedNames } from "./page.ts";
import type { Milestone } from "./recorder.ts";
import { type Run, type RunInit, startRun } from "./run.ts";

/** `then` is done when the value has been written down, and before it is sent. */
type Reply = readonly [status: number, value: unknown, then?: () => Promise<void>];

/** The origin's control plane and all its runs. */
export class Control {
  readonly #runs = new Map<string, Run>();
  readonly #certificates: Certificates;
  readonly #server: Server;

  constructor(certificates: Certificates) {
    this.#certificates = certificates;
    this.#server = createServer((request, response) => void this.#handle(request, response));
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
    await Promise.all([closed, ...[...this.#runs.values()].map((run) => run.close())]);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [status, value, then] = await this.#reply(request).catch((error: unknown): Reply => {
      return [500, { error: error instanceof Error ? error.message : String(error) }];
    });
    const content = value === null ? "" : JSON.stringify(value);
    await then?.();
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

  async #reply(request: IncomingMessage): Promise<Reply> {
    const url = new URL(request.url ?? "/", "http://origin");
    const [, area, id = "", verb, name = ""] = url.pathname.split("/").map(decodeURIComponent);
    if (request.method === "OPTIONS") return [204, null];
    if (area === "") return [200, { ca: this.#certificates.ca }];
    if (area !== "runs" || id === "") return [404, { error: "no such place" }];
    if (request.method === "POST" && verb === undefined)
      return this.#start(id, await readJson(request), request.headers.origin !== undefined);
    const run = this.#runs.get(id);
    if (!run) return [404, { error: "no such run" }];
    switch (`${request.method} ${verb ?? ""}`) {
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
