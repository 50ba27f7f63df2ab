/* Makes a call once more for events behind the last one, and waits before it does. */

import { longestWait } from "../clock.ts";
import { attribute, invalid } from "../errors.ts";
import { firstValue, withoutField } from "../headers.ts";
import { fieldValue } from "../http/field.ts";
import type { HttpRequest } from "../request.ts";
import type { HttpResponse } from "../response.ts";
import type { Exit } from "./exit.ts";

/** The session that a call is of. */
export interface CallSource {
  run(request: HttpRequest): Promise<HttpResponse>;
  /** What ends each wait between calls, for when the session closes. */
  readonly pauses: Set<() => void>;
}

/** What events are asked for again with. */
export class Resumption {
  readonly #session: CallSource;
  readonly #request: HttpRequest;

  constructor(session: CallSource, request: HttpRequest) {
    this.#session = session;
    this.#request = request;
  }

  /** @throws InvalidRequestError if the call cannot be made again. */
  check(): void {
    if (!this.#request.content?.oneShot) return;
    const what = "the option reconnect needs request content that can be sent again";
    throw invalid("OPTION", what, "Pass it as bytes, or as a function that makes it anew.");
  }

  /** The id that the caller resumes behind. */
  get lastEventId(): string {
    return firstValue(this.#request.original, "last-event-id") ?? "";
  }

  /** Waits, and no longer than until the call is aborted, the loop left or the session closed. Keeps the process alive. */
  pause(ms: number, exit: Exit): Promise<void> {
    const { signal } = this.#request;
    const { pauses } = this.#session;
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", end);
        pauses.delete(end);
        resolve();
      };
      const timer = setTimeout(end, exit.left || signal?.aborted ? 0 : Math.min(ms, longestWait));
      signal?.addEventListener("abort", end);
      pauses.add(end);
      exit.end = end;
    });
  }

  /** The same call; of what middleware made of its fields nothing is left. */
  ask(lastEventId: string): Promise<HttpResponse> {
    const request = this.#request;
    const lines = withoutField(request.original, "last-event-id");
    if (lastEventId === "") return this.#session.run(request.carrying(lines));
    try {
      // As UTF-8: field values are bytes.
      const id = String.fromCharCode(...new TextEncoder().encode(lastEventId));
      return this.#session.run(
        request.carrying([...lines, "last-event-id", fieldValue("last-event-id", id)]),
      );
    } catch (error) {
      return Promise.reject(attribute(error, request));
    }
  }
}
