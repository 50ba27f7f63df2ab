/* What a call returns: a promise of the response that also has its readers, so that one `await` is enough. */

import { events, type EventSourceOptions, type ServerSentEvent } from "./content/events.ts";
import { type CallSource, Resumption } from "./content/resumption.ts";
import { invalidOption } from "./options/rules.ts";
import type { Progress, ProgressDirection } from "./progress/progress.ts";
import { ProgressIterator } from "./progress/progress-iterator.ts";
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
   * How far the upload or the download is, as it goes; ends with it, and throws nothing: whether the call failed, the
   * promise tells. Whoever is slow gets the newest only. Ask for it together with the call, before anything is awaited.
   * It does not read the content: somebody else has to.
   */
  progress(direction: ProgressDirection): AsyncIterableIterator<Progress> {
    if (direction !== "upload" && direction !== "download")
      throw invalidOption("direction", direction, 'Pass "upload" or "download".');
    const iterator = new ProgressIterator(direction);
    if (this.#request) (this.#request.watchers ??= []).push(iterator);
    const end = (): void => iterator.end();
    this.#response.then(
      (response) => (direction === "upload" ? end() : void response.trailers.then(end)),
      end,
    );
    return iterator;
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
