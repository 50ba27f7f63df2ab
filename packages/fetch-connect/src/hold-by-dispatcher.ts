/*
 * A hold on Node's own fetch that needs no signal, which costs a call a quarter of its time: undici makes a WeakRef and
 * a FinalizationRegistry's entry of each, and what they refer to outlives every short collection. Fetch hands its
 * request to an object of ours instead, which hands it to the dispatcher that fetch would have taken, whole.
 */

import { Inlet } from "@anyhttp/core";
import type {
  Abort,
  Dispatcher,
  DispatchOptions,
  EarlierHandler,
  LaterHandler,
} from "./dispatcher.ts";
import type { Hold, TakeHold } from "./hold.ts";
import { lost, lostFields } from "./lost-fields.ts";
import { namesOf, type Raw, withoutCoding } from "./raw-fields.ts";

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
 * @param mapError Makes the `HttpError` of what content breaks off with.
 */
export function dispatching(
  transport: string,
  fetch: unknown,
  mapError: (error: unknown) => unknown,
): TakeHold | null {
  const own = Function.prototype.toString.call(fetch).includes("internal/deps/undici/undici");
  const global = globalThis as Globals;
  const where = place();
  if (!own || typeof global[where]?.dispatch !== "function") return null;
  const take: TakeHold = (init, fields, target) => {
    const hold = new Dispatched(global, where, mapError);
    (init as { dispatcher?: Dispatcher }).dispatcher = hold;
    // Or fetch would ask for codings of its own, which are not undone where core has asked for none.
    (fields as Record<string, string>)["accept-encoding"] ??= "identity";
    for (const name of lostFields(fields, target)) {
      // Undici would hold the certificate against it (RFC 9110 §4.3.4).
      if (name === "host" && target.protocol === "https:") throw lost(transport, name);
      hold.restore(name, fields[name] as string);
    }
    return hold;
  };
  return Object.assign(take, { raw: true });
}

/** The dispatcher of one request. */
class Dispatched implements Hold, Dispatcher {
  status: number | undefined = undefined;
  content: Inlet | null = null;
  coding: string | null = null;
  /** Fetch cancels the content of a response that is collected as garbage. */
  response: Response | null = null;
  #paused = false;
  #method = "";
  readonly #mapError: (error: unknown) => unknown;
  readonly #global: Globals;
  readonly #where: symbol;
  #lost: [name: string, value: string][] | null = null;
  #carried: AsyncIterable<Uint8Array> | null = null;
  #abort: Abort | null = null;
  #aborted = false;
  #reason: unknown = undefined;

  constructor(global: Globals, where: symbol, mapError: (error: unknown) => unknown) {
    this.#global = global;
    this.#where = where;
    this.#mapError = mapError;
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

  get carries(): boolean {
    return !this.isMockActive;
  }

  /**
   * Fetch tees content, to have it for a redirect, and keeps all of it in memory until the call is over. It is given a
   * stream in which nothing ever comes.
   */
  carry(content: AsyncIterable<Uint8Array>): ReadableStream | null {
    if (!this.carries) return null;
    this.#carried = content;
    return new ReadableStream();
  }

  /** Mock agents want content as it was given to fetch. */
  get isMockActive(): boolean {
    return this.#global[this.#where]?.isMockActive ?? false;
  }

  dispatch(options: DispatchOptions, handler: EarlierHandler | LaterHandler): boolean {
    this.#method = options.method;
    for (const [name, value] of this.#lost ?? [])
      Object.defineProperty(options.headers, name, { value, enumerable: true });
    if (this.#carried) options.body = this.#carried;
    // What somebody has left on Object.prototype, undici 8 would take for an option.
    if ("dispatcher" in options) Object.assign(options, { dispatcher: undefined });
    // The handler stays fetch's, so that all that undici calls, now or later, gets where it belongs.
    if ("onRequestStart" in handler) this.#standInLater(handler);
    else this.#standIn(handler);
    return (this.#global[this.#where] as Dispatcher).dispatch(options, handler);
  }

  #standIn(handler: EarlierHandler): void {
    const { onConnect, onHeaders, onData, onComplete, onError } = handler;
    handler.onConnect = (abort, context) => {
      onConnect.call(handler, abort, context);
      this.#connected(abort);
    };
    handler.onHeaders = (status, raw, resume, ...others) => {
      const told = this.#hasContent(status) ? this.#head(raw, resume) : raw;
      return onHeaders.call(handler, this.#told(status), told, resume, ...others);
    };
    handler.onData = (piece) => {
      if (!this.content) return onData.call(handler, piece);
      this.content.data(piece);
      return !this.#paused;
    };
    handler.onComplete = (trailers) => {
      onComplete.call(handler, trailers);
      this.content?.end(null);
    };
    handler.onError = (error) => {
      onError.call(handler, error);
      this.content?.fail(this.#mapError(error));
    };
  }

  #standInLater(handler: LaterHandler): void {
    const { onRequestStart, onResponseStart, onResponseData, onResponseEnd, onResponseError } =
      handler;
    handler.onRequestStart = (controller, context) => {
      onRequestStart.call(handler, controller, context);
      this.#connected((reason) => controller.abort(reason));
    };
    handler.onResponseStart = (controller, status, fields, ...others) => {
      let told = fields;
      if (this.#hasContent(status)) {
        this.#head(Object.entries(fields).flat() as Raw, () => controller.resume());
        if (this.coding !== null) {
          // It looks at both.
          if (controller.rawHeaders)
            controller.rawHeaders = withoutCoding(controller.rawHeaders).rest;
          const { "content-encoding": _, ...rest } = fields;
          told = rest;
        }
      }
      return onResponseStart.call(handler, controller, this.#told(status), told, ...others);
    };
    handler.onResponseData = (controller, piece) => {
      if (this.content) this.content.data(piece);
      else onResponseData.call(handler, controller, piece);
      if (this.#paused) controller.pause();
    };
    handler.onResponseEnd = (controller, trailers) => {
      onResponseEnd.call(handler, controller, trailers);
      this.content?.end(null);
    };
    handler.onResponseError = (controller, error) => {
      onResponseError.call(handler, controller, error);
      this.content?.fail(this.#mapError(error));
    };
  }

  /** What has none by its head ends with it, whatever follows (RFC 9112 §6.3), and fetch sees to that. */
  #hasContent(status: number): boolean {
    return (
      status >= 200 && status !== 204 && status !== 205 && status !== 304 && this.#method !== "HEAD"
    );
  }

  /**
   * Content goes past fetch, which would make a stream of it and undo its coding: without saying so when it is cut, and
   * with an error that nobody can catch when there are too many.
   * @returns The fields that fetch is told.
   */
  #head(fields: Raw, resume: () => void): Raw {
    const names = namesOf(fields);
    // Undici fails an assertion, which nobody can catch, when content that runs to the end of the connection ends while
    // it is paused. Such content flows into memory instead.
    const framed = names.includes("content-length") || names.includes("transfer-encoding");
    this.content = new Inlet({
      pause: () => (this.#paused = framed),
      resume: () => {
        this.#paused = false;
        resume();
      },
      cancel: () => this.abort(undefined),
    });
    if (!names.includes("content-encoding")) return fields;
    const { rest, coding } = withoutCoding(fields);
    this.coding = coding;
    return rest;
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
