/* What keeps retries from multiplying the load of an origin that is down: tokens per origin, which successes earn back. */

import type { RetryPolicy } from "./policy.ts";

/** Origins that are remembered. One that is forgotten has a full budget again. */
const mostOrigins = 1000;

/** The retry budgets of a session and of those extended from it. */
export class RetryBudgets {
  /** Tokens spent, by origin; those who have spent none are not in it. */
  readonly #spent = new Map<string, number>();

  /** Spends a token; `false`: there is none left. */
  spend(origin: string, budget: RetryPolicy["budget"]): boolean {
    if (!budget) return true;
    const spent = (this.#spent.get(origin) ?? 0) + 1;
    // Tenths that were given back do not add up to wholes.
    if (spent > budget.capacity + 1e-9) return false;
    this.#set(origin, spent);
    return true;
  }

  /** A request has succeeded. */
  earn(origin: string, budget: RetryPolicy["budget"]): void {
    const spent = this.#spent.get(origin);
    if (budget && spent !== undefined) this.#set(origin, spent - budget.refill);
  }

  #set(origin: string, spent: number): void {
    this.#spent.delete(origin);
    if (spent <= 0) return;
    this.#spent.set(origin, spent);
    if (this.#spent.size > mostOrigins) {
      const [oldest] = this.#spent.keys();
      this.#spent.delete(oldest as string);
    }
  }
}
