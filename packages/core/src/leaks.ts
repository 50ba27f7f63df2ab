/* Finds responses that were dropped with their content unread: they hold a slot and a connection that nobody frees. */

/** A response that nobody read. */
export interface ResponseLeak {
  readonly method: string;
  /** Redacted. */
  readonly url: string;
  /** Where the call was made. */
  readonly stack: string;
}

/** What is known of a response when it is no more. */
export interface Leakable {
  readonly leak: ResponseLeak;
  /** Gives the content up, if nobody has begun to read it; says whether it did. */
  giveUp(): boolean;
}

/** @internal Watches over responses until the garbage collector takes them. */
export class LeakDetector {
  readonly #onLeak: (leak: ResponseLeak) => void;
  readonly #dropped = new FinalizationRegistry<Leakable>((held) => {
    if (!held.giveUp()) return;
    try {
      this.#onLeak(held.leak);
    } catch {
      // Nobody is there to hear of it.
    }
  });

  constructor(onLeak: (leak: ResponseLeak) => void) {
    this.#onLeak = onLeak;
  }

  watch(response: object, held: Leakable): void {
    this.#dropped.register(response, held);
  }
}
