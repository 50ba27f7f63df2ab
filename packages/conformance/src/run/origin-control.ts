/*
 * The way to the origin's control plane from any runtime: one WebSocket for all questions of a run, because a request
 * for each costs several times as much; requests by the platform's fetch where there is no such thing, or no more.
 */

import { inTime } from "./in-time.ts";
import { inPieces, joined } from "./pieces.ts";

/** The origin could not do what was asked: neither the subject's fault nor the case's. */
export class OriginError extends Error {
  override readonly name: string = "OriginError";
}

interface Reply {
  readonly status: number;
  readonly value: unknown;
}

type Waiting = PromiseWithResolvers<Reply>;

/** A control plane that can be asked. */
export class OriginControl {
  readonly #url: string;
  #socket: WebSocket | null;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  private constructor(url: string, socket: WebSocket | null) {
    this.#url = url;
    this.#socket = socket;
    const take = joined((text) => {
      const { id, ...reply } = JSON.parse(text) as Reply & { readonly id: number };
      this.#waiting.get(id)?.resolve(reply);
      this.#waiting.delete(id);
    });
    socket?.addEventListener("message", ({ data }) => take(data as string));
    socket?.addEventListener("close", () => this.#lost("it has gone"));
    // Workerd tells no close behind an error.
    socket?.addEventListener("error", (event) => {
      this.#lost((event as { message?: string }).message ?? "it broke");
    });
  }

  /** Connects; never rejects: an origin that is not there does not answer the first question. */
  static async open(url: string): Promise<OriginControl> {
    return new OriginControl(url, await connect(url).catch(() => null));
  }

  /** Asks; rejects with an {@link OriginError}. */
  async ask(method: "GET" | "POST", path: string, value?: unknown): Promise<unknown> {
    let reply: Reply;
    try {
      const socket = this.#socket;
      const asked =
        socket && socket.readyState === socket.OPEN
          ? this.#tell(socket, method, path, value)
          : request(`${this.#url}${path}`, method, value);
      reply = await asked;
    } catch (error) {
      throw new OriginError("the origin does not answer", { cause: error });
    }
    if (reply.status < 300) return reply.value;
    throw new OriginError(`the origin refused: ${(reply.value as { error: string }).error}`);
  }

  /** What was asked stays unanswered; what is asked from now on are requests. */
  #lost(why: string): void {
    this.#socket = null;
    for (const waiting of this.#waiting.values()) waiting.reject(new Error(why));
    this.#waiting.clear();
  }

  /** Ends the connection. */
  async close(): Promise<void> {
    const socket = this.#socket;
    if (!socket || socket.readyState === socket.CLOSED) return;
    const closed = new Promise((resolve) => socket.addEventListener("close", resolve));
    socket.close();
    await inTime(1000, closed);
  }

  #tell(socket: WebSocket, method: string, path: string, value: unknown): Promise<Reply> {
    const id = ++this.#last;
    const waiting = Promise.withResolvers<Reply>();
    this.#waiting.set(id, waiting);
    const pieces = inPieces(JSON.stringify({ id, method, path, value }));
    for (const piece of pieces) socket.send(piece);
    return waiting.promise;
  }
}

async function connect(url: string): Promise<WebSocket | null> {
  if (typeof WebSocket !== "function") return null;
  // Some runtimes say an origin in the handshake though they are no web page; in requests, only those do.
  const { page } = (await request(`${url}/`, "GET")).value as { page: boolean };
  const socket = new WebSocket(`${url.replace(/^http/, "ws")}/${page ? "?page" : ""}`);
  return new Promise((resolve) => {
    socket.addEventListener("open", () => resolve(socket));
    socket.addEventListener("error", () => resolve(null));
    socket.addEventListener("close", () => resolve(null));
  });
}

async function request(url: string, method: string, value?: unknown): Promise<Reply> {
  const body = value === undefined ? {} : { body: JSON.stringify(value) };
  const response = await fetch(url, { method, ...body });
  const text = await response.text();
  return { status: response.status, value: text === "" ? null : (JSON.parse(text) as unknown) };
}
