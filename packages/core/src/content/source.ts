/*
 * Content that is read while it is sent: streams and iterables, which can be sent once, and open files, which can be
 * sent again. They are told by their shape, as core knows neither Node's types nor Deno's.
 */

import { invalid } from "../errors.ts";
import { ignore } from "../quiet.ts";
import type { OutgoingStream, TransportBody } from "../transport.ts";
import { streamPieces } from "./body.ts";
import { broken, Measured, type PieceSource } from "./measured.ts";

/** Content ready to be sent. */
export interface RequestContent {
  /** `content-type` that follows from the kind; `null` for bytes and streams. */
  readonly type: string | null;
  /** Whether it can be sent from its beginning, now. */
  readonly replayable: boolean;
  /** Whether that ends as soon as somebody begins to read it. */
  readonly oneShot?: boolean;
  /** Makes the content for one exchange. `length`: what was declared for a stream. */
  open(length: number | null): TransportBody | Promise<TransportBody>;
  /** Closes what can be sent once, if nothing of it has been asked for. */
  close?(): void;
}

/**
 * A regular file that is open, by its shape: `FileHandle` of Node and Bun, `FsFile` of Deno. It is read from its
 * beginning, as many bytes as `stat()` tells, and stays open.
 */
export interface OpenFile {
  stat(): Promise<{ readonly size: number }>;
  read(...options: never[]): Promise<unknown>;
  close(): unknown;
}

/** What is read while it is sent. */
export type SourceInput =
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array | string>
  | OpenFile;

/** Content that is opened for one exchange. */
export class OpenedStream implements OutgoingStream {
  readonly source: Measured;
  readonly length: number | null;
  /** What the caller would have to change where streams cannot be sent. */
  readonly option: string;
  /** Closes what only this exchange has and nobody has begun to read. */
  abandon: () => void = ignore;

  constructor(begin: () => PieceSource, length: number | null, option = "body") {
    this.source = new Measured(begin, length);
    this.length = length;
    this.option = option;
  }
}

/**
 * The content of a source; `null` if it is none. `what` it is called.
 * @throws InvalidRequestError for a stream that is over or in use.
 */
export function sourceContent(input: unknown, what: string): RequestContent | null {
  if (isFile(input)) return new FileContent(input);
  const isStream = input instanceof ReadableStream;
  if (!isStream && !(typeof input === "object" && input !== null && Symbol.asyncIterator in input))
    return null;
  // The last four are of Node's streams. One that flows loses what comes before it is sent.
  const { locked, readableFlowing, readableEnded, destroyed, errored, on } = input as {
    readonly [name: string]: unknown;
  };
  const reading = locked || readableFlowing;
  if (reading || readableEnded || destroyed || begun.has(input)) {
    throw invalid(
      "CONTENT",
      `${what} is a stream that ${reading ? "is already being read" : "is over"}`,
      "Pass a stream that nobody has read.",
      errored ?? undefined,
    );
  }
  // A stream of Node that fails before anybody listens would end the process.
  if (typeof on === "function") on.call(input, "error", ignore);
  return new OneShot(input as OneShotInput);
}

/** What was sent, and looks as if it were new: what is left of it is not what was meant. */
const begun = new WeakSet<object>();

/** Whether it can be read once only: web streams, streams of Node, and iterators. Others begin anew. */
function isReadOnce(input: object): boolean {
  return input instanceof ReadableStream || "next" in input || "readableFlowing" in input;
}

type OneShotInput = Exclude<SourceInput, OpenFile>;

/** Content that can be sent again only as long as nothing of it has been asked for. */
class OneShot implements RequestContent {
  readonly type = null;
  replayable = true;
  readonly oneShot = true;
  readonly #input: OneShotInput;

  constructor(input: OneShotInput) {
    this.#input = input;
  }

  open(length: number | null): OpenedStream {
    return new OpenedStream(() => this.#begin(), length);
  }

  close(): void {
    if (this.replayable) void close(this.#input);
  }

  #begin(): PieceSource {
    // Two would share its pieces, and a second one get what the first has left: middleware may ask for both, as may two
    // calls.
    if (!this.replayable || begun.has(this.#input))
      throw broken(
        "the request content can be sent only once, and was begun before",
        "Pass it as bytes, or as a function that makes it anew.",
      );
    this.replayable = false;
    if (isReadOnce(this.#input)) begun.add(this.#input);
    return this.#input instanceof ReadableStream ? streamPieces(this.#input) : this.#input;
  }
}

class FileContent implements RequestContent {
  readonly type = null;
  readonly replayable = true;
  readonly #file: OpenFile;

  constructor(file: OpenFile) {
    this.#file = file;
  }

  async open(): Promise<OpenedStream> {
    let size: number | null;
    try {
      const found = (await this.#file.stat()) as {
        size: number;
        isFile: (() => boolean) | boolean;
      };
      size = (typeof found.isFile === "function" ? found.isFile() : found.isFile)
        ? found.size
        : null;
    } catch (cause) {
      throw notSent("the file that is the request content cannot be read", "See cause.", cause);
    }
    if (size === null)
      throw notSent(
        "the file that is the request content is no regular one",
        "Pass a stream of it.",
      );
    return new OpenedStream(() => filePieces(this.#file, size), size);
  }
}

/** Files that are being read at the one position that they have. */
const inUse = new WeakSet<OpenFile>();

async function* filePieces(file: OpenFile, size: number): AsyncGenerator<Uint8Array, void> {
  const own = file as unknown as Record<"read" | "seek", (...a: unknown[]) => unknown>;
  // Deno's have a position; Node's are told one.
  const seeks = typeof own.seek === "function";
  if (seeks && inUse.has(file))
    throw broken("the file is being sent already", "Open it again for each call.");
  inUse.add(file);
  try {
    if (seeks) await own.seek(0, 0);
    for (let at = 0; at < size;) {
      const piece = new Uint8Array(Math.min(65_536, size - at));
      const done = await own.read(piece, 0, piece.byteLength, at);
      const count = seeks ? (done as number | null) : (done as { bytesRead: number }).bytesRead;
      // It was cut meanwhile.
      if (!count) return;
      at += count;
      yield piece.subarray(0, count);
    }
  } finally {
    inUse.delete(file);
  }
}

/** Content made by a function, anew for each exchange, which closes what it opened. */
export class MadeContent<T> implements RequestContent {
  readonly type = null;
  readonly replayable = true;
  readonly #factory: () => T | Promise<T>;
  readonly #contentOf: (made: T) => RequestContent;

  constructor(factory: () => T | Promise<T>, contentOf: (made: T) => RequestContent) {
    this.#factory = factory;
    this.#contentOf = contentOf;
  }

  async open(length: number | null): Promise<TransportBody> {
    let made: T;
    try {
      made = await this.#factory();
    } catch (cause) {
      throw notSent("the function that makes the request content failed", "See cause.", cause);
    }
    const content = this.#contentOf(made);
    try {
      const body = await content.open(length);
      if (body instanceof OpenedStream)
        body.abandon = () => (isFile(made) ? void close(made) : content.close?.());
      return body;
    } catch (error) {
      if (isFile(made)) void close(made);
      throw error;
    }
  }
}

/** The exchange that opened this content is over: what nobody has begun to read, and nobody else has, is closed. */
export function abandon(body: TransportBody | null): void {
  if (body instanceof OpenedStream) body.abandon();
}

function isFile(input: unknown): input is OpenFile {
  const { stat, read } = Object(input) as Record<string, unknown>;
  return typeof stat === "function" && typeof read === "function";
}

async function close(source: SourceInput): Promise<void> {
  try {
    if (isFile(source)) await source.close();
    else if (source instanceof ReadableStream) await source.cancel();
    // Node's streams have a file or a socket open that the `return` of an iterator leaves open which has not begun.
    else if (Symbol.asyncDispose in source)
      await (source as AsyncIterable<unknown> & AsyncDisposable)[Symbol.asyncDispose]();
    else await source[Symbol.asyncIterator]().return?.();
  } catch {
    // The exchange has failed already, and not by this.
  }
}

function notSent(what: string, remedy: string, cause?: unknown): Error {
  return broken(what, remedy, { requestSent: "no", ...(cause !== undefined && { cause }) });
}
