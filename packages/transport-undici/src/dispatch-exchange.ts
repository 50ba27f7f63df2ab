/*
 * One exchange through `dispatch`. The object is undici's handler, the source of the response content, and the
 * response itself at once: a small call makes little else.
 */

import {
  bodyPieces,
  type ErrorCode,
  type ExchangeStep,
  type FieldLines,
  httpError,
  Inlet,
  type InletSource,
  type ResponseBody,
  type TransportRequest,
  type TransportResponse,
} from "@anyhttp/core";
import { afterPoll, cutShort, isPlainlyFramed, isUnseen } from "@anyhttp/node-connect";
import type { Socket } from "node:net";
import type { Dispatcher } from "undici";
import { BareDispatch } from "./bare-dispatch.ts";
import { beginUpload } from "./begin-upload.ts";
import { fieldLines, headLines } from "./field-lines.ts";
import type { HeadWatcher } from "./head-watch.ts";
import type { Lane } from "./lanes.ts";
import { mapUndiciError } from "./map-undici-error.ts";
import { Outgoing, type OutgoingOwner, written } from "./outgoing.ts";
import { whenTaken } from "./when-taken.ts";

type Handler = Dispatcher.DispatchHandler;
type Controller = Dispatcher.DispatchController & { rawHeaders?: unknown; rawTrailers?: unknown };

/** @internal */
export class DispatchExchange
  implements Handler, InletSource, HeadWatcher, OutgoingOwner, TransportResponse
{
  status = 0;
  statusText = "";
  headers: FieldLines = [];
  httpVersion: string | null = null;
  held = false;
  #headBegun = false;
  readonly body: ResponseBody;
  readonly #inlet: Inlet;
  readonly #request: TransportRequest;
  readonly #lane: Lane | null;
  #controller: Controller | null = null;
  #outgoing: Outgoing | null = null;
  /** The lane has let go of it by the time undici says that it broke. */
  #socket: Socket | null = null;
  #bytesBefore = 0;
  /** Octets of content, and those that carried it. */
  #content = 0;
  #carried = 0;
  #reused = false;
  #stage: "connecting" | "head" | "content" | "over" = "connecting";
  #resolve!: (response: TransportResponse) => void;
  #reject!: (error: unknown) => void;

  constructor(request: TransportRequest, lane: Lane | null) {
    this.#request = request;
    this.#lane = lane;
    this.body = this.#inlet = new Inlet(this);
    if (lane) lane.exchange = this;
  }

  start(dispatcher: Dispatcher): Promise<TransportResponse> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#request.signal.onabort = (reason) => this.#giveUp(reason);
      const lane = this.#lane;
      if (lane?.alive && isUnseen(lane.idleSince)) afterPoll(() => this.#dispatch(dispatcher));
      else this.#dispatch(dispatcher);
    });
  }

  #dispatch(dispatcher: Dispatcher): void {
    if (this.#stage === "over") return;
    const { body } = this.#request;
    if (body !== null && !(body instanceof Uint8Array))
      this.#outgoing = new Outgoing(bodyPieces(body), this);
    const options = new BareDispatch(this.#request, this.#outgoing ?? body);
    dispatcher.dispatch(options as Dispatcher.DispatchOptions, this);
  }

  get awaitsHead(): boolean {
    return this.#stage === "head" && !this.#headBegun;
  }

  headBegins(version: "1.0" | "1.1"): void {
    this.#headBegun = true;
    this.httpVersion = version;
  }

  interim(head: string): void {
    this.#request.trace.informational?.(100, headLines(head));
  }

  /** Octets have come behind the head. Chunks of an octet each cost six; beyond that they carry something else. */
  carries(octets: number): void {
    this.#carried += octets;
    if (this.#carried <= 16 * this.#content + mostAround) return;
    this.refuse(this.#stage === "content" ? "ERR_PROTOCOL_FRAMING" : "ERR_PROTOCOL_HEAD_TOO_LARGE");
  }

  /** The response breaks HTTP in a way that undici lets pass. */
  refuse(code: ErrorCode): void {
    const controller = this.#controller;
    const error = httpError(code);
    this.onResponseError(null, error);
    controller?.abort(error);
  }

  /** A step of the connection that is being made for this exchange. */
  mark(step: ExchangeStep): void {
    this.#request.trace.mark(step);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    const { signal, trace, body } = this.#request;
    if (signal.aborted) return controller.abort(signal.reason as Error);
    const lane = this.#lane;
    this.#stage = "head";
    if (lane?.socket && lane.info) {
      this.#reused = lane.served > 0;
      this.#socket = lane.socket;
      this.#bytesBefore = lane.socket.bytesRead;
      trace.connected(lane.info, this.#reused);
    }
    // What is not a stream is written in this very tick, and the system takes a little of it in any case.
    if (body !== null && !(body instanceof Uint8Array)) return;
    if (body === null || body.byteLength <= surelyTaken) trace.mark("sent");
    else process.nextTick(written, this);
  }

  begins(): void {
    if (this.#socket) beginUpload(this.#socket, this.#request);
  }

  /** undici has written so many bytes of content, or the whole request. */
  written(bytes?: number): void {
    const { trace } = this.#request;
    if (bytes === undefined || trace.watchesUpload)
      whenTaken(this.#socket, () => {
        if (bytes !== undefined) trace.wrote(bytes);
        else if (this.#stage !== "over") trace.mark("sent");
      });
  }

  onResponseStart(
    controller: Controller,
    status: number,
    headers: unknown,
    statusText?: string,
  ): void {
    if (status === 101) return this.refuse("ERR_PROTOCOL_UPGRADE");
    if (status < 100) return this.refuse("ERR_PROTOCOL_HEAD");
    const fields = fieldLines(controller.rawHeaders ?? headers);
    // Informational responses are passed over (RFC 9110 §15.2).
    if (status < 200) {
      this.#headBegun = false;
      return this.#request.trace.informational?.(status, fields);
    }
    if (!isPlainlyFramed(fields, this.httpVersion)) return this.refuse("ERR_PROTOCOL_HEAD");
    this.#stage = "content";
    // A response before the end of the upload is the answer; what was not sent has become pointless.
    this.#outgoing?.stop();
    this.#request.signal.onabort = null;
    this.status = status;
    this.statusText = statusText ?? "";
    this.headers = fields;
    this.#resolve(this);
  }

  onResponseData(_: Controller, piece: Buffer): void {
    this.#content += piece.length;
    this.#inlet.data(piece as Uint8Array<ArrayBuffer>);
  }

  onResponseEnd(controller: Controller, trailers: unknown): void {
    // undici takes a reset for the end of content that runs to the end of the connection (RFC 9112 §8).
    const failure =
      this.#lane?.failure ??
      cutShort(this.#socket, this.#request.method, this.status, this.headers);
    if (failure) return this.onResponseError(controller, failure);
    this.#stage = "over";
    // Content that is still on its way out would stand before the next request.
    if (this.#outgoing?.ended === false || this.#socket?.writableLength) this.#lane?.drop();
    else this.#lane?.release();
    this.#inlet.end(fieldLines(controller.rawTrailers ?? trailers));
  }

  onResponseError(_: Controller | null, error: Error): void {
    if (this.#stage === "over") return;
    const stage = this.#stage;
    this.#stage = "over";
    this.#outgoing?.stop();
    const received = this.#socket !== null && this.#socket.bytesRead > this.#bytesBefore;
    this.#lane?.drop();
    // undici 7 misses the content that a 204 or 304 declares and must not have (RFC 9110 §6.4.1).
    if (stage === "content" && (this.status === 204 || this.status === 304))
      return this.#inlet.end([]);
    const { method, target } = this.#request;
    const request = { method, url: target.href };
    // undici lets a turn pass before it writes to a connection that was idle, and meanwhile the connection had died.
    const idle = stage === "connecting" && this.#lane?.failure === error;
    const mapped = idle
      ? httpError("ERR_DISCONNECTED_IDLE", { cause: error, request, requestSent: "no" })
      : mapUndiciError(error, { stage, reused: this.#reused, received, request });
    if (stage === "content") this.#inlet.fail(mapped);
    else this.#reject(mapped);
  }

  onRequestUpgrade(): void {
    // Never asked for; undici refuses it before it gets here.
  }

  pause(): void {
    // Not by undici where it can be helped: a peer that ends while undici 7 pauses trips an assertion outside any call.
    if (this.#socket) this.held = true;
    else this.#controller?.pause();
  }

  resume(): void {
    if (!this.held) return this.#controller?.resume();
    this.held = false;
    this.#socket?.emit("readable");
  }

  cancel(): void {
    this.#giveUp(new Error("the content was given up"));
  }

  #giveUp(reason: unknown): void {
    if (this.#stage === "over") return;
    this.#stage = "over";
    this.#outgoing?.stop();
    this.#reject(reason);
    this.#controller?.abort(reason as Error);
    this.#lane?.drop();
  }
}

/** Octets that the smallest buffer of any system for a connection holds. */
const surelyTaken = 4_096;
/** Octets around content that are let pass: the longest head and trailers, and a lot of short chunks. */
const mostAround = 1_048_576;
