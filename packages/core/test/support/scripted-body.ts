/* Response content from a script: pieces that come one by one, as far as the receiver lets them. */

import type { ContentReceiver, FieldLines, ResponseBody } from "../../src/index.ts";

type Piece = Uint8Array<ArrayBuffer>;

/** What comes, and how it ends. */
export interface ContentScript {
  readonly content?: string | Uint8Array | readonly (string | Uint8Array)[];
  /** `"open"`: no end comes by itself. Otherwise the error that the content breaks off with. */
  readonly ending?: "open" | Error;
  readonly trailers?: FieldLines | null;
  /** Comes with the head, in one go, instead of a piece a turn. */
  readonly atOnce?: boolean;
}

/** A body that the script feeds, and that tests may feed on: `push`, `end`, `fail`. */
export class ScriptedBody implements ResponseBody {
  cancelled = 0;
  pauses = 0;
  resumes = 0;
  delivered = 0;
  started = false;
  readonly #pieces: Piece[] = [];
  readonly #atOnce: boolean;
  #receiver: ContentReceiver | null = null;
  #ending: (() => void) | null = null;
  #paused = false;
  #pumping = false;

  constructor({ content = [], ending, trailers = [], atOnce = false }: ContentScript = {}) {
    this.#atOnce = atOnce;
    for (const piece of Array.isArray(content) ? (content as string[]) : [content as string]) {
      if (piece.length > 0) this.#pieces.push(toPiece(piece));
    }
    if (ending instanceof Error) this.#ending = () => this.#receiver?.fail(ending);
    else if (ending !== "open") this.#ending = () => this.#receiver?.end(trailers);
  }

  push(piece: string | Uint8Array): void {
    this.#pieces.push(toPiece(piece));
    void this.#pump();
  }

  end(trailers: FieldLines | null = []): void {
    this.#ending = () => this.#receiver?.end(trailers);
    void this.#pump();
  }

  fail(error: unknown): void {
    this.#ending = () => this.#receiver?.fail(error);
    void this.#pump();
  }

  start(receiver: ContentReceiver): void {
    if (this.started) throw new Error("start was called twice");
    this.started = true;
    this.#receiver = receiver;
    void this.#pump();
  }

  pause(): void {
    this.pauses++;
    this.#paused = true;
  }

  resume(): void {
    this.resumes++;
    this.#paused = false;
    void this.#pump();
  }

  cancel(): void {
    this.cancelled++;
    this.#receiver = null;
  }

  async #pump(): Promise<void> {
    if (this.#pumping || !this.started) return;
    this.#pumping = true;
    while (!this.#paused && this.#receiver) {
      const piece = this.#pieces.shift();
      if (!piece) break;
      this.delivered += piece.byteLength;
      this.#receiver.data(piece);
      if (!this.#atOnce) await Promise.resolve();
    }
    this.#pumping = false;
    if (this.#pieces.length > 0 || this.#paused) return;
    const ending = this.#ending;
    this.#ending = null;
    ending?.();
  }
}

function toPiece(piece: string | Uint8Array): Piece {
  return typeof piece === "string" ? new TextEncoder().encode(piece) : new Uint8Array(piece);
}
