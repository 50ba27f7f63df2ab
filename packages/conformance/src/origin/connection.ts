/* One accepted connection: parses requests, plays the answers of the script in order, and writes the ledger. */

import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { type Answer, respond } from "../case/script.ts";
import { afterPath } from "../run/aftermath.ts";
import { type Exchanged, play } from "./player.ts";
import { Leave, preflight } from "./page.ts";
import type { OpenArrival, OpenConnection } from "./recorder.ts";
import { type RequestHead, RequestParser } from "./request-parser.ts";
import type { Run } from "./run.ts";

type NodeError = Error & { readonly code?: string };

/** A request that waits for its answer, or gets it. */
interface Pending extends Exchanged {
  readonly arrival: OpenArrival;
  readonly ended: PromiseWithResolvers<void>;
}

/** Says that a case forgot an answer; the judge fails it for that anyway. */
const unscripted: Answer = {
  steps: [
    {
      do: "head",
      version: "1.1",
      status: 599,
      reason: "Not In Script",
      fields: [
        ["content-length", "0"],
        ["connection", "close"],
      ],
    },
  ],
};

/** One connection of one run. */
export class OriginConnection {
  readonly #run: Run;
  readonly #door: string;
  readonly #raw: Socket;
  readonly #record: OpenConnection;
  readonly #gone: Promise<void>;
  #socket: Socket;
  #current: Pending | null = null;
  #turn: Promise<void> = Promise.resolve();

  constructor(run: Run, door: string, socket: Socket) {
    this.#run = run;
    this.#door = door;
    this.#raw = socket;
    this.#socket = socket;
    this.#record = run.recorder.connection(door, (record) => measure(record, socket));
    socket.on("error", (error: NodeError) => this.#failed(error));
    // A door that never reads would not notice that the client has gone.
    this.#gone = new Promise((resolve) => {
      socket.once("close", () => {
        this.#closed("client-fin");
        resolve();
      });
    });
    socket.once("end", () => this.#ended());
    socket.resume();
  }

  /** Wraps it in TLS. */
  secure(wrap: (raw: Socket) => TLSSocket): void {
    this.#raw.pause();
    const socket = wrap(this.#raw);
    this.#socket = socket;
    socket.on("error", (error: NodeError) => this.#failed(error));
    socket.once("end", () => this.#ended());
    socket.once("secure", () => {
      this.#record.tls = socket.getProtocol();
      const { servername } = socket as { servername?: string | false };
      this.#record.servername = servername === false ? null : (servername ?? null);
      this.#run.recorder.wire(this.#record.number, "secured", this.#record.tls ?? "");
    });
  }

  /** Plays the greeting, or else answers requests. */
  serve(greeting: Answer | null): void {
    const parser = new RequestParser({
      head: (head) => this.#request(head),
      content: (piece) => this.#current?.arrival.content(piece),
      end: (trailers) => {
        this.#current?.arrival.end(trailers);
        this.#current?.ended.resolve();
      },
      fault: (what) => {
        this.#current?.arrival.fault(what);
        this.#run.recorder.wire(this.#record.number, "note", `not sound HTTP: ${what}`);
      },
    });
    this.#socket.on("data", (piece: Buffer) => {
      this.#record.received += piece.length;
      this.#run.recorder.wire(this.#record.number, "received", piece);
      parser.push(piece);
    });
    if (greeting) this.#enqueue(greeting, { method: "", ended: Promise.resolve() });
  }

  /** Reads on. */
  drain(): void {
    this.#socket.resume();
  }

  /** Ends it at once, when the run is over. */
  destroy(): void {
    this.#socket.destroy();
    this.#raw.destroy();
  }

  #request(head: RequestHead): void {
    // A case's first request on a connection must not find that used before.
    const fresh = this.#record.requests === 0;
    const leave = this.#run.page ? preflight(head, fresh) : null;
    if (leave) {
      this.#current = null;
      this.#run.recorder.discount(this.#record);
      return this.#enqueue(leave, { method: head.method, ended: Promise.resolve() }, fresh);
    }
    this.#record.requests++;
    const path = this.#run.below(head.target);
    const after = path === afterPath;
    const answer = after ? respond(200, [], "served") : this.#run.answer(path);
    // Not behind an answer that is still being played: whoever asks has had all of it.
    if (after) this.#turn = Promise.resolve();
    const where = { connection: this.#record.number, door: this.#door, path };
    const arrival = this.#run.recorder.arrival(head, where, answer !== null);
    const ended = Promise.withResolvers<void>();
    this.#current = { method: head.method, arrival, ended };
    const closes = head.fields.some(
      ([name, value]) => /^connection$/i.test(name) && /close/i.test(value),
    );
    this.#enqueue(answer ?? unscripted, { method: head.method, ended: ended.promise }, closes);
  }

  #enqueue(
    answer: Answer,
    exchange: { method: string; ended: Promise<void> },
    closes = false,
  ): void {
    this.#turn = this.#turn.then(async () => {
      const socket = this.#socket;
      const said = await play(answer.steps, exchange, {
        run: this.#run,
        socket,
        raw: this.#raw,
        gone: this.#gone,
        leave: this.#run.page ? new Leave() : null,
        sent: (bytes) => this.#run.recorder.wire(this.#record.number, "sent", bytes),
        closing: (how) => this.#closed(how),
      });
      if ((closes || said.closes) && socket.writable) {
        await exchange.ended;
        this.#closed("origin-fin");
        socket.end();
      }
    });
  }

  #ended(): void {
    this.#closed("client-fin");
    // What was being sent has no reader any more; a client that only half-closed is none that we test.
    this.#socket.end();
    setImmediate(() => this.destroy());
  }

  #failed(error: NodeError): void {
    const reset = error.code === "ECONNRESET" || error.code === "EPIPE";
    this.#run.recorder.wire(this.#record.number, "note", error.code ?? error.message);
    this.#closed(reset ? "client-reset" : "client-fin");
    this.destroy();
  }

  #closed(how: NonNullable<OpenConnection["closed"]>): void {
    if (this.#record.closed === null) measure(this.#record, this.#raw);
    this.#run.recorder.closed(this.#record, how);
  }
}

/** Bytes that have left; those that still wait for the client to read are not counted. */
function measure(record: OpenConnection, socket: Socket): void {
  record.sent = socket.bytesWritten - socket.writableLength;
}
