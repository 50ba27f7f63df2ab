/*
 * The origins of a run in several processes. One job has one to itself; the next gets it, warm as it is, if the job went
 * well, that is, has ended all that it began there.
 */

import { type RunningOrigin, startOrigin } from "../origin/start.ts";

/** Starts origins and keeps those that nobody needs. */
export class Origins {
  readonly #idle = new Map<number, RunningOrigin[]>();
  readonly #priorities = new Map<RunningOrigin, number>();

  /** One that nobody else has; `priority` as `os.setPriority` has it. */
  async take(priority: number): Promise<RunningOrigin> {
    const kept = this.#idle.get(priority)?.pop();
    if (kept) return kept;
    const origin = await startOrigin(priority);
    this.#priorities.set(origin, priority);
    return origin;
  }

  /** Keeps it for the next, or ends it if it is not `sound`. */
  async giveBack(origin: RunningOrigin, sound: boolean): Promise<void> {
    const priority = this.#priorities.get(origin) ?? 0;
    if (!sound) return origin.close();
    this.#idle.set(priority, [...(this.#idle.get(priority) ?? []), origin]);
  }

  /** Ends all that are kept. */
  async close(): Promise<void> {
    const kept = [...this.#idle.values()].flat();
    this.#idle.clear();
    await Promise.all(kept.map((origin) => origin.close()));
  }
}
