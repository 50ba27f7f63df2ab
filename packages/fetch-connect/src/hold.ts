/* The hold that an exchange has on its request while fetch has it: what calls it off. */

import type { ResponseBody, Target } from "@anyhttp/core";

/** One request inside fetch. */
export interface Hold {
  /** Closes the connection, and lets fetch fail with `reason`. Called at most once, before the head or because of it. */
  abort(reason: unknown): void;
  /** The status that came, where fetch had to be told another. */
  readonly status?: number | undefined;
  /** The content, where it goes past fetch; `null` where it does not. */
  readonly content?: ResponseBody | null;
  /** The value of `content-encoding`, where fetch was not told of it. */
  readonly coding?: string | null;
  /** Whether streamed content can be taken past fetch. */
  readonly carries?: boolean;
  /**
   * Takes it past fetch.
   * @returns What fetch is given in its place; `null` if it has to have the content itself.
   */
  carry?(content: AsyncIterable<Uint8Array<ArrayBuffer>>): ReadableStream | null;
  /** Gives up what is left of an upload when the response is over. Where it is missing, the platform does so itself. */
  release?(): void;
  /** What has to live as long as the content is read. */
  response?: Response | null;
}

/**
 * Makes the hold, and puts into `init` what it needs.
 * @param fields Those of `init`.
 * @throws `ERR_UNSUPPORTED` for a field that fetch would lose in silence.
 */
export interface TakeHold {
  (init: RequestInit, fields: Readonly<Record<string, string>>, target: Target): Hold;
  /** Content goes past fetch in the coding in which it came. */
  readonly raw?: boolean;
}

/** As Fetch has it: by a signal. Nothing else closes a connection that has not answered. */
export const holdBySignal: TakeHold = (init) => new Signalled(init);

/** With members of its own, so that none is found where somebody has put one for all objects. */
class Signalled implements Hold {
  readonly status: undefined = undefined;
  readonly content: null = null;
  readonly coding: null = null;
  response: Response | null = null;
  readonly #controller = new AbortController();

  constructor(init: RequestInit) {
    init.signal = this.#controller.signal;
  }

  abort(reason: unknown): void {
    this.#controller.abort(reason);
  }

  release(): void {
    this.#controller.abort();
  }
}
