/* What a call returns: a promise of the response that also has its readers, so that one `await` is enough. */

import { events, type EventSourceOptions, type ServerSentEvent } from "./content/events.ts";
import { type CallSource, Resumption } from "./content/resumption.ts";
import { ContentReaders } from "./readers.ts";
import type { HttpRequest } from "./request.ts";
import type { HttpResponse } from "./response.ts";

/**
 * Resolves to the response when its head has arrived. A failure is told to whoever awaits; a call that nobody awaits
 * fails in silence, never as an unhandled rejection.
 */
export class ResponsePromise extends ContentReaders implements Promise<HttpResponse> {
  readonly [Symbol.toStringTag] = "ResponsePromise";
  readonly #response: Promise<HttpResponse>;
  readonly #session: CallSource | null;
  readonly #request: HttpRequest | null;

  /** @internal `null` for a call that was refused. */
  constructor(
    response: Promise<HttpResponse>,
    session: CallSource | null,
    request: HttpRequest | null,
  ) {
    super();
    this.#response = response;
    this.#session = session;
    this.#request = request;
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

  /**
   * Server-sent events (HTML §9.2), as they come; with `reconnect`, those of the calls that follow as well.
   * @throws ParseError unless it is a 200 of type `text/event-stream`.
   */
  override events(options?: EventSourceOptions): AsyncGenerator<ServerSentEvent, void> {
    const again = this.#session && this.#request && new Resumption(this.#session, this.#request);
    return events(this.#response, options, again);
  }

  protected override get source(): Promise<HttpResponse> {
    return this.#response;
  }
}
