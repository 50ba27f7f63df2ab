/* Writes the ledger of one run while it happens, and tells who waits for something to have happened. */

import * as zlib from "node:zlib";
import { filler, fromBytes } from "../case/bytes.ts";
import type { Arrival, Connection, Ledger, WireEvent } from "../case/ledger.ts";
import type { RequestHead } from "./request-parser.ts";

/** What one can wait for. */
export type Milestone = "arrived" | "completed" | "connected" | "closed-by-client" | "all-closed";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Content kept of each arrival, in bytes. */
const keptContent = 262_144;
/** Bytes kept of each event on the wire, and events kept of a run. */
const keptBytes = 512;
const keptEvents = 400;
const pattern = Buffer.from(filler(keptBytes * 26), "latin1");

/** An arrival being written. */
export interface OpenArrival {
  content(bytes: Buffer): void;
  end(trailers: Arrival["trailers"]): void;
  fault(what: string): void;
}

/** A connection being written. */
export type OpenConnection = Mutable<Connection>;

/** The ledger of a run, while it is written. */
export class Recorder {
  readonly #began: number = performance.now();
  readonly #arrivals: Mutable<Arrival>[] = [];
  readonly #connections: OpenConnection[] = [];
  readonly #wire: WireEvent[] = [];
  readonly #meters: (() => void)[] = [];
  readonly #watchers = new Set<() => void>();

  /** What has been seen so far. */
  ledger(): Ledger {
    for (const measure of this.#meters) measure();
    return { arrivals: this.#arrivals, connections: this.#connections, wire: this.#wire };
  }

  /** A connection was accepted. `measure` writes down what only its socket knows. */
  connection(door: string, measure: (connection: OpenConnection) => void): OpenConnection {
    const number = this.#connections.length + 1;
    const opened: OpenConnection = {
      number,
      door,
      tls: null,
      servername: null,
      requests: 0,
      received: 0,
      sent: 0,
      closed: null,
    };
    this.#connections.push(opened);
    this.#meters.push(() => {
      if (opened.closed === null) measure(opened);
    });
    this.wire(number, "open", door);
    return opened;
  }

  /** A connection that only asked for leave is none of the case's; those after it move up. */
  discount(connection: OpenConnection): void {
    const { number } = connection;
    if (number === 0 || connection.requests > 0) return;
    const moved = (one: number): number => (one > number ? one - 1 : one);
    this.#connections.splice(this.#connections.indexOf(connection), 1);
    for (const one of this.#connections) one.number = moved(one.number);
    for (const one of this.#arrivals) one.connection = moved(one.connection);
    const rest = this.#wire.filter((event) => event.connection !== number);
    const renumbered = rest.map((one) => ({ ...one, connection: moved(one.connection) }));
    this.#wire.splice(0, this.#wire.length, ...renumbered);
    connection.number = 0;
  }

  /** The head of a request arrived. */
  arrival(
    head: RequestHead,
    where: { readonly connection: number; readonly door: string; readonly path: string },
    scripted: boolean,
  ): OpenArrival {
    const { method, target, version, fields, framing, bytes } = head;
    const arrival: Mutable<Arrival> & { faults: string[] } = {
      ...where,
      method,
      target,
      version,
      fields,
      head: bytes,
      framing,
      content: "",
      contentLength: 0,
      filler: true,
      decoded: null,
      trailers: [],
      complete: false,
      faults: [],
      scripted,
    };
    this.#arrivals.push(arrival);
    this.#changed();
    const coding = fields.find(([name]) => name.toLowerCase() === "content-encoding")?.[1];
    const coded: Buffer[] = [];
    return {
      content: (piece) => {
        if (coding !== undefined) coded.push(Buffer.from(piece));
        const room = Math.max(0, keptContent - arrival.content.length);
        if (room > 0) arrival.content += fromBytes(piece.subarray(0, room));
        arrival.filler &&= isFiller(piece, arrival.contentLength);
        arrival.contentLength += piece.length;
      },
      end: (trailers) => {
        arrival.trailers = trailers;
        arrival.complete = true;
        arrival.decoded = decoded(coding, coded);
        this.#changed();
      },
      fault: (what) => arrival.faults.push(what),
    };
  }

  /** Something happened on the wire. */
  wire(connection: number, what: WireEvent["what"], detail: Buffer | string = ""): void {
    if (connection === 0) return;
    if (this.#wire.length < keptEvents) {
      const at = Math.round(performance.now() - this.#began);
      const kept = typeof detail === "string" ? detail : fromBytes(detail.subarray(0, keptBytes));
      this.#wire.push({ at, connection, what, detail: kept, size: detail.length });
    }
    if (what !== "sent" && what !== "received") this.#changed();
  }

  /** A connection has ended; only the first word about it counts. */
  closed(connection: OpenConnection, how: NonNullable<Connection["closed"]>): void {
    if (connection.closed !== null) return;
    connection.closed = how;
    this.wire(connection.number, "closed", how);
  }

  /** Whether a milestone has been reached. */
  reached(milestone: Milestone, count: number): boolean {
    const byClient = this.#connections.filter(
      ({ closed }) => closed?.startsWith("client") === true,
    );
    switch (milestone) {
      case "arrived":
        return this.#arrivals.length >= count;
      case "completed":
        return this.#arrivals.filter(({ complete }) => complete).length >= count;
      case "connected":
        return this.#connections.length >= count;
      case "closed-by-client":
        return byClient.length >= count;
      case "all-closed":
        return this.#connections.every(({ closed }) => closed !== null);
    }
  }

  /** Waits for a milestone; `false` when the time is over first. */
  wait(milestone: Milestone, count: number, ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (reached: boolean): void => {
        clearTimeout(timer);
        this.#watchers.delete(look);
        resolve(reached);
      };
      const look = (): void => {
        if (this.reached(milestone, count)) settle(true);
      };
      const timer = setTimeout(() => settle(false), ms);
      this.#watchers.add(look);
      look();
    });
  }

  #changed(): void {
    for (const look of this.#watchers) look();
  }
}

const decoders: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: (bytes) => zlib.gunzipSync(bytes),
  deflate: (bytes) => zlib.inflateSync(bytes),
  br: (bytes) => zlib.brotliDecompressSync(bytes),
  zstd: (bytes) => zlib.zstdDecompressSync(bytes),
};

/** Whole content without its coding. */
function decoded(coding: string | undefined, pieces: readonly Buffer[]): Arrival["decoded"] {
  try {
    const bytes = decoders[coding ?? ""]?.(Buffer.concat(pieces));
    if (!bytes) return null;
    const content = fromBytes(bytes.subarray(0, keptContent));
    return { content, length: bytes.length, filler: isFiller(bytes, 0) };
  } catch {
    return null;
  }
}

/** Whether a piece that begins at an offset of the content is filler. */
function isFiller(piece: Buffer, offset: number): boolean {
  for (let start = 0; start < piece.length;) {
    const phase = (offset + start) % 26;
    const length = Math.min(piece.length - start, pattern.length - phase);
    if (pattern.compare(piece, start, start + length, phase, phase + length) !== 0) return false;
    start += length;
  }
  return true;
}
