/* What a session shares with those extended from it: transport, slots, and the calls under way. */

import type { Call } from "./call.ts";
import { sessionClosed } from "./errors.ts";
import type { Limits } from "./limits/limits.ts";
import { RetryBudgets } from "./retry/budgets.ts";
import type { Transport } from "./transport.ts";

/** @internal */
export class Engine {
  readonly transport: Transport;
  readonly limits: Limits;
  readonly budgets: RetryBudgets = new RetryBudgets();
  /** What ends each wait of a caller between calls. */
  readonly pauses: Set<() => void> = new Set();
  /** A list in which each call knows its place: sets that churn keep dead calls alive until a full collection. */
  readonly #calls: Call[] = [];
  closing: Promise<void> | null = null;
  #idle: (() => void) | null = null;

  constructor(transport: Transport, limits: Limits) {
    this.transport = transport;
    this.limits = limits;
  }

  callBegins(call: Call): void {
    call.place = this.#calls.push(call) - 1;
  }

  callOver(call: Call): void {
    const last = this.#calls.pop();
    if (last && last !== call) {
      this.#calls[call.place] = last;
      last.place = call.place;
    }
    if (this.#calls.length === 0) this.#idle?.();
  }

  /** Lets calls under way end, then closes the transport. `force`: ends them. */
  close(force: boolean): Promise<void> {
    // First of all, lest the slot of one call that ends be given to another that is about to.
    if (force) this.limits.stop();
    // Then nobody who is told of an end, a tracer or the listener of a signal, begins another call.
    const closing = (this.closing ??= this.#close());
    if (force)
      for (const call of [...this.#calls])
        call.end(sessionClosed("the session was closed during the call", call));
    return closing;
  }

  async #close(): Promise<void> {
    for (const end of this.pauses) end();
    for (const call of [...this.#calls]) call.abandonUnread();
    if (this.#calls.length > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
    await this.transport.close();
  }
}
