/* What a call returns: a promise of the response that also has its readers, so that one `await` is enough. */

import type { HttpResponse } from "./response.ts";
import { asArrayBuffer, asBlob, asBytes, asForm, asJson, asText, read } from "./readers.ts";
import type { Schema } from "./schema.ts";

/**
 * Resolves to the response when its head has arrived. A failure is told to whoever awaits; a call that nobody awaits
 * fails in silence, never as an unhandled rejection.
 */
export class ResponsePromise implements Promise<HttpResponse> {
  readonly [Symbol.toStringTag] = "ResponsePromise";
  readonly #response: Promise<HttpResponse>;

  /** @internal */
  constructor(response: Promise<HttpResponse>) {
    this.#response = response;
  }

  // It is a promise, with more.
  // oxlint-disable-next-line unicorn/no-thenable
  then<A = HttpResponse, B = never>(
    onFulfilled?: ((response: HttpResponse) => A | PromiseLike<A>) | null,
    onRejected?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#response.then(onFulfilled, onRejected);
  }

  catch<B = never>(
    onRejected?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<HttpResponse | B> {
    return this.#response.catch(onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<HttpResponse> {
    return this.#response.finally(onFinally);
  }

  /** @see HttpResponse.json */
  json<T = unknown>(): Promise<T>;
  json<T>(schema: Schema<T>): Promise<T>;
  json<T>(schema?: Schema<T>): Promise<T> {
    return read(this.#response, asJson(schema));
  }

  /** @see HttpResponse.text */
  text(): Promise<string> {
    return read(this.#response, asText);
  }

  /** @see HttpResponse.bytes */
  bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return read(this.#response, asBytes);
  }

  /** @see HttpResponse.arrayBuffer */
  arrayBuffer(): Promise<ArrayBuffer> {
    return read(this.#response, asArrayBuffer);
  }

  /** @see HttpResponse.blob */
  blob(): Promise<Blob> {
    return read(this.#response, asBlob);
  }

  /** @see HttpResponse.formData */
  formData(): Promise<FormData> {
    return read(this.#response, asForm);
  }

  /** @see HttpResponse.lines */
  async *lines(): AsyncGenerator<string, void> {
    yield* (await this.#response).lines();
  }

  /** @see HttpResponse.ndjson */
  async *ndjson<T = unknown>(): AsyncGenerator<T, void> {
    yield* (await this.#response).ndjson<T>();
  }
}
