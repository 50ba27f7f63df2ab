/* The session of core, which here need not be told its transport. */

import {
  Session as CoreSession,
  type SessionOptions as CoreSessionOptions,
  type Transport,
} from "@anyhttp/core";
import { defaultTransport } from "#transport";

/** The options of a session. All of them may be left out. */
export interface SessionOptions extends Omit<CoreSessionOptions, "transport"> {
  /** What carries the exchanges. Default: undici on Node, the platform's `fetch` elsewhere, made for this session. */
  readonly transport?: Transport;
}

/**
 * Calls with common defaults over one transport. Close it when done: with `await using`, or `close()`.
 *
 * Errors are of one closed tree (`HttpError`), the same on every transport.
 */
export class Session extends CoreSession {
  /** @throws InvalidRequestError for an option that is unknown or wrong. */
  constructor(options: SessionOptions = {}) {
    // What is no object, core refuses.
    const complete =
      typeof options !== "object" || options === null || options.transport !== undefined
        ? options
        : { ...options, transport: defaultTransport() };
    super(complete as CoreSessionOptions);
  }

  /** What `extend` makes is one as well, and so is any session of core: they do the same. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return this === Session ? value instanceof CoreSession : super[Symbol.hasInstance](value);
  }
}
