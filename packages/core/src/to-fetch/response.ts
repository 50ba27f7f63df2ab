/* The platform's own Response of a session's: what its constructor does not take, its instance has. */

import type { HttpResponse } from "../response.ts";
import { ignore } from "../quiet.ts";
import { fetchError, reasonOf } from "./failure.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Content of responses that the collector took, with nobody left to read it. Made late, or no bundler could drop it. */
let dropped: FinalizationRegistry<ContentSource> | undefined;

/**
 * A `Response` with this head, whose body is this content, read as it is asked for.
 * @param asked What has to live until the content has been read.
 * @param whole The content if it has been read.
 */
export function platformResponse(
  response: HttpResponse,
  signal: AbortSignal | undefined,
  asked: unknown,
  whole: Bytes | null,
): Response {
  const { status, statusText, url, redirected, headers } = response;
  const hasBody = response.request.method !== "HEAD" && !/^(101|103|20[45]|304)$/.test(`${status}`);
  if (!hasBody) response.discard();
  const facts: Record<string, unknown> = { url, redirected, type: typeOf(response) };
  // What no constructor takes, servers send all the same.
  const isUsual = status >= 200 && status < 600;
  if (!isUsual) Object.assign(facts, { status, ok: false });
  const isPlain = /^[\t\x20-\x7e\x80-\xff]*$/.test(statusText);
  if (!isPlain) facts["statusText"] = statusText;
  const source = new ContentSource(response, signal, asked);
  const made = new Response(hasBody ? (whole ?? contentStream(source)) : null, {
    status: isUsual ? status : 200,
    statusText: isPlain ? statusText : "",
    headers: headers as unknown as Headers,
  });
  return withFacts(made, facts, source);
}

/** `"cors"` once a redirect has led to another origin (Fetch §4.1). */
function typeOf({ url, history }: HttpResponse): "basic" | "cors" {
  const [first] = history;
  if (!first) return "basic";
  const { origin } = new URL(first.url);
  return [...history, { url }].every((hop) => new URL(hop.url).origin === origin)
    ? "basic"
    : "cors";
}

const readers = ["arrayBuffer", "blob", "bytes", "formData", "json", "text"] as const;

/** Lays facts over what the prototype says, for copies as well, and lets its readers fail as the content did. */
function withFacts(
  response: Response,
  facts: Record<string, unknown>,
  source: ContentSource,
): Response {
  const define = (name: string, value: unknown): void =>
    void Object.defineProperty(response, name, { value, configurable: true });
  for (const name in facts) define(name, facts[name]);
  define("clone", () => withFacts(Response.prototype.clone.call(response), facts, source));
  for (const name of readers) {
    const read = Response.prototype[name] as (() => Promise<unknown>) | undefined;
    if (!read) continue;
    define(name, async () => {
      const { bodyUsed } = response;
      try {
        return await read.call(response);
      } catch (error) {
        // Browsers put a failure of their own in the place of the stream's.
        throw source.failure && !bodyUsed ? source.failure.error : error;
      }
    });
  }
  return response;
}

function contentStream(source: ContentSource): ReadableStream<Bytes> {
  let stream: ReadableStream<Bytes>;
  try {
    stream = new ReadableStream(source as UnderlyingByteSource);
  } catch {
    // Where there are no byte streams.
    source.type = undefined;
    stream = new ReadableStream(source as unknown as UnderlyingSource<Bytes>, { highWaterMark: 0 });
  }
  dropped ??= new FinalizationRegistry((unread) => unread.giveUp());
  dropped.register(stream, source);
  return stream;
}

/** Content as the source of a stream that fails as fetched content does, and at once when the signal fires. */
class ContentSource {
  type: "bytes" | undefined = "bytes";
  /** What the stream has failed with. */
  failure: { readonly error: unknown } | null = null;
  readonly #response: HttpResponse;
  readonly #signal: AbortSignal | undefined;
  /** Only held on to. */
  readonly asked: unknown;
  #pieces: AsyncIterator<Bytes> | null = null;
  #unlisten: () => void = ignore;

  constructor(response: HttpResponse, signal: AbortSignal | undefined, asked: unknown) {
    this.#response = response;
    this.#signal = signal;
    this.asked = asked;
  }

  start(controller: ReadableByteStreamController): void {
    const signal = this.#signal;
    if (!signal) return;
    // Whoever holds the signal does not hold the stream, which may be dropped before that.
    const held = new WeakRef(controller);
    const abort = (): void => {
      this.failure = { error: reasonOf(signal) };
      held.deref()?.error(this.failure.error);
    };
    signal.addEventListener("abort", abort);
    this.#unlisten = () => signal.removeEventListener("abort", abort);
  }

  async pull(controller: ReadableByteStreamController): Promise<void> {
    let next: IteratorResult<Bytes>;
    try {
      next = await this.#opened().next();
    } catch (error) {
      this.#unlisten();
      this.failure ??= { error: fetchError(error, this.#signal) };
      throw this.failure.error;
    }
    if (next.done) {
      this.#unlisten();
      controller.close();
      controller.byobRequest?.respond(0);
    } else {
      const { value } = next;
      // A byte stream takes the memory away from all views of it: of that which is shared it gets a copy.
      const isOwn = value.byteLength === value.buffer.byteLength;
      controller.enqueue(this.type && !isOwn ? value.slice() : value);
    }
  }

  async cancel(): Promise<void> {
    this.#unlisten();
    await this.#opened().return?.();
  }

  /** Nobody is left to read it. */
  giveUp(): void {
    this.#unlisten();
    this.#response.discard();
  }

  #opened(): AsyncIterator<Bytes> {
    return (this.#pieces ??= this.#response[Symbol.asyncIterator]());
  }
}
