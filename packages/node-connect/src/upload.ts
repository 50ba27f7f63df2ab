/* Request content for a library that takes a Node stream: pulled only as the connection takes it, and no sooner. */

import type { ExchangeTrace } from "@anyhttp/core";
import type { ClientRequest } from "node:http";
import type { Socket } from "node:net";
import { Readable } from "node:stream";
import { readFirst } from "./read-first.ts";

/**
 * Bytes that may go out without the event loop turning. A source that always has more to a peer that always takes more
 * would let no timer fire and no abort come through.
 */
const stretch = 1_048_576;

/** A readable over the pieces of request content. */
export class Upload extends Readable {
  readonly #iterator: AsyncIterator<Uint8Array, void>;
  readonly #onFail: (error: unknown) => void;
  #run = 0;
  #state: "waiting" | "wanted" | "flowing" | "over" = "waiting";

  /** @param onFail Hears the very error that the source failed with. */
  constructor(pieces: AsyncIterable<Uint8Array>, onFail: (error: unknown) => void) {
    // Nothing is read ahead.
    super({ highWaterMark: 0 });
    this.#iterator = pieces[Symbol.asyncIterator]() as AsyncIterator<Uint8Array, void>;
    this.#onFail = onFail;
    // The exchange is told of failures directly; a library that has let go of the stream must not crash the process.
    this.on("error", () => undefined);
  }

  /** Whether there are pieces still to come. */
  get unfinished(): boolean {
    return this.#state !== "over";
  }

  /** The connection stands. Before that not a piece is asked for, so that a failed connection leaves the source whole. */
  begin(socket: Socket): void {
    readFirst(socket);
    if (this.#state === "wanted") {
      this.#state = "flowing";
      void this.#pull();
    } else if (this.#state === "waiting") this.#state = "flowing";
  }

  /** No more pieces, and the source is told. The stream neither ends nor closes: that would end the request. */
  stop(): void {
    if (this.#state === "over") return;
    this.#state = "over";
    this.#release();
  }

  override _read(): void {
    if (this.#state === "waiting") this.#state = "wanted";
    else if (this.#state === "flowing") this.#next();
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.stop();
    callback(error);
  }

  #next(): void {
    if (this.#run < stretch) return void this.#pull();
    this.#run = 0;
    setImmediate(() => {
      if (this.#state === "flowing") void this.#pull();
    });
  }

  #release(): void {
    try {
      // The source has nobody left to tell that it failed to stop.
      this.#iterator.return?.().then(undefined, () => undefined);
    } catch {
      // As above.
    }
  }

  async #pull(): Promise<void> {
    try {
      for (;;) {
        const piece = await this.#iterator.next();
        if (this.#state !== "flowing") return;
        if (piece.done) {
          this.#state = "over";
          this.push(null);
          return;
        }
        // Empty pieces count too: they could go on for ever as well.
        this.#run += piece.value.byteLength + 1_024;
        if (piece.value.byteLength > 0) {
          this.push(piece.value);
          return;
        }
        if (this.#run >= stretch) return this.#next();
      }
    } catch (error) {
      if (this.#state !== "flowing") return;
      this.#state = "over";
      this.#onFail(error);
    }
  }
}

type Taken = (error?: Error | null) => void;
type Write = (piece: Uint8Array, encoding?: BufferEncoding | Taken, taken?: Taken) => boolean;

/** Tells of each piece when the system has taken it, if anybody watches: that is when Node calls back. */
export function tellWritten(client: ClientRequest, trace: ExchangeTrace): void {
  if (!trace.watchesUpload) return;
  const write = client.write.bind(client) as Write;
  let written = 0;
  client.write = ((piece, encoding, taken) => {
    const told = typeof encoding === "function" ? encoding : taken;
    return write(piece, (error) => {
      if (!error) trace.wrote((written += piece.byteLength));
      told?.(error);
    });
  }) satisfies Write as ClientRequest["write"];
}
