/* What undici documents of dispatchers and their handlers, as far as it is used. */

import type { Raw } from "./raw-fields.ts";

/** Takes requests. */
export interface Dispatcher {
  dispatch(options: DispatchOptions, handler: EarlierHandler | LaterHandler): boolean;
  readonly isMockActive?: boolean;
}

/** Closes the connection of a request. */
export type Abort = (reason: unknown) => void;

/** A handler of undici 6 and 7: some of its methods, called on it. */
export interface EarlierHandler {
  onConnect: (abort: Abort, context: unknown) => void;
  onHeaders: (status: number, raw: Raw, resume: () => void, ...others: unknown[]) => unknown;
  onData: (piece: Bytes) => unknown;
  onComplete: (trailers: unknown) => unknown;
  onError: (error: unknown) => unknown;
}

/** A handler of undici 8. */
export interface LaterHandler {
  onRequestStart: (controller: Controller, context: unknown) => void;
  onResponseStart: (
    controller: Controller,
    status: number,
    fields: Readonly<Record<string, unknown>>,
    ...others: unknown[]
  ) => unknown;
  onResponseData: (controller: Controller, piece: Bytes) => unknown;
  onResponseEnd: (controller: Controller, trailers: unknown) => unknown;
  onResponseError: (controller: Controller, error: unknown) => unknown;
}

/** A request. */
export interface DispatchOptions {
  readonly method: string;
  readonly headers: object;
  body?: unknown;
}

/** The hold of a handler of undici 8 on its request. */
interface Controller {
  rawHeaders?: Raw | null;
  abort: Abort;
  pause(): void;
  resume(): void;
}

type Bytes = Uint8Array<ArrayBuffer>;
