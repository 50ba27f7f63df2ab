/*
 * One exchange through a library that sits on `node:http`. The library makes the request; what it cannot do rightly is done
 * here on its own `ClientRequest`: the head, the steps, the failures, and the response where the library is not to see it.
 */

import {
  bodyLength,
  bodyPieces,
  httpError,
  isStream,
  type Target,
  type TransportRequest,
  type TransportResponse,
} from "@anyhttp/core";
import type { ClientRequest, IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import type { NodeAgents, Requester } from "./agents.ts";
import { type ContentOwner, IncomingBody } from "./incoming-body.ts";
import type { Library } from "./library.ts";
import { mapNodeError } from "./map-error.ts";
import { connectionInfo } from "./open-socket.ts";
import { announcedTimeout, isOverlooked, isPlainlyFramed, renderHead } from "./request-head.ts";
import { cutShort } from "./tls-end.ts";
import { tellWritten, Upload } from "./upload.ts";

/** Performs one exchange. Settles as `Transport.send` does. */
export function exchange(
  agents: NodeAgents,
  library: Library,
  request: TransportRequest,
): Promise<TransportResponse> {
  const { signal } = request;
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    new NodeExchange(agents, library, request, resolve, reject).run();
  });
}

class NodeExchange implements Requester, ContentOwner {
  readonly #agents: NodeAgents;
  readonly #library: Library;
  readonly #request: TransportRequest;
  readonly #resolve: (response: TransportResponse) => void;
  readonly #reject: (reason: unknown) => void;
  readonly onStep: Requester["onStep"];
  /** Whether `send` has settled. */
  #settled = false;
  #client: ClientRequest | null = null;
  #connecting: Socket | null = null;
  #socket: Socket | null = null;
  #bytesBefore = 0;
  #upload: Upload | null = null;
  #message: IncomingMessage | null = null;
  #fields: readonly string[] = [];
  #body: IncomingBody | null = null;
  lost: Error | null = null;

  constructor(
    agents: NodeAgents,
    library: Library,
    request: TransportRequest,
    resolve: (response: TransportResponse) => void,
    reject: (reason: unknown) => void,
  ) {
    this.#agents = agents;
    this.#library = library;
    this.#request = request;
    this.#resolve = resolve;
    this.#reject = reject;
    this.onStep = (step) => {
      if (!this.#settled) this.#request.trace.mark(step);
    };
  }

  get target(): Target {
    return this.#request.target;
  }

  run(): void {
    this.#request.signal.onabort = (reason) => this.#stop(reason);
    try {
      this.#library.call(this.#request, this.#agents.bind(this), this.#content()).then(
        (stream) => this.#respond(stream),
        (error: unknown) => this.#fail(error),
      );
    } catch (error) {
      this.#fail(error);
    }
  }

  attach(client: ClientRequest): void {
    if (this.#settled) return;
    this.#client = client;
    renderHead(client, this.#request, this.#agents.settings.maxHeaderSize);
    tellWritten(client, this.#request.trace);
  }

  ready(): boolean {
    const client = this.#client;
    if (this.#settled || !client) return false;
    client.removeAllListeners("socket");
    if (!this.#library.seesHead) client.removeAllListeners("response");
    // Before the listeners of the library, which has wrapped an error by the time it tells.
    client.prependListener("response", (message: IncomingMessage) => this.#head(message));
    client.prependListener("error", (error) => this.#lose(error));
    client.prependListener("socket", (socket) => this.#connected(socket));
    client.on("finish", () => this.#request.trace.mark("sent"));
    const { informational: tell } = this.#request.trace;
    if (tell) client.on("information", (head) => tell(head.statusCode, head.rawHeaders));
    client.on("upgrade", (_: IncomingMessage, socket: Socket) => {
      socket.destroy();
      this.#fail(httpError("ERR_PROTOCOL_UPGRADE"));
    });
    return true;
  }

  opening(socket: Socket): void {
    this.#connecting = socket;
  }

  #content(): Buffer | Upload | null {
    const { body } = this.#request;
    // Nothing to write: `content-length: 0` says it all. A stream that is said to be empty has to show it.
    if (body === null || (bodyLength(body) === 0 && !isStream(body))) return null;
    if (body instanceof Uint8Array)
      return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    // The source's own error, not what the library makes of it.
    this.#upload = new Upload(bodyPieces(body), (error) => this.#stop(error));
    return this.#upload;
  }

  #connected(socket: Socket): void {
    this.#connecting = null;
    this.#socket = socket;
    this.#bytesBefore = socket.bytesRead;
    this.#request.trace.connected(connectionInfo(socket), this.#client?.reusedSocket ?? false);
    this.#upload?.begin(socket);
  }

  #head(message: IncomingMessage): void {
    this.#message = message;
    this.#fields = message.rawHeaders;
    // A message that breaks while the library still has it in hand.
    message.on("error", nothing);
    const announced = announcedTimeout(this.#fields, this.#request);
    if (announced !== null) this.#agents.announce(message.socket, announced);
    // node-fetch aborts when junk follows a complete response, and Node then drops what has not been read of it.
    if (this.#client) (this.#client as { abort: () => void }).abort = nothing;
    // 101 without an `upgrade` field, a status that is none, a version that this connection cannot speak.
    const { statusCode: status = 0 } = message;
    if (status === 101) return this.#fail(httpError("ERR_PROTOCOL_UPGRADE"));
    const plain =
      isPlainlyFramed(this.#fields, message.httpVersion) &&
      !isOverlooked(this.#fields, this.#client?.shouldKeepAlive ?? true);
    if (status < 200 || message.httpVersionMajor !== 1 || !plain)
      return this.#fail(httpError("ERR_PROTOCOL_HEAD"));
    // A response before the end of the upload is the answer; what was not sent has become pointless.
    this.#upload?.stop();
    if (!this.#library.seesHead) this.#respond(message);
  }

  #respond(stream: Readable): void {
    stream.on("error", nothing);
    if (this.#settled) return void stream.destroy();
    const message = this.#message;
    if (!message) {
      this.#fail(
        httpError("ERR_INVALID_OPTION", {
          what: "the library given to the transport did not use the agent that it was passed",
          remedy: "Give one that sits on node:http and passes its `agent` on.",
        }),
      );
      return void stream.destroy();
    }
    this.#settle();
    this.#body = new IncomingBody(message, stream, this);
    this.#resolve({
      status: message.statusCode ?? 0,
      statusText: message.statusMessage ?? "",
      headers: this.#fields,
      httpVersion: message.httpVersion,
      body: this.#body,
    });
  }

  /** The connection or its parser failed. */
  #lose(error: Error): void {
    if (!this.#message) return this.#fail(error);
    // Junk after a complete response is the connection's end, not the response's.
    if (this.#message.complete) return;
    this.lost = error;
    this.#body?.fail(error);
  }

  broken(error: unknown): unknown {
    return mapNodeError(this.lost ?? error ?? undefined, { stage: "content" });
  }

  cutOff(): Error | null {
    const { statusCode = 0 } = this.#message ?? {};
    return cutShort(this.#socket, this.#request.method, statusCode, this.#fields);
  }

  ended(): void {
    // Content that is still on its way out would hold the connection; it is of no use to anybody.
    if (this.#client && !this.#client.writableFinished) return this.abandon();
    if (this.#library.seesHead) return;
    // What a library keeps of its request would keep the whole exchange: until a full collection, if V8 holds it for old.
    this.#client?.removeAllListeners().on("error", nothing);
    this.#message?.removeAllListeners().on("error", nothing);
  }

  abandon(): void {
    this.#upload?.stop();
    this.#client?.destroy();
    this.#message?.destroy();
  }

  #fail(error: unknown): void {
    if (this.#settled) return;
    const socket = this.#socket;
    this.#stop(
      mapNodeError(error, {
        stage: socket ? "head" : "connecting",
        reused: this.#client?.reusedSocket ?? false,
        received: socket !== null && socket.bytesRead > this.#bytesBefore,
      }),
    );
  }

  /** Rejects with exactly this reason, and closes the connection. */
  #stop(reason: unknown): void {
    if (this.#settled) return;
    this.#settle();
    this.#reject(reason);
    this.#connecting?.destroy();
    this.abandon();
  }

  #settle(): void {
    this.#settled = true;
    this.#request.signal.onabort = null;
  }
}

const nothing = (): void => undefined;
