/* Requests by hand and responses read whole, for tests of transports without a session. */

import type {
  ConnectionInfo,
  ExchangeSignal,
  FieldLines,
  ResponseBody,
  Transport,
  TransportBody,
  TransportRequest,
  TransportResponse,
} from "@anyhttp/core";

/** A request with its trace and the handle of its signal. */
export interface Sent extends TransportRequest {
  readonly steps: string[];
  readonly connections: ConnectionInfo[];
  abort(reason: unknown): void;
}

export function makeRequest(
  url: string,
  init: { method?: string; headers?: FieldLines; body?: TransportBody | null } = {},
): Sent {
  const { href, protocol, origin, host, hostname, port, pathname, search } = new URL(url);
  const steps: string[] = [];
  const connections: ConnectionInfo[] = [];
  const signal = {
    aborted: false,
    reason: undefined as unknown,
    onabort: null as ExchangeSignal["onabort"],
  };
  return {
    method: init.method ?? "GET",
    target: {
      href,
      protocol: protocol as "http:",
      origin,
      host,
      hostname: hostname.replace(/^\[|\]$/g, ""),
      port: Number(port) || (protocol === "https:" ? 443 : 80),
      path: pathname + search,
      fragment: "",
    },
    headers: init.headers ?? [],
    body: init.body ?? null,
    expectContinue: false,
    signal,
    trace: {
      mark: (step) => void steps.push(step),
      connected: (info, reused) => {
        connections.push(info);
        steps.push(reused ? "reused" : "connected");
      },
      watchesUpload: false,
      wrote: () => undefined,
      informational: null,
    },
    steps,
    connections,
    abort(reason) {
      signal.aborted = true;
      signal.reason = reason;
      signal.onabort?.(reason);
    },
  };
}

/** The content as text, with its trailers; rejects with what it failed with. */
export function readAll(
  body: ResponseBody,
): Promise<{ text: string; trailers: FieldLines | null }> {
  return new Promise((resolve, reject) => {
    const pieces: Uint8Array[] = [];
    body.start({
      data: (piece) => void pieces.push(piece),
      end: (trailers) => resolve({ text: Buffer.concat(pieces).toString(), trailers }),
      fail: reject,
    });
  });
}

/** Sends and reads whole. */
export async function roundTrip(
  transport: Pick<Transport, "send">,
  request: TransportRequest,
): Promise<TransportResponse & { text: string; trailers: FieldLines | null }> {
  const response = await transport.send(request);
  return { ...response, ...(await readAll(response.body)) };
}

/** What a promise rejects with; fails if it does not. */
export async function failure(
  promise: Promise<unknown>,
): Promise<Error & { code?: string; requestSent?: string }> {
  const value = await promise.then(
    () => null,
    (error: unknown) => error as Error,
  );
  if (value === null) throw new Error("expected a failure");
  return value;
}
