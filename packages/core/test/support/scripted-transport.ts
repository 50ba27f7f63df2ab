/* A transport that answers from a script, in memory, and records what it was given. Honours the contract, no more. */

import {
  bodyPieces,
  type Capabilities,
  type ConnectionInfo,
  type ContentDecoders,
  type ContentEncoders,
  fullCapabilities,
  httpError,
  type Transport,
  type TransportRequest,
  type TransportResponse,
} from "../../src/index.ts";
import { type ContentScript, ScriptedBody } from "./scripted-body.ts";

/** One answer; what is left out is an empty 200. */
export interface Answer extends ContentScript {
  readonly status?: number;
  readonly statusText?: string;
  readonly headers?: Readonly<Record<string, string>> | readonly string[];
  readonly httpVersion?: string | null;
  /** Where the exchange stays until its signal fires. */
  readonly hang?: "nowhere" | "connecting" | "connected" | "sent";
  /** What `send` rejects with. */
  readonly error?: unknown;
  /** Resolves when the answer may be given, the request having been sent. */
  readonly after?: Promise<unknown>;
}

/** A request as the transport got it. */
export interface Arrival {
  readonly method: string;
  readonly url: string;
  readonly path: string;
  /** The last value of each field, by lower-case name. */
  readonly fields: Readonly<Record<string, string>>;
  readonly lines: readonly string[];
  readonly request: TransportRequest;
  /** The content; `null` for none. */
  readonly content: Uint8Array | null;
  readonly text: string | null;
}

export type Step = Answer | ((arrival: Arrival) => Answer | Promise<Answer>);

const connection: ConnectionInfo = {
  remoteAddress: "192.0.2.1",
  remotePort: 443,
  localAddress: "192.0.2.2",
  localPort: 50_000,
  tlsProtocol: null,
};

/** What a scripted transport is, beside its script. */
export interface ScriptedOptions {
  readonly capabilities?: Partial<Capabilities>;
  readonly decoders?: ContentDecoders;
  readonly encoders?: ContentEncoders;
}

export class ScriptedTransport implements Transport {
  readonly name = "scripted";
  readonly capabilities: Capabilities;
  readonly decoders: ContentDecoders;
  readonly encoders: ContentEncoders;
  readonly arrivals: Arrival[] = [];
  /** Requests that `send` was called with, those whose content failed included. */
  readonly requests: TransportRequest[] = [];
  readonly bodies: ScriptedBody[] = [];
  /** Reasons of the signals that fired, in order. */
  readonly aborts: unknown[] = [];
  /** Exchanges whose `send` has not settled. */
  pending = 0;
  mostPending = 0;
  closed = 0;
  readonly #steps: readonly Step[];
  /** Content that is being sent. */
  readonly #uploads = new Map<TransportRequest, AsyncIterator<Uint8Array>>();

  /** The last step answers everything that comes after it. */
  constructor(steps: readonly Step[], { capabilities, decoders, encoders }: ScriptedOptions = {}) {
    this.#steps = steps.length > 0 ? steps : [{}];
    this.capabilities = { ...fullCapabilities, ...capabilities };
    this.decoders = decoders ?? {};
    this.encoders = encoders ?? {};
  }

  get last(): Arrival {
    return this.arrivals.at(-1) ?? missing("no request has arrived");
  }

  get body(): ScriptedBody {
    return this.bodies.at(-1) ?? missing("no response has been made");
  }

  async send(request: TransportRequest): Promise<TransportResponse> {
    const step = this.#steps[Math.min(this.requests.push(request), this.#steps.length) - 1] ?? {};
    this.mostPending = Math.max(this.mostPending, ++this.pending);
    try {
      return await Promise.race([this.#aborted(request), this.#answer(request, step)]);
    } finally {
      this.pending--;
    }
  }

  idle(): null {
    return null;
  }

  async close(): Promise<void> {
    this.closed++;
    await Promise.resolve();
  }

  async #upload(request: TransportRequest): Promise<Uint8Array | null> {
    if (request.body === null) return null;
    const pieces: Uint8Array[] = [];
    const source = bodyPieces(request.body)[Symbol.asyncIterator]();
    this.#uploads.set(request, source);
    try {
      for (let next = await source.next(); !next.done; next = await source.next())
        pieces.push(next.value);
    } finally {
      this.#uploads.delete(request);
    }
    return Buffer.concat(pieces);
  }

  #aborted(request: TransportRequest): Promise<never> {
    const { signal } = request;
    return new Promise((_resolve, reject) => {
      const stop = (reason: unknown): void => {
        this.aborts.push(reason);
        this.#uploads
          .get(request)
          ?.return?.()
          .catch(() => undefined);
        reject(reason);
      };
      if (signal.aborted) stop(signal.reason);
      else signal.onabort = stop;
    });
  }

  async #answer(request: TransportRequest, step: Step): Promise<TransportResponse> {
    const { trace } = request;
    const hang = typeof step === "function" ? undefined : step.hang;
    if (hang === "nowhere") return never();
    trace.mark("connecting");
    if (hang === "connecting") return never();
    for (const mark of ["resolved", "opened", "secured"] as const) trace.mark(mark);
    trace.connected(connection, false);
    if (hang === "connected") return never();
    const arrival = arrived(request, await this.#upload(request));
    this.arrivals.push(arrival);
    trace.mark("sent");
    if (hang === "sent") return never();
    const answer = typeof step === "function" ? await step(arrival) : step;
    await answer.after;
    if ("error" in answer) throw answer.error;
    const body = new ScriptedBody(answer);
    this.bodies.push(body);
    const { headers = [] } = answer;
    return {
      status: answer.status ?? 200,
      statusText: answer.statusText ?? "",
      headers: Array.isArray(headers) ? (headers as string[]) : Object.entries(headers).flat(),
      httpVersion: answer.httpVersion === undefined ? "1.1" : answer.httpVersion,
      body,
    };
  }
}

/** A transport that answers with these, one after another, and then with the last one for ever. */
export function scripted(...steps: readonly Step[]): ScriptedTransport {
  return new ScriptedTransport(steps);
}

/** What a transport rejects with when a kept-alive connection had died. */
export const staleConnection = (): Error => httpError("ERR_DISCONNECTED_IDLE");

function arrived(request: TransportRequest, content: Uint8Array | null): Arrival {
  const fields: Record<string, string> = Object.create(null) as Record<string, string>;
  for (let i = 0; i < request.headers.length; i += 2) {
    const [name = "", value = ""] = request.headers.slice(i, i + 2);
    fields[name.toLowerCase()] = value;
  }
  return {
    method: request.method,
    url: request.target.href,
    path: request.target.path,
    fields,
    lines: [...request.headers],
    request,
    content,
    text: content && Buffer.from(content).toString(),
  };
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}

function missing(what: string): never {
  throw new Error(what);
}
