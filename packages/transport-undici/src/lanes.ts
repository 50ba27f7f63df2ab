/*
 * Connections, pooled: a lane is one undici `Client`, so one connection, and an exchange has it for itself. That tells
 * which exchange a connection is made for, whether it had been used before, and costs less than undici's own Pool.
 */

import type { ConnectionInfo, Target } from "@anyhttp/core";
import {
  connectionInfo,
  type ConnectSettings,
  openSocket,
  ownMembers,
} from "@anyhttp/node-connect";
import type { Socket } from "node:net";
import { Client } from "undici";
import type { DispatchExchange } from "./dispatch-exchange.ts";
import { inert } from "./inert.ts";
import { watchHeads } from "./head-watch.ts";

/** One connection to one origin. */
export class Lane {
  readonly client: Client;
  /** The exchange that has the lane. */
  exchange: DispatchExchange | null = null;
  /** The open connection. */
  socket: Socket | null = null;
  info: ConnectionInfo | null = null;
  /** What the open connection failed with. */
  failure: Error | null = null;
  /** Exchanges that the open connection has served. */
  served = 0;
  /** When it was last free. */
  idleSince = 0;
  readonly #lanes: Lanes;
  readonly #origin: string;
  #opening: Socket | null = null;
  #dropped = false;

  constructor(lanes: Lanes, target: Target, settings: ConnectSettings) {
    this.#lanes = lanes;
    this.#origin = target.origin;
    const options = ownMembers<Client.Options>({
      ...inert,
      keepAliveTimeout: idle(settings.idleTimeout),
      keepAliveMaxTimeout: idle(settings.idleTimeout),
      ...(settings.maxHeaderSize !== undefined && { maxHeaderSize: settings.maxHeaderSize }),
      connect: (_, callback) => {
        this.#opening = openSocket(
          { target, settings, onStep: (step) => this.exchange?.mark(step) },
          (error, socket) => {
            this.#opening = null;
            if (socket) this.#opened(socket);
            callback(...((error ? [error, null] : [null, socket]) as [null, Socket]));
          },
        );
      },
    });
    this.client = new Client(target.origin, options);
  }

  /**
   * Whether the connection, as far as is known, can serve. Between a socket's end and its `close` undici would take a
   * request, and fail it with what the idle connection had failed with.
   */
  get alive(): boolean {
    return this.socket !== null && !this.socket.destroyed;
  }

  /** The exchange is done and the connection can serve another. */
  release(): void {
    this.exchange = null;
    this.served++;
    this.idleSince = performance.now();
    if (!this.#dropped) this.#lanes.give(this.#origin, this);
  }

  /** The connection is of no more use: it broke, or the exchange gave up on it. */
  drop(): void {
    if (this.#dropped) return;
    this.#dropped = true;
    this.exchange = null;
    this.#lanes.forget(this.#origin, this);
    this.#opening?.destroy();
    // Rejects if the client is already gone, which is what is wanted.
    this.client.destroy().catch(() => undefined);
    this.socket?.destroy();
  }

  #opened(socket: Socket): void {
    this.socket = socket;
    this.info = connectionInfo(socket);
    this.served = 0;
    this.failure = null;
    watchHeads(socket, () => this.exchange);
    socket.once("error", (error) => (this.failure = error));
    socket.once("close", () => {
      if (this.socket !== socket) return;
      this.socket = null;
      if (!this.exchange) this.drop();
    });
  }
}

/** The lanes of a transport, by origin. */
export class Lanes {
  readonly #settings: ConnectSettings;
  readonly #free = new Map<string, Lane[]>();
  readonly #all = new Set<Lane>();

  constructor(settings: ConnectSettings) {
    this.#settings = settings;
  }

  /** The lane that was used last, whose connection is the most likely to be alive; or a new one. */
  take(target: Target): Lane {
    const free = this.#free.get(target.origin);
    for (let lane = free?.pop(); lane; lane = free?.pop()) {
      if (lane.alive) return lane;
      lane.drop();
    }
    const made = new Lane(this, target, this.#settings);
    this.#all.add(made);
    return made;
  }

  give(origin: string, lane: Lane): void {
    const free = this.#free.get(origin);
    if (free) free.push(lane);
    else this.#free.set(origin, [lane]);
  }

  forget(origin: string, lane: Lane): void {
    this.#all.delete(lane);
    const free = this.#free.get(origin);
    const place = free?.indexOf(lane) ?? -1;
    if (place >= 0) free?.splice(place, 1);
    if (free?.length === 0) this.#free.delete(origin);
  }

  /** How many connections are open and free, by origin; origins without any are left out. */
  idle(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const [origin, free] of this.#free) {
      const open = free.filter((lane) => lane.alive).length;
      if (open > 0) counts.set(origin, open);
    }
    return counts;
  }

  /** Idle connections now, the others when their exchange ends. */
  async close(): Promise<void> {
    await Promise.all([...this.#all].map((lane) => closed(lane)));
  }
}

async function closed(lane: Lane): Promise<void> {
  const { socket } = lane;
  const gone =
    socket && !socket.destroyed ? new Promise((resolve) => socket.once("close", resolve)) : null;
  await lane.client.close().catch(() => undefined);
  lane.drop();
  await gone;
}

/** undici counts idle time in a timer of Node's, which knows no infinity. */
function idle(time: number): number {
  return time > 0 && time < 2_147_483_647 ? time : 2_147_483_647;
}
