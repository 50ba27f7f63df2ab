/* Response content over an `IncomingMessage`: its pieces as they come, and a strict end. */

import type { ContentReceiver, ResponseBody } from "@anyhttp/core";
import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";

/** What response content asks of its exchange. */
export interface ContentOwner {
  /** What broke the connection after the head had come, if anything has. */
  readonly lost: Error | null;
  /** Why content whose end has come is not whole all the same; `null` if it is. */
  cutOff(): Error | null;
  /** The error for content that broke off, from {@link lost} or from what the stream says. */
  broken(error: unknown): unknown;
  /** The content has ended; the connection is the agent's again. */
  ended(): void;
  /** Nobody wants the rest: the connection is to be closed. */
  abandon(): void;
}

/** A {@link ResponseBody} over a message, or over a stream into which a library has piped it. */
export class IncomingBody implements ResponseBody {
  readonly #message: IncomingMessage;
  readonly #stream: Readable;
  readonly #owner: ContentOwner;
  #receiver: ContentReceiver | null = null;
  #over = false;

  constructor(message: IncomingMessage, stream: Readable, owner: ContentOwner) {
    this.#message = message;
    this.#stream = stream;
    this.#owner = owner;
  }

  start(receiver: ContentReceiver): void {
    if (this.#over) return;
    this.#receiver = receiver;
    const stream = this.#stream;
    stream.on("error", (error) => this.fail(error));
    stream.on("close", () => this.fail(null));
    stream.on("end", () => this.#end());
    stream.on("data", (piece: Uint8Array<ArrayBuffer>) => {
      if (!this.#over) receiver.data(piece);
    });
    if (stream !== this.#message) this.#passOnTheEnd();
    // Broken before anybody listened: no event is to come.
    if (stream.destroyed || this.#owner.lost) this.fail(stream.errored);
  }

  /** A stream into which a library has only piped a message hears nothing of its breaking off. */
  #passOnTheEnd(): void {
    const message = this.#message;
    const { end } = this.#stream as Readable & { end?: () => void };
    const close = (): void => {
      if (!message.complete && !this.#over) end?.call(this.#stream);
    };
    if (message.destroyed) close();
    else message.once("close", close);
  }

  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    if (!this.#over) this.#stream.resume();
  }

  cancel(): void {
    if (this.#over) return;
    this.#over = true;
    this.#receiver = null;
    this.#owner.abandon();
    // A stream of the library's own is not closed by closing the connection.
    if (this.#stream !== this.#message) this.#stream.destroy();
  }

  /** Tells the receiver that the content broke off, if it has not heard of an end before. */
  fail(error: unknown): void {
    if (this.#over || !this.#receiver) return;
    this.#over = true;
    const failure = this.#owner.broken(error);
    this.#owner.abandon();
    this.#receiver.fail(failure);
  }

  #end(): void {
    // Node ends a message on a reset as well, if its content runs to the end of the connection.
    if (!this.#message.complete || this.#owner.lost) return this.fail(null);
    if (this.#over) return;
    const cutOff = this.#owner.cutOff();
    if (cutOff) return this.fail(cutOff);
    this.#over = true;
    // The agent gets the socket back in a tick of its own, queued before this one: then it is truly free.
    process.nextTick(() => {
      this.#owner.ended();
      this.#receiver?.end(this.#message.rawTrailers);
    });
  }
}
