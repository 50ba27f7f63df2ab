/*
 * The connection pools of one transport: an agent for http and one for https, and per exchange a view of one of them,
 * by which the exchange sees its own `ClientRequest` whatever library makes it.
 */

import type { Target } from "@anyhttp/core";
import * as http from "node:http";
import type { Socket } from "node:net";
import { type ConnectOptions, type ConnectSettings, connectSettings } from "./connect-options.ts";
import { openSocket, type OpenCallback, type Opening } from "./open-socket.ts";
import { afterPoll, isUnseen } from "./poll.ts";

/** What an agent wants of an exchange. */
export interface Requester {
  readonly target: Target;
  readonly onStep: Opening["onStep"];
  /** The library is making the request; its head is not rendered yet. */
  attach(request: http.ClientRequest): void;
  /** The library has made the request, and a connection comes next. `false`: the exchange is over, do not connect. */
  ready(): boolean;
  /** A connection is being opened for it. */
  opening(socket: Socket): void;
}

/** Request options as they reach an agent, with the exchange that they belong to. */
interface AgentOptions {
  host: string;
  port: number;
  requester?: Requester | undefined;
}

/** What `http.Agent` has for its subclasses, which `@types/node` leaves out. */
interface AgentInternals {
  addRequest(request: http.ClientRequest, options: AgentOptions): void;
  getName(options: AgentOptions): string;
}

/** A margin before the moment at which a peer said it would close, in milliseconds; as in Node's own agent. */
const hintMargin = 1_000;

class PooledAgent extends http.Agent {
  readonly protocol: string;
  readonly defaultPort: number;
  readonly #agents: NodeAgents;
  readonly #idleSince = new WeakMap<object, number>();

  constructor(agents: NodeAgents, protocol: "http:" | "https:") {
    // Core limits how many exchanges there are. The last socket freed is the least likely to have been closed.
    super({ keepAlive: true, scheduling: "lifo", maxSockets: Infinity, maxFreeSockets: Infinity });
    this.#agents = agents;
    this.protocol = protocol;
    this.defaultPort = protocol === "https:" ? 443 : 80;
    // `openSocket` decides about the server name; otherwise Node would take it from the `host` field.
    (this as unknown as { options: { servername: string } }).options.servername = "";
  }

  /** The pool key. All that makes a TLS identity is the same for the whole agent, so host and port are enough. */
  override getName(options: { host?: string; port?: number | string } = {}): string {
    return `${options.host}:${options.port}`;
  }

  /** Whether all that has come on the connection which is next to be used has been handed out. */
  isSeen(options: AgentOptions): boolean {
    const next = this.freeSockets[this.getName(options)]?.at(-1);
    return next === undefined || !isUnseen(this.#idleSince.get(next) ?? 0);
  }

  override createConnection(options: object, callback?: unknown): undefined {
    const request = options as AgentOptions;
    const requester = request.requester as Requester;
    // The agent keeps these options as long as the socket lives; the exchange must not live as long.
    request.requester = undefined;
    requester.opening(
      this.#agents.open(requester.target, requester.onStep, callback as OpenCallback),
    );
  }

  override keepSocketAlive(stream: object): boolean {
    const socket = stream as Socket;
    const limit = this.#agents.idleLimit(socket);
    if (limit === null) return false;
    socket.unref();
    this.#idleSince.set(socket, performance.now());
    // Left on while in use: the agent closes on a timeout only what is free.
    if (socket.timeout !== limit) socket.setTimeout(limit);
    // Bytes that nobody asked for would become the response of the next request. Older Nodes do not look.
    socket.on("data", discard);
    return true;
  }

  override reuseSocket(stream: object, request: http.ClientRequest): void {
    const socket = stream as Socket;
    socket.off("data", discard);
    super.reuseSocket(socket, request);
  }
}

function discard(this: Socket): void {
  this.destroy();
}

/** A view of an agent that belongs to one exchange. */
interface AgentView extends http.Agent {
  /** `null` once it has its request. */
  requester: Requester | null;
}

/** The connections of one transport, pooled. */
export class NodeAgents {
  readonly settings: ConnectSettings;
  /** Open sockets, each with the origin that it was opened for. */
  readonly #sockets = new Map<Socket, string>();
  readonly #announced = new WeakMap<Socket, number>();
  readonly #agents: readonly [http: PooledAgent, https: PooledAgent];
  readonly #views: readonly [http: object, https: object];
  #closing: PromiseWithResolvers<void> | null = null;

  /**
   * @param options What the user gave to the factory.
   * @param own Options of the factory itself, which are not looked at.
   * @throws `ERR_INVALID_OPTION` as {@link connectSettings} does.
   */
  constructor(options: ConnectOptions = {}, own: readonly string[] = []) {
    this.settings = connectSettings(options, own);
    this.#agents = [new PooledAgent(this, "http:"), new PooledAgent(this, "https:")];
    this.#views = [viewOf(this.#agents[0]), viewOf(this.#agents[1])];
  }

  /** The agent to hand to a library for one request of one exchange. */
  bind(requester: Requester): http.Agent {
    const [plain, secure] = this.#views;
    const view = Object.create(
      requester.target.protocol === "https:" ? secure : plain,
    ) as AgentView;
    view.requester = requester;
    return view;
  }

  /** Closes idle connections now and the others when they are free. Resolves when all are closed. */
  close(): Promise<void> {
    if (!this.#closing) {
      this.#closing = Promise.withResolvers<void>();
      for (const agent of this.#agents) {
        for (const sockets of Object.values(agent.freeSockets)) {
          for (const socket of sockets ?? []) socket.destroy();
        }
      }
      if (this.#sockets.size === 0) this.#closing.resolve();
    }
    return this.#closing.promise;
  }

  /** How many connections are open and free, by origin; origins without any are left out. */
  idle(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const agent of this.#agents) {
      for (const socket of Object.values(agent.freeSockets).flat()) {
        const origin = socket && !socket.destroyed && this.#sockets.get(socket);
        if (origin) counts.set(origin, (counts.get(origin) ?? 0) + 1);
      }
    }
    return counts;
  }

  /** Opens a connection that {@link close} waits for. */
  open(target: Target, onStep: Opening["onStep"], callback: OpenCallback): Socket {
    const socket = openSocket({ target, settings: this.settings, onStep }, callback);
    this.#sockets.set(socket, target.origin);
    socket.once("close", () => {
      this.#sockets.delete(socket);
      if (this.#sockets.size === 0) this.#closing?.resolve();
    });
    return socket;
  }

  /** Notes for how many seconds the peer says that it keeps the connection (`keep-alive: timeout=N`). */
  announce(socket: Socket, seconds: number): void {
    this.#announced.set(socket, seconds);
  }

  /** How long a socket may be idle, in milliseconds: 0 for ever, `null` not at all. */
  idleLimit(socket: Socket): number | null {
    if (this.#closing) return null;
    const own = this.settings.idleTimeout;
    const announced = this.#announced.get(socket);
    if (announced === undefined) return own;
    const hint = announced * 1_000 - hintMargin;
    if (hint <= 0) return null;
    return own === 0 ? hint : Math.min(own, hint);
  }
}

/** Prototype of the views of an agent: the agent in everything, but for telling the exchange of its request. */
function viewOf(agent: PooledAgent): object {
  return Object.create(agent, {
    addRequest: {
      value(this: AgentView, request: http.ClientRequest, options: AgentOptions): void {
        options.requester = this.requester ?? undefined;
        // What a library keeps of its options must not keep the exchange, which is what lives longest of all.
        this.requester = null;
        options.requester?.attach(request);
        // Whoever makes a request adds listeners to it and writes it as soon as it is made.
        process.nextTick(addWhenSeen, agent, request, options);
      },
    },
  }) as object;
}

function addWhenSeen(agent: PooledAgent, request: http.ClientRequest, options: AgentOptions): void {
  if (agent.isSeen(options)) add(agent, request, options);
  else afterPoll(() => add(agent, request, options));
}

function add(agent: PooledAgent, request: http.ClientRequest, options: AgentOptions): void {
  if (options.requester?.ready()) {
    (agent as unknown as AgentInternals).addRequest(request, options);
    options.requester = undefined;
    return;
  }
  const over = new Error("the exchange was over before it had begun");
  (request as unknown as { onSocket(socket: null, error: Error): void }).onSocket(null, over);
}
