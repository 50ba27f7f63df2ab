// A client of httpbin-like services, written against the session of @anyhttp/core and nothing else. Which library
// carries the bytes is not its business: its user says so, by passing a transport or a session.
import { Session, type Transport } from "@anyhttp/core";
import type { Echo, Page, RequestFacts, Values } from "./echo.ts";

/** Either a session that the caller owns, or what a session of the client's own is made of. */
export type HttpbinOptions =
  | { readonly session: Session }
  | { readonly transport: Transport; readonly baseUrl: string };

/** What every call takes. */
export interface CallOptions {
  /** Milliseconds for the whole call. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/** Typed calls to an httpbin-like service. Failures are the errors of `@anyhttp/core`, unchanged. */
export class HttpbinClient implements AsyncDisposable {
  readonly #session: Session;
  readonly #owned: boolean;

  constructor(options: HttpbinOptions) {
    this.#owned = !("session" in options);
    this.#session = "session" in options ? options.session : new Session(options);
  }

  /** Reads a page as text. */
  async page(path = "html", options: CallOptions = {}): Promise<Page> {
    const response = await this.#session.get(path, options);
    const text = await response.text();
    return { status: response.status, headers: [...response.headers], text };
  }

  /** What the service sees of a request; `params` come back as `args`. */
  async inspect(params: Readonly<Record<string, string>> = {}): Promise<RequestFacts> {
    return this.#session.get("get", { params }).json<RequestFacts>();
  }

  /** Submits a form and returns the fields that arrived. */
  async submit(
    form: Readonly<Record<string, string | number>>,
    options: CallOptions = {},
  ): Promise<Values> {
    const echo = await this.#session.post("post", { ...options, form }).json<Echo>();
    return echo.form;
  }

  /** Stores binary content and returns the bytes that arrived. */
  async store(
    bytes: Uint8Array<ArrayBuffer>,
    options: CallOptions = {},
  ): Promise<Uint8Array<ArrayBuffer>> {
    const { data } = await this.#session.put("put", { ...options, body: bytes }).json<Echo>();
    return bytesOf(data);
  }

  /** Deletes what the parameters name, and returns the parameters that arrived. */
  async remove(
    params: Readonly<Record<string, string | number>>,
    options: CallOptions = {},
  ): Promise<Values> {
    const echo = await this.#session.delete("delete", { ...options, params }).json<Echo>();
    return echo.args;
  }

  /** Asks for one of many things by number; resolves with the number that the answer carries. */
  async item(number: number, options: CallOptions = {}): Promise<number> {
    const path = `anything/items/${number}`;
    const { url } = await this.#session.get(path, options).json<Echo>();
    return Number(url.slice(url.lastIndexOf("/") + 1));
  }

  /** Streams `length` bytes, the same ones for the same `seed`, without ever holding them all. */
  async *download(
    length: number,
    seed: number,
    options: CallOptions = {},
  ): AsyncGenerator<Uint8Array> {
    yield* await this.#session.get(`bytes/${length}`, { ...options, params: { seed } });
  }

  /** Lets the service think for some seconds before it answers. */
  async ponder(seconds: number, options: CallOptions = {}): Promise<void> {
    await this.#session.get(`delay/${seconds}`, options).bytes();
  }

  /** Reads a whole file of the service. */
  async file(path: string, options: CallOptions = {}): Promise<Uint8Array> {
    return this.#session.get(path, options).bytes();
  }

  /** Asks for an answer with a given status; resolves if it is not an error. */
  async status(code: number, options: CallOptions = {}): Promise<number> {
    const response = await this.#session.get(`status/${code}`, options);
    response.discard();
    return response.status;
  }

  /** Closes the session if the client made it. */
  async close(): Promise<void> {
    if (this.#owned) await this.#session.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Content as httpbin shows it: text, or a base64 data URI. */
function bytesOf(data: string): Uint8Array<ArrayBuffer> {
  const coded = /^data:[^,]*;base64,(.*)$/s.exec(data)?.[1];
  if (coded === undefined) return new TextEncoder().encode(data);
  return Uint8Array.from(atob(coded), (letter) => letter.codePointAt(0) ?? 0);
}
