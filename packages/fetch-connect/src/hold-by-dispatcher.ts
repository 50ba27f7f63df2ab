/*
 * A hold on Node's own fetch that needs no signal, which costs a call a quarter of its time: undici makes a WeakRef and
 * a FinalizationRegistry's entry of each, and what they refer to outlives every short collection. Fetch hands its
 * request to an object of ours instead, which hands it to the dispatcher that fetch would have taken, whole.
 */

import type { Hold, TakeHold } from "./hold.ts";
import { lost, lostFields } from "./lost-fields.ts";

/** What undici documents of a `Dispatcher`, as far as it is used. */
interface Dispatcher {
  dispatch(options: { readonly headers: object }, handler: Handler): boolean;
  readonly isMockActive?: boolean;
}

type Abort = (reason: unknown) => void;

/** A handler of undici 6 and 7, or of undici 8: two of its methods, called on it. */
type Handler =
  | {
      onConnect: (abort: Abort, context: unknown) => void;
      onHeaders: (status: number, ...others: unknown[]) => unknown;
    }
  | {
      onRequestStart: (controller: { abort: Abort }, context: unknown) => void;
      onResponseStart: (controller: unknown, status: number, ...others: unknown[]) => unknown;
    };

/** What is found on the global object, and where. */
interface Globals {
  readonly process?: { readonly versions?: { readonly undici?: string } };
  readonly [name: symbol]: Dispatcher | undefined;
}

/** `setGlobalDispatcher` of any undici, and Node's own proxy settings, put it here. */
const place = (): symbol => {
  const { process } = globalThis as Globals;
  const major = Number.parseInt(process?.versions?.undici ?? "", 10);
  return Symbol.for(`undici.globalDispatcher.${major >= 8 ? 2 : 1}`);
};

/**
 * The hold by dispatcher, if `fetch` is Node's own and there is a dispatcher; `null` if not. Whoever has put another
 * function in its place may want a dispatcher of their own, or none.
 */
export function dispatching(transport: string, fetch: unknown): TakeHold | null {
  const own = Function.prototype.toString.call(fetch).includes("internal/deps/undici/undici");
  const global = globalThis as Globals;
  const where = place();
  if (!own || typeof global[where]?.dispatch !== "function") return null;
  return (init, fields, target) => {
    const hold = new Dispatched(global, where);
    (init as { dispatcher?: Dispatcher }).dispatcher = hold;
    for (const name of lostFields(fields, target)) {
      // Undici would hold the certificate against it (RFC 9110 §4.3.4).
      if (name === "host" && target.protocol === "https:") throw lost(transport, name);
      hold.restore(name, fields[name] as string);
    }
    return hold;
  };
}

/** The dispatcher of one request. */
class Dispatched implements Hold, Dispatcher {
  status: number | undefined = undefined;
  readonly #global: Globals;
  readonly #where: symbol;
  #lost: [name: string, value: string][] | null = null;
  #abort: Abort | null = null;
  #aborted = false;
  #reason: unknown = undefined;

  constructor(global: Globals, where: symbol) {
    this.#global = global;
    this.#where = where;
  }

  abort(reason: unknown): void {
    this.#aborted = true;
    this.#reason = reason;
    // Before there is a connection undici knows of no way.
    this.#abort?.(reason);
  }

  /** Has a field sent that fetch would lose in silence. */
  restore(name: string, value: string): void {
    (this.#lost ??= []).push([name, value]);
  }

  /** Mock agents want content as it was given to fetch. */
  get isMockActive(): boolean {
    return this.#global[this.#where]?.isMockActive ?? false;
  }

  dispatch(options: { readonly headers: object }, handler: Handler): boolean {
    for (const [name, value] of this.#lost ?? [])
      Object.defineProperty(options.headers, name, { value, enumerable: true });
    // The handler stays fetch's, so that all that undici calls, now or later, gets where it belongs.
    if ("onRequestStart" in handler) {
      const { onRequestStart, onResponseStart } = handler;
      handler.onRequestStart = (controller, context) => {
        onRequestStart.call(handler, controller, context);
        this.#connected((reason) => controller.abort(reason));
      };
      handler.onResponseStart = (controller, status, ...others) =>
        onResponseStart.call(handler, controller, this.#told(status), ...others);
    } else {
      const { onConnect, onHeaders } = handler;
      handler.onConnect = (abort, context) => {
        onConnect.call(handler, abort, context);
        this.#connected(abort);
      };
      handler.onHeaders = (status, ...others) =>
        onHeaders.call(handler, this.#told(status), ...others);
    }
    return (this.#global[this.#where] as Dispatcher).dispatch(options, handler);
  }

  #connected(abort: Abort): void {
    this.#abort = abort;
    if (this.#aborted) abort(this.#reason);
  }

  /**
   * Fetch makes a network error of 407, and sends again on 421 (Fetch §4.6). Any client may take a status for the first
   * of its class (RFC 9110 §15).
   */
  #told(status: number): number {
    if (status !== 407 && status !== 421) return status;
    this.status = status;
    return 400;
  }
}
